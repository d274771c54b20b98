"""Reading people, teams, roles and login sessions."""

from __future__ import annotations

import hashlib
from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping
from datetime import date, datetime, timedelta
from typing import Any, cast

from flask import current_app
from sqlalchemy import ColumnElement, Select, and_, exists, func, or_, select
from sqlalchemy.orm import joinedload, selectinload

from auditapp.db import db, now, today
from auditapp.people.models import KnownDevice, LoginSession, Person, RoleGrant, Service, SetUpLink, Team
from auditapp.people.roles import Grant, Role, Viewer
from auditapp.people.sessions import Limits
from auditapp.web.listing import Column, Filter, Listing

WORKER_IDS = "auditapp.worker_ids"
"""Where a later room leaves a function `(person_id) -> frozenset[int]`: the workers of an extract that a person is."""

SHOWN_SIGN_INS = "auditapp.shown_sign_ins"
"""Where a demonstration leaves its sign-ins, shown to everybody: (password, [(address, role in words)])."""

OWN_WORDS = "auditapp.own_words"
"""Where a room leaves a function `() -> list[str]`: the council's names, which a password must not lean on."""


def limits() -> Limits:
    """Give when login sessions of this installation end."""
    settings = current_app.extensions["auditapp.settings"]
    return Limits(idle=timedelta(minutes=settings.idle_minutes), longest=timedelta(hours=settings.longest_hours))


def digest(token: str) -> str:
    """Give what is kept of a token: its SHA-256."""
    return hashlib.sha256(token.encode()).hexdigest()


def live_session(token: str, at: datetime) -> LoginSession | None:
    """Give the login session of a token, with its person, while it lasts and its person is still here."""
    held = db.session.scalar(
        select(LoginSession)
        .options(joinedload(LoginSession.person))
        .where(LoginSession.token_digest == digest(token), LoginSession.ended_at.is_(None))
    )
    if held is None or held.person.left_by(today()) or not limits().last(held.began_at, held.seen_at, at):
        return None
    return held


def viewer_of(person: Person) -> Viewer:
    """Give somebody as the policy sees them today."""
    on = today()
    grants = db.session.scalars(select(RoleGrant).where(RoleGrant.person_id == person.id, in_force(on))).all()
    workers: Callable[[int], frozenset[int]] = current_app.extensions.get(WORKER_IDS, _no_worker)
    return Viewer(
        person_id=person.id,
        name=person.name,
        grants=tuple(Grant(grant.role, grant.service_id, grant.team_id) for grant in grants),
        worker_ids=workers(person.id),
        teams_of_service=_teams_of({grant.service_id for grant in grants if grant.service_id is not None}),
    )


def _no_worker(_person_id: int) -> frozenset[int]:
    return frozenset()


def _teams_of(services: set[int]) -> dict[int, frozenset[int]]:
    if not services:
        return {}
    held: dict[int, set[int]] = defaultdict(set)
    for service_id, team_id in db.session.execute(
        select(Team.service_id, Team.id).where(Team.service_id.in_(services))
    ):
        held[service_id].add(team_id)
    return {service_id: frozenset(teams) for service_id, teams in held.items()}


def in_force(on: date) -> ColumnElement[bool]:
    """Give the condition that a grant holds on a day; its last day is included."""
    return and_(RoleGrant.starts_on <= on, or_(RoleGrant.ends_on.is_(None), RoleGrant.ends_on >= on))


def here_on(on: date) -> ColumnElement[bool]:
    """Give the condition that a person may sign in on a day."""
    return or_(Person.ended_on.is_(None), Person.ended_on > on)


def by_email(email: str) -> Person | None:
    """Give the person with this work address, however it is written."""
    return db.session.scalar(select(Person).where(Person.email == email.strip().lower()))


def nobody_yet() -> bool:
    """Tell whether nobody is in the database."""
    return not db.session.scalar(select(exists().where(Person.id.is_not(None))))


def device_of(person_id: int, cookie: str) -> str:
    """Give the digest of a known device's cookie when this person has signed in with it before, else nothing."""
    if not cookie:
        return ""
    own = device_digest(cookie, person_id)
    return own if db.session.scalar(select(exists().where(KnownDevice.token_digest == own))) else ""


def device_digest(cookie: str, person_id: int) -> str:
    """Give what is kept of a known device: one browser may be known to several people, each under its own digest."""
    return digest(f"{cookie} {person_id}")


