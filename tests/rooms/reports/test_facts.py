"""What reports count: submitted audits in their newest version, within the reader's reach, as they were then."""

from datetime import date, timedelta

from sqlalchemy import select

from auditapp.actions import operations as actions_do
from auditapp.actions.models import Action
from auditapp.actions.queries import count, late_on, of_origin
from auditapp.audits import operations as audits
from auditapp.audits.recorded import Drafted, Found
from auditapp.db import db, now, today
from auditapp.figures.facts import OVERALL, Finding
from auditapp.library.kinds import AuditKind
from auditapp.people.queries import viewer_of
from auditapp.people.roles import Role
from auditapp.reports import queries
from auditapp.reports.filters import Filters
from tests.rooms.reports.judging import AUGUST, corrected, judged

YEAR = (date(2026, 1, 1), date(2026, 12, 31))
THEME = "direction"


def facts(within=queries.EVERYTHING, since=YEAR[0], until=YEAR[1]):
    return queries.facts(within, since, until)


def ranks(found, domain=OVERALL):
    return sorted(one.final for one in found.judgements if one.domain == domain)


def test_an_audit_is_counted_on_its_stated_day_from_first_to_last(made):
    judged(made, 3, on=date(2026, 7, 1))
    judged(made, 2, on=date(2026, 9, 30))
    assert ranks(facts(since=date(2026, 7, 1), until=date(2026, 9, 30))) == [2, 3]
    assert ranks(facts(since=date(2026, 7, 2), until=date(2026, 9, 29))) == []


def test_only_submitted_audits_count(made):
    made.answered(made.audit())
    withdrawn = made.audit()
    audits.withdraw(withdrawn, "Opened twice", by=None, at=now())
    db.session.commit()
    assert facts().audits == ()


def test_a_correction_counts_in_place_of_what_it_corrects(made):
    audit = judged(made, 3)
    corrected(audit, 1)
    assert ranks(facts()) == [1]
    assert len(facts().audits) == 1


def test_a_correction_that_is_not_submitted_yet_changes_no_figure(made):
    audit = judged(made, 3)
    audits.correct(audit, "Wrong child", by=audit.auditor_id, at=now())
    db.session.commit()
    assert ranks(facts()) == [3]


def test_the_only_domain_of_a_template_stands_for_the_whole_too(made):
    judged(made, 4, template="smart_plans")
    assert ranks(facts()) == [4]
    assert ranks(facts(), "smart_plans") == [4]


def test_team_service_kind_and_stage_are_those_of_the_day(made):
    team = made.team("Locality North 1", made.service("Locality North"))
    judged(made, 3, team=team, list_key="8", kind=AuditKind.THEMATIC)
    team.name, team.service.name = "Locality One", "Localities"
    db.session.commit()
    (audit,) = facts().audits
    assert (audit.team, audit.service, audit.kind) == ("Locality North 1", "Locality North", "thematic")
    assert queries.places(queries.EVERYTHING) == (["Locality North"], ["Locality North 1"])
    assert (audit.journey, audit.list, audit.template, audit.version) == ("in_care", "8", "management_oversight", "1")
    assert audit.talked
    assert audit.day == AUGUST


def test_an_audit_without_a_team_counts_with_a_blank_one(made):
    judged(made, 3)
    (audit,) = facts().audits
    assert (audit.team, audit.service) == ("", "")


def test_a_domain_that_was_not_called_for_is_neither_judged_nor_missing(made):
    judged(made, 3, template="whole_case", list_key="7")
    judged(made, 2, template="whole_case", list_key="8", domains={"permanence": 4})
    found = facts()
    assert ranks(found, "permanence") == [4]
    assert ranks(found, "chronology") == [2, 3]


