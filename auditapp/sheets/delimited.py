"""A CSV file as a book of one sheet: encodings, separators and quotation marks as councils' systems write them."""

from __future__ import annotations

import codecs
import csv
import io
from collections.abc import Iterator

from auditapp.sheets.book import LIMITS, Book, Row, Sheet, Unreadable, Value, short_enough

SEPARATORS = ",;\t|"
NOT_A_TABLE = "This is neither an Excel workbook nor a CSV file: save the table as .xlsx or as CSV."


def open_csv(data: bytes, name: str) -> Book:
    """Open a CSV file as a book of one sheet of this name; raises Unreadable."""
    text = _decoded(data)
    first, _, rest = text.partition("\n")
    if first.strip().casefold().startswith("sep=") and len(first.strip()) == 5:
        return Book((Sheet(name, False, lambda: _csv_rows(rest, first.strip()[4], 1)),))
    separator = _separator(text)
    return Book((Sheet(name, False, lambda: _csv_rows(text, separator, 0)),))


def _decoded(data: bytes) -> str:
    """Decode UTF-8 and UTF-16 by their marks, else UTF-8, else the Windows code page of Western Europe."""
    try:
        if data.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
            text = data.decode("utf-16")
        elif data[1:200:2].count(0) > len(data[:200]) // 4:
            text = data.decode("utf-16-le")
        else:
            text = _utf_8_or_windows(data)
    except UnicodeDecodeError as problem:
        raise Unreadable(NOT_A_TABLE) from problem
    if "\0" in text:
        raise Unreadable(NOT_A_TABLE)
    return text


def _utf_8_or_windows(data: bytes) -> str:
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError:
        return data.decode("cp1252")


def _separator(text: str) -> str:
    """Choose the separator that splits the first lines into most fields, quotation marks respected."""
    sample = "".join(text.splitlines(keepends=True)[:30])[:200_000]

    def width(separator: str) -> int:
        try:
            return sum(len(row) for row in csv.reader(io.StringIO(sample, newline=""), delimiter=separator))
        except csv.Error:
            return 0

    return max(SEPARATORS, key=width)


def _csv_rows(text: str, separator: str, before: int) -> Iterator[Row]:
    """Give a CSV's rows; `before` is how many lines stood above (a row is numbered as Excel would show it)."""
    lines = csv.reader(io.StringIO(text, newline=""), delimiter=separator, strict=True)
    number = before
    try:
        for number, fields in enumerate(lines, before + 1):
            if len(fields) > LIMITS.columns or number > LIMITS.rows:
                raise Unreadable(
                    f"The file holds more than {LIMITS.rows:,} rows or {LIMITS.columns:,} columns: send fewer."
                )
            values: list[Value] = [short_enough(text) or None for text in fields]
            if any(value is not None for value in values):
                yield Row(number, values)
    except csv.Error as problem:
        raise Unreadable(
            f"Row {number + 1} of the file holds a quotation mark that is never closed, or too much text for a cell: "
            "save the table again from Excel."
        ) from problem
