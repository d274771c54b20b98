"""The cases room: the children known by reference, their involvements, and the names an extract uses.

An extract (Annex A, or a council's own list of open cases) is previewed and then taken whole; its spellings of teams
and workers wait until somebody places them (the pages of `placing`), and create no right by themselves.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from flask import Flask


def register(app: Flask) -> None:
    """Add the pages and commands of the population, and tell the people room which workers somebody is."""
    from auditapp.cases import commands, queries, views
    from auditapp.cases import placing as _placing
    from auditapp.people.queries import WORKER_IDS
    from auditapp.people.roles import Act
    from auditapp.web import menu

    app.register_blueprint(views.bp)
    app.cli.add_command(commands.group)
    app.extensions[WORKER_IDS] = queries.worker_ids_of
    menu.entry(app, 20, "Cases", "cases.index", Act.SEE_CASES)
    menu.entry(app, 80, "Population", "cases.population", Act.TAKE_POPULATION)
    del _placing


def also_visible(app: Flask, cases: Callable[[Any], Any]) -> None:
    """Let a later room name cases that a viewer sees for another reason: `cases(viewer)` gives a select of case ids."""
    from auditapp.cases.queries import ALSO_VISIBLE

    app.extensions.setdefault(ALSO_VISIBLE, []).append(cases)


def tell_audited(app: Flask, cases: Callable[[], Any]) -> None:
    """Let the audits room say which cases were audited: `cases()` gives a select of case ids."""
    from auditapp.cases.queries import AUDITED

    app.extensions[AUDITED] = cases
