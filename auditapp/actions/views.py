"""Actions: mine, my team's, and one action with its timeline and the buttons that its viewer may press."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime
from typing import Any

from flask import Blueprint, render_template, request, url_for
from sqlalchemy import Select, func
from werkzeug.wrappers import Response

from auditapp.actions import deadlines, operations, queries
from auditapp.actions.forms import DoneForm, EndForm, SeenForm
from auditapp.actions.models import Action, Outcome
from auditapp.actions.operations import NotAllowedNow
from auditapp.actions.stages import Stage
from auditapp.cases.models import Case
from auditapp.db import Conflict, db, now, today
from auditapp.library import queries as library
from auditapp.people import queries as people
from auditapp.people.models import Person
from auditapp.people.roles import Act, Role
from auditapp.sheets.writing import csv_lines
from auditapp.web.access import needs, viewer
from auditapp.web.dates import day
from auditapp.web.done import done
from auditapp.web.forms import Form
from auditapp.web.listing import Column, Filter, Listing
from auditapp.web.pages import page

bp = Blueprint("actions", __name__, url_prefix="/actions")
FOLLOWERS = frozenset({Role.TEAM_MANAGER, Role.QA_LEAD, Role.SENIOR_LEADER})


@bp.get("/")
@needs(Act.SEE_ACTIONS)
def mine() -> Response:
    """List the actions that the viewer took on."""
    return _list(queries.mine(viewer()), "mine")


@bp.get("/all")
@needs(Act.SEE_ACTIONS)
def followed() -> Response:
    """List every action that the viewer sees: for managers their teams'."""
    return _list(queries.seen_by(viewer()), "followed")


@bp.get("/to-check")
@needs(Act.SEE_ACTIONS)
def to_check() -> Response:
    """List what was said to be done and waits for the viewer to see it in the record."""
    return _list(queries.to_check(viewer()), "to_check")


@bp.get("/list.csv")
@needs(Act.SEE_ACTIONS)
def export() -> Response:
    """Give every action that the viewer sees as CSV, filtered like the list."""
    rows = (
        (one.case.reference, one.what, one.owner.name if one.owner else "", one.due_on, one.stage.words)
        for one in _listing(queries.seen_by(viewer())).every()
    )
    headings = ("Case", "Action", "Owner", "Due", "Stage")
    answer = Response("".join(csv_lines(headings, rows)), mimetype="text/csv")
    answer.headers["Content-Disposition"] = 'attachment; filename="actions.csv"'
    return answer


def _list(chosen: Select[Any], which: str) -> Response:
    follows = bool(viewer().roles & FOLLOWERS)
    return page(
        "actions/index.html",
        listing=_listing(chosen),
        which=which,
        follows=follows,
        waiting=queries.count(queries.to_check(viewer())),
        due=lambda action: queries.due_in_words(action.due_on, today()) if _to_do(action) else "",
        late=lambda action: _to_do(action) and action.due_on < queries.late_before(today()),
    )


def _to_do(action: Action) -> bool:
    return action.stage is Stage.AGREED


def _listing(chosen: Select[Any]) -> Listing:
    on = today()
    states = [("open", "To do"), ("overdue", "Overdue"), ("done", "Done, to be seen"), ("ended", "Ended")]
    conditions = {
        "open": queries.TO_DO,
        "overdue": queries.late_on(on),
        "done": queries.TO_CHECK,
        "ended": Action.ended_at.is_not(None),
    }
    filters = [
        Filter("stage", "Stage", lambda q, v: q.where(conditions[v]), states),
        Filter("case", "Case reference", lambda q, text: q.where(Case.reference.contains(text, autoescape=True))),
    ]
    if viewer().roles & FOLLOWERS:
        teams = [(str(team.id), team.name) for team in people.running_teams(on)]
        filters.append(Filter("team", "Team", lambda q, v: q.where(Action.team_id == int(v)), teams))
    return Listing.of(
        queries.with_case_and_owner(chosen),
        request.args,
        columns=[
            Column("what", "Action"),
            Column("case", "Case", Case.reference),
            Column("owner", "Owner", func.coalesce(Person.name, "")),
            Column("due", "Due", Action.due_on),
            Column("stage", "Stage", queries.STAGE_THEN_DUE),
        ],
        filters=filters,
        key=Action.id,
        usual="stage",
        noun="action",
    )


@bp.get("/<int:action_id>")
@needs(Act.SEE_ACTIONS, on=queries.action)
def show(action: Action) -> Response:
    """Show one action: what happened so far and what its viewer may do."""
    return _show(action)


@bp.post("/<int:action_id>/done")
@needs(Act.MOVE_ACTIONS, on=queries.action)
def say_done(action: Action) -> Response:
    """The owner says that it is done."""
    form = DoneForm(version=action.version)
    if not form.validate():
        return _show(action, form)
    return _move(
        action,
        form,
        "Thank you. Somebody else will look for it in the record.",
        lambda: operations.say_done(
            action, form.words.data or "", by=viewer().person_id, at=now(), expected=form.version.data
        ),
    )


