"""What an extract says, counted against workbooks that were counted while they were written."""

from collections import Counter
from dataclasses import replace
from datetime import date, datetime

import pytest

from auditapp.cases.population import NothingFound, compare, fingerprint, held_by_case, read_extract
from auditapp.cases.rows import Entry
from auditapp.sheets.book import Book, Fault, Row, Sheet
from auditapp.sheets.reading import open_table
from tests import extracts

AS_AT = extracts.AS_AT
CONTACTS = ["Child Unique ID", "Gender", "Ethnicity", "Date of Birth", "Age", "Date of Contact", "Contact Source"]
NEED = extracts.HEADINGS["6"]


def book(*rows, name="Sheet 1", hidden=False, first=1, hidden_rows=()):
    """A book of one sheet, from lists of values."""
    numbered = [Row(n, list(row), n in hidden_rows) for n, row in enumerate(rows, first) if row]
    return Book((Sheet(name, hidden, lambda: iter(numbered)),))


def need(reference, **more):
    facts = {
        "Gender": "F",
        "Ethnicity": "WBRI",
        "Case Status": "CIN",
        "Allocated Team": "North",
        "Allocated Worker": "A B",
    }
    facts |= {"Child Unique ID": reference, "Does the Child have a Disability": "No", "Primary Need Code": "N1"}
    facts |= {name.replace("_", " "): value for name, value in more.items()}
    return [facts.get(name) for name in NEED]


def read(*rows, as_at=AS_AT, **more):
    extract = read_extract(book(*rows, **more), as_at)
    return extract, extract.reports[0]


def whats(report, row):
    return " ".join(what for number, what in report.notes if number == row)


@pytest.mark.parametrize("make", [extracts.clean, extracts.dirty], ids=["clean", "dirty"])
@pytest.mark.parametrize("seed", [1, 2, 3])
def test_every_count_of_a_workbook_is_exact(make, seed):
    made = make(300, seed)
    extract = read_extract(open_table(made.data, "annex.xlsx"), AS_AT)
    reports = {report.list_key: report for report in extract.reports}
    assert {key: report.header_row for key, report in reports.items()} == made.header_rows
    for key, expected in made.lists.items():
        report = reports[key]
        assert report.read == expected.read
        assert {row for row, _ in report.refused} == set(expected.refused)
        assert report.accepted == expected.read - len(expected.refused)
        entries = [entry for entry in extract.entries if entry.list_key == key]
        assert {entry.reference for entry in entries} == expected.children
        by_child = {entry.reference: entry for entry in entries if entry.is_open}
        assert Counter(entry.team or None for entry in by_child.values()) == expected.open_by_team


def test_everything_dirty_is_reported_at_its_row():
    made = extracts.dirty(600, 5)
    extract = read_extract(open_table(made.data, "annex.xlsx"), AS_AT)
    for report in extract.reports:
        expected = made.lists[report.list_key]
        for row, words in expected.refused.items():
            assert words in dict(report.refused)[row]
        for row, words in expected.noted.items():
            assert words in (whats(report, row) if row else " ".join(what for _, what in report.notes))


def test_a_clean_workbook_has_nothing_to_refuse_and_no_blank_to_note():
    made = extracts.clean(100)
    extract = read_extract(open_table(made.data, "annex.xlsx"), AS_AT)
    assert [report.refused for report in extract.reports] == [[]] * 10


def test_only_a_missing_reference_refuses_a_row():
    _, report = read(NEED, need("1", Gender=None, Case_Status=None, Allocated_Team="#N/A"), need(None), need("-"))
    assert report.refused == [(3, "Child Unique ID is blank."), (4, "Child Unique ID is blank.")]
    assert (report.read, report.accepted) == (3, 1)


def test_a_starred_blank_is_a_note():
    _, report = read(NEED, need("1", Allocated_Team="\xa0", Allocated_Worker=Fault("#N/A")))
    assert report.notes == [(2, "Allocated Team is blank."), (2, "Allocated Worker is blank.")]


def test_a_reference_stored_as_a_float_or_with_spaces_is_the_same_child():
    extract, _ = read(NEED, need(12345.0), need(" 123 45\xa0"), need("12345.0"), need("012345"))
    assert {entry.reference for entry in extract.entries} == {"12345", "012345"}


def test_a_reference_that_is_a_formula_without_its_value_is_refused():
    _, report = read(NEED, need(Fault()))
    assert "formula without a saved value" in report.refused[0][1]


def test_what_is_far_too_long_is_no_reference_and_no_name():
    extract, report = read(NEED, need("9" * 101), need("2", Allocated_Team="x" * 300))
    assert report.refused == [(2, "Child Unique ID holds more than 100 characters, which is no reference.")]
    assert [entry.team for entry in extract.entries] == ["x" * 200]
    assert whats(report, 3) == "Allocated Team is longer than 200 characters; it was cut."


def test_a_repeat_counts_once_and_is_told():
    extract, report = read(NEED, need("1"), need(1))
    assert len(extract.entries) == 1
    assert report.accepted == 2
    assert report.notes == [(3, "The same as row 2; it counts once.")]


