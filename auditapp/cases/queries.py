"""Reading the population: what is held, who may see which case, and how many are open."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from difflib import SequenceMatcher
from typing import Any

from flask import current_app
from sqlalchemy import ColumnElement, Select, case, exists, false, func, or_, select, true
from sqlalchemy.orm import aliased, joinedload, selectinload

from auditapp.cases.annex_a import Kind, shape, shapes
from auditapp.cases.models import Case, Involvement, PendingImport, PopulationImport, TeamAlias, Worker, WorkerAlias
from auditapp.db import db, today
from auditapp.people.models import Person, RoleGrant, Service, Team
from auditapp.people.queries import here_on, in_force
from auditapp.people.roles import Act, Role, Viewer

ALSO_VISIBLE = "auditapp.cases.also_visible"
"""Where later rooms leave functions `(viewer) -> select of case ids`: cases that somebody sees for another reason."""

AUDITED = "auditapp.cases.audited"
"""Where the audits room leaves a function `() -> select of case ids`: cases that were audited."""

PRACTICE = (Role.WORKER, Role.TEAM_MANAGER, Role.AUDITOR, Role.MODERATOR)
PARTS = 500
LIKELY = 0.72


# ---- what is held ----


def held_population() -> dict[str, dict[str, list[str]]]:
    """Give the present population: reference → list → the fingerprints of its rows."""
    held: dict[str, dict[str, list[str]]] = {}
    rows = select(Case.reference, Involvement.list_key, Involvement.digest).join(Involvement.case).where(_present())
    for reference, key, digest in db.session.execute(rows):
        held.setdefault(reference, {}).setdefault(key, []).append(digest)
    return held


def _present() -> ColumnElement[bool]:
    return Involvement.gone_import_id.is_(None)


def case_ids(references: Iterable[str]) -> dict[str, int]:
    """Give reference → id for those references that are known."""
    wanted = list(references)
    found: dict[str, int] = {}
    for start in range(0, len(wanted), PARTS):
        rows = select(Case.reference, Case.id).where(Case.reference.in_(wanted[start : start + PARTS]))
        found |= dict(db.session.execute(rows).all())
    return found


def alias_ids(alias: type[TeamAlias] | type[WorkerAlias]) -> dict[str, int]:
    """Give the folded spelling → id of every spelling known."""
    return dict(db.session.execute(select(alias.folded, alias.id)).all())


def involvement_rows(list_keys: Iterable[str]) -> Sequence[Any]:
    """Give what tells the involvements of these lists apart, the gone ones too."""
    return db.session.execute(
        select(
            Involvement.id,
            Involvement.case_id,
            Involvement.list_key,
            Involvement.episode,
            Involvement.started_on,
            Involvement.digest,
            Involvement.open_then,
            Involvement.gone_import_id,
        ).where(Involvement.list_key.in_(list_keys))
    ).all()


def last_pointing() -> dict[str, str]:
    """Give the columns that were pointed at for the last list taken that needed it."""
    for taken in db.session.scalars(select(PopulationImport).order_by(PopulationImport.id.desc()).limit(24)):
        if taken.summary.get("pointing"):
            return dict(taken.summary["pointing"])
    return {}


def imports() -> Sequence[PopulationImport]:
    """Give the extracts that were taken, the latest first."""
    return db.session.scalars(select(PopulationImport).order_by(PopulationImport.id.desc()).limit(100)).all()


def last_import() -> PopulationImport | None:
    """Give the extract that was taken last."""
    return db.session.scalar(select(PopulationImport).order_by(PopulationImport.id.desc()).limit(1))


def newest_as_at() -> date | None:
    """Give the latest day that an extract taken shows."""
    return db.session.scalar(select(func.max(PopulationImport.as_at)))


def keeper(viewer: Viewer) -> Viewer | None:
    """Give back a viewer who keeps the population, which is the whole council's: nobody does for a team or service."""
    return viewer if viewer.scope(Role.QA_LEAD, Role.ADMINISTRATOR).everything else None


