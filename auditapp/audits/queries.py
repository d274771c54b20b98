"""Reading audits: who sees which, what was recorded in one, and what stands where it was submitted.

Who sees an audit is said once, in `visible` (rows of a list) and in the loaders that routes name; whoever is not named
there gets nothing, the same as for an audit that does not exist.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time
from functools import cached_property
from typing import TYPE_CHECKING, Any

from sqlalchemy import ColumnElement, Select, and_, case, exists, func, or_, select
from sqlalchemy.orm import contains_eager, joinedload, selectinload

from auditapp.actions.models import Action
from auditapp.actions.queries import of_origin
from auditapp.audits import recorded
from auditapp.audits.completeness import Step, gaps, steps
from auditapp.audits.conflicts import Candidate, Held, Matter
from auditapp.audits.facts import Known, band
from auditapp.audits.models import (
    Answer,
    Audit,
    AuditVersion,
    Finding,
    Judgement,
    Opening,
    Reading,
    Section,
    Stage,
    WorkerView,
)
from auditapp.audits.recorded import Conversation, Drafted, Found, Judged, Recorded
from auditapp.cases.models import Case, Involvement, Worker, WorkerAlias
from auditapp.cases.queries import seen_case
from auditapp.council.queries import decided
from auditapp.db import LONDON, db, today
from auditapp.journal.chain import fingerprint
from auditapp.journal.models import Entry
from auditapp.library import queries as library
from auditapp.library.asking import AnswerKind
from auditapp.library.kinds import AuditKind
from auditapp.library.models import TemplateVersion
from auditapp.people.models import Person, RoleGrant, Team
from auditapp.people.queries import here_on, in_force
from auditapp.people.roles import Role, Viewer
from auditapp.web.dates import day

if TYPE_CHECKING:
    from auditapp.audits.completeness import Gap
    from auditapp.library.template import Definition, Domain

ORIGIN = "audit"
"""Where an audit's actions say that they came from."""

SUBMITTED = exists(select(AuditVersion.id).where(AuditVersion.audit_id == Audit.id, AuditVersion.newest.is_(True)))
DRAFT = exists(select(AuditVersion.id).where(AuditVersion.audit_id == Audit.id, AuditVersion.submitted_at.is_(None)))
AUDITING_ROLES = (Role.AUDITOR, Role.TEAM_MANAGER, Role.MODERATOR, Role.QA_LEAD)
OWN_TEAM_ROLES = (Role.WORKER, Role.TEAM_MANAGER)


# Who sees which audit


def visible(viewer: Viewer) -> ColumnElement[bool]:
    """Say which audits somebody finds in a list; what they may read of each is said by the loaders."""
    named = [
        and_(Audit.auditor_id == viewer.person_id, Audit.withdrawn_at.is_(None)),
        and_(Audit.worker_id.in_(viewer.worker_ids), Audit.withdrawn_at.is_(None)),
        _within(viewer, Role.QA_LEAD),
        and_(SUBMITTED, _within(viewer, Role.TEAM_MANAGER)),
        and_(SUBMITTED, _within(viewer, Role.SENIOR_LEADER)),
    ]
    return or_(*named)


def _within(viewer: Viewer, role: Role) -> ColumnElement[bool]:
    reach = viewer.scope(role)
    if reach.everything:
        return Audit.id.is_not(None)
    return Audit.team_id.in_(reach.team_ids)


def reads(viewer: Viewer) -> ColumnElement[bool]:
    """Say which audits somebody may read once submitted: their own, as worker, as manager, as QA lead.

    And, for the rest of the day on which they typed a reason, as senior leader.
    """
    with_reason = and_(
        exists(
            select(Opening.id).where(
                Opening.audit_id == Audit.id, Opening.person_id == viewer.person_id, Opening.at >= _midnight()
            )
        ),
        _within(viewer, Role.SENIOR_LEADER),
    )
    return and_(
        SUBMITTED,
        or_(
            Audit.auditor_id == viewer.person_id,
            Audit.worker_id.in_(viewer.worker_ids),
            _within(viewer, Role.TEAM_MANAGER),
            _within(viewer, Role.QA_LEAD),
            with_reason,
        ),
    )


