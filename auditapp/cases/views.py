"""The pages of the population: cases, importing an extract, placing the names it uses."""

from __future__ import annotations

from datetime import date
from functools import partial
from typing import Any

from flask import Blueprint, Response, current_app, redirect, request, url_for
from sqlalchemy import not_

from auditapp.cases import forms, operations, problems, queries
from auditapp.cases.models import (
    Case,
    Involvement,
    PendingImport,
    PopulationImport,
)
from auditapp.cases.population import NothingFound
from auditapp.db import db, now
from auditapp.jobs.operations import Progress, Unworkable, start
from auditapp.people.models import Person, Team
from auditapp.people.roles import Act, Viewer
from auditapp.sheets.book import LIMITS, Unreadable
from auditapp.sheets.reading import plain_name
from auditapp.sheets.writing import csv_lines
from auditapp.web import menu
from auditapp.web.access import needs, viewer
from auditapp.web.dates import day
from auditapp.web.done import done
from auditapp.web.listing import Column, Filter, Listing
from auditapp.web.pages import page

bp = Blueprint("cases", __name__, url_prefix="/cases")

FACT_WORDS = {
    "last_seen_on": "Child last seen",
    "last_visited_on": "Last visit",
    "last_reviewed_on": "Last review",
    "last_in_touch_on": "Last in touch",
    "placed_on": "Placed",
    "entered_care_on": "Entered care",
    "placement_order_on": "Placement order",
    "matched_on": "Matched",
}
YES_NO = [("yes", "Yes"), ("no", "No")]
CSV_HEADINGS = ("Case", "List", "Status", "Team", "Worker", "Since", "Open", "Age band")


# ---- cases ----


@bp.get("")
@needs(Act.SEE_CASES)
def index() -> Any:
    """List the involvements of the cases that the viewer sees."""
    return page(
        "cases/index.html",
        listing=_listing(),
        last=queries.last_import(),
        title=queries.list_title,
        may_import=viewer().may(Act.TAKE_POPULATION),
    )


@bp.get("/list.csv")
@needs(Act.SEE_CASES)
def export() -> Response:
    """Give the same list as CSV."""
    rows = (
        (
            *(row.reference, queries.list_title(row.list_key), row.status, row.team, row.worker),
            *(row.started_on, row.open_then, row.age_band),
        )
        for row in _listing().every()
    )
    return _csv("cases.csv", CSV_HEADINGS, rows)


def _listing() -> Listing:
    return Listing.of(
        queries.involvement_lines(viewer()),
        request.args,
        columns=[
            Column("case", "Case", Case.reference),
            Column("list", "List", queries.LIST_ORDER),
            Column("status", "Status", Involvement.status),
            Column("team", "Team", queries.TEAM_NAME),
            Column("worker", "Worker", queries.WORKER_NAME),
            Column("since", "Since", Involvement.started_on),
            Column("open", "Open", Involvement.open_then),
        ],
        filters=_filters(),
        key=Involvement.id,
        usual="case",
        noun="involvement",
    )


def _filters() -> list[Filter]:
    """Give the filters of the list of cases."""
    offered = queries.choices_in_scope(viewer())
    filters = [
        Filter("q", "Case reference", lambda q, v: q.where(Case.reference.icontains(v, autoescape=True))),
        Filter(
            "list",
            "List",
            lambda q, v: q.where(Involvement.list_key == v),
            [(key, queries.list_title(key)) for key in offered.lists],
        ),
        Filter(
            "status",
            "Status",
            lambda q, v: q.where(Involvement.status == v),
            [(status, status) for status in offered.statuses],
        ),
        Filter(
            "team", "Team", lambda q, v: q.where(queries.TEAM_NAME.in_([v])), [(name, name) for name in offered.teams]
        ),
        Filter("service", "Service", lambda q, v: q.where(Team.service_id == int(v)), offered.services),
        Filter("worker", "Worker", lambda q, v: q.where(queries.WORKER_NAME.icontains(v, autoescape=True))),
        Filter("open", "Open", lambda q, v: q.where(Involvement.open_then == (v == "yes")), YES_NO, "Open or not"),
    ]
    audited = queries.audited()
    if audited is not None:
        chosen = Case.id.in_(audited)
        narrow = partial(_yes_or_no, chosen)
        filters.append(Filter("audited", "Audited", narrow, YES_NO, "Audited or not"))
    return filters


