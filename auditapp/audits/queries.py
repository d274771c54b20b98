"""Reading one audit: what was recorded in a version, and everything that was submitted as one value."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Any

from sqlalchemy import Select, select

from auditapp.actions.models import Action
from auditapp.actions.queries import of_origin
from auditapp.audits import recorded
from auditapp.audits.completeness import Step, gaps, steps
from auditapp.audits.models import (
    Answer,
    Audit,
    AuditVersion,
    Finding,
    Judgement,
    Reading,
    Section,
    Stage,
    WorkerView,
)
from auditapp.audits.reach import own
from auditapp.audits.recorded import Conversation, Drafted, Found, Judged, Recorded
from auditapp.db import db
from auditapp.journal.chain import fingerprint
from auditapp.library import queries as library
from auditapp.library.asking import AnswerKind
from auditapp.library.kinds import AuditKind
from auditapp.people.models import Person
from auditapp.people.roles import Viewer

if TYPE_CHECKING:
    from auditapp.audits.completeness import Gap
    from auditapp.library.template import Definition, Domain

AS_STORED: dict[str, Any] = {"populate_existing": True}
"""Rows are replaced by plain statements: what a session holds of one may be another that had its number before."""

ORIGIN = "audit"
"""Where an audit's actions say that they came from."""


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
    answers = db.session.scalars(
        select(Answer).where(Answer.audit_version_id == version.id).execution_options(**AS_STORED)
    ).all()
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
    return db.session.scalars(chosen.order_by(Judgement.id).execution_options(**AS_STORED)).all()


def findings_of(version: AuditVersion) -> Sequence[Finding]:
    """Give a version's findings in the order written."""
    chosen = select(Finding).where(Finding.audit_version_id == version.id).order_by(Finding.id)
    return db.session.scalars(chosen.execution_options(**AS_STORED)).all()


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


def content(version: AuditVersion) -> dict[str, Any]:
    """Give everything that was submitted in a version as plain values: what the journal's digest stands for."""
    audit, view = version.audit, shared_view(version.audit)
    answers = db.session.scalars(
        select(Answer).where(Answer.audit_version_id == version.id).execution_options(**AS_STORED)
    ).all()
    voices = judgements_of(version, *Stage)
    latest = max((one.number for one in audit.versions if one.submitted_at), default=0)
    return {
        "audit": [audit.id, audit.case_id, audit.case.reference, audit.involvement_id, audit.template_version_id,
                  audit.kind.value, audit.journey_stage.value, audit.auditor_id, audit.service_then, audit.service_id,
                  audit.team_id, audit.team_then,
                  audit.worker_id, audit.worker_alias_id, audit.worker_then, audit.withdrawn_at],
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


def submitted_ids() -> list[str]:
    """Name every submitted version: each must stand in the journal."""
    return [
        str(one) for one in db.session.scalars(select(AuditVersion.id).where(AuditVersion.submitted_at.is_not(None)))
    ]


def reading_ids() -> list[str]:
    """Name every “I have read this”."""
    return [str(one) for one in db.session.scalars(select(Reading.id))]


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
