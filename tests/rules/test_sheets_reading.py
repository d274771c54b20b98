"""A sheet is read as a person sees it: true row numbers, hidden rows, errors apart from blanks, zeros kept."""

import io
from datetime import date, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st
from openpyxl import Workbook

from auditapp.sheets.book import Fault, Unreadable, date_of_serial
from auditapp.sheets.reading import open_table
from auditapp.sheets.values import date_of, is_empty, number_said, reference_of, said, text_of
from tests import hostile


def saved(book):
    out = io.BytesIO()
    book.save(out)
    return open_table(out.getvalue(), "book.xlsx")


def one_sheet(*rows):
    book = Workbook()
    for row in rows:
        book.active.append(row)
    return book


def values(book):
    return [row.values for row in book.sheets[0].rows()]


def test_values_keep_their_kinds():
    moment = datetime(2026, 9, 30, 14, 15)
    book = one_sheet(["text", 7, 1.5, True, moment, date(2026, 9, 30), "=1+1", "#N/A", None, "end"])
    assert values(saved(book)) == [
        ["text", 7, 1.5, True, moment, datetime(2026, 9, 30), Fault(), Fault("#N/A"), None, "end"]
    ]


def test_rows_keep_their_numbers_and_say_when_they_are_hidden():
    book = one_sheet(["a"], [], [], ["b"])
    book.active.row_dimensions[4].hidden = True
    assert [(row.number, row.hidden) for row in saved(book).sheets[0].rows()] == [(1, False), (4, True)]


def test_a_number_shown_with_leading_zeros_keeps_them():
    book = one_sheet([123, 123456, 5])
    for place in ("A1", "B1"):
        book.active[place].number_format = "00000"
    assert values(saved(book)) == [["00123", "123456", 5]]


@pytest.mark.parametrize("shown", ["dd/mm/yyyy", "d-mmm-yy", "[$-809]dd mmmm yyyy;@", "yyyy\\-mm\\-dd", "mm-dd-yy"])
def test_a_date_is_known_by_its_format(shown):
    book = one_sheet([46295])
    book.active["A1"].number_format = shown
    assert values(saved(book)) == [[datetime(2026, 9, 30)]]


@pytest.mark.parametrize("shown", ["0.00", '"dated" 0', "[Red]0", "General", "#,##0", "0%"])
def test_a_plain_number_is_not_taken_for_a_date(shown):
    book = one_sheet([46295])
    book.active["A1"].number_format = shown
    assert values(saved(book)) == [[46295]]


def test_a_workbook_that_counts_from_1904_is_believed():
    from openpyxl.utils.datetime import CALENDAR_MAC_1904

    book = one_sheet([date(2026, 9, 30)])
    book.epoch = CALENDAR_MAC_1904
    read = saved(book)
    assert read.since_1904
    assert values(read) == [[datetime(2026, 9, 30)]]


def test_hidden_sheets_are_read_and_say_so():
    book = one_sheet(["a"])
    book.create_sheet("Quiet").append(["b"])
    book["Quiet"].sheet_state = "veryHidden"
    assert [(sheet.name, sheet.hidden) for sheet in saved(book).sheets] == [("Sheet", False), ("Quiet", True)]


def test_a_chart_sheet_is_passed_over():
    book = one_sheet(["a"])
    book.create_chartsheet("Chart")
    assert [sheet.name for sheet in saved(book).sheets] == ["Sheet"]


def test_shared_texts_in_pieces_are_put_together_and_readings_left_out():
    members = hostile.parts(hostile.good())
    rels = members["xl/_rels/workbook.xml.rels"].replace(
        b"</Relationships>",
        b'<Relationship Id="s" Type="http://x/sharedStrings" Target="sharedStrings.xml"/></Relationships>',
    )
    strings = b"<x:sst xmlns:x='m'><x:si><x:r><x:t>Zoe</x:t></x:r><x:r><x:t> &amp; Co</x:t></x:r>"
    strings += b"<x:rPh><x:t>zo</x:t></x:rPh></x:si><x:si><x:t>a_x000D_b_xD83D__xDE00__xD800_</x:t></x:si></x:sst>"
    cells = b'<worksheet><sheetData><row><c t="s"><v>0</v></c><c t="s"><v>1</v></c></row></sheetData></worksheet>'
    members |= {"xl/_rels/workbook.xml.rels": rels, "xl/sharedStrings.xml": strings, hostile.SHEET: cells}
    assert values(open_table(hostile.packed(members), "a.xlsx")) == [["Zoe & Co", "a\rb\N{GRINNING FACE}"]]


def test_a_formula_with_its_saved_value_is_that_value():
    cells = b'<c r="A1"><f>1+1</f><v>2</v></c><c r="B1" t="str"><f>""</f><v></v></c>'
    rows = b'<sheetData><row r="1">' + cells + b"</row></sheetData>"
    assert values(open_table(hostile.sheet(rows), "a.xlsx")) == [[2]]


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "cp1252"])
@pytest.mark.parametrize("separator", [",", ";", "\t", "|"])
def test_a_csv_is_read_in_every_encoding_and_with_every_separator(encoding, separator):
    text = separator.join(["Réf", '"a, b; c"', "x"]) + "\r\n\r\n" + separator.join(["1", "2", ""]) + "\r\n"
    book = open_table(text.encode(encoding), "cases.csv")
    assert [(row.number, row.values) for row in book.sheets[0].rows()] == [
        (1, ["Réf", "a, b; c", "x"]),
        (3, ["1", "2", None]),
    ]
    assert book.sheets[0].name == "cases"


