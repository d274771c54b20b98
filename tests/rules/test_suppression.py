"""Suppression: what a reader of the published figures cannot find out.

The property is tested at the level of single audits: for every hidden number there is another set of audits that would
have been published exactly the same, and in which that number is a different one.
"""

from collections import Counter, defaultdict
from datetime import date
from itertools import combinations, combinations_with_replacement, permutations, product

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from auditapp.figures import suppression
from auditapp.figures.suppression import NOTHING, everything, of_counts, of_row, of_table, whole_months

GOOD_OR_BETTER, BELOW = frozenset({0, 1}), frozenset({2, 3})
NEAR = (GOOD_OR_BETTER, BELOW)
COLUMNS = range(5)
ALL = tuple(COLUMNS)
SUMS = [*((column,) for column in COLUMNS), (0, 1), (0, 1, 2, 3), ALL]
"""Every number that a report prints of one row: five counts, good or better, graded, all."""


def counts(audits, by=None, value=None):
    row = [0] * 5
    for audit in audits:
        if by is None or audit[by] == value:
            row[audit[2]] += 1
    return row


def rows_of(audits, by, names):
    return [counts(audits, by, name) for name in names]


def printed(row, shown):
    return {columns: sum(row[column] for column in columns) for columns in SUMS if shown.shows(*columns)}


class Publication:
    """What is published of some audits, each (service, month, grade): the whole, by service and by month."""

    def __init__(self, audits):
        self.names = [sorted({audit[by] for audit in audits}) for by in (0, 1)]
        whole = counts(audits)
        self.whole = of_row(whole, NEAR)
        tables = [of_table(rows_of(audits, by, self.names[by]), self.whole, NEAR) for by in (0, 1)]
        self.rows = {(None, None): self.whole}
        for by, table in enumerate(tables):
            self.rows |= {(by, name): shown for name, shown in zip(self.names[by], table or (), strict=bool(table))}

    def numbers(self, *, open):
        """Every number that is open, or every one that is hidden: which row, and which columns it adds up."""
        return [(row, columns) for row, shown in self.rows.items() for columns in SUMS if shown.shows(*columns) == open]

    def page(self, audits):
        """The open numbers as printed."""
        return {
            ((by, name), columns): sum(counts(audits, by, name)[column] for column in columns)
            for (by, name), columns in self.numbers(open=True)
        }

    def could_be(self, audits):
        """Whether somebody who knows the rules could take these audits for the published ones.

        A row that is listed holds an audit; a grade whose count is hidden in the whole was given.
        """
        given = {audit[2] for audit in audits}
        listed = {(by, audit[by]) for audit in audits for by in (0, 1)}
        return all(self.whole.shows(column) or column in given for column in COLUMNS if self.whole.classes) and all(
            row in listed for row in self.rows if row != (None, None)
        )


def counts_for(number, audit):
    (by, name), columns = number
    return audit is not NOBODY and (by is None or audit[by] == name) and audit[2] in columns


NOBODY = None


