"""Writing people: signing in and out, set-up links, people and their roles, services and teams.

A guess at a password and a session's sign of life are written in short transactions of their own, because they stand
whatever becomes of the request; the request's own is ended first, for both at once would wait for each other on SQLite.
"""

from __future__ import annotations

import secrets
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date, datetime, timedelta

from sqlalchemy import Connection, delete, func, insert, select, update
from sqlalchemy.exc import OperationalError

from auditapp import journal
from auditapp.db import day_of, db, take, writing
from auditapp.journal.writing import name_actor
from auditapp.people import queries
from auditapp.people.models import (
    KnownDevice,
    LoginSession,
    Person,
    RoleGrant,
    Service,
    SetUpLink,
    SignInGuess,
    Team,
)
from auditapp.people.passwords import weakness
from auditapp.people.roles import COUNCIL_WIDE, Role, may_end
from auditapp.people.throttling import WINDOW, Count, counts, link_counts

LINK_LASTS = timedelta(hours=24)


class NotPossible(Exception):
    """Nothing was changed; the message is a sentence for the person who asked, `field` names what it is about."""

    def __init__(self, message: str, field: str = "") -> None:
        super().__init__(message)
        self.field = field


class TooManyGuesses(Exception):
    """No more guesses for some minutes."""


@contextmanager
def _apart() -> Iterator[Connection]:
    db.session.rollback()
    with writing(), db.engine.begin() as connection:
        yield connection


# --- Signing in and out


def sign_in(email: str, password: str, *, address: str, device: str = "", at: datetime) -> Person | None:
    """Give the person who proved by their password to be it; None when address and password do not belong together.

    `device`: the cookie of a browser that may be known. The guess is counted before the password is looked at, so that
    many at once do not slip through together. Nothing is held while the password is hashed, and the same work is done
    for an address that nobody has. Raises TooManyGuesses.
    """
    from auditapp.people.hashing import matches  # the library behind it slows start-up

    person = queries.by_email(email)
    known = queries.device_of(person.id, device) if person else ""
    may_enter = person is not None and not person.left_by(day_of(at))
    person_id, kept = (person.id, person.password_hash) if person and may_enter else (0, "")
    counted = counts(email.strip().lower(), address, known)
    _count_guess(counted, at)
    if not matches(kept, password):
        return None
    _forget_guesses(counted)
    name_actor(person_id)
    journal.write("signed in", "person", person_id)
    return db.session.get_one(Person, person_id)


def begin_session(person_id: int, *, browser: str = "", at: datetime) -> str:
    """Begin a login session for somebody whose identity is proved, and give its token, which is kept nowhere else."""
    token = secrets.token_urlsafe(32)
    db.session.add(
        LoginSession(
            person_id=person_id, token_digest=queries.digest(token), browser=browser[:200], began_at=at, seen_at=at
        )
    )
    return token


def know_device(person_id: int, cookie: str, at: datetime) -> str:
    """Remember the browser from which somebody signed in, and give the cookie by which it is known."""
    cookie = cookie if 20 <= len(cookie) <= 80 else secrets.token_urlsafe(32)
    if not queries.device_of(person_id, cookie):
        db.session.add(KnownDevice(person_id=person_id, token_digest=queries.device_digest(cookie, person_id), at=at))
    return cookie


def _count_guess(counted: tuple[Count, ...], at: datetime) -> None:
    """Count one guess. Raises TooManyGuesses, without counting, where a count is full."""
    with _apart() as connection:
        if connection.dialect.name == "postgresql":
            connection.exec_driver_sql("LOCK TABLE sign_in_guess IN SHARE ROW EXCLUSIVE MODE")
        connection.execute(delete(SignInGuess).where(SignInGuess.at <= at - WINDOW))
        made = {
            row.counted_as: row.number
            for row in connection.execute(
                select(SignInGuess.counted_as, func.count().label("number"))
                .where(SignInGuess.counted_as.in_([count.name for count in counted]))
                .group_by(SignInGuess.counted_as)
            )
        }
        full = any(made.get(count.name, 0) >= count.most for count in counted)
        if not full:
            connection.execute(insert(SignInGuess), [{"counted_as": count.name, "at": at} for count in counted])
    if full:
        raise TooManyGuesses


