"""Lists: filters, sorting and paging by key, the same on both databases."""

from __future__ import annotations

import random

import pytest
from sqlalchemy import select

from auditapp.db import db
from auditapp.people.models import Team
from auditapp.web.listing import Column, Filter, Listing

COLUMNS = [Column("name", "Name", Team.name), Column("service", "Service", Team.service_id), Column("odd", "Odd")]


def listing(app, address="", size=3, columns=COLUMNS, filters=(), query=None):
    with app.test_request_context(f"/healthz{address}") as context:
        return Listing.of(
            select(Team) if query is None else query,
            context.request.args,
            columns=columns,
            filters=filters,
            key=Team.id,
            usual="name",
            noun="team",
            size=size,
        )


@pytest.fixture
def teams(made):
    services = [made.service(), made.service()]
    names = [f"Team {number:02}" for number in range(8)]
    random.Random(1).shuffle(names)
    return [made.team(name, services[number % 2]) for number, name in enumerate(names)]


def walk(app, way, start="", **kwargs):
    pages, place = [], start
    while True:
        page = listing(app, f"?place={place}{kwargs.get('sort', '')}")
        pages.append([row.name for row in page.rows])
        place = getattr(page, way)
        if not place:
            return pages, page


def test_pages_follow_each_other_without_gap_or_repeat(app, teams):
    pages, _ = walk(app, "next")
    assert pages == [["Team 00", "Team 01", "Team 02"], ["Team 03", "Team 04", "Team 05"], ["Team 06", "Team 07"]]


def test_the_way_back_shows_the_same_pages(app, teams):
    _, last = walk(app, "next")
    back, _ = walk(app, "previous", last.previous)
    assert back == [["Team 03", "Team 04", "Team 05"], ["Team 00", "Team 01", "Team 02"]]


def test_equal_values_are_ordered_by_their_key_and_all_shown_once(app, teams):
    pages, _ = walk(app, "next", sort="&sort=-service")
    assert sorted(name for page in pages for name in page) == sorted(team.name for team in teams)


def test_a_row_that_comes_meanwhile_moves_nothing(app, made, teams):
    first = listing(app)
    made.team("Team 00a")
    assert listing(app, f"?place={first.next}").rows[0].name == "Team 03"


def test_the_count_is_of_all_pages(app, teams):
    assert listing(app).said == "8 teams"


@pytest.mark.parametrize("asked", ["odd", "nonsense", "name; DROP TABLE team", "--name"])
def test_only_columns_that_allow_it_sort(app, teams, asked):
    assert listing(app, f"?sort={asked}").sorting.name == "name"


def test_rows_without_a_value_come_last_in_both_directions_and_are_all_reached(app, teams):
    for team in teams[:4]:
        team.successor_id = teams[5].id
    db.session.commit()
    columns = [Column("name", "Name", Team.name), Column("successor", "Successor", Team.successor_id)]
    for direction in ("", "-"):
        place, seen = "", []
        while True:
            page = listing(app, f"?sort={direction}successor&place={place}", columns=columns)
            seen += page.rows
            place = page.next
            if not place:
                break
        assert len({team.id for team in seen}) == 8
        assert [team.successor_id is None for team in seen] == [False] * 4 + [True] * 4
        back = listing(app, f"?sort={direction}successor&place={page.previous}", columns=columns)
        assert [team.id for team in back.rows] == [team.id for team in seen[3:6]]


@pytest.mark.parametrize("place", ["x", "WyJhZnRlciJd.abc", "....", "é"])
def test_a_place_that_we_did_not_sign_is_the_first_page(app, teams, place):
    assert [team.name for team in listing(app, f"?place={place}").rows] == ["Team 00", "Team 01", "Team 02"]


def test_a_place_of_another_sorting_is_the_first_page(app, teams):
    other = listing(app, "?sort=-name").next
    assert listing(app, f"?place={other}").rows[0].name == "Team 00"


FILTERS = [
    Filter("q", "Name", lambda query, text: query.where(Team.name.contains(text, autoescape=True))),
    Filter("known", "Known", lambda query, value: query.where(Team.id > int(value)), choices=[("0", "Yes")]),
]


def test_filters_narrow_and_can_each_be_taken_away(app, teams):
    found = listing(app, "?q=Team+03&known=0&sort=-name", filters=FILTERS)
    assert [team.name for team in found.rows] == ["Team 03"]
    with app.test_request_context("/healthz?q=Team+03&known=0"):
        assert [chip.words for chip in found.chips] == ["Name: Team 03", "Known: Yes"]
        assert "q=" not in found.chips[0].without
        assert "known=0" in found.chips[0].without


def test_a_value_that_is_none_of_a_filters_choices_is_left_out(app, teams):
    assert listing(app, "?known=99;x", filters=FILTERS).chosen == {}


def test_what_looks_like_a_pattern_is_only_text(app, teams):
    assert listing(app, "?q=%25", filters=FILTERS).total == 0


def test_every_row_is_given_for_an_export_whatever_page_is_shown(app, teams):
    page = listing(app, f"?place={listing(app).next}")
    assert [team.name for team in page.every()] == sorted(team.name for team in teams)


def test_rows_of_several_columns_keep_their_names(app, teams):
    found = listing(app, query=select(Team.name, Team.id))
    assert found.rows[0].name == "Team 00"
