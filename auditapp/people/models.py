"""The tables of people: services, teams, people, roles with dates, and everything that signing in needs."""

from __future__ import annotations

from datetime import date, datetime

from sqlalchemy import CheckConstraint, ForeignKey, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from auditapp.db import Model, Versioned
from auditapp.people.roles import Role


class Service(Model):
    """A part of the council under one head of service."""

    __tablename__ = "service"
    __table_args__ = (UniqueConstraint("name", name="name"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str]
    ended_on: Mapped[date | None]

    teams: Mapped[list[Team]] = relationship(back_populates="service", order_by="Team.name")


class Team(Versioned, Model):
    """A team of a service; after a re-organisation it may name its successor, and old audits keep their own team."""

    __tablename__ = "team"
    __table_args__ = (UniqueConstraint("name", name="name"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    service_id: Mapped[int] = mapped_column(ForeignKey("service.id"), index=True)
    name: Mapped[str]
    ended_on: Mapped[date | None]
    successor_id: Mapped[int | None] = mapped_column(ForeignKey("team.id"))
    version: Mapped[int] = mapped_column(default=1)

    service: Mapped[Service] = relationship(back_populates="teams")


class Person(Versioned, Model):
    """Somebody who signs in (or did). The work address is the sign-in name, kept in lower case."""

    __tablename__ = "person"
    __table_args__ = (UniqueConstraint("email", name="email"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str]
    email: Mapped[str]
    password_hash: Mapped[str] = mapped_column(default="")
    password_set_at: Mapped[datetime | None]
    ended_on: Mapped[date | None]
    version: Mapped[int] = mapped_column(default=1)

    grants: Mapped[list[RoleGrant]] = relationship(back_populates="person", order_by="RoleGrant.id")

    def left_by(self, on: date) -> bool:
        """Tell whether this person may no longer sign in on a day; leaving counts from its very day."""
        return self.ended_on is not None and self.ended_on <= on


class RoleGrant(Model):
    """A role from a day to a day, for a team, for a service, or for the whole council."""

    __tablename__ = "role_grant"
    __table_args__ = (
        CheckConstraint("team_id IS NULL OR service_id IS NULL", name="one_scope"),
        CheckConstraint("ends_on IS NULL OR ends_on >= starts_on", name="ends_after_it_starts"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"), index=True)
    role: Mapped[Role]
    service_id: Mapped[int | None] = mapped_column(ForeignKey("service.id"))
    team_id: Mapped[int | None] = mapped_column(ForeignKey("team.id"), index=True)
    starts_on: Mapped[date]
    ends_on: Mapped[date | None]

    person: Mapped[Person] = relationship(back_populates="grants")
    service: Mapped[Service | None] = relationship()
    team: Mapped[Team | None] = relationship()


class LoginSession(Model):
    """One browser in which somebody is signed in; only the SHA-256 of its token is kept."""

    __tablename__ = "login_session"
    __table_args__ = (UniqueConstraint("token_digest", name="token"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"), index=True)
    token_digest: Mapped[str]
    browser: Mapped[str] = mapped_column(default="")
    began_at: Mapped[datetime]
    seen_at: Mapped[datetime]
    ended_at: Mapped[datetime | None]

    person: Mapped[Person] = relationship()


class SignInGuess(Model):
    """One wrong sign-in, counted per person, address and known device so that guessing is slow and owners get in."""

    __tablename__ = "sign_in_guess"

    id: Mapped[int] = mapped_column(primary_key=True)
    counted_as: Mapped[str] = mapped_column(index=True)
    at: Mapped[datetime] = mapped_column(index=True)


class KnownDevice(Model):
    """A browser from which a person has signed in before; only the digest of its cookie is kept."""

    __tablename__ = "known_device"
    __table_args__ = (UniqueConstraint("token_digest", name="token"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"), index=True)
    token_digest: Mapped[str]
    at: Mapped[datetime]


class SetUpLink(Model):
    """A one-time link by which somebody sets their password; without a person it makes the first administrator."""

    __tablename__ = "set_up_link"
    __table_args__ = (UniqueConstraint("token_digest", name="token"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    person_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"), index=True)
    token_digest: Mapped[str]
    made_at: Mapped[datetime]
    ends_at: Mapped[datetime]
    used_at: Mapped[datetime | None]

    person: Mapped[Person | None] = relationship()
