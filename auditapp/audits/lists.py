"""Reading many audits at once: lists, homes, case pages, and who opened one."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import ColumnElement, Select, Text, and_, case, cast, exists, func, or_, select
from sqlalchemy.orm import contains_eager, selectinload

from auditapp.actions.queries import late_before
from auditapp.audits.models import (
    Audit,
    AuditVersion,
    Opening,
    Reading,
    Section,
)
from auditapp.audits.reach import DRAFT, SUBMITTED, about, visible, within
from auditapp.cases.models import Case
from auditapp.db import db
from auditapp.journal.models import Entry
from auditapp.library.kinds import AuditKind
from auditapp.library.models import TemplateVersion
from auditapp.people.models import Person
from auditapp.people.roles import Role, Viewer

STARTED = exists(
    select(Section.id)
    .join(AuditVersion, AuditVersion.id == Section.audit_version_id)
    .where(AuditVersion.audit_id == Audit.id, Section.saved_at.is_not(None))
)
OPENING = ("opened", "gave a reason to open")
OWN_WORK = "wrote own view"
"""That a worker writes is theirs too, until they share it."""

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
    return and_(~SUBMITTED, Audit.withdrawn_at.is_(None), Audit.due_on < late_before(on))


def in_time(on: date) -> ColumnElement[bool]:
    """Say that an audit is under way and its day has not passed."""
    return and_(~SUBMITTED, Audit.withdrawn_at.is_(None), Audit.due_on >= late_before(on))


@dataclass(frozen=True, slots=True)
class Progress:
    """How the audits stand that somebody allocates.

    `late` and `first_due`: overdue ones, and the day the oldest of them was due; `under_way`: open and not overdue;
    `done`: carried out in the month so far, as submitted.
    """

    late: int
    first_due: date | None
    under_way: int
    done: int


def progress(viewer: Viewer, on: date) -> Progress:
    """Tell how the audits stand on a day that the viewer allocates."""
    theirs = within(viewer, Role.QA_LEAD)
    late = db.session.execute(select(func.count(), func.min(Audit.due_on)).where(theirs, overdue(on))).one()
    under_way = select(func.count()).select_from(Audit).where(theirs, in_time(on))
    done = select(func.count()).select_from(Audit).where(theirs, SUBMITTED, *in_month(f"{on:%Y-%m}"))
    return Progress(late[0], late[1], db.session.scalar(under_way) or 0, db.session.scalar(done) or 0)


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
    chosen = listed(viewer).where(about(viewer), Audit.withdrawn_at.is_(None), ~SUBMITTED)
    return db.session.scalars(chosen.order_by(Audit.due_on, Audit.id)).all()


def to_read(viewer: Viewer) -> Sequence[Audit]:
    """Give the submitted audits of somebody's own work that they have not said to have read."""
    has_read = exists(
        select(Reading.id)
        .join(AuditVersion, AuditVersion.id == Reading.audit_version_id)
        .where(AuditVersion.audit_id == Audit.id, AuditVersion.newest.is_(True), Reading.person_id == viewer.person_id)
    )
    chosen = listed(viewer).where(about(viewer), SUBMITTED, ~has_read)
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
        within(viewer, Role.TEAM_MANAGER),
        Audit.auditor_id != viewer.person_id,
        or_(Audit.worker_alias_id.is_(None), ~about(viewer)),
        ~opened,
    )
    return db.session.scalars(chosen.order_by(Audit.id)).all()


def of_case(viewer: Viewer, held: Case) -> Sequence[Any]:
    """Give the audits of a case that the viewer knows of, newest first, each with its state."""
    return db.session.execute(lines(viewer).where(Audit.case_id == held.id).order_by(Audit.id.desc())).all()


def opened_by(audit: Audit) -> Sequence[tuple[Entry, str]]:
    """Give who opened or changed an audit, newest first: (journal entry, name)."""
    ids = [str(one.id) for one in audit.versions]
    rows = db.session.execute(
        select(Entry, Person.name)
        .outerjoin(Person, Person.id == Entry.person_id)
        .where(
            or_(
                and_(Entry.kind == "audit", Entry.object_id == str(audit.id), Entry.verb != OWN_WORK),
                and_(Entry.kind == "audit_version", Entry.object_id.in_(ids), Entry.verb != "answered"),
            )
        )
        .order_by(Entry.number.desc())
        .limit(500)
    )
    return [(entry, name or entry.account or "the command line") for entry, name in rows]


def all_openings(viewer: Viewer) -> Any:
    """Select the readings of submitted audits that the viewer may know of: (when, who, what was done, audit's number).

    A QA lead's scope; everything for an administrator, who learns that an audit was read but not what it says.
    """
    known = select(cast(Audit.id, Text))
    if Role.ADMINISTRATOR not in viewer.roles:
        known = known.where(within(viewer, Role.QA_LEAD))
    return (
        select(Entry.number, Entry.at, Entry.verb, Entry.object_id, Person.name)
        .join(Person, Person.id == Entry.person_id)
        .where(Entry.kind == "audit", Entry.verb.in_(OPENING), Entry.object_id.in_(known))
    )


def reasons(audit: Audit) -> dict[datetime, str]:
    """Give the reasons that senior leaders typed before opening an audit, by their moment."""
    rows = db.session.execute(select(Opening.at, Opening.reason).where(Opening.audit_id == audit.id))
    return {row[0]: row[1] for row in rows}


def audited_cases() -> Select[Any]:
    """Select the cases with a submitted audit, for the list of cases."""
    return select(Audit.case_id).join(AuditVersion).where(AuditVersion.newest.is_(True), Audit.withdrawn_at.is_(None))
