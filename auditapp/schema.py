"""The schema of the database: which number this release has, and how to get there."""

from __future__ import annotations

import functools
from pathlib import Path
from typing import TYPE_CHECKING

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
