"""Reading what the council decided."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from flask import current_app, g
from sqlalchemy import func, select

from auditapp.council.decisions import TITLES, Decisions, in_words, read
from auditapp.council.models import Setting
from auditapp.db import db
from auditapp.people.models import Person
from auditapp.web.pages import Council


def decided() -> Decisions:
    """Give what is decided now; asked of the database once a request."""
    if "decided" not in g:
        g.decided = read(_in_force())
    found: Decisions = g.decided
    return found


def _in_force() -> dict[str, str]:
    newest = select(func.max(Setting.id)).group_by(Setting.key)
    return {row.key: row.value for row in db.session.scalars(select(Setting).where(Setting.id.in_(newest)))}


def newest_id() -> int:
    """Give the number of the latest decision, which tells whether somebody decided anything meanwhile."""
    return db.session.scalar(select(func.max(Setting.id))) or 0


def shown() -> Council:
    """Give what every page says of the council."""
    now_decided = decided()
    return Council(now_decided.name, now_decided.colour, current_app.extensions["auditapp.settings"].demo)


def own_words() -> list[str]:
    """Give the council's name, on which a password must not lean."""
    return [decided().name]


@dataclass(frozen=True, slots=True)
class Decision:
    """One decision as its history tells it: what, to which value, when, by whom (nobody: the command line)."""

    title: str
    words: str
    at: datetime
    by: str


def history() -> list[Decision]:
    """Give every decision, the latest first."""
    rows = db.session.execute(
        select(Setting, Person.name).outerjoin(Person, Person.id == Setting.set_by).order_by(Setting.id.desc())
    )
    return [
        Decision(TITLES.get(row.key, row.key), in_words(row.key, row.value), row.set_at, name or "the command line")
        for row, name in rows
    ]