def _yes_or_no(condition: Any, query: Any, value: str) -> Any:
    return query.where(condition if value == "yes" else not_(condition))


@bp.get("/<int:case_id>")
@needs(Act.SEE_CASES, on=queries.seen_case, journalled="opened", kind="case")
def show(case: Case) -> Any:
    """Show a case: its involvements, and what other rooms know of it."""
    panels = menu.of(current_app).shown(menu.of(current_app).case, viewer(), case)
    story = queries.story(case)
    return page("cases/show.html", case=case, story=story, panels=panels, title=queries.list_title, facts_of=_facts_of)


def _facts_of(one: Involvement) -> list[dict[str, Any]]:
    """Give what is known of an involvement as the lines of a summary list."""
    team = one.team_alias.team.name if one.team_alias and one.team_alias.team else ""
    worker = one.worker_alias.worker.name if one.worker_alias and one.worker_alias.worker else ""
    facts = [
        ("Status", one.status),
        ("Category", one.category),
        ("Team", team or (one.team_alias.spelling if one.team_alias else "")),
        ("Worker", worker or (one.worker_alias.spelling if one.worker_alias else "")),
        ("On" if queries.is_event(one.list_key) else "Since", day(one.started_on)),
        ("Ended", day(one.ended_on)),
        *((words, day(date.fromisoformat(one.facts[key]))) for key, words in FACT_WORDS.items() if key in one.facts),
    ]
    return [{"key": {"text": name}, "value": {"text": value}} for name, value in facts if value]


# ---- importing ----


@bp.get("/population")
@needs(Act.TAKE_POPULATION, on=queries.keeper)
def population(_keeper: Viewer) -> Any:
    """Show what was imported, and what waits."""
    return page("cases/population.html", imports=queries.imports(), waiting=queries.waiting())


@bp.route("/import", methods=["GET", "POST"])
@needs(Act.TAKE_POPULATION, on=queries.keeper)
def import_extract(_keeper: Viewer) -> Any:
    """Take a file and read it in the background; the preview follows."""
    form = forms.ImportForm()
    if request.method == "POST" and form.validate() and (data := _sent(form)):
        return _begin_reading(form, data, {})
    return page("cases/import.html", 422 if form.refused else 200, form=form)


def _sent(form: Any) -> bytes:
    """Give the bytes of the file sent; nothing (and a message) when there are too many or none."""
    data: bytes = form.file.data.read(LIMITS.packed + 1)
    if len(data) > LIMITS.packed:
        form.refuse(form.file, "The file must be smaller than 5 MB")
        return b""
    if not data:
        form.refuse(form.file, "The file is empty")
    return data


def _begin_reading(form: Any, data: bytes, pointing: dict[str, str]) -> Any:
    read = partial(
        _read, data=data, name=form.file.data.filename or "extract", as_at=form.as_at.data, pointing=pointing
    )
    job = start("population preview", partial(read, by=viewer().person_id), by=viewer().person_id, words="Reading")
    return done(url_for("jobs.show", job_id=job.id))


def _read(progress: Progress, *, data: bytes, name: str, as_at: Any, pointing: dict[str, str], by: int) -> Any:
    """Read a file for its preview, in the background."""
    progress.say(f"Reading {plain_name(name)}")
    try:
        extract, used = operations.read(data, name, as_at, pointing)
    except NothingFound as nothing:
        if not nothing.titles:
            raise Unworkable(str(nothing), back=_address("cases.import_extract")) from nothing
        waiting = operations.wait_for_pointing(nothing.titles, name=name, as_at=as_at, by=by, at=now())
        return {
            "said": "This is no Annex A workbook",
            "url": _address("cases.columns", pending_id=waiting.id),
            "next": "Point at its columns",
        }
    except Unreadable as problem:
        raise Unworkable(str(problem), back=_address("cases.import_extract")) from problem
    waiting = operations.preview(extract, used, data=data, name=name, by=by, at=now())
    return {
        "said": "The file was read",
        "url": _address("cases.preview", pending_id=waiting.id),
        "next": "Check what it holds",
    }


