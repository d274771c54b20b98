"""The invented council: made by operations, the same every time, and it tells its story."""

from __future__ import annotations

from collections import Counter
from datetime import date

import pytest
from sqlalchemy import func, select

from auditapp.actions.models import Action
from auditapp.audits.models import Audit, AuditVersion, Finding, Judgement, Reading, Stage, WorkerView
from auditapp.cases import queries as case_queries
from auditapp.cases.models import Case, Involvement
from auditapp.council.queries import decided
from auditapp.db import db, now
from auditapp.demo import operations, place
from auditapp.journal.verifying import verify
from auditapp.library.scales import Grade
from auditapp.people import operations as people
from auditapp.people.models import Person, Service, Team

TODAY = date(2026, 11, 20)


def build(**smaller):
    said = []
    for sentence in operations.build(TODAY, **smaller):
        db.session.commit()
        said.append(sentence)
    return said


def count(model, *conditions):
    return db.session.scalar(select(func.count()).select_from(model).where(*conditions))


@pytest.fixture
def little(app):
    """Anyshire with one month of six audits."""
    return build(months=1, a_month=6)


def test_a_council_with_somebody_in_it_is_left_alone(app, made):
    made.person()
    with pytest.raises(operations.NotEmpty):
        next(operations.build(TODAY))


def test_people_teams_and_children_are_as_many_as_promised(little):
    assert (count(Service), count(Team), count(Person)) == (7, 24, 60)
    assert count(Case) == 600
    assert decided().name == "Anyshire Council"


def test_one_can_sign_in_for_each_role_with_the_printed_password(little):
    for one in place.FIXED:
        person = people.sign_in(one.email, place.PASSWORD, address="127.0.0.1", at=now())
        assert person.name == one.name
        db.session.commit()


def test_each_fixed_sign_in_finds_work_or_reports(little):
    worker = db.session.scalar(select(Person).where(Person.email == "worker@anyshire.example"))
    auditor = db.session.scalar(select(Person).where(Person.email == "auditor@anyshire.example"))
    manager = db.session.scalar(select(Person).where(Person.email == "manager@anyshire.example"))
    held = case_queries.worker_ids_of(worker.id)
    open_ones = select(Audit).join(AuditVersion).where(AuditVersion.submitted_at.is_(None))
    assert db.session.scalars(open_ones.where(Audit.worker_id.in_(held))).all()
    assert len(db.session.scalars(open_ones.where(Audit.auditor_id == auditor.id)).all()) >= 3
    assert len(db.session.scalars(open_ones.where(Audit.auditor_id == manager.id)).all()) >= 2
    assert db.session.scalars(open_ones.where(Audit.due_on < TODAY)).all()
    still = (Action.owner_id == worker.id, Action.agreed_at.is_not(None), Action.done_at.is_(None))
    assert count(Action, *still, Action.ended_at.is_(None)) >= 1


def test_nobody_audits_their_own_team(little):
    for audit in db.session.scalars(select(Audit)):
        teams = {grant.team_id for grant in audit.auditor.grants}
        assert audit.team_id not in teams


def test_two_extracts_differ_as_months_do(little):
    assert len(case_queries.imports()) == 2
    newest = case_queries.last_import().summary["cases"]
    assert newest["new"] > 50
    assert newest["changed"] > 50
    assert count(Involvement, Involvement.gone_import_id.is_not(None)) > 0
    assert all(case_queries.waiting())


def test_the_journal_of_an_invented_council_is_sound_too(little):
    assert not verify([]).findings


@pytest.fixture(scope="module")
def whole(tmp_path_factory):
    """The whole of Anyshire, made once, on SQLite."""
    from auditapp import create_app, journal
    from auditapp.db import writing
    from auditapp.schema import upgrade_database
    from auditapp.settings import Settings

    folder = tmp_path_factory.mktemp("anyshire")
    app = create_app(Settings(instance=folder, database_url=f"sqlite:///{folder / 'a.sqlite'}"))
    app.open_rooms()
    with app.app_context(), writing(), journal.act_for(None, "tester"):
        upgrade_database()
        build()
        yield app
        db.session.remove()
        db.engine.dispose()


def submitted():
    return db.session.scalars(select(AuditVersion).where(AuditVersion.newest)).all()


def better(domain):
    ranks = db.session.scalars(
        select(Judgement.rank)
        .join(AuditVersion)
        .where(AuditVersion.newest, Judgement.domain_key == domain, Judgement.stage == Stage.AUDITOR)
    ).all()
    return sum(rank >= Grade.GOOD for rank in ranks) / len(ranks)


def test_about_twenty_five_audits_were_done_in_each_of_six_months(whole):
    versions = submitted()
    assert 145 <= len(versions) <= 160
    by_template = Counter(version.audit.template_version.template.key for version in versions)
    assert set(by_template) == {"whole_case", *operations.SINGLE}
    assert (TODAY - min(version.audited_on for version in versions)).days > 150


def test_oversight_is_the_weakest_and_direction_what_keeps_coming_back(whole):
    assert better("management_oversight") < better("chronology") < better("voice_of_the_child")
    found = db.session.scalars(select(Finding.theme_key).where(Finding.kind == "learning")).all()
    assert Counter(found).most_common(1)[0][0] == "direction"


def test_actions_stand_at_every_stage(whole):
    stages = Counter(action.stage.name for action in db.session.scalars(select(Action)))
    assert set(stages) == {"DRAFTED", "AGREED", "DONE", "SEEN", "ENDED"}
    late = count(Action, Action.agreed_at.is_not(None), Action.ended_at.is_(None), Action.due_on < TODAY)
    assert 0 < late < 60


def test_workers_speak_read_and_sometimes_see_it_differently(whole):
    assert count(WorkerView, WorkerView.shared_at.is_not(None)) > 8
    assert count(Reading) > 8


def test_three_audits_were_corrected_and_figures_follow_the_correction(whole):
    corrected = db.session.scalars(select(AuditVersion).where(AuditVersion.number == 2)).all()
    assert len(corrected) == 3
    assert all(version.newest and version.reason for version in corrected)


def test_nothing_carries_a_placeholder_or_repeats_a_sentence_within_an_audit(whole):
    for version in submitted():
        texts = [one.evidence for one in version.judgements if one.evidence and one.domain_key]
        assert len(set(texts)) == len(texts)
        assert not any("{" in text for text in texts)
        assert not any("{" in one.comment or "{" in one.value for one in version.answers)
