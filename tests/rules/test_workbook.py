"""The workbook: every number the report's, text that stays text, tables and charts that a spreadsheet knows as such."""

import io
import zipfile
from dataclasses import replace
from datetime import date

import pytest
from openpyxl import load_workbook

from auditapp.figures.facts import ActionFact, Finding
from auditapp.library.scales import GRADES
from auditapp.reports import wording
from auditapp.reports.filters import Names
from auditapp.reports.tables import ROW_COLUMNS, pseudonym, tables
from auditapp.reports.thematic import compile
from auditapp.reports.workbook import workbook
from tests.rules.test_thematic import MADE, NAMES, QUARTER, Council

HOSTILE = ['=HYPERLINK("http://evil.example")', "+1", "-1", "@SUM(1)", "\t=1", "＝1"]
SALT = b"a salt of this file"


@pytest.fixture
def council():
    council = Council()
    for at, team in enumerate(["Oak", "", *HOSTILE]):
        audit = council.audit(
            at % 4 + 1,
            day=date(2026, 7 + at % 3, 5),
            team=team,
            service=team,
            template="whole_case",
            version="2",
            themes=frozenset({"direction", "words"}),
            domains={"voice": at % 4 + 1, "plans": None},
        )
        council.found(audit, "direction", list(Finding)[at % 2], team or "Plain words")
        council.actions.append(ActionFact(audit, "agreed"))
    council.many(2, kind="dip_sample", themes=frozenset({"words"}))
    return council


def opened(council, filters=QUARTER, names=NAMES, **given):
    report = compile(filters, council.facts, names, MADE)
    content = workbook(report, salt=SALT, **given)
    return report, load_workbook(io.BytesIO(content)), zipfile.ZipFile(io.BytesIO(content))


def test_every_table_of_the_report_is_an_excel_table_with_the_same_values(council):
    report, book, _ = opened(council)
    by_name = {}
    for section, table in tables(report):
        by_name.setdefault(table.name, []).extend([section.name, *row] for row in table.rows)
    assert by_name
    for name, rows in by_name.items():
        sheet = book[name]
        (excel_table,) = sheet.tables.values()
        assert excel_table.ref == sheet.dimensions
        assert [column.name for column in excel_table.tableColumns] == [cell.value for cell in sheet[1]]
        written = list(sheet.iter_rows(min_row=2, values_only=True))
        assert len(written) == len(rows)
        for found, wanted in zip(written, rows, strict=True):
            # A workbook keeps 16 digits of a number; the last bit of a share is lost in every spreadsheet.
            assert list(found) == [
                pytest.approx(value, rel=1e-15) if isinstance(value, float) else value for value in wanted
            ]


def test_text_that_looks_like_a_formula_is_text_everywhere(council):
    hostile = Names(
        kinds={"monthly": "=kind()"},
        domains={"voice": "+voice", "plans": "@plans"},
        themes={"direction": "-theme", "words": "=words"},
        templates={"whole_case": "=template"},
        stages=NAMES.stages,
    )
    _, book, _ = opened(council, names=hostile)
    texts = [cell for sheet in book for row in sheet.iter_rows() for cell in row if isinstance(cell.value, str)]
    assert {cell.value for cell in texts} >= {*HOSTILE, "=kind()", "+voice", "@plans", "-theme", "=template"}
    assert all(cell.data_type == "s" for cell in texts)
    assert all(cell.quotePrefix for cell in texts if cell.value.lstrip().startswith(("=", "+", "-", "@")))


def test_the_summary_has_native_charts_for_every_kind(council):
    _, book, package = opened(council)
    charts = book["Summary"]._charts
    assert len(charts) == 8
    drawn = [package.read(name).decode() for name in package.namelist() if name.startswith("xl/charts/chart")]
    assert len(drawn) == 8
    grades = [xml for xml in drawn if "percentStacked" in xml]
    assert len(grades) == 4
    assert all(xml.index(GRADES[0].word) < xml.index(GRADES[3].word) for xml in grades)
    assert all("'Domains'" in xml or "'Services'" in xml for xml in grades)