def test_a_csv_may_name_its_separator_itself():
    book = open_table(b"sep=;\na;b,c\n", "x.csv")
    assert [(row.number, row.values) for row in book.sheets[0].rows()] == [(2, ["a", "b,c"])]


def test_a_files_name_may_be_anything():
    book = open_table(b"a,b\n", "caf\udce9\x00.csv")
    assert book.sheets[0].name.strip() == "caf?"


@pytest.mark.parametrize(
    ("written", "day"),
    [
        ("05/04/2026", date(2026, 4, 5)),
        ("5.4.2026", date(2026, 4, 5)),
        ("05-04-26", date(2026, 4, 5)),
        ("05-04-99", date(1999, 4, 5)),
        ("2026-04-05", date(2026, 4, 5)),
        ("2026-04-05T00:00:00", date(2026, 4, 5)),
        ("05/04/2026 13:45", date(2026, 4, 5)),
        ("1 Jan 2024", date(2024, 1, 1)),
        ("1st January 2024", date(2024, 1, 1)),
        ("Mon 1-Jan-24", date(2024, 1, 1)),
        ("3 Sept 2024", date(2024, 9, 3)),
        ("46295", date(2026, 9, 30)),
        (46295.75, date(2026, 9, 30)),
        (46295, date(2026, 9, 30)),
        (datetime(2026, 9, 30, 23, 59), date(2026, 9, 30)),
        ("12/31/2025", None),
        ("31/02/2026", None),
        ("2026-13-01", None),
        ("01/02", None),
        ("soon", None),
        ("1 Janissary 2024", None),
        (2026, None),
        (-1, None),
        (True, None),
        ("", None),
    ],
)
def test_a_date_is_read_day_first_or_not_at_all(written, day):
    assert date_of(written) == day


@given(st.dates(date(1910, 1, 2), date(2199, 12, 31)))
def test_a_day_number_and_its_date_are_the_same(day):
    serial = (day - date(1899, 12, 30)).days
    assert date_of(serial) == date_of(str(serial)) == date_of(day.strftime("%d/%m/%Y")) == day


def test_the_29_february_1900_never_was():
    assert date_of_serial(59) == datetime(1900, 2, 28)
    assert date_of_serial(60) is None
    assert date_of_serial(61) == datetime(1900, 3, 1)


@pytest.mark.parametrize("blank", ["", " ", "\xa0", "-", "–", "#N/A", "n/a", " N/A ", "\u200b", None, Fault("#N/A")])
def test_what_people_write_for_nothing_is_nothing(blank):
    assert said(blank) == ""
    assert reference_of(blank) == ""


def test_spaces_of_every_kind_are_one():
    assert text_of(" Dustin\xa0 Hazlett\n") == "Dustin Hazlett"


def test_a_dash_is_something_in_a_row_but_spaces_are_not():
    assert is_empty("\xa0 ")
    assert not is_empty("-")
    assert not is_empty(Fault())


@pytest.mark.parametrize(
    ("written", "reference"),
    [(123.0, "123"), ("00123", "00123"), ("1 23\xa0", "123"), ("123.00", "123"), ("'0123", "0123")],
)
def test_a_reference_is_itself_however_it_was_stored(written, reference):
    assert reference_of(written) == reference


def test_a_number_kept_as_text_is_a_number():
    assert (number_said("-1"), number_said("6.25"), number_said("six"), number_said(None)) == (-1, 6.25, None, None)


@pytest.mark.parametrize("name", ["cases.xlsx", "cases.csv"])
@pytest.mark.parametrize(
    "data", [b"<html><table><tr><td>Case ID</td></tr></table></html>", b"\xef\xbb\xbf\n<?xml version='1.0'?>"]
)
def test_marked_up_text_is_told_to_be_no_workbook_whatever_its_name(data, name):
    with pytest.raises(Unreadable, match="not an Excel workbook"):
        open_table(data, name)


def test_text_that_is_called_a_workbook_is_told_to_be_none():
    with pytest.raises(Unreadable, match="ends like an Excel workbook's, but it is none"):
        open_table(b"Case ID,Team\n1,North\n", "Cases.XLSX")


def test_a_table_beyond_row_60000_is_refused_in_a_sentence():
    book = open_table(b"a,b\n" * 60_000, "long.csv")
    assert sum(1 for _ in book.sheets[0].rows()) == 60_000
    too_long = open_table(b"a,b\n" * 100_001, "long.csv")
    with pytest.raises(Unreadable, match="more than 60,000 rows"):
        list(too_long.sheets[0].rows())
    reaching = b'<sheetData><row r="100001"><c r="A100001"><v>1</v></c></row></sheetData>'
    with pytest.raises(Unreadable, match="reaches to row 100,001"):
        list(open_table(hostile.sheet(reaching), "long.xlsx").sheets[0].rows())
