"""The council: what it decided for itself while running (name, colour, when audits are due), with its history.

What an installation is told from outside (its folder, its addresses) stands in `auditapp.settings` instead.
"""

from __future__ import annotations

from flask import Flask


def register(app: Flask) -> None:
    """Put the council's name and colour on every page, keep its words out of passwords, and add the settings page."""
    from auditapp.council import queries, views
    from auditapp.people.queries import OWN_WORDS
    from auditapp.people.roles import Act
    from auditapp.web import menu

    app.extensions["auditapp.council"] = queries.shown
    app.extensions[OWN_WORDS] = queries.own_words
    app.register_blueprint(views.bp)
    menu.entry(app, 90, "Council settings", "council.show", Act.KEEP_SETTINGS)
