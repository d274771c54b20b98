"""Anyshire's children and the workbooks that tell of them."""

from datetime import date, timedelta

import pytest

from auditapp.cases.annex_a import shapes
from auditapp.cases.population import read_extract
from auditapp.demo.children import CHILDREN, PATHS, children, tables, workbook
from auditapp.sheets.reading import open_table

TODAY = date(2026, 11, 20)


def test_there_are_six_hundred_children_each_with_a_reference_of_their_own():
    assert sum(PATHS.values()) == CHILDREN == len({child.reference for child in children(TODAY)})


def test_the_same_day_tells_the_same_stories():
    assert children(TODAY) == children(TODAY)
    assert tables(TODAY, TODAY) == tables(TODAY, TODAY)


def test_every_heading_that_a_table_fills_is_a_published_one():
    for shape in shapes():
        published = {heading.name for heading in shape.headings}
        rows = tables(TODAY, TODAY)[shape.key]
        unknown = {heading for row in rows for heading in row} - published - {"Does the Child have a Disability"}
        assert not unknown, shape.key


@pytest.mark.parametrize("as_at", [TODAY, TODAY - timedelta(days=200)])
def test_the_importer_takes_every_row(as_at):
    extract = read_extract(open_table(workbook(TODAY, as_at), "anyshire.xlsx"), as_at)
    assert {report.list_key for report in extract.reports} == {shape.key for shape in shapes()}
    assert not [report.refused for report in extract.reports if report.refused]


def test_nothing_is_told_that_had_not_happened_yet():
    as_at = TODAY - timedelta(days=200)
    for rows in tables(TODAY, as_at).values():
        for row in rows:
            days = [value for heading, value in row.items() if isinstance(value, date) and "Birth" not in heading]
            assert all(day <= as_at + timedelta(days=40) for day in days)


def test_a_child_is_visited_in_their_own_rhythm_until_their_episode_ends():
    for child in children(TODAY):
        seen = child.last(child.rhythm, TODAY)
        assert seen is None or child.began < seen <= (child.ends or TODAY)
