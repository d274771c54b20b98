"""Reports: what the audits of a period say, computed once and rendered as page, print, JSON, CSV and workbook.

`queries.facts` gives plain rows within somebody's reach, `thematic.compile` turns them into one frozen `Report`
(`report.py`), and everything after that only renders: `wording` its sentences, `tables` its tables, `pictures` its
charts, `contract` its JSON, `workbook` its Excel file. `published` hides what may not be published.
"""

from __future__ import annotations

from flask import Flask


def register(app: Flask) -> None:
    """Add the pages, the command and the menu word."""
    from auditapp.people.roles import Act
    from auditapp.reports.commands import group
    from auditapp.reports.views import bp
    from auditapp.web import menu

    app.register_blueprint(bp)
    app.cli.add_command(group)
    menu.entry(app, 50, "Reports", "reports.index", Act.READ_PUBLISHED)
