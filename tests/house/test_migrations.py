"""The migrations build exactly what the models say, on both databases, and lose nothing on the way."""

from __future__ import annotations

import pytest
from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.runtime.migration import MigrationContext
from sqlalchemy import inspect, text
from sqlalchemy.exc import DatabaseError

from auditapp import journal
from auditapp.db import db
from auditapp.schema import migrations, newest_schema


def test_the_migrations_build_exactly_the_models(app):
    with db.engine.connect() as connection:
        context = MigrationContext.configure(connection, opts={"compare_type": True})
        assert compare_metadata(context, db.metadata) == []


def test_check_constraints_of_the_models_stand_in_the_database(app):
    held = inspect(db.engine)
    for table in db.metadata.sorted_tables:
        wanted = {
            str(rule.name) for rule in table.constraints if rule.__class__.__name__ == "CheckConstraint" and rule.name
        }
        assert wanted <= {rule["name"] for rule in held.get_check_constraints(table.name)}, table.name


def test_down_and_up_again_keeps_a_populated_database(app, made):
    team = made.team(name="Kept through it all")
    db.session.remove()
    command.downgrade(migrations(), "0001")
    command.upgrade(migrations(), "head")
    assert db.session.scalar(text("SELECT name FROM team WHERE id = :id"), {"id": team.id}) == "Kept through it all"
    assert db.session.scalar(text("SELECT version_num FROM alembic_version")) == newest_schema()


def test_everything_can_be_taken_down(app):
    db.session.remove()
    command.downgrade(migrations(), "base")
    assert set(inspect(db.engine).get_table_names()) <= {"alembic_version"}
    command.upgrade(migrations(), "head")


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE journal_entry SET verb = 'nothing'",
        "DELETE FROM journal_entry",
        "INSERT OR REPLACE INTO journal_entry SELECT * FROM journal_entry",
        "TRUNCATE journal_entry",
        "DELETE FROM journal_head",
    ],
)
def test_the_database_refuses_to_alter_the_journal(app, statement):
    journal.write("tried", "test", 1)
    db.session.commit()
    with pytest.raises(DatabaseError):
        db.session.execute(text(statement))
    db.session.rollback()
    assert db.session.scalar(text("SELECT verb FROM journal_entry ORDER BY number DESC LIMIT 1")) == "tried"


def test_the_database_refuses_to_alter_a_published_version(app):
    with pytest.raises(DatabaseError):
        db.session.execute(text("UPDATE template_version SET note = 'other' WHERE published_at IS NOT NULL"))