def _forget_guesses(counted: tuple[Count, ...]) -> None:
    """Forget what an owner mistyped. The count of an address stays: it is shared with everybody else's guesses."""
    own = [count.name for count in counted if not count.name.startswith("address ")]
    db.session.execute(delete(SignInGuess).where(SignInGuess.counted_as.in_(own)))


def touch(session_id: int, at: datetime) -> None:
    """Note that somebody is still there. Missing one changes nothing: the next request notes it."""
    try:
        with _apart() as connection:
            connection.execute(update(LoginSession).where(LoginSession.id == session_id).values(seen_at=at))
    except OperationalError:
        return


def end_session(session: LoginSession, at: datetime) -> None:
    """End one login session."""
    session.ended_at = at
    journal.write("ended session", "person", session.person_id, session=session.id)


def end_sessions(person_id: int, at: datetime, *, but: int | None = None) -> int:
    """End all login sessions of somebody (but one), and give how many still lasted."""
    lasting = [held for held in queries.live_sessions(person_id, at) if held.id != but]
    for held in lasting:
        held.ended_at = at
    if lasting:
        journal.write("ended sessions", "person", person_id, sessions=len(lasting))
    return len(lasting)


def forget_devices(person_id: int) -> None:
    """Forget from which browsers somebody has signed in."""
    db.session.execute(delete(KnownDevice).where(KnownDevice.person_id == person_id))


# --- Passwords and set-up links


def set_password(person: Person, password: str, at: datetime) -> None:
    """Give somebody a new password and forget the devices that knew the old one.

    Raises NotPossible when it is too easy to guess.
    """
    from auditapp.people.hashing import hashed  # the library behind it slows start-up

    _strong(password, person.name, person.email)
    person.password_hash, person.password_set_at = hashed(password), at
    forget_devices(person.id)
    journal.write("set password", "person", person.id)


def _strong(password: str, *about: str) -> None:
    if why := weakness(password, [*queries.own_words(), *about]):
        raise NotPossible(why, "new_password")


def change_password(person: Person, present: str, new: str, *, address: str, at: datetime) -> Person:
    """Change one's own password; the present one is asked for, counted as a guess.

    Raises NotPossible when it is wrong or the new one too easy to guess, TooManyGuesses.
    """
    from auditapp.people.hashing import matches  # the library behind it slows start-up

    person_id, kept, email = person.id, person.password_hash, person.email
    counted = counts(email, address)
    _count_guess(counted, at)
    if not matches(kept, present):
        raise NotPossible("Present password is not right", "present_password")
    if present == new:
        raise NotPossible("New password must differ from the present one", "new_password")
    person = db.session.get_one(Person, person_id)
    _strong(new, person.name, email)
    _forget_guesses(counted)
    set_password(person, new, at)
    return person


def make_link(person: Person, at: datetime) -> str:
    """Make the one set-up link by which somebody may set their password within 24 hours, and give its path.

    An earlier one stops working.
    """
    db.session.execute(
        update(SetUpLink)
        .where(SetUpLink.person_id == person.id, SetUpLink.used_at.is_(None), SetUpLink.ends_at > at)
        .values(ends_at=at)
    )
    path = _new_link(person.id, at)
    journal.write("made set-up link", "person", person.id)
    return path


def first_link(at: datetime) -> str | None:
    """While nobody is in the database, make the link for the first administrator and give its path; else None."""
    if not queries.nobody_yet():
        return None
    db.session.execute(
        update(SetUpLink).where(SetUpLink.person_id.is_(None), SetUpLink.ends_at > at).values(ends_at=at)
    )
    journal.write("made set-up link", "first administrator", 1)
    return _new_link(None, at)


def _new_link(person_id: int | None, at: datetime) -> str:
    token = secrets.token_urlsafe(24)
    db.session.add(
        SetUpLink(person_id=person_id, token_digest=queries.digest(token), made_at=at, ends_at=at + LINK_LASTS)
    )
    return f"/set-up/{token}"


def find_link(token: str, *, address: str, at: datetime) -> SetUpLink | None:
    """Give a set-up link that may be used. A wrong one is counted as a guess. Raises TooManyGuesses."""
    link = queries.usable_link(token, at)
    if link is None:
        _count_guess(link_counts(address), at)
    return link


