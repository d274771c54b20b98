"""Reading a table that somebody sent: every file is hostile until it is read.

`open_table` answers with a `Book` or raises `Unreadable`, whose message is one plain sentence that says what is wrong
and what to do. Rows are read when they are asked for, meant to be read once, and may raise Unreadable then.
"""

from __future__ import annotations

import re
from pathlib import Path

from auditapp.sheets.book import LIMITS, Book, Fault, Row, Sheet, Unreadable, Value
from auditapp.sheets.delimited import open_csv
from auditapp.sheets.values import text_of
from auditapp.sheets.workbook import open_workbook

__all__ = ["LIMITS", "Book", "Fault", "Row", "Sheet", "Unreadable", "Value", "open_table", "plain_name"]


MARKED_UP = re.compile(rb"[\xef\xbb\xbf\s]*<(!|\?|html|head|meta|body|table|div|style|script)", re.IGNORECASE)


def open_table(data: bytes, name: str) -> Book:
    """Open an Excel workbook (.xlsx) or a CSV file given as bytes; `name` names a CSV file's sheet.

    Raises Unreadable. Rows are read when they are asked for, and may raise Unreadable then.
    """
    if len(data) > LIMITS.packed:
        raise Unreadable("The file is larger than 5 MB: remove sheets that are not needed and save it again.")
    if not data.strip(b"\0 \r\n\t"):
        raise Unreadable("The file is empty: choose the file that holds the table.")
    if data.startswith(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"):
        raise Unreadable(_why_not_old(data))
    if data.startswith(b"PK"):
        return open_workbook(data)
    if MARKED_UP.match(data):
        raise Unreadable(
            "This is a web page or other marked-up text, not an Excel workbook: open it in Excel and save it as .xlsx."
        )
    if name.casefold().endswith((".xlsx", ".xlsm", ".xlsb")):
        raise Unreadable(
            "The file's name ends like an Excel workbook's, but it is none: open it and save it as .xlsx or as CSV."
        )
    return open_csv(data, Path(plain_name(name)).stem)


def plain_name(name: str) -> str:
    """Give a file's name fit to be shown and kept: bytes that are no text and control characters are replaced."""
    return text_of(name.encode("utf-8", "replace").decode())[:200] or "file"


def _why_not_old(data: bytes) -> str:
    """Tell an encrypted workbook from one of before 2007: both are kept in the same old container."""
    if "EncryptedPackage".encode("utf-16-le") in data:
        return "The file is protected by a password: open it in Excel, remove the password and save it again."
    return "This is an old Excel file (.xls): open it in Excel and save it as an Excel workbook (.xlsx)."
