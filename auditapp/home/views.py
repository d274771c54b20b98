"""Home, and the help pages."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from flask import Blueprint, current_app, render_template, url_for
from werkzeug.wrappers import Response

from auditapp.actions.stages import Stage
from auditapp.cases.queries import last_import, waiting
from auditapp.council.decisions import Decisions
from auditapp.council.queries import decided
from auditapp.db import LONDON, now, today
from auditapp.home import TODAY
from auditapp.home.greeting import (
    NAME_AND_COLOUR,
    PEOPLE,
    PLACE_NAMES,
    POPULATION,
    SERVICES_AND_TEAMS,
    first_of_months,
    greeting,
    nothing_waiting,
    whose,
)
from auditapp.people.queries import (
    limits,
    running_teams,
    scope_in_words,
    waiting_for_a_password,
    without_role,
    works_here,
)
from auditapp.people.roles import Act, Role, Viewer
from auditapp.reports import queries as reports
from auditapp.reports.filters import Filters
from auditapp.reports.wording import share_words
from auditapp.web import menu
from auditapp.web.access import SIGNED_IN, needs, open_to_all, viewer
from auditapp.web.pages import page

bp = Blueprint("home", __name__)
help_pages = Blueprint("help", __name__, url_prefix="/help")

YEAR, QUARTER = 12, 3
"""Months that the figures on a home look back: a team's audits are few, the council's are many."""


@bp.get("/")
@needs(SIGNED_IN)
def index() -> Response:
    """Show what is asked of the viewer today, and what their rooms have to say."""
    who = viewer()
    made: list[Callable[[Viewer], list[dict[str, Any]]]] = current_app.extensions.get(TODAY, [])
    return page(
        "home/index.html",
        greeting=greeting(now().astimezone(LONDON).hour, who.name),
        places=scope_in_words(who.grants),
        roles=[role.words for role in Role if role in who.roles],
        items=[item for make in made for item in make(who)],
        nothing=nothing_waiting(who.roles),
        panels=menu.of(current_app).shown(menu.of(current_app).home, who),
    )


def first_steps(who: Viewer) -> list[dict[str, Any]]:
    """Give what a fresh council still needs before its first audit, in order; each step stands until it is done."""
    if not (who.may(Act.KEEP_PEOPLE) or who.may(Act.TAKE_POPULATION)):
        return []
    extract = last_import() is not None
    steps = [
        (Act.KEEP_SETTINGS, decided().name != Decisions().name, NAME_AND_COLOUR, "council.change"),
        (Act.KEEP_PEOPLE, bool(running_teams(today())), SERVICES_AND_TEAMS, "people.teams"),
        (Act.KEEP_PEOPLE, works_here(today()), PEOPLE, "people.add"),
        (Act.TAKE_POPULATION, extract, POPULATION, "cases.import_extract"),
        # Once there is an extract, the names that wait in it are counted among today's tasks.
        (Act.PLACE_NAMES, extract, PLACE_NAMES, "cases.names"),
    ]
    return [
        {"text": step.text, "note": step.why, "href": url_for(endpoint), "next": step.following}
        for act, done, step, endpoint in steps
        if who.may(act) and not done
    ]


def today_items(who: Viewer) -> list[dict[str, Any]]:
    """Give what waits for whoever takes extracts or keeps people, for “For you today”."""
    items = first_steps(who)
    if who.may(Act.PLACE_NAMES) and (names := sum(waiting())):
        text = "name of the extract to place" if names == 1 else "names of the extract to place"
        items.append({"number": names, "text": text, "href": url_for("cases.names"), "next": "Place names"})
    if who.may(Act.KEEP_PEOPLE) and (waiting_people := len(without_role(today()))):
        text = "person without a role" if waiting_people == 1 else "people without a role"
        address = url_for("people.index", state="no_role")
        items.append({"number": waiting_people, "text": text, "href": address, "next": "Give roles"})
    return items


def keeping_panel(who: Viewer) -> str | None:
    """Show an administrator who waits for a role or a password."""
    if not who.may(Act.KEEP_PEOPLE):
        return None
    on = today()
    return render_template("home/_keeping.html", without_role=without_role(on), no_password=waiting_for_a_password(on))


def population_panel(who: Viewer) -> str | None:
    """Show whoever takes extracts how old the population is and which names wait."""
    if not who.may(Act.TAKE_POPULATION):
        return None
    teams, workers = waiting()
    return render_template("home/_population.html", last=last_import(), teams=teams, workers=workers)


def figures_panel(who: Viewer) -> str | None:
    """Show whoever answers for teams what their audits said lately, each kind by itself."""
    if not who.may(Act.READ_REPORTS):
        return None
    within = reports.reach(who)
    until = today()
    since = first_of_months(until, QUARTER if within.everything else YEAR)
    report = reports.headline(within, Filters(since, until), made_by=who.name)
    return render_template(
        "home/_figures.html",
        report=report,
        whose=whose(who.roles, everything=within.everything),
        share_words=share_words,
        Stage=Stage,
    )


@help_pages.get("/")
@needs(SIGNED_IN)
def index_of_help() -> Response:
    """Say how the work goes, for the viewer's roles."""
    return page("help/index.html", roles=viewer().roles, role=Role)


@help_pages.get("/accessibility")
@open_to_all
def accessibility() -> Response:
    """Show the accessibility statement."""
    return page("help/accessibility.html")


@help_pages.get("/privacy")
@open_to_all
def privacy() -> Response:
    """Say what is held about whom, and who sees it."""
    return page("help/privacy.html", limits=limits(), council_name=decided().name)


@help_pages.get("/about")
@open_to_all
def about() -> Response:
    """Say which version this is and what it is made of."""
    return page("help/about.html")