def usable_link(token: str, at: datetime) -> SetUpLink | None:
    """Give a set-up link while it may be used. One without a person works only while nobody is in the database."""
    link = db.session.scalar(
        select(SetUpLink)
        .options(joinedload(SetUpLink.person))
        .where(SetUpLink.token_digest == digest(token), SetUpLink.used_at.is_(None), SetUpLink.ends_at > at)
    )
    if link is None or (link.person is None and not nobody_yet()):
        return None
    return None if link.person and link.person.left_by(today()) else link


def live_sessions(person_id: int, at: datetime) -> list[LoginSession]:
    """Give where somebody is signed in, the latest sign of life first."""
    held = db.session.scalars(
        select(LoginSession)
        .where(LoginSession.person_id == person_id, LoginSession.ended_at.is_(None))
        .order_by(LoginSession.seen_at.desc(), LoginSession.id)
    )
    ends = limits()
    return [session for session in held if ends.last(session.began_at, session.seen_at, at)]


def own_session(viewer: Viewer, session_id: int) -> LoginSession | None:
    """Give one of the viewer's own login sessions that still lasts."""
    return next((held for held in live_sessions(viewer.person_id, now()) if held.id == session_id), None)


def own_words() -> list[str]:
    """Give the council's names, on which a password must not lean."""
    words: Callable[[], list[str]] = current_app.extensions.get(OWN_WORDS, list)
    return words()


def administrators(on: date, *, lock: bool = False) -> set[int]:
    """Give who is administrator today, without an end, and may sign in; `lock` keeps it so until the commit."""
    asked = (
        select(RoleGrant.person_id)
        .join(Person)
        .where(
            RoleGrant.role == Role.ADMINISTRATOR, RoleGrant.starts_on <= on, RoleGrant.ends_on.is_(None), here_on(on)
        )
    )
    return set(db.session.scalars(asked.with_for_update() if lock else asked))


def person(_viewer: Viewer, person_id: int) -> Person | None:
    """Give one person with all their grants, for whoever keeps people."""
    return db.session.scalar(
        select(Person)
        .options(
            selectinload(Person.grants).joinedload(RoleGrant.team),
            selectinload(Person.grants).joinedload(RoleGrant.service),
        )
        .where(Person.id == person_id)
    )


def grant(_viewer: Viewer, person_id: int, grant_id: int) -> RoleGrant | None:
    """Give one grant of one person."""
    held = db.session.get(RoleGrant, grant_id)
    return held if held and held.person_id == person_id else None


def service(_viewer: Viewer, service_id: int) -> Service | None:
    """Give one service."""
    return db.session.get(Service, service_id)


def team(_viewer: Viewer, team_id: int) -> Team | None:
    """Give one team."""
    return db.session.get(Team, team_id)


def team_named(name: str) -> Team | None:
    """Give the team of a name, whatever its capitals."""
    return db.session.scalar(select(Team).where(func.lower(Team.name) == name.strip().lower()))


def service_named(name: str) -> Service | None:
    """Give the service of a name, whatever its capitals."""
    return db.session.scalar(select(Service).where(func.lower(Service.name) == name.strip().lower()))


def everybody() -> list[Person]:
    """Give everybody with their grants, by name."""
    return list(
        db.session.scalars(
            select(Person)
            .options(
                selectinload(Person.grants).joinedload(RoleGrant.team),
                selectinload(Person.grants).joinedload(RoleGrant.service),
            )
            .order_by(Person.name, Person.id)
        )
    )


def services() -> list[Service]:
    """Give all services with their teams, by name; those that ended come last."""
    held = db.session.scalars(select(Service).options(selectinload(Service.teams)).order_by(Service.name)).all()
    return sorted(held, key=lambda one: one.ended_on is not None)


def running_teams(on: date) -> list[Team]:
    """Give the teams that have not ended, by name, with their service."""
    return list(
        db.session.scalars(
            select(Team)
            .options(joinedload(Team.service))
            .where(or_(Team.ended_on.is_(None), Team.ended_on >= on))
            .order_by(Team.name)
        )
    )


def running_services(on: date) -> list[Service]:
    """Give the services that have not ended, by name."""
    return list(
        db.session.scalars(
            select(Service).where(or_(Service.ended_on.is_(None), Service.ended_on >= on)).order_by(Service.name)
        )
    )


