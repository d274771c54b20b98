"""The one place where a request commits, and where a form sent twice gets its first answer again.

A form carries an `idempotency_key`. Its row is inserted before the work and filled with the answer in the same commit,
so it stands exactly when the work stands. A repeat meets the unique key: both databases make it wait for the first.
"""

from __future__ import annotations

import json
import re
from typing import Any

from flask import Response, abort, flash, g, redirect, request
from sqlalchemy import insert, select
from sqlalchemy.exc import IntegrityError
from werkzeug.wrappers import Response as Answer

from auditapp.db import db, now
from auditapp.web.access import SAFE, signed_in, viewer
from auditapp.web.models import Submission

LONGEST_KEY = 64


def first_answer() -> Answer | None:
    """Before a request: give the answer already given to this very form, or note that its work begins now."""
    key = request.form.get("idempotency_key", "") if request.method not in SAFE else ""
    if not key or not signed_in():
        return None
    if len(key) > LONGEST_KEY or not re.fullmatch(r"[A-Za-z0-9-]+", key):
        abort(400)
    row = Submission(key=key, person_id=viewer().person_id, path=request.path, at=now())
    try:
        db.session.execute(
            insert(Submission).values(
                key=row.key, person_id=row.person_id, path=row.path, at=row.at, answer="", is_json=False
            )
        )
    except IntegrityError:
        db.session.rollback()
        return _again(db.session.scalar(select(Submission).where(Submission.key == key)), row)
    g.submission_key = key
    return None


def _again(given: Submission | None, sent: Submission) -> Answer:
    if given is None or given.person_id != sent.person_id or given.path != sent.path:
        abort(400)
    if given.is_json:
        return Response(given.answer, mimetype="application/json")
    return redirect(given.answer, 303)


def done(url: str, said: str = "") -> Answer:
    """Commit the request's work, tell the outcome on the next page, and go there."""
    _commit(url, is_json=False)
    if said:
        flash(said)
    return redirect(url, 303)


def done_json(payload: dict[str, Any]) -> Answer:
    """Commit the request's work and answer the page's own script."""
    text = json.dumps(payload)
    _commit(text, is_json=True)
    return Response(text, mimetype="application/json")


def _commit(answer: str, *, is_json: bool) -> None:
    key = g.pop("submission_key", None)
    if key:
        row = db.session.get_one(Submission, key)
        row.answer, row.is_json = answer, is_json
    db.session.commit()
