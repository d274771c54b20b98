"""People: services, teams, who holds which role from when to when, signing in, and who may do what (`roles`).

Two later rooms leave a function here at start-up, because this room cannot import them: `queries.WORKER_IDS` (which
workers of an extract a person is: the cases room) and `queries.OWN_WORDS` (the council's names: the council room).
"""

from __future__ import annotations

from flask import Flask


def register(app: Flask) -> None:
    """Add the pages of signing in, of one's own account and of keeping people, and their commands."""
    from auditapp.people import commands, keeping, views  # noqa: F401 (keeping adds its pages to views.bp)
    from auditapp.people.roles import Act
    from auditapp.web import menu

    views.sign_ins.init_app(app)
    app.register_blueprint(views.bp)
    app.cli.add_command(commands.group)
    menu.entry(app, 70, "People", "people.index", Act.KEEP_PEOPLE)
