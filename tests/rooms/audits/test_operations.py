"""Opening, answering, submitting and correcting an audit."""

from datetime import date

import pytest
from sqlalchemy import delete, select, text, update
from sqlalchemy.exc import DBAPIError

from auditapp.actions.models import Action
from auditapp.audits import operations, queries, reach
from auditapp.audits.models import Answer, Audit, AuditVersion, Finding, Judgement, Reading, Stage, WorkerView
from auditapp.audits.operations import Frozen, Incomplete, Refusal
from auditapp.audits.recorded import Conversation, DomainPage, Drafted, Found, Judged
from auditapp.cases.models import TeamAlias, WorkerAlias
from auditapp.db import Conflict, db, now, today
from auditapp.journal.verifying import verify
from auditapp.library import queries as library
from auditapp.library.kinds import AuditKind, JourneyStage
from auditapp.people.models import Team
from auditapp.people.roles import Role, Viewer

KEY = "management_oversight"


def judgements(version, stage=Stage.AUDITOR):
    return {one.domain_key: one for one in queries.judgements_of(version, stage)}


def test_an_audit_keeps_team_service_and_worker_as_they_were_then(made):
    team, worker = made.team("Locality North 1"), made.worker()
    audit = made.audit(team=team, worker=worker)
    team.name = "Locality One"
    db.session.commit()
    assert (audit.team_then, audit.team_id, audit.service_id) == ("Locality North 1", team.id, team.service_id)
    assert (audit.worker_then, audit.worker_id) == (worker.name, worker.id)


def test_an_audit_pins_its_involvement_template_version_and_stage(made):
    involvement = made.involvement(list_key="6", status="a) Looked after child")
    audit = made.audit(involvement=involvement)
    assert audit.involvement_id == involvement.id
    assert audit.template_version.template.key == KEY
    assert audit.journey_stage is JourneyStage.IN_CARE


def test_what_the_import_knows_is_filled_in(made):
    audit = made.audit(template="whole_case", list_key="8")
    assert queries.recorded_in(audit.versions[0]).answers["child_status"] == "in_care"


@pytest.mark.parametrize("tie", ["own case", "knows the child", "own team"])
def test_nobody_is_allocated_an_audit_with_a_conflict_of_interest(made, tie):
    team = made.team()
    manager = made.person(Role.TEAM_MANAGER, team=team)
    auditor = manager if tie == "own team" else made.person(Role.AUDITOR)
    worker = made.worker(auditor)
    involvement = made.involvement(team=team, worker=worker if tie == "own case" else made.worker())
    if tie == "knows the child":
        made.involvement(case=involvement.case, list_key="4", worker=worker)
    with pytest.raises(Refusal) as refused:
        made.audit(involvement=involvement, auditor=auditor)
    assert auditor.name in refused.value.sentences[0]


def test_a_template_says_for_which_kinds_of_audit_it_is_made(made):
    with pytest.raises(Refusal, match="not made for this kind"):
        made.audit(kind=AuditKind.OBSERVATION)


def test_a_page_keeps_answers_judgement_findings_and_actions_in_place_of_what_it_held(made):
    audit, owner = made.audit(), made.person(Role.WORKER)
    version = audit.versions[0]
    full = DomainPage(
        {"supervision_interval": "partly"},
        {"supervision_interval": "A gap in May."},
        Judged("requires_improvement", "Supervision of 3 March.", "She waited."),
        [Found("strength", "supervision", "Kind."), Found("learning", "", "No dates.")],
        [Drafted("Put dates in the plan", owner.id, date(2026, 12, 1)), Drafted("Half written")],
    )
    operations.answer(version, KEY, full, by=audit.auditor_id, at=now())
    db.session.commit()
    held = queries.recorded_in(version)
    assert held.answers["supervision_interval"] == "partly"
    assert held.judged[KEY] == full.judged
    assert list(held.findings[KEY]) == list(full.findings)
    assert list(held.actions[KEY]) == list(full.actions)
    operations.answer(version, KEY, DomainPage(), by=audit.auditor_id, at=now())
    db.session.commit()
    held = queries.recorded_in(version)
    assert (held.answers, held.judged, held.findings, held.actions) == ({}, {}, {}, {})


def test_an_answer_that_is_not_offered_is_refused(made):
    audit = made.audit()
    page = DomainPage({"supervision_interval": "perhaps"})
    with pytest.raises(ValueError, match="has no answer perhaps"):
        operations.answer(audit.versions[0], KEY, page, by=audit.auditor_id, at=now())