def derivable(audits):
    """The hidden numbers that stay what they are, however up to three audits are replaced without a trace.

    A replacement leaves no trace where every open number stays the same. Numbers are kept as the digits of one large
    integer, so that sums of several audits are sums of integers.
    """
    publication = Publication(audits)
    shown, hidden = publication.numbers(open=True), publication.numbers(open=False)
    cells = [NOBODY, *product(*publication.names, COLUMNS)]
    trace = {cell: sum(8**at for at, number in enumerate(shown) if counts_for(number, cell)) for cell in cells}
    mark = {cell: sum(8**at for at, number in enumerate(hidden) if counts_for(number, cell)) for cell in cells}
    left = set(range(len(hidden)))
    for size in (1, 2, 3):
        if not left:
            break
        without_trace = defaultdict(list)
        for new in combinations_with_replacement(cells, size):
            without_trace[sum(trace[cell] for cell in new)].append(new)
        for old in {tuple(sorted(some)) for some in combinations(audits, size)}:
            before = sum(mark[cell] for cell in old)
            for new in without_trace[sum(trace[cell] for cell in old)]:
                after = sum(mark[cell] for cell in new)
                changed = {at for at in left if before // 8**at % 8 != after // 8**at % 8}
                if changed and publication.could_be([*(Counter(audits) - Counter(old)).elements(), *filter(None, new)]):
                    left -= changed
            if not left:
                break
    return [hidden[at] for at in left]


GRADES = st.sampled_from([0, 1, 1, 1, 2, 2, 2, 3, 4])
AUDIT = st.tuples(st.integers(0, 3), st.integers(0, 2), GRADES)
AUDITS = st.one_of(st.lists(AUDIT, min_size=1, max_size=20), st.lists(AUDIT, min_size=20, max_size=60))


@settings(max_examples=60, deadline=None)
@given(AUDITS)
def test_no_hidden_number_follows_from_what_is_shown(audits):
    assert derivable(audits) == []


@settings(max_examples=200, deadline=None)
@given(AUDITS)
def test_no_count_of_1_to_4_is_ever_printed(audits):
    assert all(value == 0 or value >= 5 for value in Publication(audits).page(audits).values())


@settings(max_examples=200, deadline=None)
@given(AUDITS)
def test_no_two_printed_numbers_of_a_row_differ_by_1_to_4(audits):
    page = Publication(audits).page(audits)
    for (row, inner), (other, outer) in permutations(page, 2):
        if row == other and set(inner) < set(outer):
            assert not suppression.is_small(page[row, outer] - page[row, inner])


def test_a_reader_of_every_row_sees_every_count():
    assert all(everything([0, 1, 2, 3, 4]).shows(*columns) for columns in SUMS)


def test_a_row_without_small_counts_is_shown_whole():
    assert all(of_row([0, 9, 17, 5, 0], NEAR).shows(*columns) for columns in SUMS)


def test_four_inadequate_of_thirty_are_hidden_with_the_grade_next_to_them():
    """Peterborough 2015 as published to a reader without row scope."""
    shown = of_row([0, 9, 17, 4, 0], NEAR)
    assert printed([0, 9, 17, 4, 0], shown) == {(0,): 0, (1,): 9, (4,): 0, (0, 1): 9, (0, 1, 2, 3): 30, ALL: 30}


def test_two_small_counts_that_add_up_to_four_take_a_third_with_them():
    shown = of_row([2, 0, 2, 20, 30], ())
    assert not any(shown.shows(column) for column in (0, 2, 3))
    assert shown.shows(0, 2, 3)
    assert shown.shows(4)


def test_five_grades_of_one_each_are_hidden_with_their_total():
    assert of_row([1, 1, 1, 1, 1], NEAR) == NOTHING


def test_nothing_is_shown_of_fewer_than_five():
    assert of_row([0, 4, 0, 0, 0], NEAR) == NOTHING
    assert of_row([0, 5, 0, 0, 0], NEAR).shows(*ALL)


def test_an_empty_row_is_shown_as_nothing_but_noughts():
    assert all(of_row([0] * 5, NEAR).shows(*columns) for columns in SUMS)


def test_one_small_service_is_hidden_with_the_next_smallest():
    rows = [[0, 20, 20, 0, 0], [0, 10, 10, 0, 0], [0, 2, 0, 0, 0]]
    shown = of_table(rows, of_row([0, 32, 30, 0, 0], NEAR), NEAR)
    assert [row.shows(*ALL) for row in shown] == [True, False, False]
    assert shown[2].shows(0)
    assert not shown[2].shows(1)


def test_a_table_is_told_more_coarsely_before_most_of_it_is_hidden():
    rows = [[2, 18, 20, 0, 0], [3, 17, 20, 0, 0], [6, 14, 20, 0, 0]]
    shown = of_table(rows, of_row([11, 49, 60, 0, 0], NEAR), NEAR)
    assert all(row.shows(0, 1) and row.shows(2) and not row.shows(0) for row in shown)


def test_a_table_of_single_audits_is_withheld():
    assert of_table([[0, 1, 0, 0, 0]] * 6, of_row([0, 6, 0, 0, 0], NEAR), NEAR) is None


def test_a_table_of_a_hidden_whole_is_withheld():
    assert of_table([[0, 2, 0, 0, 0], [0, 0, 0, 0, 0]], NOTHING, NEAR) is None


@pytest.mark.parametrize(
    ("count", "of", "may"),
    [(0, 10, True), (5, 10, True), (4, 10, False), (6, 10, False), (3, 3, False), (10, 10, True)],
)
def test_a_count_of_a_theme_is_shown_only_if_neither_it_nor_what_is_left_is_small(count, of, may):
    assert of_counts(count, of) is may


def test_a_period_shrinks_to_the_whole_months_inside_it():
    assert whole_months(date(2026, 7, 1), date(2026, 9, 30)) == (date(2026, 7, 1), date(2026, 9, 30))
    assert whole_months(date(2026, 7, 2), date(2026, 9, 29)) == (date(2026, 8, 1), date(2026, 8, 31))
    assert whole_months(date(2025, 12, 15), date(2026, 2, 28)) == (date(2026, 1, 1), date(2026, 2, 28))
    assert whole_months(date(2026, 7, 2), date(2026, 7, 31)) is None
