"""Writing tables in which text stays text: CSV and Excel, in cells and in headings alike.

A spreadsheet runs any cell that begins like a formula. In Excel files such text is stored as text and marked so that it
stays text when somebody edits the cell. CSV knows no types: there an apostrophe is put before it, which Excel and
LibreOffice show as they show any text typed with one; whoever reads the file with a program removes it.
"""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

if TYPE_CHECKING:
    from openpyxl.cell.cell import Cell

Writable = str | int | float | bool | date | datetime | None

LONGEST_TEXT = 32_767
FORMULA_STARTS = tuple("=+-@\t\r\n＝＋－＠")
ILLEGAL = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff\ud800-\udfff]")
DAY_SHOWN = "dd/mm/yyyy"
MOMENT_SHOWN = "dd/mm/yyyy hh:mm"
LONDON = ZoneInfo("Europe/London")
BYTE_ORDER_MARK = "\ufeff"


def is_like_formula(text: str) -> bool:
    """Tell whether a spreadsheet would take this text for a formula."""
    return text.startswith(FORMULA_STARTS) or text.lstrip().startswith(FORMULA_STARTS)


def clean(text: str) -> str:
    """Make text fit for a cell: what no spreadsheet holds is dropped, what is too long is cut and says so."""
    text = ILLEGAL.sub("", text)
    if len(text) <= LONGEST_TEXT:
        return text
    note = f" [cut here: the whole text has {len(text):,} characters]"
    return text[: LONGEST_TEXT - len(note)] + note


def put(cell: Cell, value: Writable) -> None:
    """Put a value into an openpyxl cell: text as text whatever it begins with, dates as real dates (London time)."""
    if isinstance(value, str):
        cell.value = clean(value)
        cell.data_type = "s"
        if is_like_formula(value):
            cell.quotePrefix = True
    elif isinstance(value, datetime):
        cell.value = value.astimezone(LONDON).replace(tzinfo=None) if value.tzinfo else value
        cell.number_format = MOMENT_SHOWN
    elif isinstance(value, date):
        cell.value = value
        cell.number_format = DAY_SHOWN
    else:
        cell.value = value


@dataclass(frozen=True, slots=True)
class Table:
    """One sheet to write: its name, its headings, and its rows."""

    name: str
    headings: Sequence[str]
    rows: Iterable[Sequence[Writable]]


def workbook(tables: Sequence[Table]) -> bytes:
    """Give an Excel workbook with one sheet for each table, headings in bold and kept in sight."""
    from openpyxl import Workbook  # heavy: only when a file is made
    from openpyxl.cell import WriteOnlyCell
    from openpyxl.styles import Font

    book = Workbook(write_only=True)
    for table in tables:
        sheet = book.create_sheet(sheet_name(table.name))
        sheet.freeze_panes = "A2"
        for number, row in enumerate([table.headings, *table.rows]):
            cells = [WriteOnlyCell(sheet) for _ in row]
            for cell, value in zip(cells, row, strict=True):
                put(cell, value)
                if number == 0:
                    cell.font = Font(bold=True)
            sheet.append(cells)
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def sheet_name(name: str) -> str:
    """Make a name that Excel accepts for a sheet: at most 31 characters, none of []:*?/\\, no apostrophe at an end."""
    return re.sub(r"[\[\]:*?/\\]", " ", clean(name)).strip("' ")[:31].strip("' ") or "Sheet"


def csv_text(value: Writable) -> str:
    """Give a value as CSV holds it: text that looks like a formula behind an apostrophe, dates year first."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return "Yes" if value else "No"
    if isinstance(value, str):
        text = clean(value).replace("\r\n", "\n").replace("\r", "\n")
        return f"'{text}" if is_like_formula(value) else text
    if isinstance(value, datetime):
        return (value.astimezone(LONDON) if value.tzinfo else value).strftime("%Y-%m-%d %H:%M")
    return value.isoformat() if isinstance(value, date) else repr(value)


def csv_lines(headings: Sequence[str], rows: Iterable[Sequence[Writable]]) -> Iterator[str]:
    """Give a CSV file line by line, to be encoded as UTF-8: the mark Excel needs first, then headings and rows."""
    buffer = io.StringIO()
    writer = csv.writer(buffer)
    buffer.write(BYTE_ORDER_MARK)
    writer.writerow([csv_text(value) for value in headings])
    yield buffer.getvalue()
    for row in rows:
        buffer.seek(0)
        buffer.truncate()
        writer.writerow([csv_text(value) for value in row])
        yield buffer.getvalue()
