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
from typing import Any

from openpyxl import Workbook
from openpyxl.cell import WriteOnlyCell
from openpyxl.chart import BarChart, LineChart, Reference, Series
from openpyxl.chart.label import DataLabelList
from openpyxl.chart.layout import Layout, ManualLayout
from openpyxl.chart.marker import Marker
from openpyxl.chart.shapes import GraphicalProperties
from openpyxl.drawing.fill import PatternFillProperties
from openpyxl.drawing.line import LineProperties
from openpyxl.styles import Alignment, Font, PatternFill
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.table import Table as ExcelTable
from openpyxl.worksheet.table import TableColumn, TableStyleInfo

from auditapp.figures.charts import COLOURS, LEARNING, STRENGTH
from auditapp.library.scales import GRADES
from auditapp.reports import tables as report_tables
from auditapp.reports import wording
from auditapp.reports.report import Report, Section
from auditapp.reports.tables import Column, Shape, Table
from auditapp.sheets.writing import Writable, put

Progress = Callable[[int], None]

INK = "0B3C5D"
QUIET = "505A5F"
BAND = "E8EEF2"
FORMATS = {Shape.COUNT: "#,##0", Shape.SHARE: "0%", Shape.DAY: "dd/mm/yyyy"}
WIDTHS = {Shape.TEXT: 24, Shape.LONG: 80, Shape.COUNT: 12, Shape.SHARE: 10, Shape.DAY: 12}
TELLS_EVERY = 2000
"""So many rows are written between two reports of progress."""

CHART_ROWS = 19
"""How many rows of the summary one row of charts covers."""

KIND = Column("Kind", Shape.TEXT, "The kind of audit. Kinds are never pooled: compare rows of one kind only.")


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

    def sheet(self, name: str, widths: Sequence[float], *, portrait: bool = False) -> Any:
        """A new sheet, set up for printing on A4."""
        sheet = self.book.create_sheet(name)
        for number, width in enumerate(widths, 1):
            sheet.column_dimensions[get_column_letter(number)].width = width
        sheet.page_setup.orientation = "portrait" if portrait else "landscape"
        sheet.page_setup.paperSize = 9
        sheet.page_setup.fitToWidth, sheet.page_setup.fitToHeight = 1, 0
        sheet.sheet_properties.pageSetUpPr.fitToPage = True
        sheet.print_options.horizontalCentered = False
        sheet.oddFooter.left.text = name
        sheet.oddFooter.right.text = "Page &P of &N"
        return sheet


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
    summary = made.sheet("Summary", [44, 12, 12, 12, 12, 12])
    for table, sections in _by_table(report, words and not report.filters.published):
        _table_sheet(made, table, sections)
    if not report.filters.published:
        rows = report_tables.row_table(report, salt, references=references)
        _rows_sheet(made, rows, progress)
    _summary(made, summary, report)
    _dictionary(made)
    out = BytesIO()
    made.book.save(out)
    return out.getvalue()


def _cell(sheet: Any, value: Writable, *, bold: bool = False, size: int = 11, ink: str = "", wrap: bool = False) -> Any:
    cell = WriteOnlyCell(sheet)
    put(cell, value)
    if bold or size != 11 or ink:
        cell.font = Font(bold=bold, size=size, color=ink or None)
    cell.alignment = Alignment(wrap_text=wrap, vertical="top")
    return cell


def _cover(made: _Book, report: Report) -> None:
    """What the report is, what it says in words, and how it was made."""
    sheet = made.sheet("Cover", [26, 92], portrait=True)
    sheet.append([_cell(sheet, "Thematic report", bold=True, size=20, ink=INK)])
    sheet.append([_cell(sheet, report.filters.period(), size=14, ink=QUIET)])
    for section in report.sections:
        sheet.append([])
        sheet.append([_cell(sheet, section.name, bold=True, size=14, ink=INK)])
        for sentence in wording.paragraph(section):
            _long_line(sheet, "", sentence)
    sheet.append([])
    sheet.append([_cell(sheet, "How this was made", bold=True, size=14, ink=INK)])
    for what, words in wording.how_made(report):
        _long_line(sheet, what, words)


