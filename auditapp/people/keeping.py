"""The administrator's pages: people, their roles, set-up links, services and teams."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import flask
from flask import Response as Plain
from flask import g, request, url_for
from werkzeug.wrappers import Response

from auditapp.db import db, now, today
from auditapp.people import forms, operations, queries
from auditapp.people.models import Person, RoleGrant, Service, Team
from auditapp.people.operations import NotPossible
from auditapp.people.roles import Act, Role, in_force
from auditapp.people.views import bp
from auditapp.sheets.writing import csv_lines
from auditapp.web.access import needs, viewer
from auditapp.web.done import done
from auditapp.web.forms import Form, choices
from auditapp.web.pages import page


def _refused(form: Form, refusal: NotPossible) -> None:
    """Say on a form why an operation refused it, and let go of what was begun."""
    db.session.rollback()
    g.pop("submission_key", None)
    if refusal.field in form:
        form.refuse(form[refusal.field], str(refusal))
    else:
        form.form_errors.append(str(refusal))


def roles_today(person: Person) -> list[RoleGrant]:
    """Give the grants that somebody holds today."""
    return [grant for grant in person.grants if in_force(grant.starts_on, grant.ends_on, today())]


# --- People


@bp.get("/people/")
@needs(Act.KEEP_PEOPLE)
def index() -> Response:
    """List people with their roles of today."""
    return page("people/index.html", listing=queries.people_listing(request.args), held=roles_today, on=today())


@bp.get("/people/people.csv")
@needs(Act.KEEP_PEOPLE)
def csv() -> Plain:
    """Give the list as CSV, a line for each role held today: for the yearly check of who may do what."""
    headings = ("Name", "Email address", "Role", "Service", "Team", "First day", "Last day", "Last seen", "Ended on")
    lines = [
        (
            person.name,
            person.email,
            grant.role.words if grant else "",
            grant.service.name if grant and grant.service else "",
            grant.team.name if grant and grant.team else "",
            grant.starts_on if grant else None,
            grant.ends_on if grant else None,
            seen,
            person.ended_on,
        )
        for person, seen, *_ in queries.people_listing(request.args).every()
        for grant in (*roles_today(person),) or (None,)
    ]
    name = f"people-{today().isoformat()}.csv"
    return Plain(
        "".join(csv_lines(headings, lines)),
        content_type="text/csv; charset=utf-8",
        headers={"Content-Disposition": f'attachment; filename="{name}"'},
    )


@bp.route("/people/add", methods=["GET", "POST"])
@needs(Act.KEEP_PEOPLE)
def add() -> Response:
    """Add somebody with their first role, and go on to their set-up link."""
    form = forms.AddPerson()
    form.scope.choices = _scope_choices()
    if not form.validate_on_submit():
        return page("people/add.html", 422 if form.refused else 200, form=form)
    try:
        person = operations.add_person(form.name.data, form.email.data)
        _grant(person, form)
        _show_once(person, operations.make_link(person, now()))
    except NotPossible as refusal:
        _refused(form, refusal)
        return page("people/add.html", 422, form=form)
    return done(url_for("people.link", person_id=person.id), f"{person.name} is added.")


@bp.get("/people/<int:person_id>")
@needs(Act.KEEP_PEOPLE, on=queries.person)
def show(person: Person) -> Response:
    """Show one person: how they sign in, which roles they hold, held and will hold."""
    return page(
        "people/show.html",
        person=person,
        sessions=queries.live_sessions(person.id, now()),
        last_seen=queries.last_seen(person.id),
        on=today(),
        left=person.left_by(today()),
        confirm=forms.Confirm(version=person.version),
    )


@bp.route("/people/<int:person_id>/change", methods=["GET", "POST"])
@needs(Act.KEEP_PEOPLE, on=queries.person)
def change(person: Person) -> Response:
    """Change somebody's name or work address."""
    form = forms.EditPerson(name=person.name, email=person.email, version=person.version)
    if not form.validate_on_submit():
        return page("people/change.html", 422 if form.refused else 200, form=form, person=person)
    try:
        operations.change_person(person, form.version.data or 0, name=form.name.data, email=form.email.data)
    except NotPossible as refusal:
        _refused(form, refusal)
        return page("people/change.html", 422, form=form, person=person)
    return done(url_for("people.show", person_id=person.id), "The change is saved.")


@bp.route("/people/<int:person_id>/link", methods=["GET", "POST"])
@needs(Act.KEEP_PEOPLE, on=queries.person)
def link(person: Person) -> Response:
    """Make a set-up link for somebody and show it, this once."""
    form = forms.Confirm()
    if not form.validate_on_submit() or person.left_by(today()):
        made = flask.session.pop(_shown(person), "")
        found = queries.usable_link(made.rpartition("/")[2], now()) if made else None
        return page(
            "people/link.html",
            form=form,
            person=person,
            address=request.host_url.rstrip("/") + made if found else "",
            until=found.ends_at if found else None,
            service=request.host_url,
            left=person.left_by(today()),
        )
    _show_once(person, operations.make_link(person, now()))
    return done(url_for("people.link", person_id=person.id))


