"""Real databases for tests: prepared by the migrations once, copied afresh for every test, SQLite and PostgreSQL."""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable
from pathlib import Path

from flask import Flask
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

    def begin_again(self) -> Flask:
        """Give the application with nothing in its database but the shipped templates."""
        with self.app.app_context():
            db.session.remove()
            db.engine.dispose()
        if self.kind == "sqlite":
            for left in self.folder.glob("live.sqlite-*"):
                left.unlink()
            shutil.copy(self.kept, self.live)
        else:
            self._administer(f"DROP DATABASE IF EXISTS {self.live_name} WITH (FORCE)")
            self._administer(f"CREATE DATABASE {self.live_name} TEMPLATE {self.kept_name}")
        return self.app

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
