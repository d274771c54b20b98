"""auditapp: case file audits for English children's services.

One street of rooms; an audit walks along it once (docs/decisions/0001-one-street-of-rooms.md). A room imports only what
stands before it: the corridor (settings, db, journal, web, sheets, jobs, council), then

people → library → cases → figures → actions → audits → reports → home → demo.
"""

from __future__ import annotations

import importlib
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from flask import Flask

    from auditapp.settings import Settings

ROOMS = ("journal", "jobs", "people", "council", "library", "cases", "actions", "audits", "reports", "home", "demo")


def create_app(settings: Settings | None = None) -> Flask:
    """Build the application: the corridor, then each room in the street's order.

    Raises UnusableSettings when the environment makes no sense.
    """
    from flask import Flask

    from auditapp import db, running, web
    from auditapp.settings import PACKAGE, Settings

    settings = settings or Settings.read()
    app = Flask("auditapp", static_folder=str(PACKAGE / "static"), static_url_path="/static")
    app.extensions["auditapp.settings"] = settings
    app.config["SECRET_KEY"] = settings.secret_key()
    db.prepare(app, settings)
    web.open_door(app, settings)
    for room in ROOMS:
        importlib.import_module(f"auditapp.{room}").register(app)
    web.close_door(app)
    running.register(app)
    return app
