"""My work today, and the help pages."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from importlib.metadata import version

import pytest

from auditapp.cases.models import TeamAlias
from auditapp.council.operations import decide
from auditapp.council.queries import decided
from auditapp.db import db, now, today
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


FIRST_STEPS = [
    "Give the council its name and colour",
    "Add your services and their teams",
    "Add the people who work with this",
    "Import the population",
    "Place the names in the extract",
]


def _asked(home):
    return [" ".join(one.text_content().split()) for one in home.tree.cssselect(".app-today__item")]


def _steps(home):
    return [step for item in _asked(home) for step in FIRST_STEPS if step in item]


def test_an_administrator_of_a_fresh_council_sees_the_first_steps_in_order_until_each_is_done(browser, made):
    admin = made.person(Role.ADMINISTRATOR)
    home = browser.as_(admin).get("/")
    assert _steps(home) == FIRST_STEPS
    assert "Nothing is waiting" not in home.words
    decide(replace(decided(), name="Anyshire"), by=None, at=now())
    made.team("North 1")
    db.session.commit()
    assert _steps(browser.as_(admin).get("/")) == FIRST_STEPS[2:]
    made.person(Role.QA_LEAD)
    made.involvement(team=made.team("North 2"))
    assert _steps(browser.as_(admin).get("/")) == []


def test_each_first_step_leads_to_the_page_where_it_is_done(browser, made):
    here = browser.as_(made.person(Role.ADMINISTRATOR))
    leads = [link.get("href") for link in here.get("/").tree.cssselect(".app-today__next")]
    assert leads == ["/council/change", "/people/teams", "/people/add", "/cases/import", "/cases/names"]
    assert all(here.get(address).status == 200 for address in leads)


def test_a_qa_lead_without_a_population_is_sent_to_import_it(browser, made):
    home = browser.as_(made.person(Role.QA_LEAD)).get("/")
    assert _steps(home) == FIRST_STEPS[3:]
    assert "Open an audit from a case" not in home.words


def test_a_qa_lead_sees_what_is_overdue_under_way_and_done_this_month(browser, made):
    lead = made.person(Role.QA_LEAD)
    made.submitted()
    for _ in range(3):
        audit = made.audit()
    audit.due_on = today() - timedelta(days=14)
    db.session.commit()
    asked = _asked(browser.as_(lead).get("/"))
    assert any(item.startswith("1 audit not submitted in time overdue by") for item in asked)
    assert any(item.startswith("2 audits under way, in time") and "1 done this month" in item for item in asked)
    here = browser.as_(lead)
    assert "2 audits" in here.get("/audits/?due=in_time").words
    assert "1 audit" in here.get("/audits/?due=overdue").words


def test_about_names_the_version(browser):
    assert version("auditapp") in browser.get("/help/about").tree.get_element_by_id("main-content").text_content()


def test_an_administrator_has_no_reports_in_the_menu_and_a_lead_member_reads_that_none_is_published(browser, made):
    admin = browser.as_(made.person(Role.ADMINISTRATOR))
    assert not admin.get("/").tree.cssselect(".govuk-service-navigation__item a[href='/reports']")
    assert admin.get("/reports").status == 404
    member = browser.as_(made.person(Role.LEAD_MEMBER))
    assert "Nothing has been published yet" in member.get("/").words
    assert "this version cannot publish reports" in member.get("/reports").words


@pytest.mark.parametrize("role", list(Role))
def test_every_link_of_a_help_page_leads_somewhere(browser, made, role):
    here = browser.as_(made.person(role))
    for path in ("/help/", "/help/about", "/help/accessibility", "/help/privacy"):
        content = here.get(path).tree.get_element_by_id("main-content")
        links = {link.get("href") for link in content.cssselect("a[href^='/']")}
        assert links or path != "/help/"
        for address in links:
            assert here.get(address).status in (200, 302), (path, address)