def test_of_two_savers_of_one_page_exactly_one_wins(made):
    audit = made.audit()
    version = audit.versions[0]
    shown = queries.section(version, KEY).version
    operations.answer(version, KEY, DomainPage({"supervision_interval": "yes"}), by=1, at=now(), expected=shown)
    db.session.commit()
    with pytest.raises(Conflict):
        operations.answer(version, KEY, DomainPage({"supervision_interval": "no"}), by=1, at=now(), expected=shown)
    db.session.rollback()
    assert queries.recorded_in(version).answers["supervision_interval"] == "yes"


def test_two_domains_can_be_saved_at_the_same_time(made):
    version = made.audit(template="whole_case").versions[0]
    shown = {key: queries.section(version, key).version for key in ("chronology", "assessment")}
    for key, expected in shown.items():
        operations.answer(version, key, DomainPage(judged=Judged("good")), by=None, at=now(), expected=expected)
    db.session.commit()
    assert queries.recorded_in(version).judged.keys() == set(shown)


def test_an_incomplete_audit_is_not_submitted_and_says_everything_that_is_missing(made):
    audit = made.audit()
    with pytest.raises(Incomplete) as refused:
        operations.submit(audit.versions[0], by=audit.auditor_id, at=now())
    db.session.rollback()
    assert len(refused.value.gaps) > 3
    assert queries.newest(db.session.get(Audit, audit.id)) is None


def test_submitting_sets_the_day_the_figures_follow_and_lets_actions_take_effect(made):
    audit = made.audit()
    made.answered(audit)
    held = queries.recorded_in(audit.versions[0])
    page = DomainPage(
        held.answers, held.comments, held.judged[KEY], (), [Drafted("Update the plan", audit.auditor_id, today())]
    )
    operations.answer(audit.versions[0], KEY, page, by=audit.auditor_id, at=now())
    operations.submit(audit.versions[0], by=audit.auditor_id, at=now())
    db.session.commit()
    version = queries.newest(audit)
    assert version.newest
    assert version.audited_on == version.conversation_on == today()
    assert db.session.scalars(select(Action)).one().agreed_at is not None


def test_where_one_domain_stands_for_the_whole_its_judgement_is_the_overall_one_too(made):
    audit = made.submitted(mark="requires_improvement")
    marks = judgements(audit.versions[0])
    assert (marks[""].rank, marks[""].word) == (2, "Requires improvement to be good")
    assert (marks[""].rank, marks[""].evidence) == (marks[KEY].rank, marks[KEY].evidence)
    assert audit.versions[0].so_what == marks[KEY].effect


def test_what_the_answers_do_not_call_for_is_not_submitted(made):
    audit = made.audit(template="whole_case", list_key="8")
    version = audit.versions[0]
    operations.answer(version, "permanence", DomainPage(judged=Judged("good", "Seen.")), by=None, at=now())
    definition = library.definition(audit.template_version)
    risk = made.page(definition.domain("risk_and_protection"))
    moved = DomainPage({**risk.answers, "child_status": "child_protection"}, risk.comments, risk.judged)
    made.answered(audit, risk_and_protection=moved)
    operations.submit(version, by=audit.auditor_id, at=now())
    db.session.commit()
    assert "permanence" not in judgements(version)
    asked = {one.key for one in definition.domain("permanence").questions}
    answered = set(db.session.scalars(select(Answer.question_key).where(Answer.audit_version_id == version.id)))
    assert not asked & answered


def test_a_submitted_version_can_not_be_answered_judged_or_submitted_again(made):
    audit = made.submitted()
    version = audit.versions[0]
    for attempt in (
        lambda: operations.answer(version, KEY, DomainPage(), by=None, at=now()),
        lambda: operations.hold_conversation(version, Conversation(on=today()), by=None, at=now()),
        lambda: operations.judge(version, Judged("good"), "", by=None, at=now()),
        lambda: operations.submit(version, by=None, at=now()),
        lambda: operations.allocate(audit, made.person(Role.AUDITOR), by=None, at=now()),
        lambda: operations.withdraw(audit, "A mistake.", by=None, at=now()),
        lambda: operations.voice(audit, by=1, at=now()),
    ):
        with pytest.raises(Frozen):
            attempt()
        db.session.rollback()