def use_link(link: SetUpLink, password: str, at: datetime, *, name: str = "", email: str = "") -> Person:
    """Set a password by a set-up link; one without a person makes the first administrator with name and work address.

    Raises NotPossible when the password is too easy to guess, or the link was used meanwhile.
    """
    _strong(password, *((link.person.name, link.person.email) if link.person else (name, email)))
    claimed = db.session.execute(
        update(SetUpLink).where(SetUpLink.id == link.id, SetUpLink.used_at.is_(None)).values(used_at=at)
    )
    if claimed.rowcount != 1:  # type: ignore[attr-defined]
        raise NotPossible("This link has been used already")
    person = link.person
    if person is None:
        person = add_person(name, email)
        grant_role(person, Role.ADMINISTRATOR, starts_on=day_of(at))
    name_actor(person.id)
    set_password(person, password, at)
    end_sessions(person.id, at)
    return person


# --- People and roles


def add_person(name: str, email: str) -> Person:
    """Add somebody; they sign in once they have set a password by a link. Raises NotPossible for an address in use."""
    address = _free_address(email)
    person = Person(name=" ".join(name.split()), email=address)
    db.session.add(person)
    db.session.flush()
    journal.write("added", "person", person.id)
    return person


def change_person(person: Person, version: int, *, name: str, email: str) -> None:
    """Change somebody's name or work address. Raises NotPossible for an address in use, Conflict."""
    address = _free_address(email, person.id)
    take(person, version)
    person.name, person.email = " ".join(name.split()), address
    journal.write("changed", "person", person.id)


def _free_address(email: str, person_id: int | None = None) -> str:
    address = email.strip().lower()
    held = queries.by_email(address)
    if held is not None and held.id != person_id:
        raise NotPossible("Somebody with this email address is already here", "email")
    return address


def end_person(person: Person, version: int, at: datetime) -> None:
    """Let somebody go: they can no longer sign in and are signed out everywhere; their roles wait unchanged.

    Raises NotPossible for the last administrator, Conflict when the person was changed meanwhile.
    """
    _keep_an_administrator(person.id, day_of(at))
    take(person, version)
    person.ended_on = day_of(at)
    end_sessions(person.id, at)
    forget_devices(person.id)
    journal.write("ended", "person", person.id)


def bring_back(person: Person, version: int) -> None:
    """Let somebody who was ended sign in again, with the roles they still hold. Raises Conflict."""
    take(person, version)
    person.ended_on = None
    journal.write("brought back", "person", person.id)


def grant_role(
    person: Person,
    role: Role,
    *,
    starts_on: date,
    ends_on: date | None = None,
    service: Service | None = None,
    team: Team | None = None,
) -> RoleGrant:
    """Grant a role for a team, a service or (neither) the council, from a day to a day, both included.

    Raises NotPossible when the days are the wrong way round, the role is for the whole council only, or held already,
    there or more widely.
    """
    if ends_on is not None and ends_on < starts_on:
        raise NotPossible("The last day must be on or after the first day", "ends_on")
    if role in COUNCIL_WIDE and (service or team):
        raise NotPossible(f"{role.words} is a role for the whole council", "scope")
    service_id, team_id = service.id if service else None, team.id if team else None
    # Whoever grants at the same moment waits here, and then sees this grant.
    db.session.flush()
    db.session.refresh(person, ["version", "grants"], with_for_update=True)
    same = [
        held
        for held in person.grants
        if (held.role, held.service_id, held.team_id) == (role, service_id, team_id)
        and (held.ends_on is None or held.ends_on >= starts_on)
        and (ends_on is None or held.starts_on <= ends_on)
    ]
    if same:
        raise NotPossible("They already hold this role there in these days", "role")
    if wider := next(
        (held for held in person.grants if _holds_wider(held, role, service, team, starts_on, ends_on)), None
    ):
        where = f"for {wider.service.name}" if wider.service else "for the whole council"
        raise NotPossible(f"They already hold this role {where}, which includes this", "scope")
    granted = RoleGrant(
        person=person, role=role, service_id=service_id, team_id=team_id, starts_on=starts_on, ends_on=ends_on
    )
    db.session.add(granted)
    db.session.flush()
    journal.write(
        "granted role", "person", person.id, grant=granted.id, role=role.value, service=service_id, team=team_id,
        starts_on=str(starts_on), ends_on=str(ends_on or ""),
    )  # fmt: skip
    return granted


