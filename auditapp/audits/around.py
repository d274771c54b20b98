"""Reading what stands around an audit: the case's facts, who may audit it, who may take an action on."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from datetime import date

from sqlalchemy import exists, func, or_, select

from auditapp.audits.conflicts import Candidate, Held, Matter
from auditapp.audits.facts import Known, band
from auditapp.audits.models import (
    Audit,
    AuditVersion,
)
from auditapp.cases.models import Involvement, Worker, WorkerAlias
from auditapp.council.queries import decided
from auditapp.db import db, today
from auditapp.people.models import Person, RoleGrant, Team
from auditapp.people.queries import here_on, in_force
from auditapp.people.roles import RIGHTS, Act, Role
from auditapp.web.dates import day

AUDITING_ROLES = (Role.AUDITOR, Role.TEAM_MANAGER, Role.MODERATOR, Role.QA_LEAD)
OWN_TEAM_ROLES = (Role.WORKER, Role.TEAM_MANAGER)


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
    return [(name, day(value) if isinstance(value, date) else value or "never") for name, value in lines]


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
    sees = RoleGrant.role.in_(RIGHTS[Act.SEE_ACTIONS])
    rest = db.session.execute(
        select(Person.id, Person.name)
        .where(here_on(on), exists(select(RoleGrant.id).where(RoleGrant.person_id == Person.id, in_force(on), sees)))
        .order_by(Person.name, Person.id)
    )
    named = {person_id for person_id, _ in first}
    return [*first, *((person_id, name) for person_id, name in rest if person_id not in named)]


def _worker_of(audit: Audit) -> list[tuple[int, str]]:
    row = db.session.execute(
        select(Person.id, Person.name).join(Worker, Worker.person_id == Person.id).where(Worker.id == _worker_id(audit))
    ).first()
    return [(row.id, f"{row.name} (the case’s worker)")] if row else []


def _worker_id(audit: Audit) -> int | None:
    return audit.worker_alias.worker_id if audit.worker_alias else None


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
        select(Person.name).join(Worker, Worker.person_id == Person.id).where(Worker.id == _worker_id(audit))
    )
    return name or audit.worker_then or "The worker"


def worker_signs_in(audit: Audit) -> bool:
    """Tell whether the audited worker can sign in here, and so write their own view."""
    return bool(_worker_of(audit))
