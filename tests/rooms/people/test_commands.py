"""`auditapp people …`."""

from __future__ import annotations

import json

import pytest

from auditapp.db import db
from auditapp.people import queries
from auditapp.people.roles import Role
from tests.browser import Browser


@pytest.fixture
def run(app):
    def run(*arguments):
        db.session.remove()
        return app.test_cli_runner().invoke(args=["people", *arguments])

    return run


def test_somebody_is_added_and_the_link_printed_works(app, run, made):
    made.team("Locality North 1")
    done = run("add", "--name", "Priya Shah", "--email", "Priya@Council.example", "--role", "team_manager", "--team",
               "locality north 1", "--json")  # fmt: skip
    assert done.exit_code == 0, done.output
    told = json.loads(done.output)
    page = Browser(app).submit(told["link"], "Set password and sign in", new_password="vintage lantern crisps")
    assert page.status == 303
    grant = queries.person(None, told["id"]).grants[0]
    assert (grant.role, grant.team.name) == (Role.TEAM_MANAGER, "Locality North 1")


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["--email", "priya"], "right form"),
        (["--team", "Nowhere"], "No team is called"),
        (["--service", "Nowhere"], "No service is called"),
        (["--email", "person1@council.example"], "already here"),
    ],
)
def test_what_cannot_be_done_is_said_and_ends_with_1(run, made, arguments, words):
    made.person(Role.ADMINISTRATOR)
    usual = ["--name", "Priya Shah", "--role", "auditor", "--email", "priya@council.example"]
    done = run("add", *usual, *arguments, "--json")
    assert done.exit_code == 1
    assert words in done.output
    assert queries.by_email("priya@council.example") is None


def test_an_unknown_role_is_a_wrong_usage(run):
    assert run("add", "--name", "X", "--email", "x@council.example", "--role", "emperor").exit_code == 2


def test_people_are_listed_with_the_roles_they_hold_today(run, made):
    made.person(Role.AUDITOR, name="Priya Shah", team=made.team("North 1"))
    listed = json.loads(run("list", "--json").output)["people"]
    assert [(one["name"], one["roles"][0]["role"], one["roles"][0]["team"]) for one in listed] == [
        ("Priya Shah", "auditor", "North 1")
    ]
    assert "Priya Shah <person" in run("list").output


def test_a_link_is_made_for_who_forgot_their_password(app, run, made):
    person = made.person(Role.AUDITOR)
    done = run("link", person.email)
    assert Browser(app).get(done.output.strip()).status == 200
    assert run("link", "nobody@council.example").exit_code == 1


def test_somebody_is_ended_and_the_last_administrator_is_not(run, made):
    made.person(Role.ADMINISTRATOR)
    auditor = made.person(Role.AUDITOR)
    assert run("end", auditor.email).exit_code == 0
    assert run("end", auditor.email).exit_code == 1
    refused = run("end", "person1@council.example")
    assert refused.exit_code == 1
    assert "last administrator" in refused.output
    assert "can no longer sign in" in run("link", auditor.email).output
