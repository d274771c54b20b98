"""The report as an Excel workbook: to be read as it opens, and to be worked on.

Cover and how it was made, a summary with Excel's own charts, one sheet and one Excel table for each table of the
report, the row data, and a data dictionary. Every number is the report's; nothing is computed in the file. Rows are
written as they come and never held together, so the row data may be long. Text is text: it goes through
`sheets.writing.put`. openpyxl is imported here and this file only where a workbook is made.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from io import BytesIO
from textwrap import wrap
from typing import Any

from openpyxl import Workbook
from openpyxl.cell import WriteOnlyCell
from openpyxl.chart import BarChart, LineChart, Reference, Series
from openpyxl.chart.axis import ChartLines
from openpyxl.chart.label import DataLabelList
from openpyxl.chart.marker import Marker
from openpyxl.chart.shapes import GraphicalProperties
from openpyxl.chart.text import RichText, Text
from openpyxl.chart.title import Title
from openpyxl.drawing.colors import ColorChoice
from openpyxl.drawing.fill import PatternFillProperties
from openpyxl.drawing.line import LineProperties
from openpyxl.drawing.text import CharacterProperties, Paragraph, ParagraphProperties, RegularTextRun
from openpyxl.styles import Alignment, Font, PatternFill
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.filters import AutoFilter
from openpyxl.worksheet.page import PageMargins
from openpyxl.worksheet.pagebreak import Break
from openpyxl.worksheet.table import Table as ExcelTable
from openpyxl.worksheet.table import TableColumn, TableStyleInfo

from auditapp.figures.charts import COLOURS, LEARNING, STRENGTH
from auditapp.figures.shares import Verdict
from auditapp.library.scales import GRADES
from auditapp.reports import tables as report_tables
from auditapp.reports import wording
from auditapp.reports.report import Report, Section
from auditapp.reports.tables import Column, Shape, Table
from auditapp.sheets.writing import Writable, clean, is_like_formula, put

Progress = Callable[[int], None]

FONT = "Arial"
INK = "0B3C5D"
QUIET = "505A5F"
BAND = "E8EEF2"
NUMERIC = (Shape.COUNT, Shape.SHARE)
FORMATS = {Shape.COUNT: "#,##0", Shape.SHARE: "0%", Shape.DAY: "dd/mm/yyyy"}
WIDTHS = {Shape.TEXT: 30, Shape.LONG: 80, Shape.COUNT: 12, Shape.SHARE: 10, Shape.DAY: 12}
TELLS_EVERY = 2000
"""So many rows are written between two reports of progress."""

LINE_HEIGHT = 15.0
POINTS_PER_CM = 28.35
CHART_WIDTH = 22.5
MARGIN = 0.55
"""Inches of paper around every page."""

FOOTED = 0.8
"""Inches at its foot, where its name and number stand."""

SUMMARY_SCALE = 72
"""Per cent at which the widest chart fits between the margins of a page of A4."""

PAGE_POINTS = (29.7 / 2.54 - MARGIN - FOOTED) * 72 / (SUMMARY_SCALE / 100) - 5 * LINE_HEIGHT
"""How much of a sheet printed at that scale one page takes, less a margin for programs that draw lines higher."""

SENTENCE = 105
"""Characters that stand in one line of the summary."""

KIND = Column("Kind", Shape.TEXT, "The kind of audit. Kinds are never pooled: compare rows of one kind only.")


@dataclass(slots=True)
class _Paper:
    """One sheet that is written line by line; it counts them, which openpyxl does not when it only writes."""

    sheet: Any
    line: int = 0
    points: float = 0
    """How much of the present printed page is taken."""

    def write(self, cells: Sequence[Any] = (), height: float | None = None) -> None:
        """Add a line."""
        self.line += 1
        self.points += height or LINE_HEIGHT
        if height is not None:
            self.sheet.row_dimensions[self.line].height = height
        self.sheet.append(cells)

    def page_break(self) -> None:
        """Let what follows begin on a page of its own."""
        self.sheet.row_breaks.append(Break(id=self.line))
        self.points = 0

    def cell(self, value: Writable, *, bold: bool = False, size: int = 11, ink: str = "", wrap: bool = False) -> Any:
        """A cell with a value that is safe whatever it holds."""
        cell = WriteOnlyCell(self.sheet)
        put(cell, value)
        cell.font = Font(name=FONT, bold=bold, size=size, color=ink or None)
        cell.alignment = Alignment(wrap_text=wrap, vertical="top")
        return cell


@dataclass(slots=True)
class _Place:
    """Where the rows of one section stand on the sheet of one table (Excel's row numbers, both included)."""

    first: int
    last: int


@dataclass(slots=True)
class _Book:
    """The workbook being written, and where each section's rows came to stand."""

    book: Workbook
    places: dict[tuple[str, str], _Place] = field(default_factory=dict)
    dictionary: list[tuple[str, Column]] = field(default_factory=list)

    def sheet(self, name: str, widths: Sequence[float], *, portrait: bool = False) -> _Paper:
        """A new sheet, set up for printing on A4."""
        sheet = self.book.create_sheet(name)
        for number, width in enumerate(widths, 1):
            sheet.column_dimensions[get_column_letter(number)].width = width
        sheet.page_setup.orientation = "portrait" if portrait else "landscape"
        sheet.page_setup.paperSize = 9
        sheet.page_setup.fitToWidth, sheet.page_setup.fitToHeight = 1, 0
        sheet.sheet_properties.pageSetUpPr.fitToPage = True
        sheet.page_margins = PageMargins(MARGIN, MARGIN, MARGIN, FOOTED, footer=MARGIN / 2)
        sheet.oddFooter.left.text = name
        sheet.oddFooter.right.text = "Page &P of &N"
        return _Paper(sheet)


def workbook(
    report: Report, *, salt: bytes, references: bool = False, words: bool = True, progress: Progress = lambda rows: None
) -> bytes:
    """The report as an .xlsx file.

    `salt` makes the pseudonyms of the row data, `references` puts the council's case references in their place;
    `words` adds the findings in their words. A published report has neither rows nor words, whatever is asked.
    `progress` is told how many rows of row data are written.
    """
    made = _Book(Workbook(write_only=True))
    made.book.properties.title = "Thematic report"
    made.book.properties.creator = report.made.by
    made.book.properties.created = made.book.properties.modified = report.made.at.replace(tzinfo=None)
    _cover(made, report)
    summary = made.sheet("Summary", [40, 11, 11, 11, 11, 11], portrait=True)
    # Fitted to a page, a sheet would lose its page breaks and cut a chart in two.
    summary.sheet.sheet_properties.pageSetUpPr.fitToPage = False
    summary.sheet.page_setup.scale = SUMMARY_SCALE
    for table, sections in _by_table(report, salt if words and not report.filters.published else None):
        _table_sheet(made, table, sections)
    if not report.filters.published:
        rows = report_tables.row_table(report, salt, references=references)
        _rows_sheet(made, rows, progress)
    _summary(made, summary, report)
    _dictionary(made)
    out = BytesIO()
    made.book.save(out)
    return out.getvalue()


def _cover(made: _Book, report: Report) -> None:
    """What the report is, what it says in words, and how it was made."""
    paper = made.sheet("Cover", [20, 92], portrait=True)
    paper.write([paper.cell("Thematic report", bold=True, size=20, ink=INK)], 30)
    paper.write([paper.cell(f"{report.made.reach} · {report.filters.period()}", size=14, ink=QUIET)], 22)
    for section in report.sections:
        _heading(paper, section.name)
        for sentence in wording.paragraph(section):
            _long_line(paper, "", sentence)
    _heading(paper, "How this was made")
    for what, words in wording.how_made(report):
        _long_line(paper, what, words)


def _heading(paper: _Paper, words: str) -> None:
    paper.write()
    paper.write([paper.cell(words, bold=True, size=14, ink=INK)], 22)


def _long_line(paper: _Paper, what: str, words: str) -> None:
    """A line of words that wraps; its height is set, because not every program measures it."""
    height = 16.0 * max(1, -(-len(words) // 104))
    paper.write([paper.cell(what, bold=True), paper.cell(words, wrap=True)], height)


def _by_table(report: Report, salt: bytes | None) -> Iterable[tuple[Table, list[tuple[Section, Table]]]]:
    """The tables that share a sheet, because they are the same table of several kinds."""
    together: dict[str, list[tuple[Section, Table]]] = {}
    for section, table in report_tables.tables(report):
        together.setdefault(table.key, []).append((section, table))
    if salt is not None:
        together["finding"] = [
            (section, report_tables.findings_table(report, section, salt)) for section in report.sections
        ]
    return [(found[0][1], found) for found in together.values()]


def _table_sheet(made: _Book, like: Table, sections: Sequence[tuple[Section, Table]]) -> None:
    """One sheet with one Excel table: the rows of every kind below each other, the kind in the first column."""
    columns = (KIND, *like.columns)
    paper = _headed(made, like.name, columns)
    for section, table in sections:
        first = paper.line + 1
        for row in table.rows:
            paper.write(_cells(paper, columns, [section.name, *row]))
        made.places[section.kind, like.key] = _Place(first, paper.line)
    _finish(paper, like.name, columns)
    made.dictionary += [(like.name, column) for column in columns]


def _rows_sheet(made: _Book, table: Table, progress: Progress) -> None:
    paper = _headed(made, table.name, table.columns)
    harmless: dict[str, bool] = {}
    for row in table.rows:
        paper.write([_plain(paper, value, harmless) for value in row])
        if paper.line % TELLS_EVERY == 0:
            progress(paper.line - 1)
    _finish(paper, table.name, table.columns)
    made.dictionary += [(table.name, column) for column in table.columns]


def _headed(made: _Book, name: str, columns: Sequence[Column]) -> _Paper:
    """A sheet whose first row holds the headings, kept in sight and repeated on every printed page."""
    paper = made.sheet(name, [max(WIDTHS[one.shape], len(one.heading) * 0.75 + 5) for one in columns])
    paper.sheet.freeze_panes = "B2"
    paper.sheet.print_title_rows = "1:1"
    heads = [paper.cell(column.heading, bold=True, wrap=True) for column in columns]
    for cell, column in zip(heads, columns, strict=True):
        if column.shape in NUMERIC:
            cell.alignment = Alignment(horizontal="right", vertical="top", wrap_text=True)
    paper.write(heads, 32)
    return paper


def _cells(paper: _Paper, columns: Sequence[Column], row: Sequence[Writable]) -> list[Any]:
    cells = []
    for column, value in zip(columns, row, strict=True):
        cell = WriteOnlyCell(paper.sheet)
        put(cell, value)
        if column.shape in FORMATS and not isinstance(value, str):
            cell.number_format = FORMATS[column.shape]
        elif column.shape is Shape.LONG:
            cell.alignment = Alignment(wrap_text=True, vertical="top")
        elif column.shape in NUMERIC:
            cell.alignment = Alignment(horizontal="right")
        cells.append(cell)
    return cells


def _plain(paper: _Paper, value: Writable, harmless: dict[str, bool]) -> Any:
    """The value itself where openpyxl may be trusted with it, which is five times faster; else a cell of our own.

    `harmless` remembers which texts are no formula and hold nothing that a workbook cannot.
    """
    if value is None or type(value) is int:
        return value
    if isinstance(value, str):
        if value not in harmless:
            harmless[value] = not is_like_formula(value) and clean(value) == value and not value.startswith("#")
        if harmless[value]:
            return value
    cell = WriteOnlyCell(paper.sheet)
    put(cell, value)
    return cell


def _finish(paper: _Paper, name: str, columns: Sequence[Column]) -> None:
    """Make an Excel table of the rows; without rows there is none to make, and the sheet says so."""
    if paper.line == 1:
        paper.write([paper.cell("There is nothing to show here.", ink=QUIET)])
        return
    table = ExcelTable(displayName=name.replace(" ", ""), ref=f"A1:{get_column_letter(len(columns))}{paper.line}")
    # Named here: left to itself, openpyxl would make every cell of the range again to find the headings.
    table.tableColumns = [TableColumn(id=number, name=one.heading) for number, one in enumerate(columns, 1)]
    table.autoFilter = AutoFilter(ref=table.ref)
    table.tableStyleInfo = TableStyleInfo(name="TableStyleLight1", showRowStripes=True)
    paper.sheet.tables.add(table)


SUMMARY_COLUMNS = ("", "Number", "Of", "Share", "Low", "High")


def _summary(made: _Book, paper: _Paper, report: Report) -> None:
    """For each kind its figures, then its charts."""
    paper.write([paper.cell(f"Summary, {report.filters.period()}", bold=True, size=16, ink=INK)], 26)
    for section in report.sections:
        if section is not report.sections[0]:
            paper.page_break()
        _heading(paper, section.name)
        paper.write([_banded(paper, heading) for heading in SUMMARY_COLUMNS])
        for row in _summary_rows(section):
            paper.write(_summary_cells(paper, row))
        for line in wrap(wording.change_words(section.change), SENTENCE):
            paper.write([paper.cell(line, ink=QUIET)])
        paper.write()
        _charts(made, paper, section)


def _banded(paper: _Paper, words: str) -> Any:
    cell = paper.cell(words, bold=True)
    cell.fill = PatternFill("solid", fgColor=BAND)
    cell.alignment = Alignment(horizontal="right" if words else "left")
    return cell


def _summary_rows(section: Section) -> Iterable[list[Writable]]:
    row, talked = section.overall, section.talked_through
    yield ["Audits submitted", *_count(row.audits)]
    yield ["Talked through", *_share(talked.suppressed, talked.n, talked.of, talked.share, talked.low, talked.high)]
    yield ["Graded", *_count(row.graded)]
    of = row.good_or_better.of
    for count in row.grades:
        yield [count.grade.word, *_share(count.suppressed, count.n, of, count.share)]
    yield ["Not graded", *_count(row.not_graded)]
    best = row.good_or_better
    yield ["Good or better", *_share(best.suppressed, best.n, best.of, best.share, best.low, best.high)]
    if section.change is not None:
        before = section.change.before
        yield ["Good or better, the period before", before.n, before.of, before.share, before.low, before.high]
        if section.change.verdict is not Verdict.TOO_FEW:
            yield ["Difference", None, None, section.change.points, section.change.low, section.change.high]
    yield ["Actions", *_count(section.actions.total)]


def _count(number: int | None) -> list[Writable]:
    return [report_tables.HIDDEN if number is None else number, None, None, None, None]


def _share(
    suppressed: bool,
    n: int | None,
    of: int | None,
    share: float | None,
    low: float | None = None,
    high: float | None = None,
) -> list[Writable]:
    return [report_tables.HIDDEN, None, None, None, None] if suppressed else [n, of, share, low, high]


def _summary_cells(paper: _Paper, row: Sequence[Writable]) -> list[Any]:
    cells = [paper.cell(row[0])]
    for value, shape in zip(row[1:], (Shape.COUNT, Shape.COUNT, Shape.SHARE, Shape.SHARE, Shape.SHARE), strict=True):
        cell = paper.cell(value)
        cell.alignment = Alignment(horizontal="right")
        if not isinstance(value, str):
            cell.number_format = FORMATS[shape]
        cells.append(cell)
    return cells


def _charts(made: _Book, paper: _Paper, section: Section) -> None:
    """The section's charts below its figures, each over as many empty lines as it covers."""
    drawn = (
        _grades(made, section, "domain", "Grades by domain"),
        _grades(made, section, "service", "Grades by service"),
        _trend(made, section),
        _themes(made, section),
    )
    for chart in drawn:
        if chart is not None:
            lines = round(chart.height * POINTS_PER_CM / LINE_HEIGHT) + 1
            if paper.points + lines * LINE_HEIGHT > PAGE_POINTS:
                paper.page_break()
                paper.write()
            paper.sheet.add_chart(chart, f"A{paper.line + 1}")
            for _ in range(lines):
                paper.write((), LINE_HEIGHT)


def _range(made: _Book, section: Section, key: str) -> tuple[Any, _Place] | None:
    place = made.places.get((section.kind, key))
    if place is None or place.last < place.first:
        return None
    titles = {**report_tables.TITLES, "theme": "Themes"}
    return made.book[titles[key]], place


def _column(key: str, heading: str) -> int:
    """The number of a column on a table's sheet, where the kind stands first."""
    if key == "theme":
        headings = ["Kind", "Theme", "Strengths", "Areas for learning"]
    else:
        headings = ["Kind", key, *(column.heading for column in report_tables.GRADE_COLUMNS)]
    return headings.index(heading) + 1


def _bars(title: str) -> Any:
    chart: Any = BarChart()
    chart.type, chart.title, chart.style = "bar", _title(title), 10
    chart.gapWidth = 40
    chart.width = CHART_WIDTH
    chart.legend.position = "b"
    chart.y_axis.delete = chart.x_axis.delete = False
    chart.x_axis.scaling.orientation = "maxMin"
    chart.y_axis.majorGridlines = None
    return chart


def _grades(made: _Book, section: Section, key: str, title: str) -> Any | None:
    found = _range(made, section, key)
    if found is None:
        return None
    sheet, place = found
    chart = _bars(title)
    chart.grouping, chart.overlap = "percentStacked", 100
    chart.y_axis.number_format = "0%"
    for grade in GRADES:
        chart.series.append(_series(sheet, place, _column(key, grade.word), grade.word))
    chart.set_categories(Reference(sheet, min_col=2, min_row=place.first, max_row=place.last))
    chart.height = 3.6 + 0.85 * (place.last - place.first + 1)
    return chart


def _themes(made: _Book, section: Section) -> Any | None:
    found = _range(made, section, "theme")
    if found is None:
        return None
    sheet, place = found
    chart = _bars("Strengths and areas for learning by theme (audits)")
    chart.y_axis.number_format = "0"
    for word in (STRENGTH, LEARNING):
        chart.series.append(_series(sheet, place, _column("theme", word), word, inside=False))
    chart.set_categories(Reference(sheet, min_col=2, min_row=place.first, max_row=place.last))
    chart.height = 3.6 + 0.85 * (place.last - place.first + 1)
    return chart


def _series(sheet: Any, place: _Place, column: int, word: str, *, inside: bool = True) -> Any:
    """One series in its colour and hatching, with its counts written in; a count of nought is left out."""
    series = Series(Reference(sheet, min_col=column, min_row=place.first, max_row=place.last), title=word)
    colour = COLOURS[word]
    shape = GraphicalProperties()
    if colour.hatch:
        shape.pattFill = PatternFillProperties(prst="wdUpDiag")
        shape.pattFill.fgClr = _rgb(colour.hatch_colour)
        shape.pattFill.bgClr = _rgb(colour.fill)
    else:
        shape.solidFill = colour.fill.removeprefix("#")
    shape.line = LineProperties(solidFill="FFFFFF")
    series.graphicalProperties = shape
    series.dLbls = DataLabelList(showVal=True, numFmt="0;;;")
    for part in ("showSerName", "showCatName", "showLegendKey", "showPercent"):
        setattr(series.dLbls, part, False)
    series.dLbls.txPr = _label_ink(colour.ink.removeprefix("#") if inside else INK)
    series.dLbls.position = "ctr" if inside else "outEnd"
    return series


def _rgb(colour: str) -> Any:
    bare: Any = colour.removeprefix("#")
    return ColorChoice(srgbClr=bare)


def _title(words: str) -> Title:
    look = CharacterProperties(sz=1200, b=True, solidFill=INK)
    line = Paragraph(pPr=ParagraphProperties(defRPr=look), r=[RegularTextRun(t=words, rPr=look)])
    return Title(tx=Text(rich=RichText(p=[line])), overlay=False)


def _label_ink(ink: str) -> Any:
    look = CharacterProperties(sz=900, b=True, solidFill=ink)
    line = Paragraph(pPr=ParagraphProperties(defRPr=look), endParaRPr=look)
    line.r = []  # Otherwise openpyxl adds an empty piece of text, which has no place in the look of labels.
    return RichText(p=[line])


def _trend(made: _Book, section: Section) -> Any | None:
    """Good or better by month as points, each with its interval as a line from low to high."""
    found = _range(made, section, "month")
    if found is None or section.trend is None:
        return None
    sheet, place = found
    chart: Any = LineChart()
    chart.title, chart.style = _title("Good or better by month, with 95% interval"), 10
    chart.y_axis.majorGridlines = ChartLines(spPr=GraphicalProperties(ln=LineProperties(solidFill="DCDEE0")))
    chart.width, chart.height = CHART_WIDTH, 7.2
    chart.y_axis.scaling.min, chart.y_axis.scaling.max = 0, 1
    chart.y_axis.number_format = "0%"
    chart.y_axis.delete = chart.x_axis.delete = False
    chart.legend.position = "b"
    for heading, symbol in (("High", "dash"), ("Share", "circle"), ("Low", "dash")):
        column = _column("month", heading)
        series = Series(Reference(sheet, min_col=column, min_row=place.first, max_row=place.last), title=heading)
        series.graphicalProperties = GraphicalProperties(ln=LineProperties(noFill=True))
        look: Any = symbol
        series.marker = Marker(symbol=look, size=9 if heading == "Share" else 6)
        series.marker.graphicalProperties = GraphicalProperties(solidFill=INK)
        series.smooth = False
        chart.series.append(series)
    chart.set_categories(Reference(sheet, min_col=2, min_row=place.first, max_row=place.last))
    chart.hiLowLines = ChartLines(spPr=GraphicalProperties(ln=LineProperties(solidFill=QUIET, w=15875)))
    return chart


def _dictionary(made: _Book) -> None:
    """What every column of every sheet means."""
    columns = (
        Column("Sheet", Shape.TEXT, ""),
        Column("Column", Shape.TEXT, ""),
        Column("Holds", Shape.TEXT, ""),
        Column("Meaning", Shape.LONG, ""),
    )
    paper = _headed(made, "Data dictionary", columns)
    for name, column in made.dictionary:
        paper.write(_cells(paper, columns, [name, column.heading, column.shape.value, column.meaning]))
    _finish(paper, "Data dictionary", columns)