def _shown(person: Person) -> str:
    return f"link of {person.id}"


def _show_once(person: Person, path: str) -> None:
    flask.session[_shown(person)] = path


@bp.post("/people/<int:person_id>/sessions/end")
@needs(Act.KEEP_PEOPLE, on=queries.person)
def end_sessions(person: Person) -> Response:
    """Sign somebody out everywhere."""
    operations.end_sessions(person.id, now())
    return done(url_for("people.show", person_id=person.id), f"{person.name} is signed out everywhere.")


@bp.route("/people/<int:person_id>/end", methods=["GET", "POST"])
@needs(Act.KEEP_PEOPLE, on=queries.person)
def end(person: Person) -> Response:
    """Let somebody go, after asking."""
    form = forms.Confirm(version=person.version)
    if not form.validate_on_submit():
        return page("people/end.html", form=form, person=person)
    try:
        if person.id == viewer().person_id:
            raise NotPossible("You cannot end your own access. Ask another administrator")
        operations.end_person(person, form.version.data or 0, now())
    except NotPossible as refusal:
        _refused(form, refusal)
        return page("people/end.html", 422, form=form, person=person)
    return done(url_for("people.show", person_id=person.id), f"{person.name} can no longer sign in.")


@bp.post("/people/<int:person_id>/return")
@needs(Act.KEEP_PEOPLE, on=queries.person)
def bring_back(person: Person) -> Response:
    """Let somebody sign in again."""
    form = forms.Confirm(version=person.version)
    operations.bring_back(person, form.version.data or 0)
    return done(url_for("people.show", person_id=person.id), f"{person.name} can sign in again.")


# --- Roles


def _scope_choices() -> list[Any]:
    on = today()
    return forms.scope_choices(queries.running_services(on), queries.running_teams(on))


def _grant(person: Person, form: Any) -> None:
    kind, _, number = form.scope.data.partition("-")
    scope: dict[str, Any] = {}
    if kind == "service":
        scope["service"] = db.session.get_one(Service, int(number))
    elif kind == "team":
        scope["team"] = db.session.get_one(Team, int(number))
    operations.grant_role(
        person, Role(form.role.data), starts_on=form.starts_on.data, ends_on=form.ends_on.data, **scope
    )


@bp.route("/people/<int:person_id>/roles/add", methods=["GET", "POST"])
@needs(Act.KEEP_PEOPLE, on=queries.person)
def add_role(person: Person) -> Response:
    """Grant somebody a role."""
    form = forms.GrantRole()
    form.scope.choices = _scope_choices()
    if not form.validate_on_submit():
        return page("people/add_role.html", 422 if form.refused else 200, form=form, person=person)
    try:
        _grant(person, form)
    except NotPossible as refusal:
        _refused(form, refusal)
        return page("people/add_role.html", 422, form=form, person=person)
    return done(url_for("people.show", person_id=person.id), "The role is granted.")


@bp.route("/people/<int:person_id>/roles/<int:grant_id>/end", methods=["GET", "POST"])
@needs(Act.KEEP_PEOPLE, on=queries.grant)
def end_role(grant: RoleGrant) -> Response:
    """End a role, now or after a day."""
    form = forms.EndRole.of(grant, today())
    if not form.validate_on_submit():
        return page("people/end_role.html", 422 if form.refused else 200, form=form, grant=grant)
    own = grant.person_id == viewer().person_id and grant.role is Role.ADMINISTRATOR
    person_id = grant.person_id
    last_day = today() - timedelta(days=1) if form.when.data == "now" else form.last_day.data
    try:
        operations.end_role(grant, last_day, now())
    except NotPossible as refusal:
        _refused(form, refusal)
        return page("people/end_role.html", 422, form=form, grant=grant)
    return done("/" if own else url_for("people.show", person_id=person_id), "The role's end is saved.")


# --- Services and teams


@bp.get("/people/teams")
@needs(Act.KEEP_PEOPLE)
def teams() -> Response:
    """List services with their teams."""
    return page(
        "people/teams.html", services=queries.services(), names=queries.team_names(), on=today(), confirm=forms.Confirm
    )


@bp.route("/people/services/add", methods=["GET", "POST"])
@needs(Act.KEEP_PEOPLE)
def add_service() -> Response:
    """Add a service."""
    form = forms.EditService()
    if not form.validate_on_submit():
        return page("people/edit_service.html", 422 if form.refused else 200, form=form, service=None)
    try:
        operations.add_service(form.name.data)
    except NotPossible as refusal:
        _refused(form, refusal)
        return page("people/edit_service.html", 422, form=form, service=None)
    return done(url_for("people.teams"), f"{form.name.data} is added.")


