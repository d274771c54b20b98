"""Who may: every route names the act it needs; rows outside the viewer's scope are absent.

The policy itself stands in `people.roles`; this corridor only asks it. A route without `needs` or `open_to_all` does
not start: `check_routes` refuses the application.
"""

from __future__ import annotations

import functools
from collections.abc import Callable
from typing import Any, Protocol

from flask import Flask, abort, current_app, g, redirect, request, url_for

from auditapp import journal
from auditapp.db import db, declare

SAFE = frozenset({"GET", "HEAD", "OPTIONS"})
SIGNED_IN = "signed in"
"""What a route of the corridor needs where being signed in is enough, because its query gives own rows only."""


class Somebody(Protocol):
    """Whoever is signed in, as far as the corridor must know."""

    @property
    def person_id(self) -> int: ...

    def may(self, act: Any) -> bool: ...


def viewer() -> Any:
    """Give the person signed in, as the policy sees them (`people.roles.Viewer`). Fails where nobody is."""
    return g.viewer


def signed_in() -> bool:
    """Tell whether somebody is signed in on this request."""
    return getattr(g, "viewer", None) is not None


def needs(
    act: Any, on: Callable[..., Any] | None = None, *, journalled: str = "", kind: str = ""
) -> Callable[..., Any]:
    """State who a route needs.

    `act`: what the viewer's roles must allow, else 404 (403 would tell that the page exists). `on`: a scoped query
    `(viewer, **url arguments) -> row | None`; no row is 404; the row becomes the view's only argument. `journalled`:
    the verb under which a GET of it is written down (and committed) before the page is made; `kind` names the object.
    """

    def state(view: Callable[..., Any]) -> Callable[..., Any]:
        @functools.wraps(view)
        def guarded(**arguments: Any) -> Any:
            if not signed_in():
                return _ask_to_sign_in()
            if act != SIGNED_IN and not viewer().may(act):
                abort(404)
            if on is None:
                return view(**arguments)
            row = on(viewer(), **arguments)
            if row is None:
                abort(404)
            if journalled and request.method in SAFE:
                journal.write(journalled, kind, row.id)
                db.session.commit()
                # What was written down stands; the page itself only reads, and must not hold the lock while it is made.
                declare(False)
            return view(row)

        guarded.states = {"act": act, "on": on, "journalled": journalled}  # type: ignore[attr-defined]
        return guarded

    return state


def open_to_all(view: Callable[..., Any]) -> Callable[..., Any]:
    """State that a route needs nobody; a test lists all of these by name."""

    @functools.wraps(view)
    def opened(**arguments: Any) -> Any:
        return view(**arguments)

    opened.states = {"act": None, "on": None, "journalled": ""}  # type: ignore[attr-defined]
    return opened


def statement(app: Flask, endpoint: str | None) -> dict[str, Any]:
    """Give what a route states: its act (None: open), query, journal verb."""
    view = app.view_functions.get(endpoint or "")
    return getattr(view, "states", {})


def declare_transaction() -> None:
    """Decide, from method and route alone and before anybody is loaded, whether this request may write."""
    stated = statement(current_app, request.endpoint)
    declare(request.method not in SAFE or bool(stated.get("journalled")))


def check_routes(app: Flask) -> None:
    """Refuse to start with a route that does not state who it needs."""
    silent = [rule.endpoint for rule in app.url_map.iter_rules() if not statement(app, rule.endpoint)]
    if silent:
        raise RuntimeError(f"routes that do not state who they need: {', '.join(sorted(set(silent)))}")


def _ask_to_sign_in() -> Any:
    if request.method in SAFE and not request.headers.get("X-Autosave"):
        return redirect(url_for("people.sign_in", next=request.full_path.rstrip("?")))
    return abort(401)