def scope_in_words(grants: Iterable[Grant]) -> list[str]:
    """Give the teams and services of grants by name, each once; nothing for the whole council."""
    held = list(grants)
    team_ids = {one.team_id for one in held if one.team_id is not None}
    service_ids = {one.service_id for one in held if one.service_id is not None}
    names: list[str] = []
    if team_ids:
        names += db.session.scalars(select(Team.name).where(Team.id.in_(team_ids)).order_by(Team.name))
    if service_ids:
        names += db.session.scalars(select(Service.name).where(Service.id.in_(service_ids)).order_by(Service.name))
    return names


def works_here(on: date) -> bool:
    """Tell whether anybody holds a role beside the administrators' today."""
    held = exists().where(RoleGrant.person_id == Person.id, in_force(on), RoleGrant.role != Role.ADMINISTRATOR)
    return bool(db.session.scalar(select(exists().where(Person.id.is_not(None), here_on(on), held))))


def without_role(on: date) -> list[Person]:
    """Give the people who may sign in but hold no role today, by name."""
    held = exists().where(RoleGrant.person_id == Person.id, in_force(on))
    return list(db.session.scalars(select(Person).where(here_on(on), ~held).order_by(Person.name)))


def waiting_for_a_password(on: date) -> list[Person]:
    """Give the people who may sign in but never set a password, by name."""
    return list(
        db.session.scalars(select(Person).where(here_on(on), Person.password_set_at.is_(None)).order_by(Person.name))
    )


def _holding(*conditions: ColumnElement[bool]) -> ColumnElement[bool]:
    return exists().where(RoleGrant.person_id == Person.id, in_force(today()), *conditions)


def _by_role(query: Select[Any], role: str) -> Select[Any]:
    return query.where(_holding(RoleGrant.role == Role(role)))


def _by_team(query: Select[Any], team_id: str) -> Select[Any]:
    return query.where(_holding(RoleGrant.team_id == int(team_id)))


def _by_service(query: Select[Any], service_id: str) -> Select[Any]:
    own_teams = select(Team.id).where(Team.service_id == int(service_id))
    return query.where(_holding(or_(RoleGrant.service_id == int(service_id), RoleGrant.team_id.in_(own_teams))))


def _by_state(query: Select[Any], state: str) -> Select[Any]:
    here = here_on(today())
    match state:
        case "left":
            return query.where(~here)
        case "no_password":
            return query.where(here, Person.password_set_at.is_(None))
        case "no_role":
            return query.where(here, ~_holding())
        case _:
            return query.where(here)


def _by_words(query: Select[Any], words: str) -> Select[Any]:
    return query.where(
        or_(Person.name.icontains(words, autoescape=True), Person.email.icontains(words, autoescape=True))
    )


STATES = (
    ("here", "Can sign in"),
    ("no_password", "Has not set a password"),
    ("no_role", "Holds no role"),
    ("left", "Can no longer sign in"),
)


def people_listing(args: Mapping[str, str]) -> Listing:
    """Give the list of people, each with when they were last seen."""
    last = select(func.max(LoginSession.seen_at)).where(LoginSession.person_id == Person.id).scalar_subquery()
    asked = select(Person, last.label("last_seen")).options(
        selectinload(Person.grants).joinedload(RoleGrant.team),
        selectinload(Person.grants).joinedload(RoleGrant.service),
    )
    return Listing.of(
        cast("Select[Any]", asked),
        args,
        columns=(
            Column("name", "Name", func.lower(Person.name)),
            Column("email", "Email address", Person.email),
            Column("roles", "Roles today"),
            Column("seen", "Last seen", last),
        ),
        filters=(
            Filter("q", "Name or email address", _by_words),
            Filter("role", "Role", _by_role, [(role.value, role.words) for role in Role], "All roles"),
            Filter("service", "Service", _by_service, [(str(one.id), one.name) for one in services()], "All services"),
            Filter("team", "Team", _by_team, [(str(one.id), one.name) for one in all_teams()], "All teams"),
            Filter("state", "State", _by_state, STATES, "Everybody"),
        ),
        key=Person.id,
        usual="name",
        noun="person",
        nouns="people",
    )


def all_teams() -> list[Team]:
    """Give all teams, ended ones too, by name."""
    return list(db.session.scalars(select(Team).order_by(Team.name)))


def last_seen(person_id: int) -> datetime | None:
    """Give when somebody was last seen."""
    return db.session.scalar(select(func.max(LoginSession.seen_at)).where(LoginSession.person_id == person_id))


def team_names() -> dict[int, str]:
    """Give every team's name by its number."""
    return {team.id: team.name for team in all_teams()}
