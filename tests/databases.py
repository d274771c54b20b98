"""Real databases for tests: prepared by the migrations once, copied afresh for every test, SQLite and PostgreSQL."""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from flask import Flask
from sqlalchemy import event
from sqlalchemy.engine import make_url

from auditapp import create_app
from auditapp.db import db, now, writing
from auditapp.settings import Settings

POSTGRESQL = os.environ.get("AUDITAPP_TEST_POSTGRES", "postgresql://postgres@127.0.0.1:5432/test")


def postgresql_answers() -> str:
    """Say why PostgreSQL cannot be used here; nothing when it can."""
    try:
        import psycopg

        psycopg.connect(POSTGRESQL, connect_timeout=3).close()
    except Exception as reason:
        return str(reason).splitlines()[0]
    return ""


@dataclass(frozen=True)
class Snapshot:
    """What a PostgreSQL database held: its shape, its rows by table, and where its numbers stood."""

    shape: str
    rows: dict[str, bytes]
    numbers: dict[str, int | None]

    @classmethod
    def of(cls, connection: Any) -> Snapshot:
        """Keep what a database holds now."""
        names = [name for (name,) in connection.execute("SELECT tablename FROM pg_tables WHERE schemaname = 'public'")]
        rows = {}
        for name in names:
            with connection.cursor().copy(f'COPY "{name}" TO STDOUT') as copy:
                rows[name] = b"".join(copy)
        numbers = dict(connection.execute("SELECT sequencename, last_value FROM pg_sequences").fetchall())
        return cls(cls.shape_of(connection), rows, numbers)

    @staticmethod
    def shape_of(connection: Any) -> str:
        """Give the tables, triggers (and whether they are on) and indexes of a database as one text."""
        return str(
            connection.execute(
                "SELECT (SELECT string_agg(relname || relkind::text, ',' ORDER BY relname) FROM pg_class "
                "WHERE relnamespace = 'public'::regnamespace), (SELECT string_agg(tgname || tgenabled::text, ',' "
                "ORDER BY tgrelid, tgname) FROM pg_trigger WHERE NOT tgisinternal)"
            ).fetchone()
        )

    def restore(self, connection: Any) -> None:
        """Let the database hold exactly what was kept."""
        # As a replica, the database lets the triggers and keys rest that would refuse to empty the journal.
        connection.execute("SET session_replication_role = replica")
        for name in self.rows:
            connection.execute(f'DELETE FROM "{name}"')
        for name, kept in self.rows.items():
            if kept:
                with connection.cursor().copy(f'COPY "{name}" FROM STDIN') as copy:
                    copy.write(kept)
        for name, last in self.numbers.items():
            connection.execute("SELECT setval(%s, %s, %s)", (name, last or 1, last is not None))


class Prepared:
    """One application on one kind of database, able to begin again with what `auditapp upgrade` makes."""

    def __init__(self, kind: str, folder: Path) -> None:
        self.kind = kind
        self.folder = folder
        folder.mkdir(parents=True, exist_ok=True)
        if kind == "sqlite":
            self.live, self.kept = folder / "live.sqlite", folder / "kept.sqlite"
            url = f"sqlite:///{self.live}"
        else:
            name = f"auditapp_test_{os.getpid()}"
            self.live_name, self.kept_name = f"{name}_live", f"{name}_kept"
            address = make_url(POSTGRESQL).set(drivername="postgresql+psycopg", database=self.live_name)
            url = address.render_as_string(hide_password=False)
            self._administer(f"DROP DATABASE IF EXISTS {self.live_name} WITH (FORCE)")
            self._administer(f"DROP DATABASE IF EXISTS {self.kept_name} WITH (FORCE)")
            self._administer(f"CREATE DATABASE {self.live_name}")
        self.settings = Settings(instance=folder, database_url=url, threads=8)
        self.app = create_app(self.settings)
        self.app.config.update(TESTING=True, PROPAGATE_EXCEPTIONS=True)
        self.app.open_rooms()
        if kind == "sqlite":
            with self.app.app_context():
                # Tests do not cut the power: waiting for the disk after each commit would only cost minutes.
                event.listen(db.engine, "connect", lambda connection, _: connection.execute("PRAGMA synchronous = OFF"))
        self._prepare()

    def _prepare(self) -> None:
        from auditapp.library.operations import load_shipped
        from auditapp.schema import upgrade_database

        with self.app.app_context(), writing():
            upgrade_database()
            load_shipped(at=now())
            db.session.commit()
            db.session.remove()
            db.engine.dispose()
        if self.kind == "sqlite":
            shutil.copy(self.live, self.kept)
        else:
            self._administer(f"CREATE DATABASE {self.kept_name} TEMPLATE {self.live_name}")
            self._administer(f"ALTER DATABASE {self.live_name} SET synchronous_commit = off")
            with self._live() as connection:
                self._kept = Snapshot.of(connection)

    def begin_again(self) -> Flask:
        """Give the application with nothing in its database but the shipped templates, and no file made for anybody."""
        with self.app.app_context():
            db.session.remove()
            db.engine.dispose()
        shutil.rmtree(self.folder / "workbooks", ignore_errors=True)
        if self.kind == "sqlite":
            for left in self.folder.glob("live.sqlite-*"):
                left.unlink()
            shutil.copy(self.kept, self.live)
        elif not self._emptied():
            self._administer(f"DROP DATABASE IF EXISTS {self.live_name} WITH (FORCE)")
            self._administer(f"CREATE DATABASE {self.live_name} TEMPLATE {self.kept_name}")
            self._administer(f"ALTER DATABASE {self.live_name} SET synchronous_commit = off")
        return self.app

    def _emptied(self) -> bool:
        """Put the rows back as they were kept; False where a test changed the tables or triggers themselves."""
        with self._live() as connection:
            if Snapshot.shape_of(connection) != self._kept.shape:
                return False
            self._kept.restore(connection)
        return True

    def _live(self) -> Any:
        import psycopg

        return psycopg.connect(make_url(POSTGRESQL).set(database=self.live_name).render_as_string(hide_password=False))

    def end(self) -> None:
        """Leave nothing behind on the database server."""
        with self.app.app_context():
            db.session.remove()
            db.engine.dispose()
        if self.kind == "postgresql":
            self._administer(f"DROP DATABASE IF EXISTS {self.live_name} WITH (FORCE)")
            self._administer(f"DROP DATABASE IF EXISTS {self.kept_name} WITH (FORCE)")

    def _administer(self, statement: str) -> None:
        import psycopg

        with psycopg.connect(POSTGRESQL, autocommit=True) as connection:
            connection.execute(statement)


def each_kind(folder: Path) -> Callable[[str], Prepared]:
    """Give a maker of prepared applications that makes each kind once."""
    made: dict[str, Prepared] = {}

    def give(kind: str) -> Prepared:
        if kind not in made:
            made[kind] = Prepared(kind, folder / kind)
        return made[kind]

    give.made = made  # type: ignore[attr-defined]
    return give
