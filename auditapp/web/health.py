"""`/healthz`: whether this server can do its work, for whatever watches it. Says nothing about anybody."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, current_app
from sqlalchemy.exc import SQLAlchemyError

from auditapp.schema import held_schema, newest_schema
from auditapp.web.access import open_to_all

bp = Blueprint("health", __name__)


@bp.get("/healthz")
@open_to_all
def healthz() -> tuple[dict[str, Any], int]:
    """Answer 200 when the database answers and has the schema of this release, else 503."""
    try:
        held = held_schema()
    except SQLAlchemyError:
        current_app.logger.warning("health: the database does not answer")
        return {"ok": False, "database": "does not answer"}, 503
    ready = held == newest_schema()
    return {"ok": ready, "database": "ready" if ready else "needs 'auditapp upgrade'"}, 200 if ready else 503