def _midnight() -> datetime:
    return datetime.combine(today(), time.min, LONDON)


def _one(*conditions: ColumnElement[bool]) -> Audit | None:
    return db.session.scalar(
        select(Audit)
        .where(*conditions)
        .options(joinedload(Audit.case), joinedload(Audit.auditor), selectinload(Audit.versions))
    )


def seen(viewer: Viewer, audit_id: int) -> Audit | None:
    """Give an audit that the viewer knows of, whatever they may read of it."""
    return _one(Audit.id == audit_id, visible(viewer))


def readable(viewer: Viewer, audit_id: int) -> Audit | None:
    """Give a submitted audit that the viewer may read in full."""
    return _one(Audit.id == audit_id, reads(viewer))


def readable_version(viewer: Viewer, audit_id: int, number: int) -> AuditVersion | None:
    """Give one submitted version of an audit that the viewer may read in full."""
    audit = readable(viewer, audit_id)
    versions = audit.versions if audit else []
    return next((one for one in versions if one.number == number and one.submitted_at), None)


def readable_with_reason(viewer: Viewer, audit_id: int) -> Audit | None:
    """Give a submitted audit that a senior leader may open once they have typed why."""
    return _one(Audit.id == audit_id, SUBMITTED, _within(viewer, Role.SENIOR_LEADER))


def own(viewer: Viewer, audit_id: int) -> Audit | None:
    """Give an audit that the viewer carries out or carried out."""
    return _one(Audit.id == audit_id, Audit.auditor_id == viewer.person_id, Audit.withdrawn_at.is_(None))


def of_worker(viewer: Viewer, audit_id: int) -> Audit | None:
    """Give an audit of the viewer's own work."""
    return _one(Audit.id == audit_id, Audit.worker_id.in_(viewer.worker_ids), Audit.withdrawn_at.is_(None))


def led(viewer: Viewer, audit_id: int) -> Audit | None:
    """Give an audit that the viewer allocates: the row, not what was recorded."""
    return _one(Audit.id == audit_id, _within(viewer, Role.QA_LEAD))


def may_read(viewer: Viewer, audit: Audit) -> bool:
    """Tell whether the viewer may read a submitted audit right now."""
    return bool(db.session.scalar(select(exists().where(Audit.id == audit.id, reads(viewer)))))


# What was recorded


@dataclass
class Working:
    """One version with what it asks and what was recorded in it, loaded once for a page."""

    version: AuditVersion

    @property
    def id(self) -> int:
        """The version's id, for the journal."""
        return self.version.id

    @property
    def audit(self) -> Audit:
        """The audit whose version this is."""
        return self.version.audit

    @cached_property
    def definition(self) -> Definition:
        """What is asked."""
        return library.definition(self.audit.template_version)

    @cached_property
    def recorded(self) -> Recorded:
        """What was recorded so far."""
        return recorded_in(self.version)

    @property
    def steps(self) -> tuple[Step, ...]:
        """The task list."""
        return steps(self.definition, self.recorded)

    @property
    def gaps(self) -> tuple[Gap, ...]:
        """What is missing before submission."""
        return gaps(self.definition, self.recorded)


@dataclass
class AtDomain:
    """One domain's page of a version."""

    working: Working
    domain: Domain
    section: Section

    @property
    def id(self) -> int:
        """The section's id, for the journal."""
        return self.section.id


def working(viewer: Viewer, audit_id: int) -> Working | None:
    """Give the latest version of an audit to its auditor, for answering; it may have been submitted meanwhile."""
    audit = own(viewer, audit_id)
    return Working(audit.versions[-1]) if audit else None


def at_domain(viewer: Viewer, audit_id: int, key: str) -> AtDomain | None:
    """Give one domain's page to the audit's auditor."""
    found = working(viewer, audit_id)
    if found is None or key not in {domain.key for domain in found.definition.domains}:
        return None
    return AtDomain(found, found.definition.domain(key), section(found.version, key))


def section(version: AuditVersion, key: str) -> Section:
    """Give the row of one domain's page."""
    return db.session.execute(
        select(Section).where(Section.audit_version_id == version.id, Section.domain_key == key)
    ).scalar_one()


