"""The worker's own pages: what a warm audit of their work is, their own view, and “I have read this”."""

from __future__ import annotations

from flask import flash, jsonify, redirect, request, url_for
from werkzeug.wrappers import Response

from auditapp.audits import around, forms, operations, queries, reach
from auditapp.audits.forms import ReadForm
from auditapp.audits.models import Audit, WorkerView
from auditapp.audits.operations import Frozen
from auditapp.audits.views import bp, record_page
from auditapp.db import Conflict, db, now
from auditapp.library import queries as library
from auditapp.people.roles import Act
from auditapp.web import errors
from auditapp.web.access import needs, viewer
from auditapp.web.dates import time_of_day
from auditapp.web.done import done, done_json
from auditapp.web.forms import Form
from auditapp.web.pages import page

WORDS = ("proud_of", "difference", "do_differently", "in_the_way")


@bp.route("/<int:audit_id>/my-view", methods=["GET", "POST"])
@needs(Act.TAKE_PART, on=reach.of_own_voice)
def my_view(audit: Audit) -> Response:
    """Show and keep the worker's own view; theirs alone until they share it."""
    view = queries.view_of(audit)
    form = _form(audit, view)
    open_now = queries.newest(audit) is None
    if request.method == "POST" and open_now and form.validate():
        share = request.form.get("then") == "share"
        try:
            kept = _keep(audit, form, share=share)
        except Conflict:
            return _overtaken(audit, form)
        except Frozen:
            db.session.rollback()
            return _too_late(audit)
        return done(url_for("audits.my_view", audit_id=audit.id), said=_said(share, kept))
    if request.method == "POST" and not open_now:
        return _too_late(audit)
    return page(
        "audits/my_view.html",
        422 if form.refused else 200,
        form=form,
        audit=audit,
        view=view,
        definition=library.definition(audit.template_version),
        facts=around.facts(audit),
        open_now=open_now,
        graded=[name for name in form._fields if name.startswith("grade_")],
        words=WORDS,
    )


@bp.post("/<int:audit_id>/my-view/autosave")
@needs(Act.TAKE_PART, on=reach.of_own_voice)
def autosave_my_view(audit: Audit) -> Response:
    """Keep the worker's own view while it is being written."""
    form = _form(audit, queries.view_of(audit))
    form.validate()
    if said := forms.unkeepable(form):
        return _refused(" ".join(said))
    try:
        view = _keep(audit, form, share=False)
    except Conflict:
        return _overtaken(audit, form)
    except Frozen:
        db.session.rollback()
        return _refused("the audit has been submitted meanwhile.")
    return done_json({"version": view.version, "saved_at": time_of_day(now())})


@bp.post("/<int:audit_id>/read")
@needs(Act.TAKE_PART, on=reach.of_worker)
def read(audit: Audit) -> Response:
    """Say “I have read this”, perhaps with a disagreement."""
    version = queries.newest(audit)
    if version is None:
        return redirect(url_for("audits.my_view", audit_id=audit.id), 303)
    form = ReadForm()
    if not form.validate():
        return record_page(audit, version, form, 422)
    operations.read(version, by=viewer().person_id, at=now(), disagreement=form.disagreement.data or "")
    return done(url_for("audits.record", audit_id=audit.id), said="Thank you. Noted that you have read this audit.")


def _form(audit: Audit, view: WorkerView | None) -> Form:
    definition = library.definition(audit.template_version)
    answers = queries.recorded_in(audit.versions[-1]).answers
    values = {"version": view.version if view else 0}
    if view:
        values |= {name: getattr(view, name) for name in WORDS}
        values |= {f"grade_{key}": mark for key, mark in view.grades.items()}
    return forms.voice_form(definition, definition.in_play(answers), values)


def _keep(audit: Audit, form: Form, *, share: bool) -> WorkerView:
    written = forms.read_voice(form)
    return operations.voice(audit, by=viewer().person_id, at=now(), share=share, expected=form.version.data, **written)


def _said(share: bool, view: WorkerView) -> str:
    if share:
        return "Shared. Your auditor can now read your view, and will bring it to the conversation."
    return "Saved. Your auditor sees the changes." if view.shared_at else "Saved. Nobody but you can see it."


def _refused(said: str) -> Response:
    answer: Response = jsonify(said=said)
    answer.status_code = 422
    return answer


def _too_late(audit: Audit) -> Response:
    flash("This audit has been submitted. You can still say where you see it differently, below.")
    return redirect(url_for("audits.record", audit_id=audit.id), 303)


def _overtaken(audit: Audit, form: Form) -> Response:
    db.session.rollback()
    view = queries.view_of(audit)
    assert view is not None
    return errors.conflict(
        {name: getattr(view, name) for name in WORDS},
        version=view.version,
        by="another window of yours",
        at=view.saved_at,
        labels={name: form[name].label.text for name in WORDS},
        back=url_for("audits.my_view", audit_id=audit.id),
    )
