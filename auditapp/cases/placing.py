"""The pages on which the names that an extract uses are placed onto teams and people."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from flask import abort, request, url_for

from auditapp.cases import forms, operations, queries
from auditapp.cases.models import TeamAlias, Worker, WorkerAlias
from auditapp.cases.views import bp
from auditapp.db import Conflict, db, today
from auditapp.people.models import Person, Team
from auditapp.people.queries import running_teams
from auditapp.people.roles import Act, Viewer
from auditapp.web.access import needs
from auditapp.web.done import done
from auditapp.web.forms import Form, choices
from auditapp.web.pages import page
from auditapp.web.words import plural

NAMES_AT_ONCE = 25


@bp.route("/names", methods=["GET", "POST"])
@needs(Act.PLACE_NAMES, on=queries.keeper)
def names(keeper: Viewer) -> Any:
    """Place the spellings of teams and workers that wait, some at a time."""
    teams, workers = queries.waiting_teams()[:NAMES_AT_ONCE], queries.waiting_workers()[:NAMES_AT_ONCE]
    running = running_teams(today())
    offers, hints = _offers(teams, workers, running)
    form = forms.places_form(offers)
    if request.method == "POST" and form.validate():
        placed = _place_all(form, teams, workers)
        said = f"{placed} placed." if placed else "Nothing was placed."
        return done(url_for("cases.names"), said=said)
    return page(
        "cases/names.html", 422 if form.refused else 200, form=form, teams=teams, workers=workers, hints=hints,
        waiting=queries.waiting(), no_team=not running, may_add_teams=keeper.may(Act.KEEP_PEOPLE),
    )  # fmt: skip


def _offers(teams: Any, workers: Any, running: Sequence[Team]) -> tuple[dict[str, Any], dict[str, str]]:
    """Give what each waiting spelling may be placed on, and a hint: how much it holds, and what it is most like."""
    people, known = queries.people_with_cases(), queries.workers()
    team_names = {team.id: team.name for team in running}
    people_names = {person.id: person.name for person in people}
    on_teams = [(str(id), name) for id, name in team_names.items()]
    on_people = [(f"person {id}", name) for id, name in people_names.items()]
    on_people += [(f"worker {one.id}", f"{one.name} (does not sign in)") for one in known if one.person_id is None]
    on_people.append(("new", "Somebody who does not sign in"))
    offers: dict[str, Any] = {}
    hints: dict[str, str] = {}
    for kind, aliases, offered, named, held in (
        ("team", teams, on_teams, team_names, queries.open_of(TeamAlias)),
        ("worker", workers, on_people, people_names, queries.open_of(WorkerAlias)),
    ):
        for alias in aliases:
            field = f"{kind}-{alias.id}"
            like = queries.likely(alias.spelling, named)
            same = like is not None and named[like].casefold() == alias.folded
            open_now = f"{plural(held.get(alias.id, 0), 'open involvement')}."
            likeness = "" if like is None else " Spelt the same" if same else f" Most like {named[like]}"
            hints[field] = f"{open_now}{likeness}"
            chosen = "" if not same else str(like) if kind == "team" else f"person {like}"
            offers[field] = (alias.spelling, offered, chosen)
    return offers, hints


def _place_all(form: Any, teams: Any, workers: Any) -> int:
    placed = 0
    for alias in teams:
        if chosen := form[f"team-{alias.id}"].data:
            operations.place_team(alias, db.session.get_one(Team, int(chosen)))
            placed += 1
    for alias in workers:
        if chosen := form[f"worker-{alias.id}"].data:
            operations.place_worker(alias, _worker(chosen, alias))
            placed += 1
    return placed


def _worker(chosen: str, alias: WorkerAlias) -> Worker:
    kind, _, id = chosen.partition(" ")
    if kind == "person":
        return operations.worker_of(db.session.get_one(Person, int(id)))
    return db.session.get_one(Worker, int(id)) if kind == "worker" else operations.add_worker(alias.spelling)


@bp.get("/names/placed")
@needs(Act.PLACE_NAMES, on=queries.keeper)
def placed_names(_keeper: Viewer) -> Any:
    """List the spellings that were placed, to undo one or to keep a worker."""
    return page(
        "cases/placed.html",
        form=Form(),
        teams=queries.placed_teams(),
        workers=queries.workers(),
        waiting=queries.waiting(),
    )


@bp.post("/names/teams/<int:alias_id>/undo")
@needs(Act.PLACE_NAMES, on=queries.team_alias)
def undo_team(alias: TeamAlias) -> Any:
    """Let a spelling of a team wait again."""
    operations.place_team(alias, None)
    return done(url_for("cases.placed_names"), said=f"“{alias.spelling}” waits again.")


@bp.post("/names/workers/<int:alias_id>/undo")
@needs(Act.PLACE_NAMES, on=queries.worker_alias)
def undo_worker(alias: WorkerAlias) -> Any:
    """Let a spelling of a worker wait again."""
    operations.place_worker(alias, None)
    return done(url_for("cases.placed_names"), said=f"“{alias.spelling}” waits again.")


@bp.route("/workers/<int:worker_id>/rename", methods=["GET", "POST"])
@needs(Act.PLACE_NAMES, on=queries.one_worker)
def rename_worker(worker: Worker) -> Any:
    """Give a worker another name."""
    form = forms.RenameForm(version=worker.version, name=worker.name)
    if request.method == "POST" and form.validate():
        try:
            operations.rename_worker(worker, form.version.data or 0, form.name.data)
        except Conflict:
            db.session.refresh(worker)
            form.version.data = worker.version
            form.refuse(
                form.name, f"Somebody else named this worker “{worker.name}” meanwhile. Save again to keep yours"
            )
        else:
            return done(url_for("cases.placed_names"), said="Worker renamed.")
    return page("cases/rename_worker.html", 422 if form.refused else 200, form=form, worker=worker)


@bp.route("/workers/<int:worker_id>/merge", methods=["GET", "POST"])
@needs(Act.PLACE_NAMES, on=queries.one_worker)
def merge_workers(worker: Worker) -> Any:
    """Say that two workers are one."""
    form = forms.MergeForm()
    others = [other for other in queries.workers() if other.id != worker.id]
    others = [other for other in others if not (other.person_id and worker.person_id)]
    form.other.choices = choices([(str(other.id), other.name) for other in others], empty="Choose a worker")
    if request.method == "POST" and form.validate():
        other = next((one for one in others if str(one.id) == form.other.data), None) or abort(404)
        operations.merge_workers(worker, other)
        return done(url_for("cases.placed_names"), said="The two workers are one now.")
    return page("cases/merge_workers.html", 422 if form.refused else 200, form=form, worker=worker)