def sections(version: AuditVersion) -> Sequence[Section]:
    """Give the rows of all domains' pages, those saved last first."""
    chosen = select(Section).where(Section.audit_version_id == version.id)
    return db.session.scalars(chosen.order_by(Section.saved_at.is_(None), Section.saved_at.desc())).all()


def recorded_in(version: AuditVersion) -> Recorded:
    """Give everything that the auditor recorded in a version, as plain values."""
    audit = version.audit
    definition = library.definition(audit.template_version)
    several = {one.key for one in definition.questions if one.answer is AnswerKind.SEVERAL}
    answers = db.session.scalars(select(Answer).where(Answer.audit_version_id == version.id)).all()
    scale = definition.marks
    words = {mark.word: mark.key for mark in scale.marks}
    judgements = judgements_of(version, Stage.AUDITOR)
    return Recorded(
        answers={one.question_key: recorded.read(one.value, several=one.question_key in several) for one in answers},
        comments={one.question_key: one.comment for one in answers if one.comment},
        judged={one.domain_key: Judged(words.get(one.word, ""), one.evidence, one.effect) for one in judgements},
        findings=_findings(version),
        actions=_drafted(audit),
        conversation=Conversation(
            version.conversation_on,
            tuple(version.took_part),
            version.no_conversation.value if version.no_conversation else "",
            version.no_conversation_why,
        ),
        so_what=version.so_what,
        saved=frozenset(one.domain_key for one in sections(version) if one.saved_at),
        dip_sample=audit.kind is AuditKind.DIP_SAMPLE,
    )


def judgements_of(version: AuditVersion, *stages: Stage) -> Sequence[Judgement]:
    """Give a version's judgements of these stages."""
    chosen = select(Judgement).where(Judgement.audit_version_id == version.id, Judgement.stage.in_(stages))
    return db.session.scalars(chosen.order_by(Judgement.id)).all()


def findings_of(version: AuditVersion) -> Sequence[Finding]:
    """Give a version's findings in the order written."""
    return db.session.scalars(select(Finding).where(Finding.audit_version_id == version.id).order_by(Finding.id)).all()


def _findings(version: AuditVersion) -> dict[str, tuple[Found, ...]]:
    held: dict[str, list[Found]] = defaultdict(list)
    for one in findings_of(version):
        held[one.domain_key].append(Found(one.kind.value, one.theme_key, one.words, one.evidence, one.child))
    return {key: tuple(found) for key, found in held.items()}


def drafts_of(audit: Audit) -> Sequence[Action]:
    """Give the actions that will take effect when the audit is submitted."""
    return [action for action in of_origin(ORIGIN, audit.id) if action.agreed_at is None]


def _drafted(audit: Audit) -> dict[str, tuple[Drafted, ...]]:
    held: dict[str, list[Drafted]] = defaultdict(list)
    for one in drafts_of(audit):
        held[one.domain_key].append(Drafted(one.what, one.owner_id, one.due_on, one.theme_key))
    return {key: tuple(drafted) for key, drafted in held.items()}


def view_of(audit: Audit) -> WorkerView | None:
    """Give the worker's own view, shared or not: it is for the worker alone until they share it."""
    return db.session.scalar(select(WorkerView).where(WorkerView.audit_id == audit.id))


def shared_view(audit: Audit) -> WorkerView | None:
    """Give the worker's own view once they have shared it."""
    view = view_of(audit)
    return view if view and view.shared_at else None


def readings(audit: Audit) -> Sequence[tuple[Reading, str, int]]:
    """Give who said “I have read this”, of which version: (reading, name, version number)."""
    rows = db.session.execute(
        select(Reading, Person.name, AuditVersion.number)
        .join(Person, Person.id == Reading.person_id)
        .join(AuditVersion, AuditVersion.id == Reading.audit_version_id)
        .where(AuditVersion.audit_id == audit.id)
        .order_by(Reading.id)
    )
    return [(reading, name, number) for reading, name, number in rows]


def newest(audit: Audit) -> AuditVersion | None:
    """Give the submitted version that figures follow."""
    return next((one for one in reversed(audit.versions) if one.submitted_at), None)


def draft_of(audit: Audit) -> AuditVersion | None:
    """Give the version that is still being written."""
    last = audit.versions[-1]
    return last if last.submitted_at is None else None