def test_charts_of_each_kind_point_at_the_rows_of_that_kind(council):
    _, book, package = opened(council)
    kinds = [row[0] for row in book["Domains"].iter_rows(min_row=2, values_only=True)]
    first_of_second = kinds.index("Dip sample") + 2
    drawn = [package.read(name).decode() for name in package.namelist() if name.startswith("xl/charts/chart")]
    assert any(f"'Domains'!$E$2:$E${first_of_second - 1}" in xml for xml in drawn)
    assert any(f"'Domains'!$E${first_of_second}" in xml for xml in drawn)


def test_the_row_data_is_one_row_for_each_judgement_under_pseudonyms(council):
    report, book, _ = opened(council)
    rows = list(book["Row data"].iter_rows(min_row=2, values_only=True))
    assert len(rows) == len(report.facts.judgements)
    assert {row[1] for row in rows} == {pseudonym(SALT, "case", f"C{at}") for at in range(1, 10)}
    assert not any(cell.value in {f"C{at}" for at in range(1, 10)} for row in book["Row data"] for cell in row)
    (table,) = book["Row data"].tables.values()
    assert table.ref == f"A1:Q{len(rows) + 1}"


def test_references_stand_in_the_row_data_only_when_asked_for(council):
    _, book, _ = opened(council, references=True)
    assert {row[1] for row in book["Row data"].iter_rows(min_row=2, values_only=True)} == {
        f"C{n}" for n in range(1, 10)
    }


def test_findings_say_whose_audit_they_are_of_and_rows_are_in_words(council):
    council.audit(3, list="8", team="Ash")
    council.audit(1, scale="rag")
    _, book, _ = opened(council, names=replace(NAMES, lists={"8": "Children in care"}))
    findings = [dict(zip(headings_of(book["Findings"]), row, strict=True)) for row in rows_of(book["Findings"])]
    data = [dict(zip(headings_of(book["Row data"]), row, strict=True)) for row in rows_of(book["Row data"])]
    team_and_day = {row["Audit"]: (row["Team"], row["Day"]) for row in data}
    assert len(findings) == 8
    assert all(team_and_day[one["Audit"]] == (one["Team"], one["Day"]) for one in findings)
    assert {row["List"] for row in data if row["Team"] == "Ash"} == {"Children in care"}
    assert {row["Scale"] for row in data} == {"Ofsted’s four grades", "Red, amber, green"}


def headings_of(sheet):
    return [cell.value for cell in sheet[1]]


def rows_of(sheet):
    return list(sheet.iter_rows(min_row=2, values_only=True))


def summary_words(council):
    report = compile(QUARTER, council.facts, NAMES, MADE, before=council.facts)
    sheet = load_workbook(io.BytesIO(workbook(report, salt=SALT)))["Summary"]
    return report, [str(row[0]) for row in sheet.iter_rows(values_only=True) if row[0]]


def test_the_summary_says_of_a_change_what_the_page_says():
    council = Council()
    council.many(3, 2, 2, 2, day=date(2026, 5, 4))
    council.many(*[3] * 9, *[2] * 9)
    report, said = summary_words(council)
    assert wording.change_words(report.only.change) in " ".join(said)
    assert "too few to say" in " ".join(said)
    assert "Difference" not in said
    council.many(*[2] * 12, day=date(2026, 5, 4))
    report, said = summary_words(council)
    assert wording.change_words(report.only.change) in " ".join(said)
    assert "Difference" in said


