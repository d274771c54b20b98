"""Text stays text in every file we write, in cells and in headings."""

import csv
import io
from datetime import UTC, date, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st
from openpyxl import load_workbook

from auditapp.sheets.reading import open_table
from auditapp.sheets.writing import (
    LONGEST_TEXT,
    Table,
    clean,
    csv_lines,
    csv_text,
    is_like_formula,
    sheet_name,
    workbook,
)

DANGEROUS = ["=1+1", "+44 20", "-1", "@SUM(A1)", "\t=1", "\r=1", " =1", "＝1", '=cmd|"/c calc"!A1']


@pytest.mark.parametrize("text", DANGEROUS)
def test_text_that_looks_like_a_formula_stays_text_in_excel(text):
    book = load_workbook(io.BytesIO(workbook([Table("Rows", [text], [[text]])])))
    for row in (1, 2):
        cell = book.active.cell(row, 1)
        assert cell.data_type in ("s", "inlineStr")
        assert cell.value.strip() == clean(text).strip()
        assert cell.quotePrefix


@pytest.mark.parametrize("text", DANGEROUS)
def test_text_that_looks_like_a_formula_is_behind_an_apostrophe_in_csv(text):
    lines = "".join(csv_lines([text], [[text]]))
    assert lines.startswith("\ufeff")
    rows = list(csv.reader(io.StringIO(lines[1:], newline="")))
    assert all(cell.startswith("'") for row in rows for cell in row)


@given(st.text(max_size=60))
def test_no_csv_cell_begins_like_a_formula(text):
    assert not is_like_formula(csv_text(text))


def test_numbers_stay_numbers_and_dates_dates():
    moment = datetime(2026, 7, 1, 12, 0, tzinfo=UTC)
    data = workbook([Table("Rows", ["a", "b", "c", "d", "e"], [[-5, 0.25, date(2026, 9, 30), moment, None]])])
    values = [cell.value for cell in load_workbook(io.BytesIO(data)).active[2]]
    assert values == [-5, 0.25, datetime(2026, 9, 30), datetime(2026, 7, 1, 13, 0), None]
    assert [csv_text(value) for value in (-5, 0.25, date(2026, 9, 30), moment)] == [
        *("-5", "0.25", "2026-09-30", "2026-07-01 13:00")
    ]


def test_control_characters_are_dropped_and_long_text_is_cut_and_says_so():
    assert clean("a\x0bb\x00c\nd") == "abc\nd"
    cut = clean("x" * 40_000)
    assert len(cut) == LONGEST_TEXT
    assert cut.endswith("[cut here: the whole text has 40,000 characters]")


@pytest.mark.parametrize(
    ("name", "written"), [("a/b[c]", "a b c"), ("'quoted'", "quoted"), ("x" * 40, "x" * 31), ("???", "Sheet")]
)
def test_a_sheet_has_a_name_that_excel_accepts(name, written):
    assert sheet_name(name) == written


def test_what_we_write_we_can_read():
    data = workbook([Table("Cases", ["Réf", "=x"], [["00123", "=1+1"]])])
    rows = [row.values for row in open_table(data, "x.xlsx").sheets[0].rows()]
    assert rows == [["Réf", "=x"], ["00123", "=1+1"]]
