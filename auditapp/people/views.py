"""Signing in and out, one's own account, set-up links, and the administrator's pages of people, services and teams."""

from __future__ import annotations

from typing import Any

import flask
from flask import Blueprint, current_app, g, redirect, request, url_for
from flask_login import LoginManager, UserMixin, current_user, login_user, logout_user
from werkzeug.wrappers import Response

from auditapp.db import db, now, today
from auditapp.journal.writing import name_actor
from auditapp.people import forms, operations, queries
from auditapp.people.models import LoginSession, Person
from auditapp.people.operations import NotPossible, TooManyGuesses
from auditapp.people.roles import in_force
from auditapp.people.sessions import TOUCH_EVERY, browser_in_words, is_activity, own_path
from auditapp.web.access import SIGNED_IN, needs, open_to_all, signed_in, viewer
from auditapp.web.done import done
from auditapp.web.pages import page

bp = Blueprint("people", __name__)
sign_ins = LoginManager()
# A council's network changes addresses under a laptop that is carried to a meeting; the token alone says who it is.
sign_ins.session_protection = None

A_YEAR = 365 * 24 * 60 * 60
TOO_MANY = "Too many wrong attempts. Wait 5 minutes, then try again"
WRONG = "Email address and password do not belong together. Check both and try again"


class Holder(UserMixin):  # type: ignore[misc, unused-ignore]
    """Whoever holds a login session's token, for Flask-Login; the token is its id."""

    def __init__(self, token: str, session: LoginSession | None = None) -> None:
        self.token = token
        self.session = session

    def get_id(self) -> str:
        """Give the token."""
        return self.token


@sign_ins.user_loader  # type: ignore[untyped-decorator, unused-ignore]
def load_holder(token: str) -> Holder | None:
    """Find the login session of a browser's token while it lasts."""
    session = queries.live_session(token, now())
    return Holder(token, session) if session else None


@bp.before_app_request
def load_viewer() -> None:
    """Load who is signed in, before anything else of a request; note now and then that they are still there."""
    g.viewer = None
    name_actor(None)
    if request.endpoint == "static" or "_user_id" not in flask.session or not current_user.is_authenticated:
        return
    session, at = current_user.session, now()
    seen, began, session_id = session.seen_at, session.began_at, session.id
    g.viewer, g.session_id = queries.viewer_of(session.person), session_id
    name_actor(g.viewer.person_id)
    if is_activity(request.method, request.path, g.get("wants_json", False)) and at - seen >= TOUCH_EVERY:
        operations.touch(session_id, at)
        seen = at
    g.session_seconds = max(int((queries.limits().ends_at(began, seen) - at).total_seconds()), 0)


def device_cookie() -> str:
    """Name the cookie by which a known device is known."""
    return f"{'__Host-' if current_app.config['SESSION_COOKIE_SECURE'] else ''}auditapp-device"


def enter(person_id: int, url: str, said: str = "") -> Response:
    """Begin a login session in this browser, with nothing of what was in it before, and go on."""
    at = now()
    token = operations.begin_session(person_id, browser=request.user_agent.string, at=at)
    device = operations.know_device(person_id, request.cookies.get(device_cookie(), ""), at)
    flask.session.clear()
    login_user(Holder(token))
    answer = done(url, said)
    answer.set_cookie(
        device_cookie(),
        device,
        max_age=A_YEAR,
        secure=current_app.config["SESSION_COOKIE_SECURE"],
        httponly=True,
        samesite="Lax",
    )
    return answer


@bp.route("/sign-in", methods=["GET", "POST"])
@open_to_all
def sign_in() -> Response:
    """Sign in with work address and password."""
    onward = own_path(request.args.get("next", "/"))
    if signed_in():
        return redirect(onward)
    form = forms.SignIn()
    if not form.validate_on_submit():
        return _sign_in_page(form, onward, 422 if form.refused else 200)
    try:
        person = operations.sign_in(
            form.email.data,
            form.password.data,
            address=request.remote_addr or "",
            device=request.cookies.get(device_cookie(), ""),
            at=now(),
        )
    except TooManyGuesses:
        form.refuse(form.email, TOO_MANY)
        return _sign_in_page(form, onward, 429)
    if person is None:
        form.refuse(form.email, WRONG)
        return _sign_in_page(form, onward, 422)
    return enter(person.id, onward)