def submitted_newest() -> Select[Audit, AuditVersion]:
    """Select the audits that figures count, each with the version that they follow."""
    return (
        select(Audit, AuditVersion)
        .join(AuditVersion, AuditVersion.audit_id == Audit.id)
        .where(AuditVersion.newest.is_(True), AuditVersion.submitted_at.is_not(None), Audit.withdrawn_at.is_(None))
    )


# What was submitted, as one value


def content(version: AuditVersion) -> dict[str, Any]:
    """Give everything that was submitted in a version as plain values: what the journal's digest stands for."""
    audit, view = version.audit, shared_view(version.audit)
    answers = db.session.scalars(select(Answer).where(Answer.audit_version_id == version.id)).all()
    voices = judgements_of(version, Stage.AUDITOR, Stage.WORKER, Stage.AGREED)
    latest = max((one.number for one in audit.versions if one.submitted_at), default=0)
    return {
        "audit": [audit.id, audit.case_id, audit.involvement_id, audit.template_version_id, audit.kind.value,
                  audit.journey_stage.value, audit.auditor_id, audit.service_id, audit.team_id, audit.team_then,
                  audit.worker_id, audit.worker_then, audit.withdrawn_at],
        "version": [version.id, version.number, version.reason, version.conversation_on, list(version.took_part),
                    version.no_conversation, version.no_conversation_why, version.so_what, version.audited_on,
                    version.submitted_at, version.submitted_by],
        "figures follow the latest": version.newest == (version.number == latest),
        "answers": sorted([one.question_key, one.value, one.comment] for one in answers),
        "judgements": sorted([one.domain_key, one.stage.value, one.scale, one.rank or 0, one.word, one.evidence,
                              one.effect] for one in voices),
        "findings": [[one.kind.value, one.domain_key, one.theme_key, one.words, one.evidence, one.child]
                     for one in findings_of(version)],
        "worker": [view.proud_of, view.do_differently, view.in_the_way, view.difference, view.grades, view.shared_at]
        if view else [],
    }  # fmt: skip


def digest_now(version_id: str) -> str | None:
    """Give the digest of a submitted version as its rows stand now; None when they are gone."""
    version = db.session.get(AuditVersion, int(version_id))
    return fingerprint(content(version)) if version else None


def reading_digest_now(reading_id: str) -> str | None:
    """Give the digest of an “I have read this” as it stands now; None when it is gone."""
    reading = db.session.get(Reading, int(reading_id))
    return reading_digest(reading) if reading else None


def reading_digest(reading: Reading) -> str:
    """Give the digest of an “I have read this”."""
    return fingerprint([reading.audit_version_id, reading.person_id, reading.at, reading.disagreement])


# The case around it


def known(involvement: Involvement) -> Known:
    """Give what the last import says of an involvement, as plain values."""
    return Known(
        involvement.list_key,
        involvement.status,
        involvement.category,
        involvement.started_on,
        involvement.ended_on,
        involvement.facts,
    )


def title_of(involvement: Involvement) -> str:
    """Name an involvement as its list does: “Child protection”."""
    from auditapp.cases.annex_a import shape

    found = shape(involvement.list_key)
    return found.title if found else "Open case"


def facts(audit: Audit) -> list[tuple[str, str]]:
    """Give the band of facts from the record that stands at the top of each page of an audit."""
    lines = [*band(known(audit.involvement), title_of(audit.involvement)), ("Last audited", audited_before(audit))]
    return [(name, day(value) if isinstance(value, date) else value or "not before") for name, value in lines]


def audited_before(audit: Audit) -> date | None:
    """Give the day of the last audit of the same child, if there was one."""
    return db.session.scalar(
        select(func.max(AuditVersion.audited_on))
        .join(Audit)
        .where(Audit.case_id == audit.case_id, Audit.id != audit.id, AuditVersion.newest.is_(True))
    )


