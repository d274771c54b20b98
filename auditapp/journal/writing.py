"""Writing the journal: entries wait on the session and are chained when it commits."""

from __future__ import annotations

import getpass
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from typing import Any

from sqlalchemy import event, insert, select, update
from sqlalchemy.orm import Session

from auditapp.db import db, now
from auditapp.journal.chain import BEGINNING, actor, digest
from auditapp.journal.models import Entry, Head

WAITING = "journal entries waiting"
_actor: ContextVar[tuple[int | None, str]] = ContextVar("actor", default=(None, ""))

Protected = Callable[[str], str | None]
"""Given an object's id, the digest of its rows as they stand now, or None when they are gone."""

Expected = Callable[[], Iterable[str]]
"""The ids of all rows that must have an entry."""

PROTECTED: dict[tuple[str, str], tuple[Protected, Expected | None]] = {}


def write(verb: str, kind: str, object_id: object, **details: Any) -> None:
    """Note that the present actor did `verb` to an object, in the transaction that does it.

    `details` holds ids, keys and counts; never a narrative, a name or a date of birth.
    """
    db.session.info.setdefault(WAITING, []).append((verb, kind, str(object_id), details))


def protect(verb: str, kind: str, digest_now: Protected, all_now: Expected | None = None) -> None:
    """Let `verify` compare rows with the `digest` detail of the newest entry `verb kind` that told of them.

    `all_now` lists every row that must have such an entry: one without was not made by this application.
    """
    PROTECTED[verb, kind] = (digest_now, all_now)


@contextmanager
def act_for(person_id: int | None, account: str = "") -> Iterator[None]:
    """Name who acts: a person, or (a command) the operating system's account."""
    token = _actor.set((person_id, account))
    try:
        yield
    finally:
        _actor.reset(token)


def name_actor(person_id: int | None, account: str = "") -> None:
    """Name who acts for the rest of this request."""
    _actor.set((person_id, account))


def operator() -> str:
    """Give the operating system's account that runs this command."""
    try:
        return getpass.getuser()
    except (KeyError, OSError):
        return "unknown account"


@event.listens_for(Session, "before_commit")
def _chain(session: Session) -> None:
    waiting = session.info.pop(WAITING, [])
    if not waiting:
        return
    session.flush()
    head = session.execute(select(Head.number, Head.digest).with_for_update()).one_or_none()
    number, last = (head.number, head.digest) if head else (0, BEGINNING)
    person_id, account = _actor.get()
    at = now()
    rows = []
    for verb, kind, object_id, details in waiting:
        number += 1
        last = digest(last, number, at, actor(person_id, account), verb, kind, object_id, details)
        rows.append({"number": number, "at": at, "person_id": person_id, "account": account, "verb": verb, "kind": kind,
                     "object_id": object_id, "details": details, "digest": last})  # fmt: skip
    session.execute(insert(Entry), rows)
    if head:
        session.execute(update(Head).values(number=number, digest=last))
    else:
        session.execute(insert(Head).values(id=1, number=number, digest=last))


@event.listens_for(Session, "after_soft_rollback")
def _forget(session: Session, _previous: object) -> None:
    session.info.pop(WAITING, None)
