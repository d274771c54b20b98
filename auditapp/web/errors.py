"""When something goes wrong: plain words, the way on, and never the loss of what was typed."""

from __future__ import annotations

import secrets
import traceback
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from types import TracebackType

from flask import Flask, Response, current_app, g, jsonify, request
from flask_wtf.csrf import CSRFError, generate_csrf
from sqlalchemy.exc import IntegrityError, OperationalError
from werkzeug.exceptions import HTTPException, RequestEntityTooLarge, SecurityError
from werkzeug.wrappers import Response as Answer

from auditapp.db import Conflict, db
from auditapp.web import dates
from auditapp.web.access import signed_in
from auditapp.web.forms import Day, Form
from auditapp.web.pages import Council, page

OURS = frozenset({"csrf_token", "version", "idempotency_key"})
"""Fields that a form carries for the house, not for its reader."""


@dataclass(frozen=True, slots=True)
class Words:
    """What a page says: its heading and sentences."""

    heading: str
    sentences: tuple[str, ...]


SAID: Mapping[int, Words] = {
    400: Words("This request could not be understood", ("Go back, load the page again and try once more.",)),
    401: Words(
        "Sign in to go on",
        ("You were signed out, because nothing happened for a while or because you signed out elsewhere.",),
    ),
    403: Words("You cannot do this", ("Your role does not include it. If it should, ask your administrator.",)),
    404: Words(
        "Page not found",
        (
            "If you typed the address, check that it is right. If you followed a link, what it led to may not be there"
            " any more, or may not be yours to see.",
        ),
    ),
    405: Words("This page cannot be used that way", ("Go back and use the buttons on the page.",)),
    409: Words("Someone else changed this", ("Nothing of yours was stored, and nothing of theirs was overwritten.",)),
    413: Words(
        "That was too large",
        ("A file may have up to 5 MB, and all the text of one page together up to 3 MB.", "Nothing was stored."),
    ),
    422: Words("There is a problem with what was sent", ("Go back and check what you entered.",)),
    429: Words("Too many tries", ("Wait five minutes, then try again.",)),
    500: Words(
        "Sorry, something went wrong on our side",
        ("Nothing was half stored. Try again; if it happens again, tell your administrator this reference.",),
    ),
    503: Words("The service is busy", ("Nothing was lost. Wait a moment, then try again.",)),
    507: Words(
        "There is no room left to store this",
        (
            "The server's disk is full. Nothing that was stored before is lost.",
            "Tell your administrator. Your text is below: keep this page open and send it again when there is room.",
        ),
    ),
}


SIGNED_IN_AGAIN = Words(
    "You signed in again while this page was open",
    ("So that nobody else can send something in your name, please confirm once that this is from you.",),
)


def set_up(app: Flask) -> None:
    """Answer every kind of trouble in plain words."""
    app.before_request(_note_kind)
    app.register_error_handler(SecurityError, _foreign_name)
    app.register_error_handler(CSRFError, _stale_token)
    app.register_error_handler(HTTPException, _refused)
    app.register_error_handler(Conflict, _conflict_unknown)
    app.register_error_handler(IntegrityError, _at_the_same_moment)
    app.register_error_handler(OperationalError, _database_trouble)
    app.register_error_handler(Exception, _broken)


def wants_json() -> bool:
    """Tell whether a script of ours asks, which wants JSON and no page."""
    return bool(request.headers.get("X-Autosave")) or request.accept_mimetypes.best == "application/json"


def _note_kind() -> None:
    g.wants_json = wants_json()


def answer(status: int, *, reference: str = "", keep: bool = False, words: Words | None = None) -> Answer:
    """Make the answer for a status; `keep` shows what was typed, and a button that sends it again."""
    db.session.rollback()
    words = words or SAID.get(status, SAID[500 if status >= 500 else 400])
    if wants_json():
        said: Answer = jsonify(error=words.heading, said=" ".join(words.sentences), reference=reference or None)
        said.status_code = status
        return said
    typed = sent() if keep and request.method == "POST" else []
    return page(
        "web/again.html" if typed else "web/error.html",
        status,
        words=words,
        status_code=status,
        reference=reference,
        typed=typed,
        shown=[text for _, text in typed if len(text) > 20 or "\n" in text],
        form=None,
    )


def sent() -> list[tuple[str, str]]:
    """Give what a form's reader typed, by field; nothing where a password is among it.

    Only for a form of ours: a page elsewhere must not be able to have its own text sent again with our token.
    """
    if not _from_our_own_page():
        return []
    try:
        fields = [(name, text) for name, text in request.form.items(multi=True) if name not in OURS]
    except RequestEntityTooLarge:
        return []
    return [] if any("password" in name for name, _ in fields) else fields


def _from_our_own_page() -> bool:
    site = request.headers.get("Sec-Fetch-Site")
    origin = request.headers.get("Origin") or request.headers.get("Referer", "")
    return site == "same-origin" if site else (origin + "/").startswith(request.host_url)