def matter(involvement: Involvement) -> Matter:
    """Give what the conflict rules ask about a case."""
    rows = db.session.execute(
        select(Involvement, WorkerAlias.worker_id)
        .outerjoin(WorkerAlias, WorkerAlias.id == Involvement.worker_alias_id)
        .where(Involvement.case_id == involvement.case_id)
        .order_by(Involvement.id)
    ).all()
    alias, team = involvement.worker_alias, involvement.team_alias
    name = db.session.scalar(select(Team.name).where(Team.id == team.team_id)) if team and team.team_id else ""
    return Matter(
        alias.worker_id if alias else None,
        team.team_id if team else None,
        name or "",
        [Held(title_of(one), worker_id, not one.open_then) for one, worker_id in rows],
    )


def candidates(on: date) -> list[Candidate]:
    """Give everybody who may be allocated an audit on a day, by name."""
    people = db.session.scalars(
        select(Person)
        .where(
            here_on(on),
            exists(
                select(RoleGrant.id).where(
                    RoleGrant.person_id == Person.id, RoleGrant.role.in_(AUDITING_ROLES), in_force(on)
                )
            ),
        )
        .order_by(Person.name, Person.id)
    ).all()
    return _as_candidates(people, on)


def candidate(person: Person, on: date) -> Candidate:
    """Give one person as the conflict rules see them."""
    return _as_candidates([person], on)[0]


def _as_candidates(people: Sequence[Person], on: date) -> list[Candidate]:
    ids = [person.id for person in people]
    workers: dict[int, set[int]] = defaultdict(set)
    for worker_id, person_id in db.session.execute(
        select(Worker.id, Worker.person_id).where(Worker.person_id.in_(ids))
    ):
        workers[person_id or 0].add(worker_id)
    teams = _teams_of(ids, on)
    return [
        Candidate(person.id, person.name, frozenset(workers[person.id]), frozenset(teams[person.id]))
        for person in people
    ]


def _teams_of(person_ids: Iterable[int], on: date) -> dict[int, set[int]]:
    rows = db.session.execute(
        select(RoleGrant.person_id, Team.id)
        .join(Team, or_(Team.id == RoleGrant.team_id, Team.service_id == RoleGrant.service_id))
        .where(RoleGrant.person_id.in_(list(person_ids)), RoleGrant.role.in_(OWN_TEAM_ROLES), in_force(on))
    )
    held: dict[int, set[int]] = defaultdict(set)
    for person_id, team_id in rows:
        held[person_id].add(team_id)
    return held


def own_team_allowed() -> bool:
    """Tell whether the council lets people audit cases of their own team; as shipped it does not."""
    return decided().own_team_allowed


def owners(audit: Audit) -> list[tuple[int, str]]:
    """Give who may take an action on: the case's worker and their manager first, then everybody by name."""
    on = today()
    first = [*_worker_of(audit), *_managers_of(audit, on)]
    rest = db.session.execute(
        select(Person.id, Person.name)
        .where(here_on(on), exists(select(RoleGrant.id).where(RoleGrant.person_id == Person.id, in_force(on))))
        .order_by(Person.name, Person.id)
    )
    named = {person_id for person_id, _ in first}
    return [*first, *((person_id, name) for person_id, name in rest if person_id not in named)]


def _worker_of(audit: Audit) -> list[tuple[int, str]]:
    row = db.session.execute(
        select(Person.id, Person.name).join(Worker, Worker.person_id == Person.id).where(Worker.id == audit.worker_id)
    ).first()
    return [(row.id, f"{row.name} (the case’s worker)")] if row else []


def _managers_of(audit: Audit, on: date) -> list[tuple[int, str]]:
    if audit.team_id is None:
        return []
    rows = db.session.execute(
        select(Person.id, Person.name)
        .join(RoleGrant, RoleGrant.person_id == Person.id)
        .where(RoleGrant.team_id == audit.team_id, RoleGrant.role == Role.TEAM_MANAGER, in_force(on), here_on(on))
        .distinct()
        .order_by(Person.name)
    )
    return [(row.id, f"{row.name} (team manager)") for row in rows]


def worker_called(audit: Audit) -> str:
    """Give the audited worker's name as people write it, where the extract's spelling is placed on a person."""
    name = db.session.scalar(
        select(Person.name).join(Worker, Worker.person_id == Person.id).where(Worker.id == audit.worker_id)
    )
    return name or audit.worker_then or "The worker"


def worker_signs_in(audit: Audit) -> bool:
    """Tell whether the audited worker can sign in here, and so write their own view."""
    return bool(_worker_of(audit))


