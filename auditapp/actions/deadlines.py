"""Working days in England: due days, and by how many working days something is late.

A working day is Monday to Friday and no public holiday; the holidays are given by the caller.
"""

from __future__ import annotations

from collections.abc import Collection
from datetime import date, timedelta

LONGEST = 1_000
"""The most working days that a due day may lie ahead; about four years."""


def is_working_day(day: date, holidays: Collection[date]) -> bool:
    """Whether people are at work on this day."""
    return day.weekday() < 5 and day not in holidays


def due_day(start: date, working_days: int, holidays: Collection[date]) -> date:
    """Give the day that lies so many working days after `start`, which itself is not counted.

    With 0 it is `start`, or the next working day when nobody works then. Raises ValueError below 0 or above `LONGEST`.
    """
    if not 0 <= working_days <= LONGEST:
        raise ValueError(f"from 0 to {LONGEST} working days, not {working_days}")
    day, left = start, working_days
    while left or not is_working_day(day, holidays):
        day += timedelta(days=1)
        left -= left > 0 and is_working_day(day, holidays)
    return day


def working_days_between(first: date, last: date, holidays: Collection[date]) -> int:
    """Count the working days after `first` up to and with `last`; 0 when `last` is not later."""
    span = (last - first).days
    return sum(is_working_day(first + timedelta(days=step), holidays) for step in range(1, span + 1))


def overdue_by(due: date, today: date, holidays: Collection[date]) -> int:
    """Count the working days by which something is late: none on its day and over the weekend after it."""
    return working_days_between(due, today, holidays)


def last_working_day(on: date, holidays: Collection[date]) -> date:
    """Give the latest working day up to `on`: what was due before it is late, what was due on it or since is not."""
    while on.weekday() > 4 or on in holidays:
        on -= timedelta(days=1)
    return on


def late_in_words(number: int, oldest: int) -> str:
    """Say how late so many overdue things are, the oldest by so many working days."""
    days = f"{oldest} working {'day' if oldest == 1 else 'days'}"
    return f"overdue by {days}" if number == 1 else f"overdue, the oldest by {days}"


def in_words(due: date, today: date, holidays: Collection[date]) -> str:
    """Say how a due day stands to today: “due today”, “due in 3 working days”, “2 working days overdue”."""
    if due == today:
        return "due today"
    late, left = overdue_by(due, today, holidays), working_days_between(today, due, holidays)
    if late:
        return f"{late} working {'day' if late == 1 else 'days'} overdue"
    return f"due in {left} working {'day' if left == 1 else 'days'}" if left else "due now"