def _address(endpoint: str, **values: Any) -> str:
    """Give an address outside of any request."""
    return current_app.url_map.bind("").build(endpoint, values)


@bp.route("/import/<int:pending_id>/columns", methods=["GET", "POST"])
@needs(Act.TAKE_POPULATION, on=queries.own_pending)
def columns(waiting: PendingImport) -> Any:
    """Point at the columns of a council's own list; the file is sent again, because nothing of it was kept."""
    titles = waiting.summary.get("titles", [])
    form = forms.columns_form(titles)(as_at=waiting.as_at, **operations.suggested_pointing(titles))
    if request.method == "POST" and form.validate() and (data := _sent(form)):
        return _begin_reading(form, data, forms.pointing_of(form))
    return page("cases/columns.html", 422 if form.refused else 200, form=form, waiting=waiting)


@bp.route("/import/<int:pending_id>", methods=["GET", "POST"])
@needs(Act.TAKE_POPULATION, on=queries.own_pending)
def preview(waiting: PendingImport) -> Any:
    """Show what a file holds and would change; taking it happens in the background."""
    if waiting.taken_import_id:
        return redirect(url_for("cases.taken", import_id=waiting.taken_import_id))
    if waiting.summary.get("titles"):
        return redirect(url_for("cases.columns", pending_id=waiting.id))
    if not waiting.summary:
        return redirect(url_for("cases.import_extract"))
    cases = waiting.summary["cases"]
    doubts = problems.doubts(cases, waiting.as_at, queries.newest_as_at())
    form = forms.take_form(cases["gone"], doubts)
    if request.method == "POST" and form.validate():
        work = partial(_take, pending_id=waiting.id, by=viewer().person_id)
        job = start("population import", work, by=viewer().person_id, words="Taking the extract")
        return done(url_for("jobs.show", job_id=job.id))
    status = 422 if form.refused else 200
    return page("cases/preview.html", status, form=form, waiting=waiting, doubts=doubts, **_shown(waiting.summary))


def _take(progress: Progress, *, pending_id: int, by: int) -> Any:
    """Take a previewed extract, in the background."""
    try:
        extract = operations.take(db.session.get_one(PendingImport, pending_id), by=by, at=now())
    except operations.PopulationHasChanged as changed:
        raise Unworkable(
            "Somebody took another extract after you looked at this one. Nothing was taken: import the file again.",
            back=_address("cases.import_extract"),
        ) from changed
    return {
        "said": "The extract was taken",
        "url": _address("cases.taken", import_id=extract.id),
        "next": "See what was taken",
    }


def _shown(summary: dict[str, Any]) -> dict[str, Any]:
    """Give what the preview and the page of a taken import show of a summary."""
    present = {report["list"] for report in summary["lists"]}
    absent = [queries.list_title(key) for key in queries.lists_held() if key not in present]
    return {"summary": summary, "grouped": problems.grouped, "title": queries.list_title, "absent": absent}


@bp.get("/import/<int:pending_id>/problems.csv")
@needs(Act.TAKE_POPULATION, on=queries.own_pending)
def preview_problems(waiting: PendingImport) -> Response:
    """Give every refusal and note of a previewed extract as CSV."""
    return _csv("problems.csv", problems.HEADINGS, problems.table(waiting.summary.get("lists", [])))


@bp.get("/imports/<int:import_id>")
@needs(Act.TAKE_POPULATION, on=queries.taken_import)
def taken(extract: PopulationImport) -> Any:
    """Show what was taken with an extract."""
    by = db.session.get(Person, extract.taken_by) if extract.taken_by else None
    return page("cases/taken.html", extract=extract, by=by, waiting=queries.waiting(), **_shown(extract.summary))


@bp.get("/imports/<int:import_id>/problems.csv")
@needs(Act.TAKE_POPULATION, on=queries.taken_import)
def taken_problems(extract: PopulationImport) -> Response:
    """Give every refusal and note of a taken extract as CSV."""
    return _csv("problems.csv", problems.HEADINGS, problems.table(extract.summary["lists"]))


def _csv(name: str, headings: Any, rows: Any) -> Response:
    answer = Response("".join(csv_lines(headings, rows)), mimetype="text/csv")
    answer.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    return answer
