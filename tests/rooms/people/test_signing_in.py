"""Signing in, login sessions, set-up links and one's own account."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
import time_machine
from sqlalchemy import func, select, update

from auditapp.db import db, now, today
from auditapp.journal.models import Entry
from auditapp.people import operations, queries
from auditapp.people.models import LoginSession, Person, SignInGuess
from auditapp.people.roles import Role
from tests.browser import Browser

PASSWORD = "vintage lantern crisps"
WRONG = "another lantern crisps"


@pytest.fixture
def priya(made):
    person = made.person(Role.TEAM_MANAGER, name="Priya Shah", team=made.team("Locality North 1"))
    operations.set_password(person, PASSWORD, now())
    db.session.commit()
    return person


def sign_in(browser, email, password=PASSWORD, **kwargs):
    return browser.submit("/sign-in", "Sign in", email=email, password=password, **kwargs)


def test_somebody_signs_in_with_address_and_password_and_sees_their_home(browser, priya):
    page = sign_in(browser, "  PERSON1@Council.example ".replace("PERSON1", priya.email.split("@")[0]))
    assert page.status == 303
    assert browser.follow(page).heading.endswith("Priya")


def test_after_signing_in_one_goes_on_to_the_page_one_asked_for(browser, priya):
    asked = browser.get("/account")
    assert asked.status == 302
    page = browser.submit(asked.location, "Sign in", email=priya.email, password=PASSWORD)
    assert page.location == "/account"


def test_nobody_is_led_to_another_address_by_signing_in(browser, priya):
    page = browser.post("/sign-in?next=//evil.example/x", {"email": priya.email, "password": PASSWORD})
    assert page.location == "/"


def test_a_wrong_password_and_an_unknown_address_get_the_same_words(browser, priya):
    wrong = sign_in(browser, priya.email, WRONG)
    unknown = sign_in(browser, "nobody@council.example", WRONG)
    assert wrong.status == unknown.status == 422
    assert wrong.errors == unknown.errors
    assert wrong.title.startswith("Error: ")


def test_the_password_is_never_printed_back(browser, priya):
    assert WRONG not in sign_in(browser, priya.email, WRONG).text


def test_who_never_set_a_password_and_who_has_left_do_not_get_in(browser, made, priya):
    new = made.person(Role.AUDITOR)
    operations.end_person(db.session.get_one(Person, priya.id), priya.version, now())
    db.session.commit()
    assert sign_in(browser, new.email, "").status == 422
    assert sign_in(browser, new.email, PASSWORD).status == 422
    assert sign_in(browser, priya.email).status == 422


def test_the_token_changes_with_every_signing_in_and_only_its_digest_is_kept(browser, priya):
    sign_in(browser, priya.email)
    with browser.client.session_transaction() as first:
        token = first["_user_id"]
    browser.post("/sign-out")
    sign_in(browser, priya.email)
    with browser.client.session_transaction() as second:
        assert second["_user_id"] != token
    kept = list(db.session.scalars(select(LoginSession.token_digest)))
    assert token not in kept
    assert queries.digest(token) in kept


def test_nothing_that_was_in_the_browser_before_survives_signing_in(browser, priya):
    with browser.client.session_transaction() as planted:
        planted["planted"] = "by somebody else"
    sign_in(browser, priya.email)
    with browser.client.session_transaction() as after:
        assert "planted" not in after


def test_after_ten_wrong_passwords_even_the_right_one_waits_five_minutes(browser, priya):
    with time_machine.travel(now(), tick=False) as clock:
        for _ in range(10):
            assert sign_in(browser, priya.email, WRONG).status == 422
        refused = sign_in(browser, priya.email)
        assert refused.status == 429
        assert "Wait 5 minutes" in refused.errors[0]
        clock.shift(timedelta(minutes=5, seconds=1))
        assert sign_in(browser, priya.email).status == 303


def test_two_hundred_guesses_elsewhere_do_not_lock_the_owner_out(app, browser, priya):
    sign_in(browser, priya.email)
    browser.post("/sign-out")
    stranger = Browser(app)
    tried = [stranger.post("/sign-in", {"email": priya.email, "password": WRONG}).status for _ in range(200)]
    assert tried.count(422) == 10
    assert tried.count(429) == 190
    assert sign_in(browser, priya.email).status == 303


def test_many_addresses_together_do_not_get_more_guesses_at_one_person(browser, priya):
    tried = [
        browser.post(
            "/sign-in",
            {"email": priya.email, "password": WRONG},
            environ_base={"REMOTE_ADDR": f"10.0.0.{number}"},
        ).status
        for number in range(1, 35)
    ]
    assert tried.count(422) == 30


def test_signing_in_forgets_what_the_owner_mistyped(browser, priya):
    for _ in range(6):
        sign_in(browser, priya.email, WRONG)
    sign_in(browser, priya.email)
    browser.post("/sign-out")
    for _ in range(6):
        assert sign_in(browser, priya.email, WRONG).status == 422
    assert sign_in(browser, priya.email).status == 303


def test_old_guesses_are_not_kept(browser, priya):
    with time_machine.travel(now(), tick=False) as clock:
        sign_in(browser, priya.email, WRONG)
        clock.shift(timedelta(minutes=6))
        sign_in(browser, "x@council.example", WRONG)
        assert db.session.scalar(select(func.min(SignInGuess.at))) == now()


def test_twenty_minutes_without_activity_end_a_session(app, browser, priya):
    with time_machine.travel(now(), tick=False) as clock:
        signed_in = browser.as_(priya)
        clock.shift(timedelta(minutes=19))
        assert signed_in.get("/account").status == 200
        clock.shift(timedelta(minutes=19))
        assert signed_in.get("/account").status == 200
        clock.shift(timedelta(minutes=20))
        assert signed_in.get("/account").location.startswith("/sign-in")


def test_polling_does_not_keep_somebody_signed_in_but_sending_does(browser, priya):
    with time_machine.travel(now(), tick=False) as clock:
        signed_in = browser.as_(priya)
        for _ in range(3):
            clock.shift(timedelta(minutes=6))
            assert signed_in.get("/session/token", headers={"Accept": "application/json"}).status == 200
        clock.shift(timedelta(minutes=1))
        stayed = signed_in.post("/session/stay", headers={"Accept": "application/json"})
        assert stayed.json["seconds"] == 20 * 60
        clock.shift(timedelta(minutes=19))
        assert signed_in.get("/session/token", headers={"Accept": "application/json"}).json["seconds"] == 60
        clock.shift(timedelta(minutes=1))
        assert signed_in.get("/session/token", headers={"Accept": "application/json"}).status == 401


def test_ten_hours_after_signing_in_a_session_ends_whatever_was_done(browser, priya):
    with time_machine.travel(now(), tick=False) as clock:
        signed_in = browser.as_(priya)
        for _ in range(39):
            clock.shift(timedelta(minutes=15))
            assert signed_in.get("/account").status == 200
        clock.shift(timedelta(minutes=15))
        assert signed_in.get("/account").status == 302


def test_a_sign_of_life_is_written_at_most_once_a_minute(browser, priya):
    with time_machine.travel(now(), tick=False) as clock:
        signed_in = browser.as_(priya)
        began = now()
        clock.shift(timedelta(seconds=59))
        signed_in.get("/account")
        assert db.session.scalar(select(LoginSession.seen_at)) == began
        clock.shift(timedelta(seconds=1))
        signed_in.get("/account")
        db.session.rollback()
        assert db.session.scalar(select(LoginSession.seen_at)) == now()


def test_signing_out_ends_the_session_on_the_server_too(app, browser, priya):
    signed_in = browser.as_(priya)
    with signed_in.client.session_transaction() as session:
        stolen = dict(session)
    assert signed_in.post("/sign-out").location == "/sign-in"
    thief = Browser(app)
    with thief.client.session_transaction() as session:
        session.update(stolen)
    assert thief.get("/account").status == 302


def test_a_role_that_ended_yesterday_is_gone_at_the_next_request(browser, made):
    admin, other = made.person(Role.ADMINISTRATOR), made.person(Role.ADMINISTRATOR)
    signed_in = browser.as_(other)
    assert signed_in.get("/people/").status == 200
    grant = queries.person(None, other.id).grants[0]
    operations.end_role(grant, today() - timedelta(days=1), now())
    db.session.commit()
    assert signed_in.get("/people/").status == 404
    assert signed_in.get("/").status == 200
    assert admin.id


def test_somebody_who_is_ended_is_out_at_the_next_request(browser, made, priya):
    signed_in = browser.as_(priya)
    operations.end_person(db.session.get_one(Person, priya.id), priya.version, now())
    db.session.commit()
    assert signed_in.get("/").status == 302


def test_own_sessions_are_listed_and_can_be_ended_one_by_one(app, browser, priya):
    here, elsewhere = browser.as_(priya), browser.as_(priya)
    listed = here.get("/account")
    assert listed.words.count("A browser") >= 2
    ended = here.submit("/account", form=0)
    assert ended.status == 303
    assert elsewhere.get("/account").status == 302
    assert here.get("/account").status == 200


def test_nobody_ends_the_session_of_somebody_else(browser, made, priya):
    browser.as_(priya)
    session_id = db.session.scalar(select(LoginSession.id))
    stranger = browser.as_(made.person(Role.AUDITOR))
    assert stranger.post(f"/account/sessions/{session_id}/end").status == 404
    assert queries.live_sessions(priya.id, now())


def test_signing_out_everywhere_ends_every_session(browser, priya):
    here, elsewhere = browser.as_(priya), browser.as_(priya)
    assert here.submit("/account", "Sign out everywhere", form=-1).location == "/sign-in"
    assert here.get("/account").status == elsewhere.get("/account").status == 302


def test_a_changed_password_works_and_ends_all_other_sessions(app, browser, priya):
    here, elsewhere = browser.as_(priya), browser.as_(priya)
    page = here.submit(
        "/account/password",
        "Change password",
        present_password=PASSWORD,
        new_password="nine herons on a wall",
    )
    assert page.status == 303
    assert here.get("/account").status == 200
    assert elsewhere.get("/account").status == 302
    assert sign_in(Browser(app), priya.email, PASSWORD).status == 422
    assert sign_in(Browser(app), priya.email, "nine herons on a wall").status == 303


@pytest.mark.parametrize(
    ("present", "new", "words"),
    [
        (WRONG, "nine herons on a wall", "Present password is not right"),
        (PASSWORD, PASSWORD, "must differ"),
        (PASSWORD, "too short", "15 characters or more"),
        (PASSWORD, "Priya Shah Priya Shah", "too easy to guess"),
        (PASSWORD, "your council your council", "too easy to guess"),
        ("", "", "Enter your present password"),
    ],
)
def test_a_password_is_not_changed_without_the_old_one_or_to_a_weak_one(app, browser, priya, present, new, words):
    here = browser.as_(priya)
    page = here.submit("/account/password", "Change password", present_password=present, new_password=new)
    assert page.status == 422
    assert words in page.errors[0]
    assert sign_in(Browser(app), priya.email, PASSWORD).status == 303


def test_the_first_administrator_makes_themselves_by_the_link_and_only_once(app, browser):
    path = operations.first_link(now())
    db.session.commit()
    page = browser.submit(
        path, "Set password and sign in", name="Ada Min", email="Ada@Council.example", new_password=PASSWORD
    )
    assert page.status == 303
    assert browser.get("/people/").status == 200
    again = Browser(app).get(path)
    assert again.status == 404
    assert "does not work" in again.heading
    assert operations.first_link(now()) is None


def test_a_first_link_is_worth_nothing_once_somebody_is_there(browser, made):
    path = operations.first_link(now())
    db.session.commit()
    made.person(Role.ADMINISTRATOR)
    assert browser.get(path).status == 404
    assert browser.post(path, {"name": "Eve", "email": "eve@x.example", "new_password": PASSWORD}).status == 404


def test_a_set_up_link_works_once_within_a_day(app, browser, priya):
    with time_machine.travel(now(), tick=False) as clock:
        late = operations.make_link(priya, now())
        db.session.commit()
        clock.shift(timedelta(hours=24))
        assert browser.get(late).status == 404
        path = operations.make_link(priya, now())
        db.session.commit()
        page = browser.submit(path, "Set password and sign in", new_password="nine herons on a wall")
        assert page.location == "/"
        assert Browser(app).post(path, {"new_password": "ten herons on a wall"}).status == 404


def test_a_new_link_replaces_the_earlier_one(browser, priya):
    first = operations.make_link(priya, now())
    second = operations.make_link(priya, now())
    db.session.commit()
    assert browser.get(first).status == 404
    assert browser.get(second).status == 200


def test_opening_a_link_does_not_use_it_up(browser, priya):
    path = operations.make_link(priya, now())
    db.session.commit()
    for _ in range(3):
        assert browser.get(path).status == 200


def test_guessing_links_is_slowed_down(browser):
    tried = [browser.get(f"/set-up/guess{number}").status for number in range(25)]
    assert tried.count(404) == 20
    assert tried.count(429) == 5


def test_a_new_password_by_link_ends_the_sessions_of_the_old_one(browser, priya):
    old = browser.as_(priya)
    path = operations.make_link(priya, now())
    db.session.commit()
    browser.submit(path, "Set password and sign in", new_password="nine herons on a wall")
    assert old.get("/account").status == 302


def test_a_weak_password_by_link_is_refused_and_the_link_still_works(browser, priya):
    path = operations.make_link(priya, now())
    db.session.commit()
    refused = browser.submit(path, "Set password and sign in", new_password="priya.shah@council")
    assert refused.status == 422
    assert browser.get(path).status == 200


def test_signing_in_and_out_stand_in_the_journal_without_names(browser, priya):
    sign_in(browser, priya.email)
    browser.post("/sign-out")
    rows = db.session.scalars(select(Entry).order_by(Entry.number)).all()
    told = [(row.verb, row.object_id, row.person_id) for row in rows if row.verb in {"signed in", "ended session"}]
    assert told == [("signed in", str(priya.id), priya.id), ("ended session", str(priya.id), priya.id)]
    assert not [row for row in rows if "Shah" in str(row.details) or "@" in str(row.details)]


def test_a_known_device_is_remembered_for_each_of_its_users(app, browser, made, priya):
    other = made.person(Role.AUDITOR)
    operations.set_password(other, PASSWORD, now())
    db.session.commit()
    sign_in(browser, priya.email)
    browser.post("/sign-out")
    sign_in(browser, other.email)
    browser.post("/sign-out")
    stranger = Browser(app)
    for _ in range(12):
        stranger.post("/sign-in", {"email": priya.email, "password": WRONG})
    assert sign_in(browser, priya.email).status == 303


def test_a_stolen_device_cookie_of_one_person_does_not_open_guesses_at_another(app, browser, made, priya):
    other = made.person(Role.AUDITOR)
    sign_in(browser, priya.email)
    browser.post("/sign-out")
    tried = [browser.post("/sign-in", {"email": other.email, "password": WRONG}).status for _ in range(12)]
    assert tried.count(422) == 10


def test_the_session_of_a_person_whose_row_says_so_is_over(browser, priya):
    signed_in = browser.as_(priya)
    db.session.execute(update(LoginSession).values(ended_at=now()))
    db.session.commit()
    assert signed_in.get("/").status == 302


def test_many_guesses_at_once_do_not_slip_through_together(app, priya):
    address = priya.email
    strangers = [Browser(app) for _ in range(16)]

    def guess(stranger):
        with app.app_context():
            return stranger.post("/sign-in", {"email": address, "password": WRONG}).status

    with ThreadPoolExecutor(8) as threads:
        tried = list(threads.map(guess, strangers))
    assert tried.count(422) == 10
    assert tried.count(429) == 6


def test_the_same_work_is_done_for_an_address_that_nobody_has(browser, priya, monkeypatch):
    looked_at = []

    def matches(kept, password):
        looked_at.append(bool(kept))
        return False

    monkeypatch.setattr("auditapp.people.hashing.matches", matches)
    sign_in(browser, priya.email)
    sign_in(browser, "nobody@council.example")
    assert looked_at == [True, False]


def test_only_a_demonstration_shows_sign_ins(app, browser):
    assert "Sign-ins of this demonstration" not in browser.get("/sign-in").words
    app.extensions[queries.SHOWN_SIGN_INS] = ("lantern", [("worker@anyshire.example", "Social worker")])
    try:
        assert "worker@anyshire.example" in browser.get("/sign-in").words
    finally:
        del app.extensions[queries.SHOWN_SIGN_INS]