def _sign_in_page(form: forms.SignIn, onward: str, status: int) -> Response:
    password, sign_ins = current_app.extensions.get(queries.SHOWN_SIGN_INS, ("", []))
    return page("people/sign_in.html", status, form=form, onward=onward, demo_password=password, demo_sign_ins=sign_ins)


@bp.post("/sign-out")
@open_to_all
def sign_out() -> Response:
    """Sign out of this browser."""
    if not signed_in():
        return redirect(url_for("people.sign_in"), 303)
    operations.end_session(db.session.get_one(LoginSession, g.session_id), now())
    logout_user()
    flask.session.clear()
    return done(url_for("people.sign_in"), "You have signed out.")


@bp.route("/set-up/<token>", methods=["GET", "POST"])
@open_to_all
def set_up(token: str) -> Response:
    """Set a password by a one-time link; the very first one also makes the first administrator."""
    try:
        link = operations.find_link(token, address=request.remote_addr or "", at=now())
    except TooManyGuesses:
        return page("people/link_used.html", 429, too_many=True, form=None)
    if link is None:
        return page("people/link_used.html", 404, too_many=False, form=None)
    person = link.person
    form: Any = forms.SetUp() if person else forms.FirstSetUp()
    if not form.validate_on_submit():
        return page("people/set_up.html", 422 if form.refused else 200, form=form, person=person)
    first = {} if person else {"name": form.name.data, "email": form.email.data}
    try:
        person = operations.use_link(link, form.new_password.data, now(), **first)
    except NotPossible as refusal:
        db.session.rollback()
        form.refuse(form[refusal.field or "new_password"], str(refusal))
        return page("people/set_up.html", 422, form=form, person=person)
    return enter(person.id, "/", "Your password is set and you are signed in.")


# --- One's own account


@bp.get("/account")
@needs(SIGNED_IN)
def account() -> Response:
    """Show one's own roles, password and login sessions."""
    person = db.session.get_one(Person, viewer().person_id)
    return page(
        "people/account.html",
        person=person,
        sessions=queries.live_sessions(person.id, now()),
        this_session=g.session_id,
        in_words=browser_in_words,
        limits=queries.limits(),
        held=[one for one in person.grants if in_force(one.starts_on, one.ends_on, today())],
    )


@bp.route("/account/password", methods=["GET", "POST"])
@needs(SIGNED_IN)
def change_password() -> Response:
    """Change one's own password; every other login session ends."""
    form = forms.ChangePassword()
    if not form.validate_on_submit():
        return page("people/change_password.html", 422 if form.refused else 200, form=form)
    at = now()
    # The guess at the present password is counted in a transaction of its own, which ends the one that noted this
    # form's key. Sent twice, the form finds the password changed.
    g.pop("submission_key", None)
    try:
        person = operations.change_password(
            db.session.get_one(Person, viewer().person_id),
            form.present_password.data,
            form.new_password.data,
            address=request.remote_addr or "",
            at=at,
        )
    except TooManyGuesses:
        form.refuse(form.present_password, TOO_MANY)
        return page("people/change_password.html", 429, form=form)
    except NotPossible as refusal:
        form.refuse(form[refusal.field], str(refusal))
        return page("people/change_password.html", 422, form=form)
    operations.end_sessions(person.id, at)
    return enter(person.id, url_for("people.account"), "Your password is changed. You are signed out everywhere else.")


@bp.post("/account/sessions/<int:session_id>/end")
@needs(SIGNED_IN, on=queries.own_session)
def end_own_session(session: LoginSession) -> Response:
    """End one of one's own login sessions elsewhere."""
    operations.end_session(session, now())
    return done(url_for("people.account"), "That session has ended.")


@bp.post("/account/sessions/end")
@needs(SIGNED_IN)
def end_own_sessions() -> Response:
    """Sign out everywhere, here too."""
    operations.end_sessions(viewer().person_id, now())
    logout_user()
    flask.session.clear()
    return done(url_for("people.sign_in"), "You have signed out everywhere.")
