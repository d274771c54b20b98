"""Working days in England, checked by hand against the calendar of Christmas 2026."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from auditapp.actions.deadlines import (
    LONGEST,
    due_day,
    in_words,
    is_working_day,
    late_in_words,
    overdue_by,
    working_days_between,
)

CHRISTMAS = frozenset({date(2026, 12, 25), date(2026, 12, 28), date(2027, 1, 1)})
DAYS = st.dates(date(2020, 1, 1), date(2035, 12, 31))


@pytest.mark.parametrize(
    ("start", "days", "due"),
    [
        (date(2026, 11, 23), 5, date(2026, 11, 30)),
        (date(2026, 11, 20), 1, date(2026, 11, 23)),
        (date(2026, 11, 21), 0, date(2026, 11, 23)),
        (date(2026, 11, 23), 0, date(2026, 11, 23)),
        (date(2026, 12, 24), 1, date(2026, 12, 29)),
        (date(2026, 12, 24), 4, date(2027, 1, 4)),
    ],
)
def test_a_due_day_skips_weekends_and_holidays(start, days, due):
    assert due_day(start, days, CHRISTMAS) == due


@pytest.mark.parametrize("days", [-1, LONGEST + 1])
def test_an_impossible_number_of_days_is_refused(days):
    with pytest.raises(ValueError, match="working days"):
        due_day(date(2026, 11, 23), days, ())


def test_nothing_is_late_on_its_day_or_over_the_weekend_after_it():
    friday = date(2026, 11, 20)
    assert [overdue_by(friday, friday + timedelta(days=step), ()) for step in range(5)] == [0, 0, 0, 1, 2]


def test_a_deadline_is_said_in_words():
    today = date(2026, 11, 24)
    assert in_words(date(2026, 11, 24), today, ()) == "due today"
    assert in_words(date(2026, 11, 25), today, ()) == "due in 1 working day"
    assert in_words(date(2026, 11, 27), today, ()) == "due in 3 working days"
    assert in_words(date(2026, 11, 23), today, ()) == "1 working day overdue"
    assert in_words(date(2026, 11, 16), today, ()) == "6 working days overdue"
    assert in_words(date(2026, 11, 22), date(2026, 11, 21), ()) == "due now"


@given(DAYS, st.integers(0, 300))
def test_the_days_to_a_due_day_are_the_days_asked_for(start, days):
    due = due_day(start, days, CHRISTMAS)
    assert is_working_day(due, CHRISTMAS)
    assert working_days_between(start, due, CHRISTMAS) == (days or (0 if is_working_day(start, CHRISTMAS) else 1))


@given(DAYS, st.integers(0, 30))
def test_nothing_is_overdue_before_it_is_due(due, early):
    assert overdue_by(due, due - timedelta(days=early), CHRISTMAS) == 0


@pytest.mark.parametrize(
    ("number", "oldest", "words"),
    [
        (1, 1, "overdue by 1 working day"),
        (1, 9, "overdue by 9 working days"),
        (2, 9, "overdue, the oldest by 9 working days"),
    ],
)
def test_overdue_things_are_said_with_how_late_the_oldest_is(number, oldest, words):
    assert late_in_words(number, oldest) == words
