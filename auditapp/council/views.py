"""The council's settings: what is decided, by whom and when, and deciding anew."""

from __future__ import annotations

from flask import Blueprint, url_for
from werkzeug.wrappers import Response

from auditapp.council import operations, queries
from auditapp.council.decisions import TITLES, in_words, write
from auditapp.council.forms import DecisionsForm
from auditapp.db import now
from auditapp.people.roles import Act
from auditapp.web.access import needs, viewer
from auditapp.web.done import done
from auditapp.web.pages import page

bp = Blueprint("council", __name__, url_prefix="/council")


@bp.get("/")
@needs(Act.KEEP_SETTINGS)
def show() -> Response:
    """Show what is decided, and every decision before it."""
    decided = [(TITLES[key], in_words(key, text)) for key, text in write(queries.decided()).items()]
    return page("council/show.html", decided=decided, history=queries.history())


@bp.route("/change", methods=["GET", "POST"])
@needs(Act.KEEP_SETTINGS)
def change() -> Response:
    """Decide anew."""
    form = DecisionsForm.of(queries.decided(), queries.newest_id())
    if not form.validate_on_submit():
        return page("council/change.html", 422 if form.refused else 200, form=form)
    changed = operations.decide(form.decisions, by=viewer().person_id, at=now(), expected=form.version.data)
    return done(url_for("council.show"), "The new settings hold from now on." if changed else "Nothing was changed.")
