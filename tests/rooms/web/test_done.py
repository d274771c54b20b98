"""A form sent twice has one effect, and both senders get the first answer."""

from __future__ import annotations

import sqlite3
import threading

import pytest
from flask import request
from sqlalchemy import func, select
from sqlalchemy.exc import OperationalError

from auditapp import create_app
from auditapp.db import db, is_writing
from auditapp.journal.models import Entry
from auditapp.people import queries as people_queries
from auditapp.people.models import Service
from auditapp.people.roles import Role
from auditapp.web.access import SIGNED_IN, needs
from auditapp.web.done import done, done_json
from auditapp.web.pages import page
from tests.browser import Browser


@pytest.fixture
def trying(app, prepared):
    """The application with two routes more: they add a service, or refuse."""
    more = create_app(prepared.settings)
    more.open_rooms()
    more.config.update(TESTING=True)

    @more.post("/try")
    @needs(SIGNED_IN)
    def try_once():
        if not request.form["name"]:
            return page("web/error.html", 422, heading="Not yet", words=[])
        db.session.add(Service(name=request.form["name"]))
        db.session.flush()
        return done(f"/after/{request.form['name']}", said="Added.")

    @more.post("/try.json")
    @needs(SIGNED_IN)
    def try_json():
        db.session.add(Service(name=request.form["name"]))
        db.session.flush()
        return done_json({"count": db.session.scalar(select(func.count()).select_from(Service))})

    @more.post("/same")
    @needs(SIGNED_IN)
    def same():
        db.session.add_all([Service(name="twice"), Service(name="twice")])
        db.session.flush()
        return done("/")

    @more.get("/looked/<int:service_id>")
    @needs(
        SIGNED_IN,
        on=lambda _viewer, service_id: db.session.get(Service, service_id),
        journalled="looked",
        kind="service",
    )
    def looked(service):
        return {"writing": is_writing()}

    yield more
    with more.app_context():
        db.session.remove()
        db.engine.dispose()


def services() -> int:
    return db.session.scalar(select(func.count()).select_from(Service)) or 0


def test_a_form_sent_twice_has_one_effect_and_the_same_answer(trying, made):
    browser = Browser(trying).as_(made.person(Role.QA_LEAD))
    form = {"name": "one", "idempotency_key": "key-1"}
    first, again = browser.post("/try", form), browser.post("/try", {**form, "name": "one changed"})
    assert (first.status, first.location) == (again.status, again.location) == (303, "/after/one")
    assert services() == 1


def test_an_autosave_sent_twice_gets_its_first_answer_again(trying, made):
    browser = Browser(trying).as_(made.person(Role.QA_LEAD))
    form = {"name": "one", "idempotency_key": "key-1"}
    assert browser.post("/try.json", form).json == browser.post("/try.json", form).json == {"count": 1}


def test_a_form_sent_six_times_at_once_has_one_effect_and_no_error(trying, made):
    person = made.person(Role.QA_LEAD)
    browsers = [Browser(trying).as_(person) for _ in range(6)]
    answers, ready = [], threading.Barrier(6)

    def send(browser, token):
        ready.wait()
        form = {"name": "one", "idempotency_key": "key-1"}
        answers.append(browser.client.post("/try", data=form, headers={"X-CSRFToken": token}))

    threads = [threading.Thread(target=send, args=[browser, browser.token()]) for browser in browsers]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert [answer.status_code for answer in answers] == [303] * 6
    assert services() == 1


def test_a_refused_form_may_be_sent_again_with_the_same_key(trying, made):
    browser = Browser(trying).as_(made.person(Role.QA_LEAD))
    assert browser.post("/try", {"name": "", "idempotency_key": "key-1"}).status == 422
    assert browser.post("/try", {"name": "one", "idempotency_key": "key-1"}).status == 303
    assert services() == 1


def test_a_key_opens_nothing_for_somebody_else_or_somewhere_else(trying, made):
    form = {"name": "one", "idempotency_key": "key-1"}
    browser = Browser(trying).as_(made.person(Role.QA_LEAD))
    browser.post("/try", form)
    assert browser.post("/try.json", form).status == 400
    assert Browser(trying).as_(made.person(Role.QA_LEAD)).post("/try", form).status == 400
    assert services() == 1


def test_a_look_is_written_down_once_and_its_page_holds_no_write_lock(trying, made):
    service = made.service()
    answer = Browser(trying).as_(made.person(Role.QA_LEAD)).get(f"/looked/{service.id}")
    assert answer.json == {"writing": False}
    told = select(func.count()).select_from(Entry).where(Entry.verb == "looked", Entry.object_id == str(service.id))
    assert db.session.scalar(told) == 1


def test_what_a_rule_of_the_database_refuses_is_a_sentence_and_keeps_nothing(trying, made):
    trying.config["PROPAGATE_EXCEPTIONS"] = False
    answer = Browser(trying).as_(made.person(Role.QA_LEAD)).post("/same", {"why": "typed"})
    assert answer.status == 409
    assert "Someone else changed this" in answer.text
    assert services() == 0


def test_without_a_token_nothing_is_done(trying, made):
    browser = Browser(trying).as_(made.person(Role.QA_LEAD))
    assert browser.post("/try", {"name": "one"}, token=False).status == 400
    assert services() == 0


def test_every_answer_carries_the_headers(app, browser):
    for address in ("/sign-in", "/healthz", "/static/app.css", "/nowhere"):
        headers = browser.get(address).response.headers
        assert headers["Content-Security-Policy"].startswith("default-src 'none'"), address
        assert headers["X-Content-Type-Options"] == "nosniff"


def test_another_host_is_not_answered(app, browser):
    assert browser.get("/sign-in", headers={"Host": "evil.example"}).status == 400


def test_a_busy_database_is_a_sentence_even_while_it_is_asked_who_is_there(trying, made, monkeypatch):
    browser = Browser(trying).as_(made.person(Role.QA_LEAD))
    trying.config["PROPAGATE_EXCEPTIONS"] = False

    def locked(*_):
        raise OperationalError("SELECT", {}, sqlite3.OperationalError("database is locked"))

    monkeypatch.setattr(people_queries, "live_session", locked)
    answer = browser.get("/looked/1")
    assert answer.status == 503
    assert "busy" in answer.text
