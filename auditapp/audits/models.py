"""The tables of audits: one reading of one involvement, its versions, and everything said in them.

An audit keeps team, service and worker as they were then. What was recorded hangs on a version: a submitted version
never changes (triggers refuse it), a correction is the next version.
"""

from __future__ import annotations

from datetime import date, datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import CheckConstraint, ForeignKey, Index, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from auditapp.cases.models import Case, Involvement, TeamAlias, WorkerAlias
from auditapp.db import Model, Versioned
from auditapp.library.kinds import AuditKind, JourneyStage
from auditapp.library.models import TemplateVersion
from auditapp.people.models import Person


class Audit(Versioned, Model):
    """One reading of one involvement against one template version, allocated to one auditor.

    Team and worker stand as they were then. The spellings are pinned too: one that is placed or merged later still
    leads its worker to the audit of their own work.
    """

    __tablename__ = "audit"
    __table_args__ = (
        CheckConstraint("withdrawn_at IS NULL OR withdrawn_why != ''", name="withdrawn_with_a_reason"),
        Index("ix_audit_team_kind", "team_id", "kind"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    case_id: Mapped[int] = mapped_column(ForeignKey("case.id"), index=True)
    involvement_id: Mapped[int] = mapped_column(ForeignKey("involvement.id"), index=True)
    template_version_id: Mapped[int] = mapped_column(ForeignKey("template_version.id"), index=True)
    kind: Mapped[AuditKind]
    journey_stage: Mapped[JourneyStage]
    auditor_id: Mapped[int] = mapped_column(ForeignKey("person.id"), index=True)
    opened_at: Mapped[datetime]
    opened_by: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    due_on: Mapped[date]
    service_id: Mapped[int | None] = mapped_column(ForeignKey("service.id"))
    service_then: Mapped[str] = mapped_column(default="")
    team_id: Mapped[int | None] = mapped_column(ForeignKey("team.id"))
    team_alias_id: Mapped[int | None] = mapped_column(ForeignKey("team_alias.id"))
    team_then: Mapped[str] = mapped_column(default="")
    worker_id: Mapped[int | None] = mapped_column(ForeignKey("worker.id"), index=True)
    worker_alias_id: Mapped[int | None] = mapped_column(ForeignKey("worker_alias.id"), index=True)
    worker_then: Mapped[str] = mapped_column(default="")
    withdrawn_at: Mapped[datetime | None]
    withdrawn_why: Mapped[str] = mapped_column(default="")
    version: Mapped[int] = mapped_column(default=1)

    case: Mapped[Case] = relationship()
    involvement: Mapped[Involvement] = relationship()
    template_version: Mapped[TemplateVersion] = relationship()
    auditor: Mapped[Person] = relationship(foreign_keys=[auditor_id])
    team_alias: Mapped[TeamAlias | None] = relationship()
    worker_alias: Mapped[WorkerAlias | None] = relationship()
    versions: Mapped[list[AuditVersion]] = relationship(back_populates="audit", order_by="AuditVersion.number")


class NoConversation(StrEnum):
    """The coded reason why an audit was a desktop one."""

    WORKER_LEFT = "worker_left"
    WORKER_ON_LEAVE = "worker_on_leave"
    NO_WORKER = "no_worker"
    DECLINED = "declined"
    NOT_ASKED_FOR = "not_asked_for"
    OTHER = "other"


class AuditVersion(Versioned, Model):
    """What one audit recorded, from its beginning (number 1) or from a correction on.

    `audited_on` is the audit's stated day, the one that reports place it by. `newest`: figures follow this version;
    among the submitted ones exactly the latest carries it.
    """

    __tablename__ = "audit_version"
    __table_args__ = (
        UniqueConstraint("audit_id", "number", name="number"),
        CheckConstraint("number = 1 OR reason != ''", name="corrected_with_a_reason"),
        CheckConstraint("submitted_at IS NULL OR audited_on IS NOT NULL", name="submitted_with_its_day"),
        Index("ix_audit_version_newest_day", "newest", "audited_on"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    audit_id: Mapped[int] = mapped_column(ForeignKey("audit.id"))
    number: Mapped[int]
    reason: Mapped[str] = mapped_column(default="")
    began_at: Mapped[datetime]
    began_by: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    conversation_on: Mapped[date | None]
    took_part: Mapped[list[Any]] = mapped_column(default=list)
    no_conversation: Mapped[NoConversation | None]
    no_conversation_why: Mapped[str] = mapped_column(default="")
    so_what: Mapped[str] = mapped_column(default="")
    audited_on: Mapped[date | None]
    submitted_at: Mapped[datetime | None]
    submitted_by: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    newest: Mapped[bool] = mapped_column(default=False)
    digest: Mapped[str] = mapped_column(default="")
    version: Mapped[int] = mapped_column(default=1)

    audit: Mapped[Audit] = relationship(back_populates="versions")
    answers: Mapped[list[Answer]] = relationship()
    judgements: Mapped[list[Judgement]] = relationship()
    findings: Mapped[list[Finding]] = relationship(order_by="Finding.id")


class Section(Versioned, Model):
    """One domain's page of a version: who saved it last, and whether its auditor calls it complete."""

    __tablename__ = "section"
    __table_args__ = (UniqueConstraint("audit_version_id", "domain_key", name="domain"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    audit_version_id: Mapped[int] = mapped_column(ForeignKey("audit_version.id"))
    domain_key: Mapped[str]
    saved_at: Mapped[datetime | None]
    saved_by: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    version: Mapped[int] = mapped_column(default=1)


class Answer(Model):
    """What was recorded for one question; several choices are kept as one line of keys, separated by spaces."""

    __tablename__ = "answer"
    __table_args__ = (UniqueConstraint("audit_version_id", "question_key", name="question"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    audit_version_id: Mapped[int] = mapped_column(ForeignKey("audit_version.id"))
    question_key: Mapped[str]
    value: Mapped[str] = mapped_column(default="")
    comment: Mapped[str] = mapped_column(default="")


class Stage(StrEnum):
    """Whose mark a judgement is."""

    AUDITOR = "auditor"
    WORKER = "worker"
    AGREED = "agreed"
    SECOND = "second"
    FINAL = "final"


class Judgement(Model):
    """One mark, at one stage, on one domain of an audit version or (no domain) overall.

    `rank` is the grade's number (best highest) on `scale`; `word` the grade as printed.
    """

    __tablename__ = "judgement"
    __table_args__ = (
        UniqueConstraint("audit_version_id", "domain_key", "stage", name="one_mark_per_stage"),
        CheckConstraint("rank IS NOT NULL OR evidence != '' OR effect != ''", name="a_mark_or_words"),
        CheckConstraint("rank IS NULL OR word != ''", name="a_mark_has_its_word"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    audit_version_id: Mapped[int] = mapped_column(ForeignKey("audit_version.id"))
    domain_key: Mapped[str] = mapped_column(default="")
    stage: Mapped[Stage]
    scale: Mapped[str]
    rank: Mapped[int | None]
    word: Mapped[str] = mapped_column(default="")
    evidence: Mapped[str] = mapped_column(default="")
    effect: Mapped[str] = mapped_column(default="")


class FindingKind(StrEnum):
    """Whether a finding is something to keep doing or something to do differently."""

    STRENGTH = "strength"
    LEARNING = "learning"


class Finding(Model):
    """A strength or an area for learning, tied to a theme, with its evidence."""

    __tablename__ = "finding"
    __table_args__ = (Index("ix_finding_version_theme", "audit_version_id", "theme_key"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    audit_version_id: Mapped[int] = mapped_column(ForeignKey("audit_version.id"))
    kind: Mapped[FindingKind]
    domain_key: Mapped[str] = mapped_column(default="")
    theme_key: Mapped[str]
    words: Mapped[str]
    evidence: Mapped[str] = mapped_column(default="")
    child: Mapped[str] = mapped_column(default="")


class WorkerView(Versioned, Model):
    """The worker's own voice, written by the worker and apart from the auditor's; theirs alone until they share it.

    `grades` holds their own mark by domain key, if they wish; on sharing it becomes judgements of stage worker.
    """

    __tablename__ = "worker_view"
    __table_args__ = (UniqueConstraint("audit_id", name="audit"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    audit_id: Mapped[int] = mapped_column(ForeignKey("audit.id"))
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    proud_of: Mapped[str] = mapped_column(default="")
    do_differently: Mapped[str] = mapped_column(default="")
    in_the_way: Mapped[str] = mapped_column(default="")
    difference: Mapped[str] = mapped_column(default="")
    grades: Mapped[dict[str, Any]] = mapped_column(default=dict)
    saved_at: Mapped[datetime]
    shared_at: Mapped[datetime | None]
    version: Mapped[int] = mapped_column(default=1)


class Reading(Model):
    """“I have read this”: said by the worker of one submitted version, with their disagreement where they have one."""

    __tablename__ = "reading"
    __table_args__ = (UniqueConstraint("audit_version_id", "person_id", name="once"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    audit_version_id: Mapped[int] = mapped_column(ForeignKey("audit_version.id"))
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    at: Mapped[datetime]
    disagreement: Mapped[str] = mapped_column(default="")


class Opening(Model):
    """The reason that a senior leader typed before opening a submitted audit; it holds for the rest of that day."""

    __tablename__ = "opening"
    __table_args__ = (
        CheckConstraint("reason != ''", name="with_a_reason"),
        Index("ix_opening_audit_person", "audit_id", "person_id"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    audit_id: Mapped[int] = mapped_column(ForeignKey("audit.id"))
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    at: Mapped[datetime]
    reason: Mapped[str]
