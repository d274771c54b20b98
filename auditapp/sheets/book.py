"""What a table is once it may be read: limits, books, sheets, rows and cell values."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta

MEGABYTE = 1024 * 1024


@dataclass(frozen=True, slots=True)
class Limits:
    """How much of a file is read at most (bytes, counts, characters)."""

    packed: int = 5 * MEGABYTE
    unpacked: int = 50 * MEGABYTE
    members: int = 200
    sheets: int = 100
    rows: int = 60_000
    claimed_rows: int = 1_000_000
    columns: int = 1_000
    cells: int = 1_000_000
    claimed_cells: int = 20_000_000
    text: int = 32_767
    all_text: int = 50_000_000
    strings: int = 1_000_000
    styles: int = 70_000
    elements: int = 5_000_000
    depth: int = 64
    names: int = 1_000
    token: int = MEGABYTE


LIMITS = Limits()


class Unreadable(Exception):
    """The file cannot be read; the message is one sentence for the person who sent it."""


@dataclass(frozen=True, slots=True)
class Fault:
    """A cell that holds no value: an error such as #N/A, or a formula that was saved without its result (no text)."""

    text: str = ""

    @property
    def is_formula(self) -> bool:
        """Tell whether this is a formula without a saved value."""
        return not self.text


Value = str | int | float | bool | datetime | Fault | None


@dataclass(frozen=True, slots=True)
class Row:
    """One row with content: its number as the spreadsheet shows it, and its values from column A on."""

    number: int
    values: list[Value]
    hidden: bool = False


@dataclass(frozen=True, slots=True)
class Sheet:
    """One sheet of a book; `rows` reads it anew, in order, leaving out rows without any content."""

    name: str
    hidden: bool
    rows: Callable[[], Iterator[Row]]


@dataclass(frozen=True, slots=True)
class Book:
    """A file that may be read: its sheets in order, and the day from which its serial dates count."""

    sheets: tuple[Sheet, ...]
    since_1904: bool = False


# Cells hold no time zone: these days are read as the spreadsheet shows them.
DAY_0 = datetime.fromisoformat("1899-12-31")
DAY_0_AFTER_FEBRUARY = datetime.fromisoformat("1899-12-30")
DAY_0_OF_1904 = datetime.fromisoformat("1904-01-01")


def number_of(raw: str) -> int | float | None:
    """Read a number as a workbook writes it: whole numbers of up to 15 digits as such; None when it is none."""
    if raw.isascii() and raw.isdecimal() and len(raw) <= 15:
        return int(raw)
    try:
        number = float(raw) if len(raw) <= 40 else float("nan")
    except ValueError:
        return None
    if number != number or number in (float("inf"), float("-inf")):
        return None
    return int(number) if number.is_integer() and abs(number) < 1e15 else number


def date_of_serial(serial: float, since_1904: bool = False) -> datetime | None:
    """Turn a spreadsheet's day number into a date; None when it lies outside 1900 to 9999.

    Counted from 1900, day 60 is a 29 February 1900 that never was, and the days before it count one less.
    """
    if not 1 <= serial < 2_958_466 or (not since_1904 and 60 <= serial < 61):
        return None
    start = DAY_0_OF_1904 if since_1904 else DAY_0 if serial < 60 else DAY_0_AFTER_FEBRUARY
    try:
        return start + timedelta(days=int(serial), seconds=round((serial % 1) * 86_400))
    except OverflowError:
        return None


def short_enough(text: str) -> str:
    """Give the text back, or raise Unreadable when no spreadsheet could hold it."""
    if len(text) > LIMITS.text:
        raise Unreadable("A cell holds more text than Excel allows (32,767 characters): shorten it and save again.")
    return text