def test_the_latest_episode_of_an_involvement_counts():
    old, new = need("1", CIN_Start_Date="01/01/2025"), need("1", CIN_Start_Date="01/06/2026", Allocated_Team="South")
    for rows in ((old, new), (new, old)):
        extract, report = read(NEED, *rows)
        assert [entry.team for entry in extract.entries] == ["South"]
        assert len(report.notes) == 1


def test_of_two_episodes_with_the_same_start_the_later_row_counts():
    extract, report = read(NEED, need("1", Allocated_Team="North"), need("1", Allocated_Team="South"))
    assert [entry.team for entry in extract.entries] == ["South"]
    assert whats(report, 2).endswith("row 3, the latest episode, counts instead.")


def test_an_episode_that_begins_after_the_as_at_date_does_not_push_out_the_present_one():
    present, coming = need("1", CIN_Start_Date="01/01/2026"), need("1", CIN_Start_Date="01/12/2026")
    extract, _ = read(NEED, present, coming)
    assert [(entry.started_on, entry.is_open) for entry in extract.entries] == [(date(2026, 1, 1), True)]


def test_every_different_row_of_an_event_list_is_an_event():
    row = ["1", "F", "WBRI", None, None, "01/08/2026", "Police"]
    extract, _ = read(CONTACTS, row, [*row[:5], "02/08/2026", "Police"], [*row[:6], "School"], row)
    assert len(extract.entries) == 3


def test_two_sheets_of_one_list_are_one_list():
    one, two = book(NEED, need("1")), book(NEED, need("1"), need("2"), name="More", hidden=True)
    extract = read_extract(Book((*one.sheets, *two.sheets)), AS_AT)
    assert [(report.sheet, report.read, report.accepted) for report in extract.reports] == [
        ("Sheet 1", 1, 1),
        ("More", 2, 2),
    ]
    assert sorted(entry.reference for entry in extract.entries) == ["1", "2"]
    assert "row 2 of sheet Sheet 1" in whats(extract.reports[1], 2)
    assert "hidden" in whats(extract.reports[1], 1)


def test_headings_stand_under_titles_in_any_of_the_first_ten_rows():
    for title_rows in range(10):
        _, report = read(*[["Annex A"]] * title_rows, NEED, need("1"))
        assert (report.header_row, report.read) == (title_rows + 1, 1)
    with pytest.raises(NothingFound, match="first 10 rows"):
        read(*[["Annex A"]] * 10, NEED, need("1"))


def test_blank_rows_are_told_and_not_read():
    _, report = read(NEED, need("1"), None, [" ", "\xa0"], need("2"), [None])
    assert report.read == 2
    assert [row for row, what in report.notes if "blank; it was passed over" in what] == [3, 4]


@pytest.mark.parametrize("total", ["Total", "TOTALS", "Grand total:", "Total: 24", "Row count 24"])
def test_a_totals_row_is_refused_and_not_a_child(total):
    _, report = read(NEED, need("1"), [total, None, 24], [None, total, 24])
    assert [why for _, why in report.refused] == ["This is a total or a remark, not a child."] * 2


@pytest.mark.parametrize(
    "remark", ["Total children 24", "Extracted on 1 October 2026", "Source: the case system, all teams"]
)
def test_a_remark_below_the_rows_is_refused_and_not_a_child(remark):
    _, report = read(NEED, need("1"), need("AB 12 34"), need("100 200 300"), [remark])
    assert report.refused == [(5, "This is a total or a remark, not a child.")]


def test_headings_that_come_again_are_refused():
    _, report = read(NEED, need("1"), NEED)
    assert report.refused == [(3, "This row repeats the headings.")]


def test_an_impossible_date_is_told_and_read_as_blank():
    extract, report = read(NEED, need("1", CIN_Closure_Date="31/02/2026"))
    assert extract.entries[0].is_open
    assert whats(report, 2) == "CIN Closure Date is not a date (31/02/2026); it was read as blank."


def test_a_date_of_birth_is_never_repeated_in_the_report_nor_kept():
    extract, report = read(NEED, need("1", Date_of_Birth="30/02/2015"), need("2", Date_of_Birth="28/02/2015"))
    assert whats(report, 2) == "Date of Birth is not a date; it was read as blank."
    assert "2015" not in str(extract.entries) + str(extract.reports)
    assert [entry.age_band for entry in extract.entries] == ["", "10 to 15"]


def test_columns_that_are_not_kept_go_no_further():
    row = need("1", Reason_for_Closure="SECRET-A", Does_the_Child_have_a_Disability="SECRET-B")
    extract, _ = read([*NEED, "UPN", "Placement postcode"], [*row, "SECRET-C", "SECRET-D"])
    assert "SECRET" not in str(extract.entries)
    assert "SECRET" not in str(extract.reports)


def test_a_status_that_disagrees_with_the_dates_is_a_note_and_the_date_decides():
    extract, report = read(
        NEED,
        need("1", Case_Status="Closed"),
        need("2", CIN_Closure_Date="01/09/2026"),
        need("3", CIN_Closure_Date="01/12/2026"),
    )
    assert [entry.is_open for entry in extract.entries] == [True, False, True]
    assert "the date decides" in whats(report, 2)
    assert "the date decides" in whats(report, 3)
    assert "not yet" in whats(report, 4)