@pytest.mark.parametrize(
    "change",
    [
        update(Answer).values(value="yes"),
        update(Judgement).values(rank=4, word="Outstanding"),
        delete(Judgement),
        delete(Answer),
        update(AuditVersion).values(so_what="All is well."),
        update(AuditVersion).values(submitted_at=None),
        delete(AuditVersion),
        update(Audit).values(team_then="Another team"),
    ],
    ids=lambda change: str(change).replace("\n", " ")[:60],
)
def test_the_database_itself_refuses_to_change_what_was_submitted(made, change):
    made.submitted()
    with pytest.raises(DBAPIError, match=r"submitted audit never changes|FOREIGN KEY"):
        db.session.execute(change)
    db.session.rollback()


def test_nothing_can_be_added_to_what_was_submitted(made):
    version = made.submitted().versions[0]
    for row in (
        Answer(audit_version_id=version.id, question_key="new", value="yes"),
        Judgement(audit_version_id=version.id, domain_key="new", stage=Stage.AUDITOR, scale="ofsted", rank=4, word="O"),
    ):
        db.session.add(row)
        with pytest.raises(DBAPIError, match="never changes"):
            db.session.flush()
        db.session.rollback()


def test_a_later_readers_mark_may_be_added_but_not_behind_the_journals_back(made):
    version = made.submitted().versions[0]
    made.keep(
        Judgement(audit_version_id=version.id, domain_key="", stage=Stage.FINAL, scale="ofsted", rank=2, word="R")
    )
    assert [finding.what for finding in verify().findings] == [
        f"audit version {version.id} was changed after it became final"
    ]


def test_the_journal_notices_a_changed_grade(made, app):
    version = made.submitted().versions[0]
    assert not verify().findings
    dialect = db.engine.dialect.name
    name, on = "judgement_submitted_update", "" if dialect == "sqlite" else " ON judgement"
    db.session.execute(text(f"DROP TRIGGER {name}{on}"))
    db.session.execute(update(Judgement).where(Judgement.domain_key == "").values(rank=4, word="Outstanding"))
    db.session.commit()
    found = [finding.what for finding in verify().findings]
    assert found == [f"audit version {version.id} was changed after it became final"]


def test_the_journal_notices_that_figures_no_longer_follow_an_audit(made):
    version = made.submitted().versions[0]
    db.session.execute(update(AuditVersion).values(newest=False))
    db.session.commit()
    assert [finding.what for finding in verify().findings] == [
        f"audit version {version.id} was changed after it became final"
    ]


def test_a_correction_is_a_new_version_with_its_reason_and_the_old_one_stays(made):
    audit = made.submitted(template="whole_case")
    first = audit.versions[0]
    second = operations.correct(audit, "The wrong month was read.", by=audit.auditor_id, at=now())
    db.session.commit()
    assert queries.newest(audit) is first
    assert not queries.Working(second).gaps
    page = queries.recorded_in(second)
    changed = DomainPage(page.answers and {}, {}, Judged("inadequate", "Read again.", "She was at risk."))
    definition = library.definition(audit.template_version)
    full = made.page(definition.domain("chronology"))
    operations.answer(second, "chronology", DomainPage(full.answers, full.comments, changed.judged), by=None, at=now())
    operations.submit(second, by=audit.auditor_id, at=now())
    db.session.commit()
    assert (first.newest, second.newest, second.reason) == (False, True, "The wrong month was read.")
    assert judgements(first)["chronology"].word == "Good"
    assert judgements(second)["chronology"].word == "Inadequate"
    assert second.audited_on == first.audited_on
    assert not verify().findings


def test_only_one_correction_is_written_at_a_time(made):
    audit = made.submitted()
    operations.correct(audit, "Once.", by=None, at=now())
    db.session.commit()
    with pytest.raises(Frozen):
        operations.correct(audit, "Twice.", by=None, at=now())


def test_the_workers_view_is_theirs_until_they_share_it(made):
    person = made.person(Role.WORKER)
    audit = made.audit(worker=made.worker(person))
    operations.voice(audit, by=person.id, at=now(), proud_of="Her drawing.", grades={KEY: "good"})
    db.session.commit()
    assert queries.shared_view(audit) is None
    assert not judgements(audit.versions[0], Stage.WORKER)
    operations.voice(audit, by=person.id, at=now(), proud_of="Her drawing.", grades={KEY: "good"}, share=True)
    db.session.commit()
    assert queries.shared_view(audit).proud_of == "Her drawing."
    assert judgements(audit.versions[0], Stage.WORKER)[KEY].word == "Good"


