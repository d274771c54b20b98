"""Who may do what, and where a role reaches."""

from __future__ import annotations

from datetime import date

import pytest

from auditapp.home.greeting import first_of_months, greeting, nothing_waiting, whose
from auditapp.people.roles import RIGHTS, WORDS, Act, Grant, Role, Scope, Viewer, in_force, may_end

CONTENT = {
    Act.SEE_AUDITS,
    Act.DO_AUDITS,
    Act.TAKE_PART,
    Act.SEE_ACTIONS,
    Act.MOVE_ACTIONS,
    Act.READ_REPORTS,
    Act.READ_WITH_REASON,
    Act.OPEN_AUDITS,
    Act.SEE_CASES,
}


def viewer(*grants: Grant) -> Viewer:
    return Viewer(person_id=1, name="Priya Shah", grants=grants, teams_of_service={7: frozenset({71, 72})})


def test_every_act_and_every_role_has_its_line():
    assert set(RIGHTS) == set(Act)
    assert set(WORDS) == set(Role)


def test_administering_gives_no_right_to_content():
    assert not {act for act in CONTENT if Role.ADMINISTRATOR in RIGHTS[act]}


def test_the_lead_member_may_read_published_reports_and_nothing_else():
    assert {act for act in Act if Role.LEAD_MEMBER in RIGHTS[act]} == {Act.READ_PUBLISHED}


def test_only_a_senior_leader_opens_an_audit_by_giving_a_reason():
    assert RIGHTS[Act.READ_WITH_REASON] == {Role.SENIOR_LEADER}


def test_only_administrators_keep_people_and_settings():
    assert RIGHTS[Act.KEEP_PEOPLE] == RIGHTS[Act.KEEP_SETTINGS] == {Role.ADMINISTRATOR}


def test_somebody_without_a_role_may_nothing():
    assert not [act for act in Act if viewer().may(act)]


def test_the_population_is_kept_only_by_a_role_for_the_whole_council():
    for act in (Act.TAKE_POPULATION, Act.PLACE_NAMES):
        assert viewer(Grant(Role.QA_LEAD)).may(act)
        assert not viewer(Grant(Role.QA_LEAD, team_id=71), Grant(Role.QA_LEAD, service_id=7)).may(act)
        assert not viewer(Grant(Role.QA_LEAD, team_id=71), Grant(Role.WORKER)).may(act)


def test_a_right_comes_from_any_of_the_roles_held():
    both = viewer(Grant(Role.WORKER, team_id=71), Grant(Role.ADMINISTRATOR))
    assert both.may(Act.TAKE_PART)
    assert both.may(Act.KEEP_PEOPLE)
    assert not both.may(Act.READ_REPORTS)


def test_a_team_role_reaches_that_team_only():
    scope = viewer(Grant(Role.TEAM_MANAGER, team_id=71)).scope(Role.TEAM_MANAGER)
    assert scope.holds(71)
    assert not scope.holds(72)
    assert not scope.holds(None)


def test_a_service_role_reaches_its_teams_and_no_other_service():
    scope = viewer(Grant(Role.SENIOR_LEADER, service_id=7)).scope(Role.SENIOR_LEADER)
    assert scope.holds(71)
    assert scope.holds(72)
    assert not scope.holds(80)


def test_a_council_role_reaches_rows_without_a_team_too():
    scope = viewer(Grant(Role.QA_LEAD)).scope(Role.QA_LEAD)
    assert scope == Scope(everything=True)
    assert scope.holds(None)


def test_a_scope_counts_only_the_roles_asked_for():
    mixed = viewer(Grant(Role.QA_LEAD), Grant(Role.TEAM_MANAGER, team_id=71))
    assert mixed.scope(Role.TEAM_MANAGER).team_ids == {71}
    assert not mixed.scope(Role.SENIOR_LEADER).everything
    assert not mixed.scope(Role.SENIOR_LEADER).team_ids


@pytest.mark.parametrize(
    ("on", "holds"),
    [
        (date(2026, 3, 1), True),
        (date(2026, 2, 28), False),
        (date(2026, 6, 30), True),
        (date(2026, 7, 1), False),
    ],
)
def test_first_and_last_day_are_included(on, holds):
    assert in_force(date(2026, 3, 1), date(2026, 6, 30), on) is holds


def test_a_grant_without_an_end_goes_on():
    assert in_force(date(2026, 3, 1), None, date(2040, 1, 1))


def test_the_last_administrator_stays():
    assert not may_end({4}, 4)
    assert may_end({4, 5}, 4)


@pytest.mark.parametrize(
    ("hour", "part"),
    [(4, "morning"), (11, "morning"), (12, "afternoon"), (17, "afternoon"), (18, "evening"), (2, "evening")],
)
def test_the_greeting_follows_the_time_of_day(hour, part):
    assert greeting(hour, "Priya Shah") == f"Good {part}, Priya"


def test_every_role_is_told_what_will_stand_on_its_home():
    assert all(nothing_waiting({role}) for role in Role)
    assert "published" in nothing_waiting({Role.LEAD_MEMBER})
    assert nothing_waiting({Role.WORKER, Role.QA_LEAD}) == nothing_waiting({Role.QA_LEAD})


@pytest.mark.parametrize(
    ("until", "months", "first"),
    [
        (date(2026, 11, 22), 12, date(2025, 12, 1)),
        (date(2026, 1, 31), 3, date(2025, 11, 1)),
        (date(2026, 12, 1), 12, date(2026, 1, 1)),
        (date(2026, 11, 22), 1, date(2026, 11, 1)),
    ],
)
def test_figures_at_home_begin_with_a_whole_month(until, months, first):
    assert first_of_months(until, months) == first


def test_figures_at_home_say_whose_they_are():
    assert whose({Role.TEAM_MANAGER}, everything=False) == "Your team"
    assert whose({Role.SENIOR_LEADER, Role.TEAM_MANAGER}, everything=False) == "Your services"
    assert whose({Role.QA_LEAD}, everything=True) == "The council"