@bp.post("/<int:action_id>/seen")
@needs(Act.MOVE_ACTIONS, on=queries.action)
def see_in_record(action: Action) -> Response:
    """Somebody else says whether they saw it in the record."""
    form = SeenForm(version=action.version)
    if not form.validate():
        return _show(action, form)
    by, at, expected, words = viewer().person_id, now(), form.version.data, form.words.data or ""
    if form.found.data == "yes":
        said = "Seen in the record. This action has ended."
        return _move(
            action, form, said, lambda: operations.see_in_record(action, words, by=by, at=at, expected=expected)
        )
    said = "Not in the record yet: it is back with its owner."
    return _move(action, form, said, lambda: operations.not_seen(action, words, by=by, at=at, expected=expected))


@bp.post("/<int:action_id>/end")
@needs(Act.MOVE_ACTIONS, on=queries.endable)
def end(action: Action) -> Response:
    """End an action that is not needed any more, with the reason."""
    form = EndForm(version=action.version)
    if not form.validate():
        return _show(action, form)
    return _move(
        action,
        form,
        "This action has ended.",
        lambda: operations.not_needed(
            action,
            str(form.why.data),
            by=viewer().person_id,
            at=now(),
            outcome=Outcome(str(form.outcome.data)),
            expected=form.version.data,
        ),
    )


def _move(action: Action, form: Form, said: str, move: Any) -> Response:
    try:
        move()
    except NotAllowedNow as refusal:
        db.session.rollback()
        form.form_errors.append(str(refusal))
        return _show(action, form)
    except Conflict:
        db.session.rollback()
        db.session.refresh(action)
        form.form_errors.append("Somebody moved this action meanwhile. Nothing was stored: see how it stands now")
        return _show(action, form)
    return done(url_for("actions.show", action_id=action.id), said=said)


def _show(action: Action, sent: Form | None = None) -> Response:
    who = viewer()
    own = action.owner_id == who.person_id
    offered = {
        DoneForm: action.stage is Stage.AGREED and own,
        SeenForm: action.stage is Stage.DONE and not own,
        EndForm: action.stage in (Stage.AGREED, Stage.DONE) and queries.endable(who, action.id) is not None,
    }
    forms = {
        kind.__name__: (sent if isinstance(sent, kind) else kind(formdata=None, version=action.version))
        for kind, shown in offered.items()
        if shown
    }
    return page(
        "actions/show.html",
        422 if sent else 200,
        form=sent,
        forms=forms,
        action=action,
        own=own,
        theme=library.theme_names().get(action.theme_key, ""),
        due=queries.due_in_words(action.due_on, today()) if _to_do(action) and action.due_on else "",
        late=_to_do(action) and bool(action.due_on and action.due_on < queries.late_before(today())),
        story=queries.story(action),
    )


# What other rooms' pages show


def today_items(who: Any) -> list[dict[str, Any]]:
    """Give the viewer's tasks about actions, for “For you today”."""
    if not who.may(Act.SEE_ACTIONS):
        return []
    on = today()
    late = queries.late_on(on)
    colleagues = queries.overdue(who, on).where(Action.owner_id != who.person_id)
    lines: list[tuple[Select[Action], Any, str, str, dict[str, Any], Callable[[int, Any, date], str]]] = [
        (queries.mine(who).where(late), Action.due_on, "of your actions to do", "mine", {"stage": "overdue"}, _late),
        (
            queries.mine(who).where(queries.TO_DO, ~late),
            Action.due_on,
            "of your actions still in time",
            "mine",
            {"stage": "open"},
            _next,
        ),
        (
            queries.to_check(who),
            Action.done_at,
            "done as their owners say, to see in the record",
            "to_check",
            {},
            _since,
        ),
        (colleagues, Action.due_on, "of your colleagues’ actions to do", "followed", {"stage": "overdue"}, _late),
    ]
    items = []
    for chosen, day_of_action, text, endpoint, values, note in lines:
        number, first = queries.count_and_first(chosen, day_of_action)
        if number:
            items.append(
                {
                    "number": number,
                    "text": text,
                    "href": url_for(f"actions.{endpoint}", **values),
                    "next": "See them" if number > 1 else "See it",
                    "note": note(number, first, on),
                    "late": note is _late,
                }
            )
    return items


def _late(number: int, first: date, on: date) -> str:
    return deadlines.late_in_words(number, queries.overdue_by(first, on))


def _next(number: int, first: date, on: date) -> str:
    said = queries.due_in_words(first, on)
    return said if number == 1 else f"the next is {said}"


def _since(number: int, first: datetime, _on: date) -> str:
    return f"since {day(first)}" if number == 1 else f"the oldest since {day(first)}"


def case_panel(who: Any, case: Case) -> str | None:
    """Give the actions of a case for its page."""
    found = queries.of_case(who, case.id) if who.may(Act.SEE_ACTIONS) else []
    return render_template("actions/of_case.html", actions=found, on=today()) if found else None
