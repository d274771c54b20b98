"""The schema of the database: which number this release has, and how to get there."""

from __future__ import annotations

import functools
from pathlib import Path
from typing import TYPE_CHECKING

from sqlalchemy import inspect, text

from auditapp.db import db
from auditapp.settings import beside_or_inside

if TYPE_CHECKING:
    from alembic.config import Config


def migrations() -> Config:
    """Give Alembic its configuration; there is no ini file to edit."""
    from alembic.config import Config

    config = Config()
    config.set_main_option("script_location", str(beside_or_inside("migrations")))
    config.set_main_option("path_separator", "os")
    return config


@functools.cache
def newest_schema() -> str:
    """Give the number of the newest migration, from the names of the files (0001_start.py is 0001)."""
    return max(path.name[:4] for path in Path(beside_or_inside("migrations"), "versions").glob("[0-9]*.py"))


def upgrade_database() -> None:
    """Bring the database to the schema of this release, making it where there is none."""
    from alembic import command

    command.upgrade(migrations(), "head")


def held_schema() -> str | None:
    """Give the number of the schema that the database has, or None where there is none yet.

    Raises SQLAlchemyError when the database does not answer.
    """
    with db.engine.connect() as connection:
        if not inspect(connection).has_table("alembic_version"):
            return None
        held: str | None = connection.scalar(text("SELECT version_num FROM alembic_version"))
        return held