def taken_import(viewer: Viewer, import_id: int) -> PopulationImport | None:
    """Give one extract that was taken to those who keep the population."""
    return db.session.get(PopulationImport, import_id) if keeper(viewer) else None


def own_pending(viewer: Viewer, pending_id: int) -> PendingImport | None:
    """Give a previewed extract to whoever previewed it, while they keep the population."""
    waiting = db.session.get(PendingImport, pending_id)
    return waiting if waiting and waiting.person_id == viewer.person_id and keeper(viewer) else None


# ---- counting ----


@dataclass(frozen=True, slots=True)
class Count:
    """How many children, altogether and by what they were counted by (None: blank)."""

    total: int
    rows: tuple[tuple[str | None, int], ...]


def count_open(list_key: str, by: str = "team", *, only_open: bool = True) -> Count:
    """Count the children (open) in a list, each once, by team or by status, as at the list's last import.

    A child with several rows is counted with the latest of them: latest start, then the row taken last.
    """
    rows = (
        select(Involvement.case_id, TeamAlias.spelling, Involvement.status)
        .outerjoin(Involvement.team_alias)
        .where(Involvement.list_key == list_key, _present())
        .order_by(func.coalesce(Involvement.started_on, date.min), Involvement.id)
    )
    if only_open:
        rows = rows.where(Involvement.open_then)
    of_child = {row.case_id: (row.spelling if by == "team" else row.status) or None for row in db.session.execute(rows)}
    counted: dict[str | None, int] = {}
    for name in of_child.values():
        counted[name] = counted.get(name, 0) + 1
    ordered = sorted(counted.items(), key=lambda pair: (pair[0] is None, (pair[0] or "").casefold()))
    return Count(len(of_child), tuple(ordered))


# ---- who sees which case ----


def visible(viewer: Viewer) -> ColumnElement[bool]:
    """Give the condition under which somebody sees a case.

    A QA lead within their scope; a team manager where their team is now involved; whoever holds it as its worker; and
    the cases that later rooms name (those one audits).
    """
    scope = viewer.scope(Role.QA_LEAD, Role.TEAM_MANAGER)
    reasons: list[ColumnElement[bool]] = [true()] if scope.everything else []
    if scope.team_ids:
        reasons.append(_involving(Involvement.team_alias_id, TeamAlias, TeamAlias.team_id, scope.team_ids))
    if viewer.worker_ids:
        reasons.append(_involving(Involvement.worker_alias_id, WorkerAlias, WorkerAlias.worker_id, viewer.worker_ids))
    more: list[Callable[[Viewer], Select[Any]]] = current_app.extensions.get(ALSO_VISIBLE, [])
    reasons.extend(Case.id.in_(cases(viewer)) for cases in more)
    return or_(false(), *reasons) if viewer.may(Act.SEE_CASES) else false()


def _involving(through: Any, alias: type[TeamAlias] | type[WorkerAlias], on: Any, ids: Iterable[int]) -> Any:
    """Give the condition that a case has a present involvement whose spelling is placed on one of these."""
    # Its own copy of the tables: the query around it may join them too.
    held, spelt = aliased(Involvement), aliased(alias)
    named = getattr(held, through.key) == spelt.id
    found = select(held.case_id).join(spelt, named)
    return Case.id.in_(found.where(held.gone_import_id.is_(None), getattr(spelt, on.key).in_(list(ids))))


def seen_case(viewer: Viewer, case_id: int) -> Case | None:
    """Give a case to whoever may see it."""
    return db.session.scalar(select(Case).where(Case.id == case_id, visible(viewer)))


TEAM_NAME: ColumnElement[str] = func.coalesce(Team.name, TeamAlias.spelling)
WORKER_NAME: ColumnElement[str] = func.coalesce(Worker.name, WorkerAlias.spelling)
ORDER = [*(one.key for one in shapes()), "open"]
LIST_ORDER: ColumnElement[int] = case(
    *[(Involvement.list_key == key, rank) for rank, key in enumerate(ORDER)], else_=99
)


