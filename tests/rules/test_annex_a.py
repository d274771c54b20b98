"""Lists are found by their headings, codes by their words, and the dates alone say what is open."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from auditapp.cases.annex_a import (
    AGE_BANDS,
    age_band,
    code,
    find,
    guess_pointing,
    is_open,
    is_totals,
    months_before,
    shape,
    shapes,
    wrong_as_at,
)

AS_AT = date(2026, 9, 30)


def names(key):
    return [heading.name for heading in shape(key).headings]


def test_there_are_eleven_lists_with_the_columns_of_the_guidance():
    assert [len(listed.headings) for listed in shapes()] == [7, 8, 11, 12, 14, 14, 17, 34, 17, 16, 19]


@pytest.mark.parametrize("key", [listed.key for listed in shapes()])
def test_each_list_is_found_by_its_own_headings_in_any_order(key):
    found = find(4, ["UPN", *reversed(names(key)), "Comment"])
    assert (found.shape.key, found.header_row, found.others) == (key, 4, ("UPN", "Comment"))
    assert found.columns[names(key)[0]] == len(names(key))


@pytest.mark.parametrize("key", [listed.key for listed in shapes()])
@given(data=st.data())
def test_each_list_is_found_in_whatever_spelling_and_case(key, data):
    titles = []
    for heading in shape(key).headings:
        spelling = data.draw(st.sampled_from(heading.spellings))
        titles.append(data.draw(st.sampled_from([spelling, spelling.upper(), f" {spelling}? ", f"{spelling}\n"])))
    found = find(1, titles)
    assert found is not None
    assert found.shape.key == key


def test_two_spellings_of_one_column_do_not_both_count():
    found = find(1, ["Age", *names("6"), "Team"])
    assert found.columns["Age of Child (Years)"] == names("6").index("Age of Child (Years)") + 1
    assert found.others == ("Age", "Team")


@pytest.mark.parametrize(
    "titles",
    [["Children in need", "as at 30 September"], ["Child Unique ID", "Gender", "Ethnicity"], ["1001", "F", "WBRI"], []],
)
def test_titles_and_shared_headings_alone_are_no_list(titles):
    assert find(1, titles) is None


def test_a_plain_list_of_open_cases_is_not_taken_for_children_in_need():
    assert find(1, ["Reference", "Team", "Worker", "Status", "Start date", "Closure date"]) is None


def test_a_plain_lists_columns_are_guessed():
    guessed = guess_pointing(["Person ID", "Surname", "Team Name", "Social Worker", "Date Opened", "Date Closed"])
    assert guessed == {
        "reference": "Person ID",
        "team": "Team Name",
        "worker": "Social Worker",
        "opened": "Date Opened",
        "closed": "Date Closed",
    }


@pytest.mark.parametrize("given_code", ["F", "Female", "b) Female", "b) FEMALE", "2", "2 - Female", "f"])
def test_a_known_code_is_known_however_it_is_written(given_code):
    assert code("Gender", given_code) == "Female"


@pytest.mark.parametrize(
    ("given_status", "words"),
    [
        ("c) Child in need plan", "c) Child in need plan"),
        ("CIN", "c) Child in need plan"),
        ("b) CP Plan", "b) Child Protection plan"),
        ("LAC", "a) Looked after child"),
        ("Purple", None),
    ],
)
def test_a_case_status_is_mapped_or_unknown(given_status, words):
    assert code("Case Status", given_status) == words


def test_totals_are_told_from_references():
    assert is_totals("Grand Total (all lists)")
    assert not is_totals("Total Care Ltd")
    assert not is_totals("12345")


@pytest.mark.parametrize(
    ("key", "started", "ended", "status", "expected"),
    [
        ("1", date(2026, 3, 30), None, "", True),
        ("1", date(2026, 3, 29), None, "", False),
        ("1", date(2026, 10, 1), None, "", False),
        ("3", AS_AT, None, "", True),
        ("3", None, None, "", False),
        ("2", date(2020, 1, 1), None, "", True),
        ("2", date(2020, 1, 1), AS_AT, "", False),
        ("4", date(2026, 9, 1), date(2026, 10, 1), "", True),
        ("5", date(2026, 9, 1), None, "", True),
        ("5", date(2026, 9, 1), None, "Conference deemed unnecessary", False),
        ("5", date(2026, 9, 1), date(2026, 9, 15), "", False),
        ("6", None, None, "e) Closed episode", True),
        ("6", date(2026, 12, 1), None, "", False),
        ("7", date(2025, 1, 1), date(2026, 9, 30), "", False),
        ("8", date(2025, 1, 1), date(2027, 1, 1), "", True),
        ("9", None, None, "", True),
        ("10", date(2025, 1, 1), date(2026, 1, 1), "", False),
        ("11", None, None, "", False),
    ],
)
def test_the_dates_say_what_is_open(key, started, ended, status, expected):
    assert is_open(shape(key), started, ended, status, AS_AT) is expected


def test_six_months_before_the_end_of_august_is_the_end_of_february():
    assert months_before(date(2026, 8, 31), 6) == date(2026, 2, 28)
    assert months_before(date(2026, 3, 15), 6) == date(2025, 9, 15)


@pytest.mark.parametrize(
    ("born", "age", "band"),
    [
        (date(2025, 10, 1), None, "Under 1"),
        (date(2025, 9, 30), None, "1 to 4"),
        (date(2010, 10, 1), None, "10 to 15"),
        (date(2008, 9, 30), 3.2, "18 and over"),
        (date(2026, 10, 1), None, "Unborn"),
        (None, -1, "Unborn"),
        (None, 0.9, "Under 1"),
        (None, 15.99, "10 to 15"),
        (None, None, ""),
    ],
)
def test_the_age_band_is_that_of_the_as_at_date(born, age, band):
    assert age_band(born, age, AS_AT) == band


@given(st.dates(date(2000, 1, 1), AS_AT), st.integers(0, 3000))
def test_nobody_grows_younger(born, days):
    earlier = AGE_BANDS.index(age_band(born, None, date.fromordinal(AS_AT.toordinal() - days)))
    assert earlier <= AGE_BANDS.index(age_band(born, None, AS_AT))


@pytest.mark.parametrize(
    ("day", "wrong"),
    [
        (date(1999, 12, 31), "must be 1 January 2000 or later"),
        (date(2000, 1, 1), ""),
        (AS_AT, ""),
        (date(2026, 10, 1), "must be today or in the past"),
    ],
)
def test_an_extract_shows_a_day_from_2000_to_today(day, wrong):
    said = wrong_as_at(day, AS_AT)
    assert said.endswith(wrong)
    assert bool(said) is bool(wrong)
