"""Days and times as pages print and read them."""

from __future__ import annotations

from datetime import UTC, date, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from auditapp.web.dates import EARLIEST, LATEST, UnreadableDay, day, day_time, month, read_parts, time_of_day


def test_a_day_is_printed_in_uk_words():
    assert day(date(2026, 11, 22)) == "22 November 2026"


def test_a_moment_is_printed_on_londons_clock_in_summer_and_winter():
    assert day_time(datetime(2026, 7, 1, 13, 2, tzinfo=UTC)) == "1 July 2026 at 14:02"
    assert day_time(datetime(2026, 1, 1, 13, 2, tzinfo=UTC)) == "1 January 2026 at 13:02"


def test_a_moment_late_in_the_summer_evening_belongs_to_the_next_day_in_london():
    assert day(datetime(2026, 6, 30, 23, 30, tzinfo=UTC)) == "1 July 2026"
    assert time_of_day(datetime(2026, 6, 30, 23, 30, tzinfo=UTC)) == "00:30"


def test_a_month_is_printed_from_a_day_and_from_its_key():
    assert month(date(2026, 3, 9)) == "March 2026"
    assert month("2026-03") == "March 2026"


def test_nothing_is_printed_as_nothing():
    assert (day(None), day_time(None), month(None)) == ("", "", "")


@pytest.mark.parametrize("typed", ["3", "03", "mar", "March", "MARCH"])
def test_a_month_may_be_typed_as_a_number_or_a_name(typed):
    assert read_parts("1", typed, "2026", "The day") == date(2026, 3, 1)


def test_three_empty_boxes_are_no_day():
    assert read_parts("", " ", "", "The day") is None


@pytest.mark.parametrize(
    ("typed", "message", "parts"),
    [
        (("", "3", "2026"), "The day must include a day", ("day",)),
        (("1", "", ""), "The day must include a month and a year", ("month", "year")),
        (("31", "2", "2026"), "The day must be a real date", ("day", "month", "year")),
        (("1", "13", "2026"), "The day must have a real month, like 11", ("month",)),
        (("1", "ma", "2026"), "The day must have a real month, like 11", ("month",)),
        (("x", "3", "2026"), "The day must have a real day, like 27", ("day",)),
        (("1", "3", "26"), "The day must have a year of 4 numbers, like 2026", ("year",)),
        (("1", "3", "1899"), "The day must have a year from 1900 to 2100", ("year",)),
        (("1", "3", "2101"), "The day must have a year from 1900 to 2100", ("year",)),
        (("9" * 5000, "3", "2026"), "The day must be a real date", ("day", "month", "year")),
        (("²", "3", "2026"), "The day must have a real day, like 27", ("day",)),
    ],
)
def test_what_is_wrong_with_a_typed_day_is_said_with_its_boxes(typed, message, parts):
    with pytest.raises(UnreadableDay) as refused:
        read_parts(*typed, "The day")
    assert (str(refused.value), refused.value.parts) == (message, parts)


@given(st.dates(min_value=date(EARLIEST, 1, 1), max_value=date(LATEST, 12, 31)))
def test_every_day_that_is_printed_can_be_read_again(known):
    number, name, year = day(known).split()
    assert read_parts(number, name, year, "The day") == known


@given(st.text(max_size=12), st.text(max_size=12), st.text(max_size=12))
def test_whatever_is_typed_is_a_day_or_a_sentence(first, second, third):
    read = _read(first, second, third)
    assert read is None or isinstance(read, date) or read.startswith("The day must")


def _read(*typed):
    try:
        return read_parts(*typed, "The day")
    except UnreadableDay as refused:
        return str(refused)