# Lists and homes

STARTED = exists(
    select(Section.id)
    .join(AuditVersion, AuditVersion.id == Section.audit_version_id)
    .where(AuditVersion.audit_id == Audit.id, Section.saved_at.is_not(None))
)
STATES = ("To do", "In progress", "Submitted", "Being corrected", "Withdrawn")
STATE: ColumnElement[str] = case(
    (Audit.withdrawn_at.is_not(None), "Withdrawn"),
    (and_(SUBMITTED, DRAFT), "Being corrected"),
    (SUBMITTED, "Submitted"),
    (STARTED, "In progress"),
    else_="To do",
)
"""How far an audit is, as lists say it."""

DAY: ColumnElement[date] = func.coalesce(
    select(AuditVersion.audited_on)
    .where(AuditVersion.audit_id == Audit.id, AuditVersion.newest.is_(True))
    .scalar_subquery(),
    Audit.due_on,
)
"""The day by which lists place an audit: its stated day once it is submitted, before that the day it is due."""


def lines(viewer: Viewer) -> Select[Any]:
    """Select the audits that somebody finds in their list, with the state and day of each."""
    return listed(viewer).add_columns(STATE.label("state"), DAY.label("day"))


def in_month(written: str) -> tuple[ColumnElement[bool], ColumnElement[bool]]:
    """Say that an audit lies in a month, written 2026-11."""
    year, number = (int(part) for part in written.split("-"))
    return date(year, number, 1) <= DAY, date(year + number // 12, number % 12 + 1, 1) > DAY


def in_state(words: str) -> ColumnElement[bool]:
    """Say that an audit is so far."""
    return STATE.in_([words])


def overdue(on: date) -> ColumnElement[bool]:
    """Say that an audit should have been submitted before a day and was not."""
    return and_(~SUBMITTED, Audit.withdrawn_at.is_(None), Audit.due_on < on)


def late_in_scope(viewer: Viewer, on: date) -> int:
    """Count the overdue audits that the viewer allocates."""
    chosen = select(func.count()).select_from(Audit).where(_within(viewer, Role.QA_LEAD), overdue(on))
    return db.session.scalar(chosen) or 0


def state(audit: Audit) -> str:
    """Say how far one audit is, as lists say it."""
    return db.session.scalar(select(STATE).select_from(Audit).where(Audit.id == audit.id)) or ""


def auditors(viewer: Viewer) -> list[tuple[int, str]]:
    """Give everybody who carries out an audit in the viewer's list, by name."""
    rows = db.session.execute(
        select(Person.id, Person.name)
        .where(exists(select(Audit.id).where(Audit.auditor_id == Person.id, visible(viewer))))
        .order_by(Person.name, Person.id)
    )
    return [(row[0], row[1]) for row in rows]


def openable(viewer: Viewer, case_id: int) -> Case | None:
    """Give a case on which the viewer may open an audit."""
    return seen_case(viewer, case_id)


def openings(viewer: Viewer, audit_id: int) -> Audit | None:
    """Give an audit to whoever may read who opened it: the QA lead in their scope, the administrator."""
    everywhere = Role.ADMINISTRATOR in viewer.roles
    return _one(Audit.id == audit_id) if everywhere else led(viewer, audit_id)


def listed(viewer: Viewer) -> Select[Audit]:
    """Select the audits that somebody finds in their list, with what a row shows."""
    return (
        select(Audit)
        .join(Audit.case)
        .join(Audit.auditor)
        .join(Audit.template_version)
        .join(TemplateVersion.template)
        .where(visible(viewer))
        .options(
            contains_eager(Audit.case),
            contains_eager(Audit.auditor),
            contains_eager(Audit.template_version).contains_eager(TemplateVersion.template),
            selectinload(Audit.versions),
        )
    )


def to_do(viewer: Viewer) -> Sequence[Audit]:
    """Give the audits that somebody still has to carry out or correct, those due first at the top."""
    chosen = listed(viewer).where(Audit.auditor_id == viewer.person_id, DRAFT, Audit.withdrawn_at.is_(None))
    return db.session.scalars(chosen.order_by(Audit.due_on, Audit.id)).all()


def conversations_to_arrange(viewer: Viewer) -> Sequence[Audit]:
    """Give the audits of somebody's own that wait for their conversation."""
    waiting = exists(
        select(AuditVersion.id).where(
            AuditVersion.audit_id == Audit.id,
            AuditVersion.submitted_at.is_(None),
            AuditVersion.conversation_on.is_(None),
            AuditVersion.no_conversation.is_(None),
        )
    )
    chosen = listed(viewer).where(
        Audit.auditor_id == viewer.person_id,
        Audit.withdrawn_at.is_(None),
        Audit.kind != AuditKind.DIP_SAMPLE,
        waiting,
    )
    return db.session.scalars(chosen.order_by(Audit.due_on, Audit.id)).all()


def about_me(viewer: Viewer) -> Sequence[Audit]:
    """Give the audits of somebody's own work that are being done now."""
    chosen = listed(viewer).where(Audit.worker_id.in_(viewer.worker_ids), Audit.withdrawn_at.is_(None), ~SUBMITTED)
    return db.session.scalars(chosen.order_by(Audit.due_on, Audit.id)).all()


def to_read(viewer: Viewer) -> Sequence[Audit]:
    """Give the submitted audits of somebody's own work that they have not said to have read."""
    has_read = exists(
        select(Reading.id)
        .join(AuditVersion, AuditVersion.id == Reading.audit_version_id)
        .where(AuditVersion.audit_id == Audit.id, AuditVersion.newest.is_(True), Reading.person_id == viewer.person_id)
    )
    chosen = listed(viewer).where(Audit.worker_id.in_(viewer.worker_ids), SUBMITTED, ~has_read)
    return db.session.scalars(chosen.order_by(Audit.id)).all()


def of_team_unopened(viewer: Viewer) -> Sequence[Audit]:
    """Give the submitted audits of somebody's team that they have not opened yet, as the journal tells."""
    opened = exists(
        select(Entry.number).where(
            Entry.kind == "audit",
            Entry.verb == "opened",
            Entry.person_id == viewer.person_id,
            Entry.object_id == func.cast(Audit.id, Entry.object_id.type),
        )
    )
    chosen = listed(viewer).where(
        SUBMITTED,
        _within(viewer, Role.TEAM_MANAGER),
        Audit.auditor_id != viewer.person_id,
        Audit.worker_id.not_in(viewer.worker_ids) if viewer.worker_ids else Audit.id.is_not(None),
        ~opened,
    )
    return db.session.scalars(chosen.order_by(Audit.id)).all()


def of_case(viewer: Viewer, held: Case) -> Sequence[Audit]:
    """Give the audits of a case that the viewer knows of, newest first."""
    return db.session.scalars(listed(viewer).where(Audit.case_id == held.id).order_by(Audit.id.desc())).all()


def opened_by(audit: Audit) -> Sequence[tuple[Entry, str]]:
    """Give who opened or changed an audit, newest first: (journal entry, name)."""
    ids = [str(one.id) for one in audit.versions]
    rows = db.session.execute(
        select(Entry, Person.name)
        .outerjoin(Person, Person.id == Entry.person_id)
        .where(
            or_(
                and_(Entry.kind == "audit", Entry.object_id == str(audit.id)),
                and_(Entry.kind == "audit_version", Entry.object_id.in_(ids), Entry.verb != "answered"),
            )
        )
        .order_by(Entry.number.desc())
        .limit(500)
    )
    return [(entry, name or entry.account or "the command line") for entry, name in rows]


def reasons(audit: Audit) -> dict[datetime, str]:
    """Give the reasons that senior leaders typed before opening an audit, by their moment."""
    rows = db.session.execute(select(Opening.at, Opening.reason).where(Opening.audit_id == audit.id))
    return {row[0]: row[1] for row in rows}


def audited_cases() -> Select[Any]:
    """Select the cases with a submitted audit, for the list of cases."""
    return select(Audit.case_id).join(AuditVersion).where(AuditVersion.newest.is_(True), Audit.withdrawn_at.is_(None))


def cases_to_audit(who: Viewer) -> Select[Any]:
    """Select the cases that somebody audits, which lets them see the case's page."""
    return select(Audit.case_id).where(Audit.auditor_id == who.person_id, Audit.withdrawn_at.is_(None))
