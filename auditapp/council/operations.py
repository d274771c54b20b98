"""Deciding for the council."""

from __future__ import annotations

from datetime import datetime

from flask import g

from auditapp import journal
from auditapp.council import queries
from auditapp.council.decisions import Decisions, changes
from auditapp.council.models import Setting
from auditapp.db import Conflict, db


def decide(decisions: Decisions, *, by: int | None, at: datetime, expected: int | None = None) -> int:
    """Decide anew what differs from what is in force, and give how many decisions that were.

    `expected`: the number of the latest decision that was shown; None does not compare. Raises Conflict when somebody
    decided meanwhile.
    """
    if expected is not None and expected != queries.newest_id():
        raise Conflict
    changed = changes(queries.decided(), decisions)
    for key, value in changed.items():
        db.session.add(Setting(key=key, value=value, set_at=at, set_by=by))
    if changed:
        db.session.flush()
        journal.write("decided", "council", queries.newest_id(), keys=sorted(changed))
    g.pop("decided", None)
    return len(changed)