def conflict(
    theirs: Mapping[str, str],
    *,
    version: int,
    by: str,
    at: datetime,
    back: str,
    form: Form | None = None,
    labels: Mapping[str, str] | None = None,
) -> Answer:
    """Answer a form that somebody else overtook: both texts, and the choice.

    `theirs`: field name → the value now stored (of several, one a line); `version`: the version now stored; `back`: the
    page with their text; `form` gives each field's words and those of its choices, `labels` others. Call it in a view
    that caught `Conflict`; nothing is committed.
    """
    by = by[:1].upper() + by[1:]
    words = {**(_labels(form) if form else {}), **(labels or {})}
    db.session.rollback()
    if wants_json():
        told: Answer = jsonify(theirs=dict(theirs), by=by, at=dates.day_time(at), version=version, labels=words)
        told.status_code = 409
        return told
    mine = {name: "\n".join(request.form.getlist(name)) for name in theirs}
    differing = [
        (words.get(name, name), _in_words(form, name, mine[name]), _in_words(form, name, text))
        for name, text in theirs.items()
        if _same(mine[name]) != _same(text)
    ]
    return page(
        "web/conflict.html",
        409,
        differing=differing,
        by=by,
        at=at,
        version=version,
        back=back,
        typed=[(name, text) for name, text in request.form.items(multi=True) if name not in OURS],
        token=generate_csrf(),
        key=secrets.token_hex(16),
        form=None,
    )


def _labels(form: Form) -> dict[str, str]:
    whole = {field.name: field.label.text for field in form if field.name not in OURS}
    parts = {f"{f.name}-{part}": f"{f.label.text} ({part})" for f in form if isinstance(f, Day) for part in f.PARTS}
    return {**whole, **parts}


def _in_words(form: Form | None, name: str, value: str) -> str:
    """Give a value as its field shows it: the words of a choice, else the text itself."""
    if form is None or name not in form or not hasattr(form[name], "iter_choices"):
        return value
    known = {str(choice.value): str(choice.label) for choice in form[name].iter_choices()}
    return ", ".join(known.get(one, one) for one in value.split("\n") if one)


def _same(text: str) -> str:
    return text.replace("\r\n", "\n").strip()


def _foreign_name(error: SecurityError) -> Answer:
    """Answer in one line: under a name that is not ours, no address of ours can be written on a page."""
    return Response("This server does not answer to that name.\n", 400, mimetype="text/plain")


def _stale_token(error: CSRFError) -> Answer:
    if not signed_in():
        return answer(401, keep=True)
    return answer(400, keep=True, words=SIGNED_IN_AGAIN if sent() else None)


def _refused(error: HTTPException) -> Answer | HTTPException:
    status = error.code or 500
    if status < 400 or (error.response is not None and not isinstance(error.response, Response)):
        return error
    made = answer(status, keep=status == 401)
    for name, value in error.get_headers():
        if name in {"Allow", "Retry-After"}:
            made.headers[name] = value
    return made


def _conflict_unknown(error: Conflict) -> Answer:
    return answer(409, keep=True)


def _at_the_same_moment(error: IntegrityError) -> Answer:
    """Answer the loser of two who did the same at once: a rule of the database stopped the second."""
    current_app.logger.error("%s at %s\n%s", type(error).__name__, request.endpoint, _places(error.__traceback__))
    return answer(409, keep=True)


def _database_trouble(error: OperationalError) -> Answer:
    cause = str(error.orig).lower()
    if "disk is full" in cause or "no space left" in cause:
        return answer(507, keep=True)
    if "locked" in cause or "connection" in cause or "timeout" in cause:
        return _busy()
    return _broken(error)


def _busy() -> Answer:
    """Answer that the database is busy. The page may ask it nothing: who is signed in counts as unknown."""
    db.session().invalidate()
    words = SAID[503]
    g.viewer = None
    g.council = Council()
    try:
        return answer(503, keep=True)
    except Exception:
        return Response(f"{words.heading}. {' '.join(words.sentences)}", 503, mimetype="text/plain")


def _broken(error: Exception) -> Answer:
    """Answer with a reference. The log gets places in the code, never an exception's words: they may be a narrative."""
    if current_app.testing and current_app.config.get("PROPAGATE_EXCEPTIONS"):
        raise error
    reference = secrets.token_hex(4)
    current_app.logger.error(
        "%s: %s at %s %s\n%s",
        reference,
        type(error).__name__,
        request.method,
        request.endpoint,
        _places(error.__traceback__),
    )
    try:
        return answer(500, reference=reference, keep=True)
    except Exception:
        words = SAID[500]
        return Response(f"{words.heading}. {' '.join(words.sentences)} {reference}", 500, mimetype="text/plain")


def _places(trace: TracebackType | None) -> str:
    return "\n".join(f"  {frame.filename}:{frame.lineno} {frame.name}" for frame in traceback.extract_tb(trace))
