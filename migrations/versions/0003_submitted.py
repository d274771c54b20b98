"""What was submitted stays as it was: the database itself refuses to change it, on either kind.

A submitted version's answers, findings and its three voices' judgements stay as they are; marks that come later (a
second reader's, the settled one) may be added. The newest flag and the edit counter of a version may move.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None

SENTENCE = "a submitted audit never changes; correct it by a new version"
FINISHED = "what was said once stays as it was said"
EVENTS = ("INSERT", "UPDATE", "DELETE")
LATER_STAGES = "('second', 'final')"
VERSION_STAYS = (
    "audit_id", "number", "reason", "began_at", "began_by", "conversation_on", "took_part", "no_conversation",
    "no_conversation_why", "so_what", "audited_on", "submitted_at", "submitted_by", "digest",
)  # fmt: skip
AUDIT_STAYS = (
    "case_id", "involvement_id", "template_version_id", "kind", "journey_stage", "auditor_id",
    "service_id", "service_then", "team_id", "team_then", "worker_id", "worker_then", "withdrawn_at",
    "team_alias_id", "worker_alias_id",
)  # fmt: skip
OF_VERSION = ("answer", "judgement", "finding")


def _statements(dialect: str) -> Sequence[str]:
    return tuple(_sqlite() if dialect == "sqlite" else _postgresql())


def _removals(dialect: str) -> Sequence[str]:
    if dialect == "sqlite":
        return tuple(f"DROP TRIGGER {name}" for name, *_ in _all())
    dropped = [f"DROP TRIGGER {name} ON {table}" for name, table, *_ in _all()]
    return (*dropped, "DROP FUNCTION refuse_in_submitted()", "DROP FUNCTION refuse_submitted_of_audit()")


def _all() -> Iterator[tuple[str, str, str]]:
    """Every trigger as (name, table, event)."""
    for table in (*OF_VERSION, "section"):
        for event in EVENTS:
            yield f"{table}_submitted_{event.lower()}", table, event
    for event in ("UPDATE", "DELETE"):
        yield f"version_submitted_{event.lower()}", "audit_version", event
        yield f"audit_submitted_{event.lower()}", "audit", event
        yield f"worker_view_submitted_{event.lower()}", "worker_view", event
        yield f"reading_stays_{event.lower()}", "reading", event
        yield f"opening_stays_{event.lower()}", "opening", event


def _sqlite() -> Iterator[str]:
    for name, table, event in _all():
        when, sentence = _sqlite_condition(table, event), FINISHED if table in ("reading", "opening") else SENTENCE
        yield f"CREATE TRIGGER {name} BEFORE {event} ON {table} FOR EACH ROW WHEN {when} " + (
            f"BEGIN SELECT RAISE(ABORT, '{sentence}'); END"
        )


def _sqlite_condition(table: str, event: str) -> str:
    rows = {"INSERT": ("NEW",), "DELETE": ("OLD",), "UPDATE": ("OLD", "NEW")}[event]
    if table in ("reading", "opening"):
        return "1 = 1"
    if table == "audit_version":
        changed = " OR ".join(f"OLD.{name} IS NOT NEW.{name}" for name in VERSION_STAYS)
        return f"OLD.submitted_at IS NOT NULL{f' AND ({changed})' if event == 'UPDATE' else ''}"
    if table == "audit":
        changed = " OR ".join(f"OLD.{name} IS NOT NEW.{name}" for name in AUDIT_STAYS)
        submitted = "EXISTS (SELECT 1 FROM audit_version WHERE audit_id = OLD.id AND submitted_at IS NOT NULL)"
        return f"{submitted}{f' AND ({changed})' if event == 'UPDATE' else ''}"
    if table == "worker_view":
        return "EXISTS (SELECT 1 FROM audit_version WHERE audit_id = OLD.audit_id AND submitted_at IS NOT NULL)"
    ids = ", ".join(f"{row}.audit_version_id" for row in rows)
    frozen = f"EXISTS (SELECT 1 FROM audit_version WHERE id IN ({ids}) AND submitted_at IS NOT NULL)"  # noqa: S608 (our own names)
    if table == "judgement" and event == "INSERT":
        return f"NEW.stage NOT IN {LATER_STAGES} AND {frozen}"
    return frozen


def _postgresql() -> Iterator[str]:
    yield (
        "CREATE FUNCTION refuse_in_submitted() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN "
        "IF (TG_OP <> 'INSERT' AND EXISTS (SELECT 1 FROM audit_version v "
        "WHERE v.id = OLD.audit_version_id AND v.submitted_at IS NOT NULL)) "
        "OR (TG_OP <> 'DELETE' AND EXISTS (SELECT 1 FROM audit_version v "
        "WHERE v.id = NEW.audit_version_id AND v.submitted_at IS NOT NULL)) "
        "THEN RAISE EXCEPTION '%', TG_ARGV[0] USING ERRCODE = 'integrity_constraint_violation'; END IF; "
        "IF TG_OP = 'DELETE' THEN RETURN OLD; END IF; RETURN NEW; END $$"
    )
    yield (
        "CREATE FUNCTION refuse_submitted_of_audit() RETURNS trigger LANGUAGE plpgsql AS $$ "
        "DECLARE of_audit integer := CASE WHEN TG_TABLE_NAME = 'audit' THEN (to_jsonb(OLD)->>'id')::integer "
        "ELSE (to_jsonb(OLD)->>'audit_id')::integer END; BEGIN "
        "IF EXISTS (SELECT 1 FROM audit_version v WHERE v.audit_id = of_audit AND v.submitted_at IS NOT NULL) "
        "THEN RAISE EXCEPTION '%', TG_ARGV[0] USING ERRCODE = 'integrity_constraint_violation'; END IF; "
        "IF TG_OP = 'DELETE' THEN RETURN OLD; END IF; RETURN NEW; END $$"
    )
    for name, table, event in _all():
        when, run = _postgresql_answer(table, event)
        yield f"CREATE TRIGGER {name} BEFORE {event} ON {table} FOR EACH ROW WHEN ({when}) EXECUTE FUNCTION {run}"


def _postgresql_answer(table: str, event: str) -> tuple[str, str]:
    if table in ("reading", "opening"):
        return "true", f"refuse_change('{FINISHED}')"
    if table == "audit_version":
        changed = f" AND ({_distinct(VERSION_STAYS)})" if event == "UPDATE" else ""
        return f"OLD.submitted_at IS NOT NULL{changed}", f"refuse_change('{SENTENCE}')"
    if table == "audit":
        return _distinct(AUDIT_STAYS) if event == "UPDATE" else "true", f"refuse_submitted_of_audit('{SENTENCE}')"
    if table == "worker_view":
        return "true", f"refuse_submitted_of_audit('{SENTENCE}')"
    if table == "judgement" and event == "INSERT":
        return f"NEW.stage NOT IN {LATER_STAGES}", f"refuse_in_submitted('{SENTENCE}')"
    return "true", f"refuse_in_submitted('{SENTENCE}')"


def _distinct(columns: Sequence[str]) -> str:
    return " OR ".join(f"OLD.{name}::text IS DISTINCT FROM NEW.{name}::text" for name in columns)


def upgrade() -> None:
    for statement in _statements(op.get_bind().dialect.name):
        op.execute(statement)


def downgrade() -> None:
    for statement in _removals(op.get_bind().dialect.name):
        op.execute(statement)