def _holds_wider(
    held: RoleGrant, role: Role, service: Service | None, team: Team | None, starts_on: date, ends_on: date | None
) -> bool:
    """Tell whether a grant gives the role, on all these days, for more than this service or team and for it too."""
    if held.role is not role or held.starts_on > starts_on or held.team_id is not None:
        return False
    if held.ends_on is not None and (ends_on is None or ends_on > held.ends_on):
        return False
    if held.service_id is None:
        return service is not None or team is not None
    return team is not None and team.service_id == held.service_id


def end_role(grant: RoleGrant, last_day: date, at: datetime) -> None:
    """End a role after its last day; a day before today ends it now.

    A role that has not begun, or began today and ends now, is taken back whole: no day is left on which it was held.
    Raises NotPossible for the last administrator.
    """
    if grant.role is Role.ADMINISTRATOR:
        _keep_an_administrator(grant.person_id, day_of(at))
    journal.write(
        "ended role", "person", grant.person_id, grant=grant.id, role=grant.role.value, service=grant.service_id,
        team=grant.team_id, starts_on=str(grant.starts_on), last_day=str(last_day),
    )  # fmt: skip
    if last_day < grant.starts_on:
        db.session.delete(grant)
    else:
        grant.ends_on = last_day


def _keep_an_administrator(person_id: int, on: date) -> None:
    held = queries.administrators(on, lock=True)
    if person_id in held and not may_end(held, person_id):
        raise NotPossible("This is the last administrator. Make somebody else an administrator first")


# --- Services and teams


def add_service(name: str) -> Service:
    """Add a service. Raises NotPossible for a name in use."""
    _free_name(Service, name)
    service = Service(name=name)
    db.session.add(service)
    db.session.flush()
    journal.write("added", "service", service.id)
    return service


def rename_service(service: Service, name: str) -> None:
    """Give a service another name. Raises NotPossible for a name in use."""
    _free_name(Service, name, service.id)
    service.name = name
    journal.write("renamed", "service", service.id)


def end_service(service: Service, last_day: date, on: date) -> None:
    """End a service. Raises NotPossible while teams of it go on."""
    if any(team.ended_on is None or team.ended_on >= on for team in service.teams):
        raise NotPossible("Teams of this service go on. End them, or move them to another service, first")
    service.ended_on = last_day
    journal.write("ended", "service", service.id, last_day=str(last_day))


def reopen_service(service: Service) -> None:
    """Take back that a service ended."""
    service.ended_on = None
    journal.write("reopened", "service", service.id)


def add_team(service: Service, name: str) -> Team:
    """Add a team to a service. Raises NotPossible for a name in use."""
    _free_name(Team, name)
    team = Team(service=service, name=name)
    db.session.add(team)
    db.session.flush()
    journal.write("added", "team", team.id, service=service.id)
    return team


def change_team(team: Team, version: int, *, name: str, service: Service) -> None:
    """Give a team another name or service; audits keep their own. Raises NotPossible for a name in use, Conflict."""
    _free_name(Team, name, team.id)
    take(team, version)
    team.name, team.service = name, service
    journal.write("changed", "team", team.id, service=service.id)


def end_team(team: Team, version: int, last_day: date, successor: Team | None) -> None:
    """End a team and name the one that carries on its work, if one does.

    Raises NotPossible when the line of successors would lead back to the team itself, Conflict.
    """
    after, seen = successor, {team.id}
    while after is not None:
        if after.id in seen:
            raise NotPossible("A team cannot be carried on by itself, not even through other teams", "successor")
        seen.add(after.id)
        after = db.session.get(Team, after.successor_id) if after.successor_id else None
    take(team, version)
    team.ended_on, team.successor_id = last_day, successor.id if successor else None
    journal.write("ended", "team", team.id, last_day=str(last_day), successor=team.successor_id)


def reopen_team(team: Team, version: int) -> None:
    """Take back that a team ended. Raises Conflict."""
    take(team, version)
    team.ended_on, team.successor_id = None, None
    journal.write("reopened", "team", team.id)


def _free_name(kind: type[Service] | type[Team], name: str, own_id: int | None = None) -> None:
    held = db.session.scalar(select(kind.id).where(func.lower(kind.name) == name.lower()))
    if held is not None and held != own_id:
        raise NotPossible(f"A {kind.__name__.lower()} with this name is already here", "name")