@bp.route("/people/services/<int:service_id>/change", methods=["GET", "POST"])
@needs(Act.KEEP_PEOPLE, on=queries.service)
def change_service(service: Service) -> Response:
    """Give a service another name."""
    form = forms.EditService(name=service.name)
    if not form.validate_on_submit():
        return page("people/edit_service.html", 422 if form.refused else 200, form=form, service=service)
    try:
        operations.rename_service(service, form.name.data)
    except NotPossible as refusal:
        _refused(form, refusal)
        return page("people/edit_service.html", 422, form=form, service=service)
    return done(url_for("people.teams"), "The change is saved.")


@bp.route("/people/services/<int:service_id>/end", methods=["GET", "POST"])
@needs(Act.KEEP_PEOPLE, on=queries.service)
def end_service(service: Service) -> Response:
    """End a service, after asking."""
    form = forms.EndService(last_day=today())
    if not form.validate_on_submit():
        return page("people/end_service.html", 422 if form.refused else 200, form=form, service=service)
    try:
        operations.end_service(service, form.last_day.data, today())
    except NotPossible as refusal:
        _refused(form, refusal)
        return page("people/end_service.html", 422, form=form, service=service)
    return done(url_for("people.teams"), "The service's end is saved.")


@bp.post("/people/services/<int:service_id>/reopen")
@needs(Act.KEEP_PEOPLE, on=queries.service)
def reopen_service(service: Service) -> Response:
    """Take back that a service ended."""
    operations.reopen_service(service)
    return done(url_for("people.teams"), f"{service.name} goes on.")


def _service_choices(also: Service | None = None) -> list[Any]:
    running = queries.running_services(today())
    held = [*running, *([also] if also and also not in running else [])]
    return choices(((str(one.id), one.name) for one in held), empty="Choose a service")


@bp.route("/people/teams/add", methods=["GET", "POST"])
@needs(Act.KEEP_PEOPLE)
def add_team() -> Response:
    """Add a team to a service."""
    form = forms.EditTeam(service=request.args.get("service", ""))
    form.service.choices = _service_choices()
    if not form.validate_on_submit():
        return page("people/edit_team.html", 422 if form.refused else 200, form=form, team=None)
    try:
        operations.add_team(db.session.get_one(Service, int(form.service.data)), form.name.data)
    except NotPossible as refusal:
        _refused(form, refusal)
        return page("people/edit_team.html", 422, form=form, team=None)
    return done(url_for("people.teams"), f"{form.name.data} is added.")


@bp.route("/people/teams/<int:team_id>/change", methods=["GET", "POST"])
@needs(Act.KEEP_PEOPLE, on=queries.team)
def change_team(team: Team) -> Response:
    """Give a team another name or service."""
    form = forms.EditTeam(name=team.name, service=str(team.service_id), version=team.version)
    form.service.choices = _service_choices(team.service)
    if not form.validate_on_submit():
        return page("people/edit_team.html", 422 if form.refused else 200, form=form, team=team)
    service = db.session.get_one(Service, int(form.service.data))
    try:
        operations.change_team(team, form.version.data or 0, name=form.name.data, service=service)
    except NotPossible as refusal:
        _refused(form, refusal)
        return page("people/edit_team.html", 422, form=form, team=team)
    return done(url_for("people.teams"), "The change is saved.")


@bp.route("/people/teams/<int:team_id>/end", methods=["GET", "POST"])
@needs(Act.KEEP_PEOPLE, on=queries.team)
def end_team(team: Team) -> Response:
    """End a team and name its successor, after asking."""
    form = forms.EndTeam(last_day=today(), version=team.version)
    others = [one for one in queries.running_teams(today()) if one.id != team.id]
    form.successor.choices = choices(((str(one.id), one.name) for one in others), empty="No team")
    if not form.validate_on_submit():
        return page("people/end_team.html", 422 if form.refused else 200, form=form, team=team)
    successor = db.session.get_one(Team, int(form.successor.data)) if form.successor.data else None
    last_day: date = form.last_day.data
    try:
        operations.end_team(team, form.version.data or 0, last_day, successor)
    except NotPossible as refusal:
        _refused(form, refusal)
        return page("people/end_team.html", 422, form=form, team=team)
    return done(url_for("people.teams"), "The team's end is saved.")


@bp.post("/people/teams/<int:team_id>/reopen")
@needs(Act.KEEP_PEOPLE, on=queries.team)
def reopen_team(team: Team) -> Response:
    """Take back that a team ended."""
    form = forms.Confirm(version=team.version)
    operations.reopen_team(team, form.version.data or 0)
    return done(url_for("people.teams"), f"{team.name} goes on.")
