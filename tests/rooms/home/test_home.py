"""My work today, and the help pages."""

from __future__ import annotations

import pytest

from auditapp.cases.models import TeamAlias
from auditapp.home import TODAY
from auditapp.people.roles import Role


@pytest.mark.parametrize("role", list(Role))
def test_every_role_has_a_home_that_says_what_to_expect(browser, made, role):
    home = browser.as_(made.person(role, name="Priya Shah")).get("/")
    assert home.status == 200
    assert home.heading.endswith("Priya")
    assert role.words in home.words


def test_somebody_without_a_role_is_told_whom_to_ask(browser, made):
    home = browser.as_(made.person(name="Priya Shah")).get("/")
    assert home.status == 200
    assert "you have no role here yet" in home.words
    assert browser.as_(made.person()).get("/people/").status == 404


def test_a_team_manager_sees_their_team_above_the_day(browser, made):
    manager = made.person(Role.TEAM_MANAGER, name="Priya Shah", team=made.team("Locality North 1"))
    assert "Locality North 1" in browser.as_(manager).get("/").words


def test_what_rooms_ask_for_stands_in_one_list(app, browser, made):
    app.extensions.setdefault(TODAY, []).append(
        lambda viewer: [{"number": 2, "text": "audits due", "href": "/x", "next": "Continue", "note": "one late"}]
    )
    try:
        home = browser.as_(made.person(Role.AUDITOR)).get("/")
    finally:
        app.extensions[TODAY].pop()
    assert len(home.tree.find_class("app-today")) == 1
    assert "2 audits due" in home.words
    assert "Nothing is waiting" not in home.words


def test_an_administrator_sees_who_waits_for_a_role_or_a_password(browser, made):
    made.person(name="Nia Norole")
    home = browser.as_(made.person(Role.ADMINISTRATOR)).get("/")
    assert "1 person without a role" in home.words
    assert "Nia Norole" in home.words


def test_only_administrators_see_who_waits(browser, made):
    made.person(name="Nia Norole")
    assert "Nia Norole" not in browser.as_(made.person(Role.QA_LEAD)).get("/").words


@pytest.mark.parametrize("path", ["/help/accessibility", "/help/privacy", "/help/about"])
def test_statements_are_open_to_everybody(browser, path):
    assert browser.get(path).status == 200


@pytest.mark.parametrize("role", list(Role))
def test_help_speaks_to_each_role(browser, made, role):
    assert browser.as_(made.person(role)).get("/help/").status == 200


def test_the_navigation_holds_at_most_six_words(browser, made):
    person = made.person(*Role)
    home = browser.as_(person).get("/")
    assert len(home.tree.cssselect(".govuk-service-navigation__item")) <= 6


def test_a_team_manager_sees_what_the_teams_audits_said_and_nobody_elses(browser, made):
    team, far = made.team("North 1"), made.team("South 1")
    made.submitted(team=team)
    made.submitted(team=far)
    made.submitted(team=far)
    home = browser.as_(made.person(Role.TEAM_MANAGER, team=team)).get("/")
    assert "Your team since" in home.words
    assert "1 audit done, good or better 1 of 1 (100%" in home.words
    everything = browser.as_(made.person(Role.QA_LEAD)).get("/").words
    assert "The council since" in everything
    assert "3 audits done" in everything


@pytest.mark.parametrize("role", [Role.WORKER, Role.AUDITOR, Role.MODERATOR, Role.LEAD_MEMBER, Role.ADMINISTRATOR])
def test_who_answers_for_no_team_sees_no_figures_at_home(browser, made, role):
    made.submitted(team=made.team("North 1"))
    assert "audit done" not in browser.as_(made.person(role)).get("/").words


@pytest.mark.parametrize("role", [Role.QA_LEAD, Role.ADMINISTRATOR])
def test_whoever_takes_extracts_sees_which_names_wait(browser, made, role):
    person = made.person(role)
    assert "No extract was taken yet" in browser.as_(person).get("/").words
    made.involvement(team=made.team("North 1"))
    assert "Every name in it is placed" in browser.as_(person).get("/").words
    made.keep(TeamAlias(spelling="Nrth 1", folded="nrth 1"))
    home = browser.as_(person).get("/").words
    assert "Place 1 name of a team" in home
    assert "1 name of the extract to place" in home