def test_findings_and_actions_come_with_their_audit(made):
    owner = made.person(Role.WORKER)
    audit = judged(
        made,
        2,
        findings=(Found("learning", THEME, "=No dates"), Found("strength", THEME, "Clear reasons")),
        actions=(
            Drafted("Put dates in", owner.id, today() + timedelta(days=3), THEME),
            Drafted("See her", owner.id, today() + timedelta(days=3), THEME),
        ),
    )
    first, _ = of_origin("audit", audit.id)
    actions_do.say_done(first, "Done on Monday", by=owner.id, at=now())
    db.session.commit()
    found = facts()
    assert {(one.theme, one.kind, one.words) for one in found.findings} == {
        (THEME, Finding.LEARNING, "=No dates"),
        (THEME, Finding.STRENGTH, "Clear reasons"),
    }
    assert sorted(one.stage for one in found.actions) == ["agreed", "done"]
    assert not any(one.overdue for one in found.actions)
    assert THEME in found.audits[0].themes


def test_a_service_whose_name_was_not_written_down_then_is_told_by_todays(made):
    audit = made.audit(team=made.team("Oak", made.service("Locality North")))
    audit.service_then = ""
    made.answered(audit)
    audits.submit(audit.versions[-1], by=audit.auditor_id, at=now(), audited_on=AUGUST)
    db.session.commit()
    assert [one.service for one in facts().audits] == ["Locality North"]


def test_an_action_is_overdue_where_its_own_pages_call_it_late(made, monkeypatch):
    """Due on a Friday: not late at the weekend, late on Monday once that is a working day after it."""
    owner = made.person(Role.WORKER)
    audit = judged(made, 2, actions=(Drafted("Put dates in", owner.id, today() + timedelta(days=3), THEME),))
    (action,) = of_origin("audit", audit.id)
    late = {}
    for day in (action.due_on + timedelta(days=days) for days in range(12)):
        monkeypatch.setattr(queries, "today", lambda day=day: day)
        late[day] = [one.overdue for one in facts().actions] == [True]
        assert late[day] == (count(select(Action).where(late_on(day))) == 1)
    assert next(iter(late.values())) is False
    assert list(late.values())[-1] is True


def test_a_correction_is_what_was_submitted_too(made):
    """First and final both follow the newest version: a correction stands in place of what it corrects."""
    corrected(judged(made, 3), 1)
    (judgement,) = [one for one in facts().judgements if one.domain == OVERALL]
    assert (judgement.first, judgement.final) == (1, 1)


def test_a_manager_reads_their_team_a_leader_their_service_a_qa_lead_all(made):
    service = made.service()
    north, south, other = made.team("North", service), made.team("South", service), made.team("Other")
    for team in (north, south, other):
        judged(made, 3, team=team)
    judged(made, 3)

    def teams(person):
        return sorted(audit.team for audit in facts(queries.reach(viewer_of(person))).audits)

    assert teams(made.person(Role.TEAM_MANAGER, team=north)) == ["North"]
    assert teams(made.person(Role.SENIOR_LEADER, service=service)) == ["North", "South"]
    assert teams(made.person(Role.QA_LEAD)) == ["", "North", "Other", "South"]
    assert teams(made.person(Role.AUDITOR, Role.WORKER)) == []


def test_the_headline_is_the_reports_own_without_what_takes_time(made):
    team = made.team("Oak")
    owner = made.person(Role.WORKER)
    draft = (Drafted("Put dates in", owner.id, today() + timedelta(days=3), THEME),)
    judged(made, 3, team=team, findings=(Found("learning", THEME, "No dates"),), actions=draft)
    judged(made, 2, team=team, template="whole_case")
    judged(made, 1, kind=AuditKind.THEMATIC)
    filters = Filters(*YEAR)
    light = queries.headline(queries.EVERYTHING, filters, made_by="Priya")
    full = queries.report(queries.EVERYTHING, filters, queries.names(), made_by="Priya", by=())
    assert len(light.sections) == 2
    for one, other in zip(light.sections, full.sections, strict=True):
        assert (one.kind, one.name, one.overall, one.actions) == (other.kind, other.name, other.overall, other.actions)
        assert (one.findings, one.change) == ((), None)


def test_every_domain_of_the_library_has_a_name_whole_case_first(app):
    named = queries.names().domains
    assert next(iter(named)) == "risk_and_protection"
    assert named["smart_plans"] == "Planning and review"
