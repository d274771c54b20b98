"""How Alembic reaches the application's database; called by `auditapp upgrade` and by the tests."""

from __future__ import annotations

from alembic import context
from sqlalchemy import Connection

from auditapp.db import db, writing

TABLES = db.metadata


def run(connection: Connection) -> None:
    """Carry out the migrations, each in a transaction of its own.

    SQLite's batch copies drop and rename whole tables; with foreign keys on, that would take the rows of other tables
    along, so keys rest while migrations run and every key is checked before the end.
    """
    sqlite = connection.dialect.name == "sqlite"
    if sqlite:
        outside_transactions(connection, "PRAGMA foreign_keys = OFF")
    context.configure(
        connection=connection,
        target_metadata=TABLES,
        render_as_batch=sqlite,
        transaction_per_migration=True,
        compare_type=True,
    )
    with context.begin_transaction():
        context.run_migrations()
    if sqlite:
        broken = connection.exec_driver_sql("PRAGMA foreign_key_check").fetchall()
        connection.rollback()
        outside_transactions(connection, "PRAGMA foreign_keys = ON")
        if broken:
            raise RuntimeError(f"the migration left rows without what they point at: {broken[:5]}")


def outside_transactions(connection: Connection, statement: str) -> None:
    """Run a statement that SQLite heeds only while no transaction is open."""
    driver = connection.connection.driver_connection
    assert driver is not None
    driver.execute(statement)


given = context.config.attributes.get("connection")
with writing():
    if given is not None:
        run(given)
    else:
        with db.engine.connect() as opened:
            run(opened)
