"""What a cell means: text without the dirt, a blank, a date (always day first), yes or no, a reference.

Pure: values of `sheets.reading` in, plain values out. Nothing is guessed: what cannot be read is None, and the caller
says so.
"""

from __future__ import annotations

import re
import unicodedata
from datetime import date, datetime

from auditapp.sheets.book import Fault, Value, date_of_serial, number_of

BLANKS = frozenset({"", "#n/a", "n/a", "#null!", "null", "-", "--", "–", "—"})
INVISIBLE = re.compile("[\u200b-\u200f\u2028-\u202e\u2060\ufeff\u00ad]")
CONTROL = re.compile("[\x00-\x1f\x7f-\x9f]")
SPACE = re.compile(r"\s+")
WHOLE_AS_FLOAT = re.compile(r"(\d+)\.0+")
DAY_FIRST = re.compile(r"(\d{1,2})[/.\-\s](\d{1,2})[/.\-\s](\d{4}|\d{2})")
YEAR_FIRST = re.compile(r"(\d{4})[/.\-](\d{1,2})[/.\-](\d{1,2})")
NAMED_MONTH = re.compile(r"(\d{1,2})(?:st|nd|rd|th)?[\s\-/.]*([a-z]{3,9})[\s\-/.,]*(\d{4}|\d{2})")
WEEKDAY = re.compile(r"(?:mon|tues?|wed(?:nes)?|thu(?:rs)?|fri|sat(?:ur)?|sun)(?:day)?,?\s+")
TIME_OF_DAY = re.compile(
    r"[T\s]+\d{1,2}:\d{2}(?::\d{2}(?:\.\d+)?)?(?:\s*[ap]m)?(?:z|[+-]\d{2}:?\d{2})?$", re.IGNORECASE
)
MONTHS = (
    *("january", "february", "march", "april", "may", "june"),
    *("july", "august", "september", "october", "november", "december"),
)
LAST_OF_THIS_CENTURY = 49
# A day number in a column of dates: 1910 to 2200. Less is an age or a year, more is something else.
LIKELY_SERIALS = range(3_654, 109_938)


def text_of(value: Value) -> str:
    """Give a cell's text: spaces of every kind made one and trimmed, invisible characters gone, 12345.0 as 12345."""
    if isinstance(value, str) and value.isascii() and value.isprintable():
        return " ".join(value.split())
    if value is None or isinstance(value, Fault):
        return ""
    if isinstance(value, datetime):
        return value.strftime("%d/%m/%Y")
    if isinstance(value, bool):
        return "Yes" if value else "No"
    if isinstance(value, float) and value.is_integer():
        value = int(value)
    if not isinstance(value, str):
        return str(value)
    text = INVISIBLE.sub("", unicodedata.normalize("NFC", value))
    return SPACE.sub(" ", CONTROL.sub(" ", text)).strip()


def is_empty(value: Value) -> bool:
    """Tell whether a cell holds nothing at all, or only spaces."""
    return value is None or (isinstance(value, str) and not text_of(value))


def said(value: Value) -> str:
    """Give a cell's text, and nothing where people write that there is nothing (#N/A, N/A, a dash)."""
    text = text_of(value)
    return "" if text.casefold() in BLANKS else text


def reference_of(value: Value) -> str:
    """Give a reference without spaces; a whole number is itself however it was stored; leading zeros stay."""
    text = said(value).replace(" ", "").lstrip("'")
    whole = WHOLE_AS_FLOAT.fullmatch(text)
    return whole[1] if whole else text


def date_of(value: Value, since_1904: bool = False) -> date | None:
    """Read a date: a real one, a day number (also as text), day/month/year, year-month-day, or 1 Jan 2024.

    The day comes first, always; two-digit years below 50 lie in this century; a time of day is dropped. None when it is
    no date.
    """
    if isinstance(value, datetime):
        return value.date()
    if isinstance(value, bool) or value is None or isinstance(value, Fault):
        return None
    text = said(value) if isinstance(value, str) else ""
    number = number_of(text) if text else value if isinstance(value, int | float) else None
    if number is not None:
        moment = date_of_serial(number, since_1904) if int(number) in LIKELY_SERIALS else None
        return moment.date() if moment else None
    return _written_date(TIME_OF_DAY.sub("", text).casefold())


def _written_date(text: str) -> date | None:
    text = WEEKDAY.sub("", text, count=1) if text[:1].isalpha() else text
    if found := YEAR_FIRST.fullmatch(text):
        return _day(found[1], int(found[2]), found[3])
    if found := DAY_FIRST.fullmatch(text):
        return _day(found[3], int(found[2]), found[1])
    found = NAMED_MONTH.fullmatch(text)
    return _day(found[3], _month(found[2]), found[1]) if found else None


def _month(name: str) -> int:
    """Give the number of a month written out or by its first three letters (or "sept"); 0, which is none, otherwise."""
    return next((n for n, full in enumerate(MONTHS, 1) if name in (full, full[:3]) or (n == 9 and name == "sept")), 0)


def _day(year: str, month: int, day: str) -> date | None:
    number = int(year)
    if len(year) == 2:
        number += 2000 if number <= LAST_OF_THIS_CENTURY else 1900
    try:
        return date(number, month, int(day))
    except ValueError:
        return None


def number_said(value: Value) -> float | None:
    """Read a number, also one kept as text; None when it is none."""
    if isinstance(value, bool) or value is None or isinstance(value, Fault | datetime):
        return None
    return number_of(said(value)) if isinstance(value, str) else float(value)