def involvement_lines(viewer: Viewer) -> Any:
    """Give the present involvements of the cases somebody sees: one line for each list that a child stands in."""
    return (
        select(
            Involvement.id.label("id"),
            Case.id.label("case_id"),
            Case.reference.label("reference"),
            Case.age_band.label("age_band"),
            Involvement.list_key.label("list_key"),
            Involvement.status.label("status"),
            Involvement.started_on.label("started_on"),
            Involvement.open_then.label("open_then"),
            TEAM_NAME.label("team"),
            WORKER_NAME.label("worker"),
        )
        .join(Involvement.case)
        .outerjoin(TeamAlias, TeamAlias.id == Involvement.team_alias_id)
        .outerjoin(Team, Team.id == TeamAlias.team_id)
        .outerjoin(WorkerAlias, WorkerAlias.id == Involvement.worker_alias_id)
        .outerjoin(Worker, Worker.id == WorkerAlias.worker_id)
        .where(_present(), visible(viewer))
    )


def audited() -> Select[Any] | None:
    """Give the cases that were audited, where a room can say so."""
    asked: Callable[[], Select[Any]] | None = current_app.extensions.get(AUDITED)
    return asked() if asked else None


def lists_held() -> list[str]:
    """Give the keys of the lists that present involvements are in, in the order of Annex A."""
    held = set(db.session.scalars(select(Involvement.list_key).where(_present()).distinct()))
    return [key for key in ORDER if key in held]


@dataclass(frozen=True, slots=True)
class Choices:
    """What a viewer's lines can be narrowed by: keys of lists, statuses, teams (or unplaced spellings), services."""

    lists: list[str]
    statuses: list[str]
    teams: list[str]
    services: list[tuple[str, str]]


def choices_in_scope(viewer: Viewer) -> Choices:
    """Give what a viewer's lines can be narrowed by: nothing is offered that only others see."""
    lines = involvement_lines(viewer).add_columns(Team.service_id.label("service_id")).subquery()
    found = db.session.execute(
        select(lines.c.list_key, lines.c.status, lines.c.team, lines.c.service_id).distinct()
    ).all()
    held = {row.list_key for row in found}
    services = select(Service.id, Service.name).where(Service.id.in_({row.service_id for row in found} - {None}))
    return Choices(
        lists=[key for key in ORDER if key in held],
        statuses=sorted({row.status for row in found} - {""}, key=str.casefold),
        teams=sorted({row.team for row in found} - {None}, key=str.casefold),
        services=[(str(id), name) for id, name in db.session.execute(services.order_by(Service.name))],
    )


def story(held: Case) -> Sequence[Involvement]:
    """Give a case's involvements: open ones first, then the latest."""
    return db.session.scalars(
        select(Involvement)
        .options(
            joinedload(Involvement.team_alias).joinedload(TeamAlias.team),
            joinedload(Involvement.worker_alias).joinedload(WorkerAlias.worker),
        )
        .where(Involvement.case_id == held.id)
        .order_by(
            Involvement.gone_import_id.is_not(None),
            Involvement.open_then.desc(),
            func.coalesce(Involvement.started_on, date.min).desc(),
            Involvement.id.desc(),
        )
    ).all()


def is_event(list_key: str) -> bool:
    """Tell whether the rows of a list are events."""
    found = shape(list_key)
    return found is not None and found.kind is Kind.EVENT


def list_title(list_key: str) -> str:
    """Give a list's title as pages say it."""
    found = shape(list_key)
    return found.title if found else "Other"


# ---- names ----


def worker_ids_of(person_id: int) -> frozenset[int]:
    """Give the workers of an extract that a person is."""
    return frozenset(db.session.scalars(select(Worker.id).where(Worker.person_id == person_id)))


def worker_of(person_id: int) -> Worker | None:
    """Give the worker that a person is."""
    return db.session.scalar(select(Worker).where(Worker.person_id == person_id))


