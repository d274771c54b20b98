"""Days and times as pages print them: UK words, London's clock."""

from __future__ import annotations

from datetime import date, datetime
from zoneinfo import ZoneInfo

LONDON = ZoneInfo("Europe/London")
EARLIEST, LATEST = 1900, 2100
"""Years that a typed day may have: anything else is a slip, and would have working days counted over centuries."""
MONTHS = (
    "January",
    "February",
    "March",
    "April",
    "May",
    "June",
    "July",
    "August",
    "September",
    "October",
    "November",
    "December",
)


class UnreadableDay(ValueError):
    """What was typed is not a day; the message says what is missing or wrong, `parts` which boxes it is about."""

    def __init__(self, message: str, *parts: str) -> None:
        super().__init__(message)
        self.parts = parts


def day(value: date | None) -> str:
    """Print a day as “22 November 2026”; a moment is printed as its day in London; nothing as nothing."""
    if value is None:
        return ""
    local = _in_london(value)
    return f"{local.day} {MONTHS[local.month - 1]} {local.year}"


def day_time(value: datetime | None) -> str:
    """Print a moment as “22 November 2026 at 14:02”, London time."""
    return "" if value is None else f"{day(value)} at {time_of_day(value)}"


def time_of_day(value: datetime) -> str:
    """Print a moment as “14:02”, London time."""
    return f"{_in_london(value):%H:%M}"


def month(value: date | str | None) -> str:
    """Print the month of a day (or of “2026-11”) as “November 2026”."""
    if value is None:
        return ""
    if isinstance(value, str):
        year, number = value.split("-")[:2]
        return f"{MONTHS[int(number) - 1]} {year}"
    local = _in_london(value)
    return f"{MONTHS[local.month - 1]} {local.year}"


def _in_london(value: date) -> date:
    return value.astimezone(LONDON) if isinstance(value, datetime) and value.tzinfo else value


def read_parts(day: str, month: str, year: str, what: str) -> date | None:
    """Read a day typed in three boxes; None when all are empty. A month may be a number or its English name.

    `what` begins each message (“The day of the conversation”). Raises UnreadableDay.
    """
    typed = {"day": day.strip(), "month": month.strip(), "year": year.strip()}
    missing = [part for part, text in typed.items() if not text]
    if len(missing) == len(typed):
        return None
    if missing:
        raise UnreadableDay(f"{what} must include a {' and a '.join(missing)}", *missing)
    if not (typed["year"].isascii() and typed["year"].isdigit() and len(typed["year"]) == 4):
        raise UnreadableDay(f"{what} must have a year of 4 numbers, like 2026", "year")
    number = _month_number(typed["month"])
    if number is None:
        raise UnreadableDay(f"{what} must have a real month, like 11", "month")
    if not (typed["day"].isascii() and typed["day"].isdigit()):
        raise UnreadableDay(f"{what} must have a real day, like 27", "day")
    if not EARLIEST <= int(typed["year"]) <= LATEST:
        raise UnreadableDay(f"{what} must have a year from {EARLIEST} to {LATEST}", "year")
    try:
        return date(int(typed["year"]), number, int(typed["day"]))
    except (ValueError, OverflowError):
        raise UnreadableDay(f"{what} must be a real date", "day", "month", "year") from None


def _month_number(text: str) -> int | None:
    if text.isascii() and text.isdigit() and len(text) <= 2:
        return int(text) if 1 <= int(text) <= 12 else None
    named = [i for i, name in enumerate(MONTHS, 1) if len(text) >= 3 and name.lower().startswith(text.lower())]
    return named[0] if named else None