def test_known_codes_are_mapped_and_unknown_ones_kept_and_told_once():
    extract, report = read(NEED, need("1"), need("2", Case_Status="Purple"), need("3", Case_Status="Purple"))
    assert [entry.status for entry in extract.entries] == ["c) Child in need plan", "Purple", "Purple"]
    assert extract.entries[0].status_given == "CIN"
    assert [row for row, what in report.notes if "Purple" in what] == [3]


def test_adopters_are_counted_and_never_kept():
    headings = ["Individual adopter identifier", "Gender", "Ethnicity", "Disability", "Date enquiry received"]
    headings += ["Date Stage 1 started", "Date application submitted", "No. of children placed"]
    extract, report = read(headings, ["A1", "F", "WBRI", "No", "01/02/2026"])
    assert [what for _, what in report.notes] == [
        "There is no column “Is the (prospective) adopter fostering for adoption?”."
    ]
    assert (report.list_key, report.read, report.accepted, extract.entries) == ("11", 1, 1, [])
    assert extract.list_keys == frozenset()


def test_a_councils_own_list_is_read_by_pointing_at_its_columns():
    pointing = {"reference": "Client", "team": "Unit", "opened": "From", "closed": "Until"}
    rows = book(["Client", "Unit", "From", "Until", "Secret"], ["7", "East", "01/02/2026", None, "x"])
    extract = read_extract(rows, AS_AT, pointing)
    assert extract.list_keys == {"open"}
    assert [(entry.reference, entry.team, entry.is_open) for entry in extract.entries] == [("7", "East", True)]


def test_a_file_without_any_list_says_so_and_names_its_headings():
    with pytest.raises(NothingFound) as nothing:
        read(["Our cases"], ["Client", "Unit", "From"], ["7", "East", "01/02/2026"])
    assert nothing.value.titles == ("Client", "Unit", "From")


def entry(reference="1", list_key="6", **more):
    return Entry(list_key=list_key, reference=reference, **more)


@pytest.mark.parametrize(
    "row",
    [
        ["Zoe Zebra", datetime(2015, 3, 7), "Team"],
        ["Zoe Zebra", "7 Mar 15", "Team"],
        ["Zoe Zebra", "ab1 2cd", "Team"],
        ["Zoe Zebra", 9, "Team"],
        ["Zoe Zebra", "0.5", "Team"],
        ["Zoe Zebra", "LA/1204", "Team"],
        ["Zoe Zebra", "North", "Jo Bloggs"],
    ],
)
def test_a_row_of_data_is_never_taken_for_headings(row):
    with pytest.raises(NothingFound, match="The first rows hold no headings") as nothing:
        read(row, row)
    assert nothing.value.titles == ()


def test_headings_are_the_row_with_most_known_spellings():
    with pytest.raises(NothingFound) as nothing:
        read(["Team North", "Type"], ["Client", "Unit", "From", "Type"], ["7", "East", "01/02/2026", "x"])
    assert nothing.value.titles == ("Client", "Unit", "From", "Type")


def test_an_entry_comes_back_from_json_as_it_went():
    whole = entry(started_on=date(2026, 1, 2), team="North", facts={"last_seen_on": "2026-03-04"}, is_open=True)
    assert Entry.of_json(whole.as_json()) == whole


def test_what_the_as_at_date_makes_of_a_row_is_no_change():
    assert entry(age_band="1 to 4", is_open=True).digest == entry(age_band="5 to 9").digest
    assert entry(team="North").digest != entry(team="South").digest


def test_children_are_new_changed_gone_or_unchanged():
    held = held_by_case([entry("1"), entry("2", team="North"), entry("3")])
    found = held_by_case([entry("1"), entry("2", team="South"), entry("4")])
    change = compare(found, held, frozenset("6"))
    assert change.as_json() == {"new": 1, "changed": 1, "gone": 1, "unchanged": 1}


def test_gone_is_reckoned_only_for_lists_in_the_file():
    held = held_by_case([entry("1", "6"), entry("2", "7"), entry("3", "6"), entry("3", "7")])
    change = compare(held_by_case([entry("1", "6")]), held, frozenset("6"))
    assert (change.gone, change.unchanged) == (1, 1)


def test_one_event_more_is_a_change_of_the_child():
    one = entry("1", "3", started_on=date(2026, 8, 1))
    two = replace(one, started_on=date(2026, 8, 2))
    assert compare(held_by_case([one, two]), held_by_case([one]), frozenset("3")).changed == 1


def test_a_fingerprint_does_not_depend_on_order_and_sees_every_row():
    entries = [entry(str(n), team="North") for n in range(5)]
    assert fingerprint(held_by_case(entries)) == fingerprint(held_by_case(entries[::-1]))
    assert fingerprint(held_by_case(entries)) != fingerprint(held_by_case([*entries, entry("1", "7")]))