def waiting_teams() -> Sequence[TeamAlias]:
    """Give the spellings of teams that wait to be placed."""
    return db.session.scalars(select(TeamAlias).where(TeamAlias.team_id.is_(None)).order_by(TeamAlias.folded)).all()


def waiting_workers() -> Sequence[WorkerAlias]:
    """Give the spellings of workers that wait to be placed."""
    found = select(WorkerAlias).where(WorkerAlias.worker_id.is_(None)).order_by(WorkerAlias.folded)
    return db.session.scalars(found).all()


def waiting() -> tuple[int, int]:
    """Count the spellings of teams and of workers that wait to be placed."""
    teams = select(func.count()).select_from(TeamAlias).where(TeamAlias.team_id.is_(None))
    workers = select(func.count()).select_from(WorkerAlias).where(WorkerAlias.worker_id.is_(None))
    return db.session.scalar(teams) or 0, db.session.scalar(workers) or 0


def placed_teams() -> Sequence[TeamAlias]:
    """Give the spellings of teams that were placed."""
    found = select(TeamAlias).options(joinedload(TeamAlias.team)).where(TeamAlias.team_id.is_not(None))
    return db.session.scalars(found.order_by(TeamAlias.folded)).all()


def workers() -> Sequence[Worker]:
    """Give the workers, with their spellings; those without any left apart."""
    has_spelling = exists().where(WorkerAlias.worker_id == Worker.id)
    found = select(Worker).options(selectinload(Worker.aliases)).where(has_spelling)
    return db.session.scalars(found.order_by(Worker.name, Worker.id)).all()


def one_worker(viewer: Viewer, worker_id: int) -> Worker | None:
    """Give one worker to those who keep the population."""
    return db.session.get(Worker, worker_id) if keeper(viewer) else None


def people_with_cases() -> Sequence[Person]:
    """Give the people who may hold cases now: they sign in and hold a role in practice today, by name."""
    holds = exists().where(RoleGrant.person_id == Person.id, RoleGrant.role.in_(PRACTICE), in_force(today()))
    return db.session.scalars(select(Person).where(here_on(today()), holds).order_by(Person.name, Person.id)).all()


def open_of(alias: type[TeamAlias] | type[WorkerAlias]) -> dict[int, int]:
    """Count the open involvements of each spelling that waits: id of the spelling → involvements."""
    column, placed = (
        (Involvement.team_alias_id, TeamAlias.team_id)
        if alias is TeamAlias
        else (Involvement.worker_alias_id, WorkerAlias.worker_id)
    )
    counted = (
        select(alias.id, func.count(Involvement.id))
        .join(Involvement, column == alias.id)
        .where(placed.is_(None), Involvement.open_then, _present())
        .group_by(alias.id)
    )
    return dict(db.session.execute(counted).all())


def team_alias(viewer: Viewer, alias_id: int) -> TeamAlias | None:
    """Give one spelling of a team to those who keep the population."""
    return db.session.get(TeamAlias, alias_id) if keeper(viewer) else None


def worker_alias(viewer: Viewer, alias_id: int) -> WorkerAlias | None:
    """Give one spelling of a worker to those who keep the population."""
    return db.session.get(WorkerAlias, alias_id) if keeper(viewer) else None


def likely(spelling: str, names: Mapping[int, str]) -> int | None:
    """Give the name most like a spelling (the same numbers, words in any order), or None when none is like enough."""

    def words(text: str) -> str:
        return " ".join(sorted("".join(mark if mark.isalnum() else " " for mark in text.casefold()).split()))

    def digits(text: str) -> list[str]:
        return sorted(mark for mark in text if mark.isdigit())

    wanted, numbers = words(spelling), digits(spelling)
    alike = {id: name for id, name in names.items() if digits(name) == numbers}
    scored = [(SequenceMatcher(None, wanted, words(name)).ratio(), -id) for id, name in alike.items()]
    best = max(scored, default=(0.0, 0))
    return -best[1] if best[0] >= LIKELY else None
