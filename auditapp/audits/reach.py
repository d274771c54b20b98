"""Who sees which audit: said once, for rows of a list (`visible`) and for the loaders that routes name.

Whoever is not named here gets nothing, the same as for an audit that does not exist.
"""

from __future__ import annotations

from datetime import datetime, time
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, exists, or_, select
from sqlalchemy.orm import joinedload, selectinload

from auditapp.audits.models import Audit, AuditVersion, Opening, WorkerView
from auditapp.cases.models import Case, WorkerAlias
from auditapp.cases.queries import seen_case
from auditapp.db import LONDON, db, today
from auditapp.people.roles import Role, Viewer

SUBMITTED = exists(select(AuditVersion.id).where(AuditVersion.audit_id == Audit.id, AuditVersion.newest.is_(True)))
DRAFT = exists(select(AuditVersion.id).where(AuditVersion.audit_id == Audit.id, AuditVersion.submitted_at.is_(None)))


def visible(viewer: Viewer) -> ColumnElement[bool]:
    """Say which audits somebody finds in a list; what they may read of each is said by the loaders."""
    named = [
        and_(Audit.auditor_id == viewer.person_id, Audit.withdrawn_at.is_(None)),
        and_(about(viewer), Audit.withdrawn_at.is_(None)),
        within(viewer, Role.QA_LEAD),
        and_(SUBMITTED, within(viewer, Role.TEAM_MANAGER)),
        and_(SUBMITTED, within(viewer, Role.SENIOR_LEADER)),
    ]
    return or_(*named)


def about(viewer: Viewer) -> ColumnElement[bool]:
    """Say that an audit is of the viewer's own work.

    A submitted one keeps its worker; until then, whoever the extract's spelling is placed on now.
    """
    theirs = select(WorkerAlias.id).where(WorkerAlias.worker_id.in_(viewer.worker_ids))
    kept = and_(SUBMITTED, Audit.worker_id.is_not(None))
    return or_(and_(kept, Audit.worker_id.in_(viewer.worker_ids)), and_(~kept, Audit.worker_alias_id.in_(theirs)))


def is_about(viewer: Viewer, audit: Audit) -> bool:
    """Tell whether an audit is of the viewer's own work."""
    kept = audit.worker_id if any(one.newest for one in audit.versions) else None
    return (kept or (audit.worker_alias.worker_id if audit.worker_alias else None)) in viewer.worker_ids


def within(viewer: Viewer, role: Role) -> ColumnElement[bool]:
    """Say that an audit's team, as it was then, lies where the viewer holds a role."""
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
        within(viewer, Role.SENIOR_LEADER),
    )
    return and_(
        SUBMITTED,
        or_(
            Audit.auditor_id == viewer.person_id,
            about(viewer),
            within(viewer, Role.TEAM_MANAGER),
            within(viewer, Role.QA_LEAD),
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
    return _one(Audit.id == audit_id, SUBMITTED, within(viewer, Role.SENIOR_LEADER))


def own(viewer: Viewer, audit_id: int) -> Audit | None:
    """Give an audit that the viewer carries out or carried out."""
    return _one(Audit.id == audit_id, Audit.auditor_id == viewer.person_id, Audit.withdrawn_at.is_(None))


def of_worker(viewer: Viewer, audit_id: int) -> Audit | None:
    """Give an audit of the viewer's own work."""
    return _one(Audit.id == audit_id, about(viewer), Audit.withdrawn_at.is_(None))


def of_own_voice(viewer: Viewer, audit_id: int) -> Audit | None:
    """Give an audit of the viewer's own work, unless somebody else has begun to write there as its worker."""
    others = exists().where(WorkerView.audit_id == Audit.id, WorkerView.person_id != viewer.person_id)
    return _one(Audit.id == audit_id, about(viewer), Audit.withdrawn_at.is_(None), ~others)


def led(viewer: Viewer, audit_id: int) -> Audit | None:
    """Give an audit that the viewer allocates: the row, not what was recorded."""
    return _one(Audit.id == audit_id, within(viewer, Role.QA_LEAD))


def may_read(viewer: Viewer, audit: Audit) -> bool:
    """Tell whether the viewer may read a submitted audit right now."""
    return bool(db.session.scalar(select(exists().where(Audit.id == audit.id, reads(viewer)))))


def openable(viewer: Viewer, case_id: int) -> Case | None:
    """Give a case on which the viewer may open an audit."""
    return seen_case(viewer, case_id)


def openings(viewer: Viewer, audit_id: int) -> Audit | None:
    """Give an audit to whoever may read who opened it: the QA lead in their scope, the administrator."""
    everywhere = Role.ADMINISTRATOR in viewer.roles
    return _one(Audit.id == audit_id) if everywhere else led(viewer, audit_id)


def cases_to_audit(who: Viewer) -> Select[Any]:
    """Select the cases that somebody audits, which lets them see the case's page."""
    return select(Audit.case_id).where(Audit.auditor_id == who.person_id, Audit.withdrawn_at.is_(None))
