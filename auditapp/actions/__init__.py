"""Actions: what one named person will do for a child by a day, agreed in the conversation and seen in the record.

A room of its own before the audits, because later rooms (safety, moderation) agree actions too; where one came from is
an opaque pair of words to it.
"""

from __future__ import annotations

from flask import Flask

from auditapp.people.roles import Act


def register(app: Flask) -> None:
    """Add the pages, the menu entry, and what homes and case pages show of actions."""
    from auditapp import journal
    from auditapp.actions import queries, views
    from auditapp.web import menu

    app.register_blueprint(views.bp)
    menu.entry(app, 40, "Actions", "actions.mine", Act.SEE_ACTIONS)
    menu.case_panel(app, 50, views.case_panel)
    journal.protect("agreed", "action", queries.agreed_digest_now, queries.agreed_ids)
    app.extensions.setdefault("auditapp.today", []).append(views.today_items)