def _long_line(sheet: Any, what: str, words: str) -> None:
    """A line of words that wraps; its height is set, because not every program measures it."""
    number = sheet._max_row + 1
    sheet.row_dimensions[number].height = 15 * max(1, -(-len(words) // 88))
    sheet.append([_cell(sheet, what, bold=True), _cell(sheet, words, wrap=True)])


def _by_table(report: Report, words: bool) -> Iterable[tuple[Table, list[tuple[Section, Table]]]]:
    """The tables that share a sheet, because they are the same table of several kinds."""
    together: dict[str, list[tuple[Section, Table]]] = {}
    for section, table in report_tables.tables(report):
        together.setdefault(table.key, []).append((section, table))
    if words:
        together["finding"] = [(section, report_tables.findings_table(report, section)) for section in report.sections]
    return [(found[0][1], found) for found in together.values()]


def _table_sheet(made: _Book, like: Table, sections: Sequence[tuple[Section, Table]]) -> None:
    """One sheet with one Excel table: the rows of every kind below each other, the kind in the first column."""
    columns = (KIND, *like.columns)
    sheet = _headed(made, like.name, columns)
    number = 1
    for section, table in sections:
        first = number + 1
        for row in table.rows:
            number += 1
            sheet.append(_cells(sheet, columns, [section.name, *row]))
        made.places[section.kind, like.key] = _Place(first, number)
    _finish(sheet, like.name, columns, number)
    made.dictionary += [(like.name, column) for column in columns]


def _rows_sheet(made: _Book, table: Table, progress: Progress) -> None:
    sheet = _headed(made, table.name, table.columns)
    number = 1
    for row in table.rows:
        number += 1
        sheet.append(_cells(sheet, table.columns, row))
        if number % TELLS_EVERY == 0:
            progress(number - 1)
    _finish(sheet, table.name, table.columns, number)
    made.dictionary += [(table.name, column) for column in table.columns]


def _headed(made: _Book, name: str, columns: Sequence[Column]) -> Any:
    """A sheet whose first row holds the headings, kept in sight and repeated on every printed page."""
    sheet = made.sheet(name, [max(WIDTHS[one.shape], len(one.heading) * 0.75 + 5) for one in columns])
    sheet.freeze_panes = "B2"
    sheet.print_title_rows = "1:1"
    sheet.row_dimensions[1].height = 32
    heads = []
    for column in columns:
        cell = _cell(sheet, column.heading, bold=True, wrap=True)
        if column.shape in (Shape.COUNT, Shape.SHARE):
            cell.alignment = Alignment(horizontal="right", vertical="top", wrap_text=True)
        heads.append(cell)
    sheet.append(heads)
    return sheet


def _cells(sheet: Any, columns: Sequence[Column], row: Sequence[Writable]) -> list[Any]:
    cells = []
    for column, value in zip(columns, row, strict=True):
        cell = WriteOnlyCell(sheet)
        put(cell, value)
        if column.shape in FORMATS and not isinstance(value, str):
            cell.number_format = FORMATS[column.shape]
        elif column.shape is Shape.LONG:
            cell.alignment = Alignment(wrap_text=True, vertical="top")
        elif column.shape in (Shape.COUNT, Shape.SHARE):
            cell.alignment = Alignment(horizontal="right")
        cells.append(cell)
    return cells


def _finish(sheet: Any, name: str, columns: Sequence[Column], last: int) -> None:
    """Make an Excel table of the rows; without rows there is none to make, and the sheet says so."""
    if last == 1:
        sheet.append([_cell(sheet, "There is nothing to show here.", ink=QUIET)])
        return
    table = ExcelTable(displayName=name.replace(" ", ""), ref=f"A1:{get_column_letter(len(columns))}{last}")
    # Named here: left to itself, openpyxl would make every cell of the range again to find the headings.
    table.tableColumns = [TableColumn(id=number, name=one.heading) for number, one in enumerate(columns, 1)]
    table.autoFilter = _auto_filter(table.ref)
    table.tableStyleInfo = TableStyleInfo(name="TableStyleLight1", showRowStripes=True)
    sheet.add_table(table)


def _auto_filter(reference: str) -> Any:
    from openpyxl.worksheet.filters import AutoFilter

    return AutoFilter(ref=reference)


SUMMARY_COLUMNS = ("", "Number", "Of", "Share", "Low", "High")


def _summary(made: _Book, sheet: Any, report: Report) -> None:
    """For each kind its figures, then its charts."""
    sheet.append([_cell(sheet, f"Summary, {report.filters.period()}", bold=True, size=16, ink=INK)])
    for section in report.sections:
        sheet.append([])
        sheet.append([_cell(sheet, section.name, bold=True, size=14, ink=INK)])
        sheet.append([_banded(sheet, heading) for heading in SUMMARY_COLUMNS])
        for row in _summary_rows(section):
            sheet.append(_summary_cells(sheet, row))
        sheet.append([])
        _charts(made, sheet, section)


def _banded(sheet: Any, words: str) -> Any:
    cell = _cell(sheet, words, bold=True)
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


def _summary_cells(sheet: Any, row: Sequence[Writable]) -> list[Any]:
    cells = [_cell(sheet, row[0])]
    for value, shape in zip(row[1:], (Shape.COUNT, Shape.COUNT, Shape.SHARE, Shape.SHARE, Shape.SHARE), strict=True):
        cell = _cell(sheet, value)
        cell.alignment = Alignment(horizontal="right")
        if not isinstance(value, str):
            cell.number_format = FORMATS[shape]
        cells.append(cell)
    return cells


def _charts(made: _Book, sheet: Any, section: Section) -> None:
    """The section's charts below its figures, two beside each other, and as many empty rows as they cover."""
    drawn = [
        chart
        for chart in (
            _grades(made, section, "domain", "Grades by domain"),
            _grades(made, section, "service", "Grades by service"),
            _trend(made, section),
            _themes(made, section),
        )
        if chart is not None
    ]
    for place, chart in enumerate(drawn):
        chart.height, chart.width = 9.2, 16.5
        if place % 2 == 0:
            top = sheet._max_row + 1
            for _ in range(CHART_ROWS):
                sheet.append([])
        sheet.add_chart(chart, f"{'A' if place % 2 == 0 else 'E'}{top}")


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


def _bars(title: str) -> BarChart:
    chart = BarChart()
    chart.type, chart.title, chart.style = "bar", title, 10
    chart.gapWidth = 40
    chart.legend.position = "b"
    chart.y_axis.delete = chart.x_axis.delete = False
    chart.x_axis.scaling.orientation = "maxMin"
    chart.y_axis.majorGridlines = None
    return chart


def _grades(made: _Book, section: Section, key: str, title: str) -> BarChart | None:
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
    return chart


def _themes(made: _Book, section: Section) -> BarChart | None:
    found = _range(made, section, "theme")
    if found is None:
        return None
    sheet, place = found
    chart = _bars("Strengths and areas for learning by theme (audits)")
    chart.y_axis.number_format = "0"
    for word in (STRENGTH, LEARNING):
        chart.series.append(_series(sheet, place, _column("theme", word), word))
    chart.set_categories(Reference(sheet, min_col=2, min_row=place.first, max_row=place.last))
    return chart


def _series(sheet: Any, place: _Place, column: int, word: str) -> Any:
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
    series.dLbls.txPr = _label_ink(colour.ink.removeprefix("#"))
    return series


def _rgb(colour: str) -> Any:
    from openpyxl.drawing.colors import ColorChoice

    return ColorChoice(srgbClr=colour.removeprefix("#"))


def _label_ink(ink: str) -> Any:
    from openpyxl.chart.text import RichText
    from openpyxl.drawing.text import CharacterProperties, Paragraph, ParagraphProperties

    look = CharacterProperties(sz=900, b=True, solidFill=ink)
    return RichText(p=[Paragraph(pPr=ParagraphProperties(defRPr=look), endParaRPr=look)])


def _trend(made: _Book, section: Section) -> LineChart | None:
    """Good or better by month as points, each with its interval as a line from low to high."""
    found = _range(made, section, "month")
    if found is None or section.trend is None:
        return None
    sheet, place = found
    chart = LineChart()
    chart.title, chart.style = "Good or better by month, with 95% interval", 10
    chart.y_axis.scaling.min, chart.y_axis.scaling.max = 0, 1
    chart.y_axis.number_format = "0%"
    chart.y_axis.delete = chart.x_axis.delete = False
    chart.legend.position = "b"
    chart.layout = Layout(ManualLayout(x=0.08, y=0.14, w=0.88, h=0.6, xMode="edge", yMode="edge"))
    for heading, symbol in (("High", "dash"), ("Share", "circle"), ("Low", "dash")):
        column = _column("month", heading)
        series = Series(Reference(sheet, min_col=column, min_row=place.first, max_row=place.last), title=heading)
        series.graphicalProperties = GraphicalProperties(ln=LineProperties(noFill=True))
        series.marker = Marker(symbol=symbol, size=9 if heading == "Share" else 6)
        series.marker.graphicalProperties = GraphicalProperties(solidFill=INK)
        series.smooth = False
        chart.series.append(series)
    chart.set_categories(Reference(sheet, min_col=2, min_row=place.first, max_row=place.last))
    from openpyxl.chart.axis import ChartLines

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
    sheet = _headed(made, "Data dictionary", columns)
    for name, column in made.dictionary:
        sheet.append(_cells(sheet, columns, [name, column.heading, column.shape.value, column.meaning]))
    _finish(sheet, "Data dictionary", columns, len(made.dictionary) + 1)
