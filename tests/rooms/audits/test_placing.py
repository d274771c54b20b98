"""Names of an extract are placed late, wrongly and anew; an audit keeps whose work it was when it was submitted."""

from __future__ import annotations

from datetime import date

import pytest

from auditapp.actions import queries as actions
from auditapp.audits import operations, queries
from auditapp.audits.models import Audit
from auditapp.audits.operations import Refusal
from auditapp.audits.recorded import DomainPage, Drafted
from auditapp.cases import operations as cases
from auditapp.cases.models import TeamAlias
from auditapp.db import db, now
from auditapp.people.models import Person
from auditapp.people.roles import Role

KEY = "management_oversight"


@pytest.fixture
def first(made):
    return made.person(Role.WORKER, name="Ola First")


@pytest.fixture
def second(made):
    return made.person(Role.WORKER, name="Sam Second")


def place(audit, person):
    """Place the audit's spelling on a person, as the QA lead would."""
    held = db.session.get_one(Audit, audit.id)
    cases.place_worker(held.worker_alias, cases.worker_of(db.session.get_one(Person, person.id)))
    db.session.commit()


def test_a_submitted_audit_stays_its_workers_when_the_spelling_is_placed_anew(made, browser, first, second):
    audit = made.submitted(worker=made.worker(first))
    assert browser.as_(first).get(f"/audits/{audit.id}/record").status == 200
    place(audit, second)
    assert browser.as_(first).get(f"/audits/{audit.id}/record").status == 200
    assert browser.as_(second).get(f"/audits/{audit.id}/record").status == 404


def test_an_open_audit_follows_the_spelling(made, browser, first, second):
    audit = made.audit(worker=made.worker(first))
    place(audit, second)
    assert browser.as_(first).get(f"/audits/{audit.id}/my-view").status == 404
    assert browser.as_(second).get(f"/audits/{audit.id}/my-view").status == 200


def test_what_one_worker_wrote_for_themselves_is_never_shown_to_the_next(made, browser, first, second):
    audit = made.audit(worker=made.worker(first))
    operations.voice(audit, by=first.id, at=now(), proud_of="A secret of mine.")
    db.session.commit()
    place(audit, second)
    assert browser.as_(second).get(f"/audits/{audit.id}/my-view").status == 404
    with pytest.raises(operations.Frozen):
        operations.voice(db.session.get_one(Audit, audit.id), by=second.id, at=now(), proud_of="Mine now.")


def test_a_correction_can_be_submitted_after_a_name_was_placed(made, first):
    audit = made.submitted(worker=made.worker())
    place(audit, first)
    held = db.session.get_one(Audit, audit.id)
    operations.submit(operations.correct(held, "A wrong date.", by=held.auditor_id, at=now()), by=None, at=now())
    db.session.commit()
    assert queries.newest(held).number == 2


def test_nobody_submits_an_audit_that_turns_out_to_be_of_their_own_work(made):
    audit = made.answered(made.audit(worker=made.worker()))
    auditor = db.session.get_one(Person, audit.auditor_id)
    place(audit, auditor)
    with pytest.raises(Refusal):
        operations.submit(db.session.get_one(Audit, audit.id).versions[-1], by=auditor.id, at=now())


def test_an_action_belongs_to_the_team_that_was_placed_before_submission(made):
    audit = made.audit()
    held = db.session.get_one(Audit, audit.id)
    alias = made.keep(TeamAlias(spelling="Nth 1", folded="nth1"))
    team = made.team("North 1")
    held.team_alias, held.team_id, held.service_id = alias, None, None
    db.session.commit()
    owner = made.person(Role.WORKER)
    drafted = [Drafted("Date the plan.", owner.id, date(2030, 1, 7), "direction")]
    made.answered(held)
    page = queries.recorded_in(held.versions[-1])
    answers = dict(page.answers)
    kept = DomainPage(answers, page.comments, page.judged[KEY], [], drafted)
    operations.answer(held.versions[-1], KEY, kept, by=None, at=now())
    cases.place_team(alias, team)
    operations.submit(held.versions[-1], by=None, at=now())
    db.session.commit()
    assert (held.team_then, held.service_then) == ("North 1", team.service.name)
    assert [one.team_id for one in actions.of_origin("audit", held.id)] == [team.id]
