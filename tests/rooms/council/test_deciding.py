"""What the council decides, with its history."""

from __future__ import annotations

import pytest
from sqlalchemy import select

from auditapp.council import operations, queries
from auditapp.council.decisions import Decisions
from auditapp.council.models import Setting
from auditapp.db import Conflict, db, now
from auditapp.journal.models import Entry
from auditapp.people.roles import Role


@pytest.fixture
def desk(browser, made):
    return browser.as_(made.person(Role.ADMINISTRATOR, name="Ada Okafor"))


def test_until_something_is_decided_the_usual_holds(app):
    assert queries.decided() == Decisions()


def test_an_administrator_decides_and_every_page_shows_the_new_name(desk):
    page = desk.submit("/council/change", "Save settings", name="Anyshire  County Council", colour="#5B2A86",
                       audit_due_days="15", own_team_allowed="yes")  # fmt: skip
    assert page.status == 303
    assert queries.decided() == Decisions("Anyshire County Council", "#5b2a86", 15, True)
    shown = desk.follow(page)
    assert "Anyshire County Council" in shown.title
    assert "Audits are due after: 15 working days" in shown.words
    assert "by Ada Okafor" in shown.words
    assert "#5b2a86" in desk.get("/council.css").text


def test_only_what_differs_becomes_a_decision(app):
    assert operations.decide(Decisions(audit_due_days=15), by=None, at=now()) == 1
    assert operations.decide(Decisions(audit_due_days=15), by=None, at=now()) == 0
    assert operations.decide(Decisions(audit_due_days=16), by=None, at=now()) == 1
    assert [row.value for row in db.session.scalars(select(Setting).order_by(Setting.id))] == ["15", "16"]
    assert queries.decided().audit_due_days == 16


@pytest.mark.parametrize(
    ("field", "value", "words"),
    [
        ("colour", "#ffd700", "too light"),
        ("colour", "teal", "Enter a colour as #"),
        ("name", " ", "Enter the name of the council"),
        ("audit_due_days", "0", "must be from 1 to 90"),
        ("audit_due_days", "soon", "must be a whole number"),
    ],
)
def test_what_cannot_be_is_refused_in_words(desk, field, value, words):
    page = desk.submit("/council/change", "Save settings", **{field: value})
    assert page.status == 422
    assert words in page.errors[0]
    assert queries.decided() == Decisions()


def test_who_decided_on_an_older_page_is_told(desk):
    operations.decide(Decisions(audit_due_days=15), by=None, at=now())
    db.session.commit()
    with pytest.raises(Conflict):
        operations.decide(Decisions(audit_due_days=20), by=None, at=now(), expected=0)


def test_a_decision_is_journalled_by_its_key(app):
    operations.decide(Decisions(name="Anyshire"), by=None, at=now())
    db.session.commit()
    entry = db.session.scalars(select(Entry).where(Entry.kind == "council")).one()
    assert entry.details == {"keys": ["name"]}
