"""The database: one base for all tables, honest transactions on SQLite and PostgreSQL, and the only clock.

Every transaction is declared before it begins. A reading one cannot write; a writing one holds SQLite's write lock
from its first statement, because a lock taken half-way loses updates or fails (measured: of 800 reported saves 135
were kept). Requests are told apart by their method (`web.access`); commands and jobs say `with writing():`.
"""

from __future__ import annotations

import enum
import sqlite3
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import UTC, date, datetime
from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo

from flask import Flask
from flask_sqlalchemy import SQLAlchemy
from sqlalchemy import JSON, CursorResult, DateTime, Enum, MetaData, Text, event, update
from sqlalchemy.engine import Connection, Dialect, Engine
from sqlalchemy.orm import DeclarativeBase, Mapped, registry
from sqlalchemy.types import TypeDecorator

from auditapp.settings import Settings

LONDON = ZoneInfo("Europe/London")
# The first releases in which SQLite's write-ahead log can no longer be corrupted by a checkpoint that races a reset.
WAL_IS_SOUND = ((3, 44, 6), (3, 50, 7), (3, 51, 3))

_intent: ContextVar[bool] = ContextVar("writing", default=False)


class Conflict(Exception):
    """Somebody else changed the row after the form was shown; nothing was stored."""


class UtcDateTime(TypeDecorator[datetime]):
    """A moment: aware in Python, UTC in the database."""

    impl = DateTime
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        return None if value is None else value.astimezone(UTC).replace(tzinfo=None)

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        return None if value is None else value.replace(tzinfo=UTC)


def _values(kind: type[enum.Enum]) -> list[str]:
    return [str(member.value) for member in kind]


class Base(DeclarativeBase):
    """The base of all tables; constraints are named so that migrations can find them on both databases."""

    registry = registry(
        metadata=MetaData(
            naming_convention={
                "ix": "ix_%(table_name)s_%(column_0_N_name)s",
                "uq": "uq_%(table_name)s_%(constraint_name)s",
                "ck": "ck_%(table_name)s_%(constraint_name)s",
                "fk": "fk_%(table_name)s_%(column_0_name)s",
                "pk": "pk_%(table_name)s",
            }
        ),
        type_annotation_map={
            str: Text(),
            datetime: UtcDateTime(),
            dict[str, Any]: JSON(),
            list[Any]: JSON(),
            enum.Enum: Enum(enum.Enum, native_enum=False, length=40, values_callable=_values),
        },
    )


db = SQLAlchemy(model_class=Base, session_options={"expire_on_commit": False})

if TYPE_CHECKING:
    Model = Base
else:
    Model = db.Model


def now() -> datetime:
    """Give this moment, aware, in UTC. The only clock: operations are given their moment."""
    return datetime.now(UTC)


def today() -> date:
    """Give the date in London, which is the date that deadlines and reports mean."""
    return datetime.now(LONDON).date()


def day_of(moment: datetime) -> date:
    """Give the London date of a stored moment."""
    return moment.astimezone(LONDON).date()


@contextmanager
def writing() -> Iterator[None]:
    """Declare that transactions begun inside will write."""
    token = _intent.set(True)
    try:
        yield
    finally:
        _intent.reset(token)


@contextmanager
def reading() -> Iterator[None]:
    """Declare, inside what may write, a transaction that only reads: long work then keeps no writer waiting.

    Begin it between transactions; it ends here, and what was loaded in it is to be used as plain values.
    """
    token = _intent.set(False)
    try:
        yield
    finally:
        db.session.rollback()
        _intent.reset(token)


def declare(will_write: bool) -> None:
    """Declare the kind of the coming request's transaction; the request's own context forgets it at its end."""
    _intent.set(will_write)


def is_writing() -> bool:
    """Tell whether a transaction begun now may write."""
    return _intent.get()


class Versioned:
    """A row that several people may edit: whoever saves must name the version they were shown."""

    id: Mapped[int]
    version: Mapped[int]


def take(row: Versioned, expected: int) -> None:
    """Claim a row for this change: raise its version, provided it still is the one that was shown.

    Raises Conflict when somebody else was faster, on both databases and however close they were.
    """
    table = row.__class__.__table__  # type: ignore[attr-defined]  # the mixin has one only with Model
    changed = db.session.execute(
        update(table).where(table.c.id == row.id, table.c.version == expected).values(version=expected + 1)
    )
    assert isinstance(changed, CursorResult)
    if changed.rowcount != 1:
        raise Conflict
    db.session.refresh(row)


def prepare(app: Flask, settings: Settings) -> None:
    """Point the application at its database."""
    app.config["SQLALCHEMY_DATABASE_URI"] = settings.database_url
    if settings.sqlite:
        settings.instance.mkdir(parents=True, exist_ok=True)
        app.config["SQLALCHEMY_ENGINE_OPTIONS"] = {"pool_size": settings.threads + 4, "max_overflow": 4}
    else:
        app.config["SQLALCHEMY_ENGINE_OPTIONS"] = {"pool_size": settings.threads, "pool_pre_ping": True}
    db.init_app(app)
    with app.app_context():
        govern(db.engine)


def govern(engine: Engine) -> None:
    """Make an engine begin each transaction as it was declared."""
    if engine.dialect.name == "sqlite":
        event.listen(engine, "connect", _open_sqlite)
        event.listen(engine, "begin", _begin_sqlite)
    else:
        event.listen(engine, "begin", _begin_postgresql)


def wal_is_sound(version: tuple[int, ...]) -> bool:
    """Tell whether this SQLite release may keep a write-ahead log without risking the file."""
    return version >= WAL_IS_SOUND[-1] or any(version[:2] == first[:2] and version >= first for first in WAL_IS_SOUND)


def _open_sqlite(connection: sqlite3.Connection, _record: object) -> None:
    connection.isolation_level = None
    run: Callable[[str], object] = connection.execute
    run("PRAGMA busy_timeout = 5000")
    if wal_is_sound(sqlite3.sqlite_version_info):
        run("PRAGMA journal_mode = WAL")
        run("PRAGMA synchronous = FULL")
    else:
        run("PRAGMA journal_mode = DELETE")
        run("PRAGMA synchronous = EXTRA")
    run("PRAGMA foreign_keys = ON")
    # Without it, INSERT OR REPLACE slips past the triggers that keep the journal append-only.
    run("PRAGMA recursive_triggers = ON")
    run("PRAGMA secure_delete = ON")


def _begin_sqlite(connection: Connection) -> None:
    will_write = _intent.get()
    connection.exec_driver_sql(f"PRAGMA query_only = {'OFF' if will_write else 'ON'}")
    connection.exec_driver_sql("BEGIN IMMEDIATE" if will_write else "BEGIN")


def _begin_postgresql(connection: Connection) -> None:
    if not _intent.get():
        connection.exec_driver_sql("SET TRANSACTION READ ONLY")
