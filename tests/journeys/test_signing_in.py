"""Signing in and out, and a session that comes to its end."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import expect

from auditapp.db import db, now
from auditapp.people import operations as people
from auditapp.people.models import Person
from auditapp.people.roles import Role

pytestmark = pytest.mark.browser
PASS_PHRASE = "seven green kettles sing"


@pytest.fixture(scope="module")
def address(council) -> str:
    """The email address of somebody who has a password."""

    def work(made):
        person = made.person(Role.AUDITOR, name="Robin Passphrase")
        people.set_password(person, PASS_PHRASE, now())
        return db.session.get_one(Person, person.id).email

    return str(council.acting(work))


def test_signing_in_by_keyboard_alone_leads_to_where_one_wanted_to_go(enter, address):
    page = enter()
    page.goto("/account")
    expect(page.get_by_role("heading", level=1)).to_have_text("Sign in")
    page.keyboard.press("Tab")
    expect(page.locator(":focus")).to_have_text("Skip to main content")
    page.keyboard.press("Enter")
    page.keyboard.press("Tab")
    page.keyboard.type(address)
    page.keyboard.press("Tab")
    page.keyboard.type(PASS_PHRASE)
    page.keyboard.press("Enter")
    expect(page).to_have_url(re.compile(r"/account(#.*)?$"))


def test_back_after_signing_out_shows_the_sign_in_page(enter):
    page = enter(Role.QA_LEAD)
    page.goto("/library/")
    page.get_by_role("button", name="Sign out").click()
    page.wait_for_load_state()
    page.go_back()
    expect(page.get_by_role("heading", level=1)).to_have_text("Sign in")
    assert "Templates" not in page.locator("body").inner_text()


def test_signing_out_works_without_script(enter):
    page = enter(Role.QA_LEAD, java_script_enabled=False)
    page.goto("/")
    page.get_by_role("button", name="Sign out").click()
    page.goto("/")
    expect(page.get_by_role("heading", level=1)).to_have_text("Sign in")


def test_two_minutes_before_the_session_ends_one_button_keeps_it(enter):
    page = enter(Role.QA_LEAD)
    left = {"seconds": 90}
    page.route("**/session/token", lambda route: _with_seconds(route, left["seconds"]))
    page.clock.install()
    page.goto("/")
    page.wait_for_selector("meta[name=session-ends][data-watched]", state="attached")
    page.clock.fast_forward("19:00")
    expect(page.get_by_role("alert")).to_contain_text("You will be signed out in 2 minutes")
    with page.expect_response("**/session/stay") as kept:
        page.get_by_role("button", name="Stay signed in").click()
    assert kept.value.ok
    expect(page.get_by_role("alert")).to_have_count(0)


def test_a_session_that_ended_is_said_on_the_page(enter):
    page = enter(Role.QA_LEAD)
    page.clock.install()
    page.goto("/")
    page.wait_for_selector("meta[name=session-ends][data-watched]", state="attached")
    page.context.clear_cookies()
    page.clock.fast_forward("20:00")
    expect(page.get_by_role("alert")).to_contain_text("You have been signed out")
    expect(page.get_by_role("link", name="Sign in (opens in a new tab)")).to_be_visible()


def _with_seconds(route, seconds):
    answer = route.fetch()
    route.fulfill(response=answer, json={**answer.json(), "seconds": seconds})
