"""The administrator's pages: people, roles, set-up links, services and teams."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
import time_machine
from sqlalchemy import select

from auditapp.db import db, now, today
from auditapp.journal.models import Entry
from auditapp.people import operations, queries
from auditapp.people.models import Person, RoleGrant, Service, Team
from auditapp.people.roles import Role, Viewer
from auditapp.web.dates import day_time
from tests.browser import Browser


@pytest.fixture
def admin(made):
    return made.person(Role.ADMINISTRATOR, name="Ada Okafor")


@pytest.fixture
def desk(browser, admin):
    """A browser in which an administrator is signed in."""
    return browser.as_(admin)


def day_of_form(name, day):
    return {f"{name}__day": str(day.day), f"{name}__month": str(day.month), f"{name}__year": str(day.year)}


def test_an_administrator_adds_somebody_who_then_signs_in_by_the_link(app, desk, made):
    team = made.team("Locality North 1")
    page = desk.submit(
        "/people/add", "Add person", name="Priya  Shah", email="Priya@Council.example", role="team_manager",
        scope=f"team-{team.id}",
    )  # fmt: skip
    assert page.status == 303
    shown = desk.follow(page)
    link = shown.tree.get_element_by_id("set-up-link").get("value")
    path = link[link.index("/set-up/") :]
    new = Browser(app)
    new.submit(path, "Set password and sign in", new_password="vintage lantern crisps")
    home = new.get("/")
    assert home.heading.endswith("Priya")
    assert "Locality North 1" in home.words
    assert queries.by_email("priya@council.example").name == "Priya Shah"


def test_a_text_to_send_along_says_where_until_when_and_with_which_address(desk, made):
    person = made.person(Role.AUDITOR, name="Priya Shah")
    earliest = now() + timedelta(days=1)
    shown = desk.follow(desk.submit(f"/people/{person.id}/link", "Make a set-up link"))
    ends = {day_time(earliest), day_time(now() + timedelta(days=1))}
    link = shown.tree.get_element_by_id("set-up-link").get("value")
    text = shown.tree.get_element_by_id("set-up-text").text
    assert any(f"Set your password at\n{link}\nonce, by {end}." in text for end in ends)
    assert f"sign in with {person.email}" in text
    assert [button.get("hidden") is not None for button in shown.tree.cssselect("[data-copy]")] == [True]


def test_a_link_is_shown_once(desk, made):
    person = made.person(Role.AUDITOR)
    page = desk.submit(f"/people/{person.id}/link", "Make a set-up link")
    assert "/set-up/" in desk.follow(page).text
    assert "/set-up/" not in desk.get(f"/people/{person.id}/link").text


@pytest.mark.parametrize(
    ("changed", "words"),
    [
        ({"name": ""}, "Enter a full name"),
        ({"email": "priya"}, "Enter an email address in the right form"),
        ({"email": ""}, "Enter a work email address"),
        ({"role": None}, "Choose a role"),
        ({"scope": ""}, "Choose where the role holds"),
        ({"role": "administrator"}, "Administrator is a role for the whole council"),
        ({"email": "PERSON1@council.example"}, "Somebody with this email address is already here"),
        ({"starts_on__day": "31", "starts_on__month": "2", "starts_on__year": "2026"}, "First day must be a real date"),
    ],
)
def test_what_is_missing_or_wrong_is_said_and_nothing_is_added(desk, made, changed, words):
    team = made.team()
    given = {"name": "Priya Shah", "email": "priya@council.example", "role": "worker", "scope": f"team-{team.id}"}
    page = desk.submit("/people/add", "Add person", **{**given, **changed})
    assert page.status == 422
    assert any(words in error for error in page.errors)
    assert queries.by_email("priya@council.example") is None


def test_the_list_is_narrowed_by_role_service_team_state_and_words(desk, made):
    north = made.service("North")
    team = made.team("Team A", service=north)
    made.person(Role.WORKER, name="Wren Field", team=team)
    made.person(Role.SENIOR_LEADER, name="Sol Hart", service=north)
    gone = made.person(Role.AUDITOR, name="Gus Gone")
    made.person(name="Nia Norole")
    operations.end_person(gone, gone.version, now())
    db.session.commit()

    def names(query):
        page = desk.get(f"/people/?{query}")
        return [" ".join(cell.text_content().split()) for cell in page.tree.xpath("//tbody//th")]

    assert names("role=worker") == ["Wren Field"]
    assert names(f"service={north.id}") == ["Sol Hart", "Wren Field"]
    assert names(f"team={team.id}") == ["Wren Field"]
    assert names("state=left") == ["Gus Gone"]
    assert names("state=no_role") == ["Nia Norole"]
    assert names("q=wren") == ["Wren Field"]
    assert names("q=%25") == []
    assert names("sort=-name")[0] == "Wren Field"


def test_the_list_is_taken_along_as_csv_with_a_line_for_each_role(desk, made):
    team = made.team("=Team")
    person = made.person(Role.WORKER, name="Wren Field", team=team)
    operations.grant_role(person, Role.AUDITOR, starts_on=today())
    db.session.commit()
    answer = desk.get("/people/people.csv?q=wren")
    assert answer.response.mimetype == "text/csv"
    lines = answer.text.splitlines()
    assert len(lines) == 3
    assert "'=Team" in answer.text


def test_a_role_is_added_and_ended_now(desk, made, browser):
    person = made.person(name="Priya Shah")
    page = desk.submit(f"/people/{person.id}/roles/add", "Add role", role="qa_lead", scope="council",
                       **day_of_form("starts_on", today() - timedelta(days=3)))  # fmt: skip
    assert page.status == 303
    grant = db.session.scalar(select(RoleGrant).where(RoleGrant.person_id == person.id))
    assert queries.viewer_of(db.session.get_one(Person, person.id)).roles == {Role.QA_LEAD}
    desk.submit(f"/people/{person.id}/roles/{grant.id}/end", "End role", when="now")
    db.session.rollback()
    db.session.expire_all()
    assert queries.viewer_of(db.session.get_one(Person, person.id)).roles == frozenset()
    assert db.session.get_one(RoleGrant, grant.id).ends_on == today() - timedelta(days=1)


def test_a_role_ends_after_a_day_to_come_and_still_holds_on_it(desk, made):
    person = made.person(Role.QA_LEAD)
    grant = person.grants[0]
    last = today() + timedelta(days=7)
    desk.submit(f"/people/{person.id}/roles/{grant.id}/end", "End role", when="later", **day_of_form("last_day", last))
    db.session.expire_all()
    assert db.session.get_one(RoleGrant, grant.id).ends_on == last
    assert queries.viewer_of(db.session.get_one(Person, person.id)).roles == {Role.QA_LEAD}


def test_a_role_does_not_end_on_a_day_that_is_past(desk, made):
    person = made.person(Role.QA_LEAD)
    page = desk.submit(f"/people/{person.id}/roles/{person.grants[0].id}/end", "End role", when="later",
                       **day_of_form("last_day", today() - timedelta(days=1)))  # fmt: skip
    assert page.status == 422
    assert "or later" in page.errors[0]


def test_a_role_given_today_by_mistake_is_taken_back_whole(desk, made):
    person = made.person()
    grant = operations.grant_role(person, Role.AUDITOR, starts_on=today())
    db.session.commit()
    grant_id = grant.id
    desk.submit(f"/people/{person.id}/roles/{grant_id}/end", "End role", when="now")
    db.session.expunge_all()
    assert db.session.get(RoleGrant, grant_id) is None
    told = db.session.scalars(select(Entry).where(Entry.verb == "ended role")).one()
    assert told.details["role"] == "auditor"


def test_the_same_role_is_not_granted_twice_for_the_same_days(desk, made):
    person = made.person(Role.QA_LEAD)
    page = desk.submit(f"/people/{person.id}/roles/add", "Add role", role="qa_lead", scope="council")
    assert page.status == 422
    assert "already hold" in page.errors[0]


def test_a_role_held_for_the_service_is_not_granted_for_a_team_of_it(desk, made):
    team = made.team("North 1")
    person = made.person(Role.AUDITOR, service=team.service)
    page = desk.submit(f"/people/{person.id}/roles/add", "Add role", role="auditor", scope=f"team-{team.id}")
    assert (page.status, len(page.errors)) == (422, 1)
    assert f"already hold this role for {team.service.name}, which includes this" in page.errors[0]


def test_a_role_held_for_the_council_is_not_granted_for_a_service(desk, made):
    service = made.service("Assessment")
    person = made.person(Role.QA_LEAD)
    page = desk.submit(f"/people/{person.id}/roles/add", "Add role", role="qa_lead", scope=f"service-{service.id}")
    assert "already hold this role for the whole council" in page.errors[0]


def test_a_role_may_be_granted_more_widely_elsewhere_or_beyond_the_wider_ones_last_day(made):
    team, other = made.team("North 1"), made.team("South 1")
    person = made.person(Role.AUDITOR, team=team)
    operations.grant_role(person, Role.AUDITOR, service=team.service, starts_on=today(), ends_on=today())
    operations.grant_role(person, Role.AUDITOR, team=other, starts_on=today())
    second = made.team("North 2", team.service)
    operations.grant_role(person, Role.AUDITOR, team=second, starts_on=today())
    assert len(person.grants) == 4


def test_the_last_administrator_keeps_the_role(desk, admin):
    grant = admin.grants[0]
    page = desk.submit(f"/people/{admin.id}/roles/{grant.id}/end", "End role", when="now")
    assert page.status == 422
    assert "last administrator" in page.errors[0]
    db.session.expire_all()
    assert db.session.get_one(RoleGrant, grant.id).ends_on is None


def test_an_administrator_whose_role_is_to_end_is_not_the_one_who_remains(desk, made, admin):
    other = made.person(Role.ADMINISTRATOR)
    operations.end_role(other.grants[0], today() + timedelta(days=30), now())
    db.session.commit()
    with pytest.raises(operations.NotPossible):
        operations.end_role(queries.person(None, admin.id).grants[0], today(), now())
    db.session.rollback()


def test_one_of_two_administrators_may_give_the_role_up(desk, made, admin):
    made.person(Role.ADMINISTRATOR)
    page = desk.submit(f"/people/{admin.id}/roles/{admin.grants[0].id}/end", "End role", when="now")
    assert page.location == "/"
    assert desk.get("/people/").status == 404


def test_ending_somebodys_access_is_asked_first_and_can_be_taken_back(app, desk, made):
    person = made.person(Role.AUDITOR, name="Priya Shah")
    theirs = Browser(app).as_(person)
    asked = desk.get(f"/people/{person.id}/end")
    assert asked.heading == "End the access of Priya Shah?"
    assert theirs.get("/").status == 200
    desk.submit(f"/people/{person.id}/end", "End access")
    assert theirs.get("/").status == 302
    shown = desk.get(f"/people/{person.id}")
    assert "Cannot sign in since" in shown.words
    desk.submit(f"/people/{person.id}", "Let them sign in again")
    assert Browser(app).as_(person).get("/").status == 200


def test_nobody_ends_their_own_access(desk, made, admin):
    made.person(Role.ADMINISTRATOR)
    page = desk.post(f"/people/{admin.id}/end", {"version": admin.version})
    assert page.status == 422
    assert desk.get("/people/").status == 200


def test_who_was_shown_an_older_version_changes_nothing(desk, made):
    person = made.person(name="Priya Shah")
    page = desk.post(f"/people/{person.id}/change", {"name": "Other", "email": "o@council.example", "version": "99"})
    assert page.status == 409
    db.session.expire_all()
    assert db.session.get_one(Person, person.id).name == "Priya Shah"


def test_a_form_sent_twice_adds_one_person(desk, made):
    data = {
        "name": "Priya Shah", "email": "priya@council.example", "role": "qa_lead", "scope": "council",
        "starts_on-day": "1", "starts_on-month": "3", "starts_on-year": "2026", "idempotency_key": "abc123",
    }  # fmt: skip
    first, second = desk.post("/people/add", data), desk.post("/people/add", data)
    assert first.status == second.status == 303
    assert first.location == second.location
    assert len([one for one in queries.everybody() if one.name == "Priya Shah"]) == 1


def test_an_administrator_signs_somebody_out_everywhere(app, desk, made):
    person = made.person(Role.AUDITOR)
    theirs = Browser(app).as_(person)
    theirs.get("/")
    desk.submit(f"/people/{person.id}", "Sign them out everywhere")
    assert theirs.get("/").status == 302


def test_services_and_teams_are_added_renamed_ended_and_carried_on(desk, made):
    desk.submit("/people/services/add", "Add service", name="Locality North")
    service = db.session.scalar(select(Service))
    desk.submit("/people/teams/add", "Add team", name="North 1", service=str(service.id))
    desk.submit("/people/teams/add", "Add team", name="North 2", service=str(service.id))
    first, second = db.session.scalars(select(Team).order_by(Team.id)).all()
    desk.submit(f"/people/teams/{first.id}/change", "Save", name="North One")
    page = desk.submit(f"/people/teams/{first.id}/end", "End team", successor=str(second.id))
    assert page.status == 303
    words = desk.get("/people/teams").words
    assert "North One, ends on" in words
    assert "carried on by North 2" in words
    desk.submit("/people/teams", "Take the end back of North One")
    assert "carried on" not in desk.get("/people/teams").words


def test_two_teams_do_not_carry_each_other_on(made):
    service = made.service()
    first, second = made.team("A", service), made.team("B", service)
    operations.end_team(first, 1, today(), second)
    with pytest.raises(operations.NotPossible):
        operations.end_team(second, 1, today(), first)


def test_a_service_with_running_teams_goes_on(desk, made):
    team = made.team("North 1", made.service("North"))
    page = desk.submit(f"/people/services/{team.service_id}/end", "End service")
    assert page.status == 422
    assert "Teams of this service go on" in page.errors[0]


def test_two_teams_do_not_share_a_name(desk, made):
    team = made.team("North 1")
    page = desk.submit("/people/teams/add", "Add team", name="NORTH 1", service=str(team.service_id))
    assert page.status == 422
    assert "already here" in page.errors[0]


def test_a_service_role_reaches_the_teams_of_that_service(made):
    service = made.service()
    team, other = made.team(service=service), made.team()
    leader = made.person(Role.SENIOR_LEADER, service=service)
    scope = queries.viewer_of(leader).scope(Role.SENIOR_LEADER)
    assert scope.holds(team.id)
    assert not scope.holds(other.id)


def test_a_role_begins_and_ends_on_its_days_in_london(made):
    person = made.person()
    operations.grant_role(person, Role.AUDITOR, starts_on=date(2026, 7, 1), ends_on=date(2026, 7, 2))
    db.session.commit()

    def held(moment):
        with time_machine.travel(moment, tick=False):
            return queries.viewer_of(person).roles

    assert held("2026-06-30T22:59:00Z") == frozenset()
    assert held("2026-06-30T23:01:00Z") == {Role.AUDITOR}
    assert held("2026-07-02T22:59:00Z") == {Role.AUDITOR}
    assert held("2026-07-02T23:01:00Z") == frozenset()


def test_everything_is_journalled_with_ids_only(desk, made):
    team = made.team("Locality North 1")
    desk.submit("/people/add", "Add person", name="Priya Shah", email="priya@council.example", role="worker",
                scope=f"team-{team.id}")  # fmt: skip
    rows = db.session.scalars(select(Entry).order_by(Entry.number)).all()
    assert [row.verb for row in rows][-3:] == ["added", "granted role", "made set-up link"]
    assert not [row for row in rows if "Priya" in str(row.details) or "Locality" in str(row.details)]


def test_a_viewer_is_not_asked_for_what_no_room_registered(app, made):
    viewer = queries.viewer_of(made.person(Role.WORKER))
    assert isinstance(viewer, Viewer)
    assert viewer.worker_ids == frozenset()
