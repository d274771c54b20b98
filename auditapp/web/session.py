"""Three small addresses that every page needs: the council's colour, a fresh token, staying signed in."""

from __future__ import annotations

from flask import Blueprint, Response, abort, g, jsonify, redirect
from flask_wtf.csrf import generate_csrf
from werkzeug.wrappers import Response as Answer

from auditapp.web import look
from auditapp.web.access import open_to_all, signed_in
from auditapp.web.pages import council, session_ends

bp = Blueprint("session", __name__)


@bp.get("/council.css")
@open_to_all
def colour() -> Response:
    """Give the council's colour as a style sheet; its address changes with the colour."""
    answer = Response(look.style(council().colour), mimetype="text/css")
    answer.cache_control.max_age = 86_400
    return answer


@bp.get("/session/token")
@open_to_all
def token() -> Response:
    """Give a page that was open while its reader signed in again the token it needs to send what was typed."""
    if not signed_in():
        abort(401)
    return jsonify(csrf_token=generate_csrf(), seconds=session_ends())


@bp.post("/session/stay")
@open_to_all
def stay() -> Answer:
    """Stay signed in: asking is enough, since every request but a poll begins the idle time again."""
    if not signed_in():
        abort(401)
    return jsonify(seconds=session_ends()) if g.get("wants_json") else redirect("/", 303)
