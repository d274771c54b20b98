"""Rows that never change: the database itself refuses to alter them, whoever asks."""

from __future__ import annotations

from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None

# (name, table, event, condition on the row, sentence)
REFUSALS = (
    ("journal_entry_stays", "journal_entry", "UPDATE", "1 = 1", "the journal is append-only"),
    ("journal_entry_is_kept", "journal_entry", "DELETE", "1 = 1", "the journal is append-only"),
    ("journal_head_is_kept", "journal_head", "DELETE", "1 = 1", "the journal is append-only"),
    (
        "published_stays",
        "template_version",
        "UPDATE",
        "OLD.published_at IS NOT NULL",
        "a published version never changes",
    ),
    (
        "published_is_kept",
        "template_version",
        "DELETE",
        "OLD.published_at IS NOT NULL",
        "a published version never changes",
    ),
)
NOT_TRUNCATED = ("journal_entry", "journal_head")


def upgrade() -> None:
    if op.get_bind().dialect.name == "sqlite":
        for name, table, event, condition, sentence in REFUSALS:
            op.execute(
                f"CREATE TRIGGER {name} BEFORE {event} ON {table} FOR EACH ROW WHEN {condition} "
                f"BEGIN SELECT RAISE(ABORT, '{sentence}'); END"
            )
        return
    op.execute(
        "CREATE FUNCTION refuse_change() RETURNS trigger LANGUAGE plpgsql AS "
        "$$ BEGIN RAISE EXCEPTION '%', TG_ARGV[0] USING ERRCODE = 'integrity_constraint_violation'; END $$"
    )
    for name, table, event, condition, sentence in REFUSALS:
        op.execute(
            f"CREATE TRIGGER {name} BEFORE {event} ON {table} FOR EACH ROW WHEN ({condition}) "
            f"EXECUTE FUNCTION refuse_change('{sentence}')"
        )
    for table in NOT_TRUNCATED:
        op.execute(
            f"CREATE TRIGGER {table}_not_truncated BEFORE TRUNCATE ON {table} FOR EACH STATEMENT "
            f"EXECUTE FUNCTION refuse_change('the journal is append-only')"
        )


def downgrade() -> None:
    postgresql = op.get_bind().dialect.name == "postgresql"
    for name, table, *_ in REFUSALS:
        op.execute(f"DROP TRIGGER {name} ON {table}" if postgresql else f"DROP TRIGGER {name}")
    if postgresql:
        for table in NOT_TRUNCATED:
            op.execute(f"DROP TRIGGER {table}_not_truncated ON {table}")
        op.execute("DROP FUNCTION refuse_change()")