def test_the_workers_own_grade_stands_beside_the_auditors_and_counts_in_no_figure(made):
    person = made.person(Role.WORKER)
    audit = made.audit(worker=made.worker(person))
    operations.voice(audit, by=person.id, at=now(), grades={KEY: "outstanding"}, share=True)
    made.submitted(audit, mark="good")
    assert judgements(audit.versions[0])[KEY].word == "Good"
    assert judgements(audit.versions[0], Stage.WORKER)[KEY].word == "Outstanding"
    with pytest.raises(DBAPIError, match="never changes"):
        db.session.execute(update(WorkerView).values(proud_of=""))
    db.session.rollback()


def test_i_have_read_this_is_said_once_and_stays(made):
    person = made.person(Role.WORKER)
    audit = made.submitted(worker=made.worker(person))
    version = audit.versions[0]
    first = operations.read(version, by=person.id, at=now(), disagreement="I saw her twice.")
    db.session.commit()
    assert operations.read(version, by=person.id, at=now(), disagreement="Changed.").id == first.id
    assert db.session.scalars(select(Reading)).one().disagreement == "I saw her twice."
    assert not verify().findings
    with pytest.raises(DBAPIError, match="stays as it was said"):
        db.session.execute(update(Reading).values(disagreement=""))
    db.session.rollback()


def test_a_withdrawn_audit_keeps_its_reason_and_drops_its_drafts(made):
    audit = made.audit()
    page = DomainPage(actions=[Drafted("Update the plan")])
    operations.answer(audit.versions[0], KEY, page, by=audit.auditor_id, at=now())
    operations.withdraw(audit, "The family moved away.", by=None, at=now())
    db.session.commit()
    assert audit.withdrawn_why == "The family moved away."
    assert db.session.scalars(select(Action)).all() == []
    with pytest.raises(Frozen):
        operations.answer(audit.versions[0], KEY, DomainPage(), by=audit.auditor_id, at=now())


def test_an_audit_can_be_given_to_somebody_else_until_it_is_submitted(made):
    audit, other = made.audit(), made.person(Role.AUDITOR)
    operations.allocate(audit, other, by=None, at=now(), expected=audit.version)
    db.session.commit()
    assert audit.auditor_id == other.id


def test_findings_keep_their_theme_and_their_domain(made):
    audit = made.audit()
    made.answered(audit)
    held = queries.recorded_in(audit.versions[0])
    findings = [Found("strength", "supervision", "Kind and clear."), Found("learning", "supervision", "No dates.")]
    page = DomainPage(held.answers, held.comments, held.judged[KEY], findings)
    operations.answer(audit.versions[0], KEY, page, by=None, at=now())
    operations.submit(audit.versions[0], by=audit.auditor_id, at=now())
    db.session.commit()
    rows = db.session.scalars(select(Finding)).all()
    assert [(row.kind.value, row.domain_key) for row in rows] == [("strength", KEY), ("learning", KEY)]


def test_names_placed_after_opening_lead_to_their_worker_and_team(made):
    team_alias = made.keep(TeamAlias(spelling="LN 1", folded="ln 1"))
    worker_alias = made.keep(WorkerAlias(spelling="Ash, W", folded="ash, w"))
    involvement = made.involvement()
    involvement.team_alias_id, involvement.worker_alias_id = team_alias.id, worker_alias.id
    db.session.commit()
    audit = made.audit(involvement=involvement)
    assert (audit.team_then, audit.team_id, audit.worker_then) == ("LN 1", None, "Ash, W")
    person, team = made.person(Role.WORKER), made.team("Locality North 1")
    team_alias.team_id, worker_alias.worker_id = team.id, made.worker(person).id
    db.session.commit()
    viewer = Viewer(person.id, person.name, worker_ids=frozenset({worker_alias.worker_id}))
    assert reach.of_worker(viewer, audit.id) is audit
    made.submitted(audit)
    assert (audit.team_id, audit.team_then) == (team.id, "Locality North 1")
    assert reach.readable(viewer, audit.id) is audit
    assert not verify().findings


def test_a_team_that_was_renamed_since_does_not_change_the_audit(made):
    team = made.team("North")
    audit = made.submitted(team=team)
    db.session.get(Team, team.id).name = "South"
    db.session.commit()
    assert audit.team_then == "North"
    assert not verify().findings