def test_no_chart_lies_across_two_printed_pages(council):
    council.many(*[3] * 20, service="Another", themes=frozenset({"direction", "words"}))
    for at in range(12):
        council.audit(3, service=f"Service {at}")
    _, book, _ = opened(council)
    sheet = book["Summary"]
    breaks = [one.id for one in sheet.row_breaks.brk]
    assert breaks
    assert not sheet.sheet_properties.pageSetUpPr.fitToPage
    for chart in sheet._charts:
        first = chart.anchor._from.row + 1
        lines = chart.anchor.ext.height / 12700 / 15
        assert not any(first <= after < first + lines - 1 for after in breaks)


def test_words_can_be_left_out(council):
    assert "Findings" in opened(council)[1].sheetnames
    _, book, package = opened(council, words=False)
    assert "Findings" not in book.sheetnames
    assert not any(b"Plain words" in package.read(name) for name in package.namelist())


def test_a_published_workbook_has_neither_rows_nor_words_nor_small_counts(council):
    _, book, package = opened(council, replace(QUARTER, published=True))
    assert not {"Row data", "Findings"} & set(book.sheetnames)
    assert not any(b"Plain words" in package.read(name) for name in package.namelist())
    for name in ("Domains", "Services", "Months", "Themes", "Actions"):
        for row in book[name].iter_rows(min_row=2):
            assert not any(isinstance(cell.value, int) and 0 < cell.value < 5 for cell in row), name


def test_the_data_dictionary_names_every_column_of_every_table(council):
    _, book, _ = opened(council)
    told = {(row[0], row[1]) for row in book["Data dictionary"].iter_rows(min_row=2, values_only=True)}
    assert all(row[3] for row in book["Data dictionary"].iter_rows(min_row=2, values_only=True))
    for sheet in book:
        if sheet.tables and sheet.title != "Data dictionary":
            assert {(sheet.title, cell.value) for cell in sheet[1]} <= told
    assert {column.heading for column in ROW_COLUMNS} == {column for sheet, column in told if sheet == "Row data"}


def test_the_cover_says_what_was_found_and_how_it_was_made(council):
    _, book, _ = opened(council)
    said = " ".join(str(cell.value) for row in book["Cover"].iter_rows() for cell in row if cell.value)
    assert "4 of 8 (50%, 22–78%) were judged good or better." in said
    assert "1 July 2026 to 30 September 2026" in said
    assert "Wilson" in said
    assert "no share pools two kinds" in said
    assert "Priya" in said


def test_headings_stay_in_sight_and_pages_fit_their_paper(council):
    _, book, _ = opened(council)
    for sheet in book:
        assert sheet.page_setup.paperSize == 9
        assert sheet.page_setup.fitToWidth == 1
        if sheet.tables:
            assert sheet.freeze_panes == "B2"
            assert sheet.print_title_rows == "$1:$1"


def test_shares_and_days_are_numbers_with_their_formats(council):
    _, book, _ = opened(council)
    headings = [cell.value for cell in book["Domains"][1]]
    share = book["Domains"].cell(2, headings.index("Share") + 1)
    assert (share.value, share.number_format) == (0.5, "0%")
    day = book["Row data"]["C2"]
    assert (day.value.date(), day.number_format) == (date(2026, 7, 5), "dd/mm/yyyy")


def test_a_report_without_audits_is_a_workbook_that_says_so():
    _, book, _ = opened(Council())
    assert "No audit was submitted" in str([cell.value for cell in book["Cover"]["B"]])
    assert book["Row data"]["A2"].value == "There is nothing to show here."
    assert not book["Row data"].tables


def test_progress_is_told_while_rows_are_written():
    council = Council()
    council.many(*[3] * 4100)
    told = []
    opened(council, progress=told.append)
    assert told == [1999, 3999]


def test_a_pseudonym_is_the_same_within_a_file_and_another_in_the_next():
    assert pseudonym(SALT, "case", "4417") == pseudonym(SALT, "case", "4417")
    assert pseudonym(SALT, "case", "4417") != pseudonym(b"other", "case", "4417")
    assert pseudonym(SALT, "case", "4417") != pseudonym(SALT, "case", "4418")
    assert "4417" not in pseudonym(SALT, "case", "4417")
