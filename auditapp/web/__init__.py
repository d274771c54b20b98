"""The web corridor: what every page shares.

`access` (who may), `done` (the one place where a request commits), `pages`, `forms`, `fields`, `listing`, `errors`,
`security`, `menu` (what rooms register so that earlier rooms need not know them).

A request walks: the kind of its transaction is declared from method and route → the people room loads who is signed
in → a form sent twice gets its first answer → the view.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from flask import Flask

    from auditapp.settings import Settings


def open_door(app: Flask, settings: Settings) -> None:
    """Set up what must stand before the rooms register."""
    from auditapp.web import access, errors, health, pages, security, session

    app.before_request(access.declare_transaction)
    security.set_up(app, settings)
    pages.set_up(app)
    errors.set_up(app)
    app.view_functions["static"] = access.open_to_all(app.view_functions["static"])
    app.register_blueprint(health.bp)
    app.register_blueprint(session.bp)


def close_door(app: Flask) -> None:
    """Set up what comes after the rooms: repeated forms, and the check that every route states who it needs."""
    from auditapp.web import access, done, security

    app.before_request(security.check_token)
    app.before_request(done.first_answer)
    access.check_routes(app)
