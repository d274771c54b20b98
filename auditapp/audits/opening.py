"""Opening an audit, allocating it, giving it to somebody else, withdrawing it: the quality assurance lead's pages."""

from __future__ import annotations

from datetime import date

from flask import flash, redirect, request, url_for
from werkzeug.wrappers import Response

from auditapp.actions.queries import due_after, due_in_words
from auditapp.audits import around, lists, operations, queries, reach
from auditapp.audits.conflicts import refusals
from auditapp.audits.forms import AllocateForm, OpenForm, WhatForm, WithdrawForm
from auditapp.audits.models import Audit
from auditapp.audits.operations import Frozen, Refusal
from auditapp.audits.views import bp
from auditapp.cases.models import Case, Involvement
from auditapp.council.queries import decided
from auditapp.db import Conflict, db, now, today
from auditapp.library import queries as library
from auditapp.library.kinds import AuditKind
from auditapp.library.models import TemplateVersion
from auditapp.people.models import Person
from auditapp.people.roles import Act, Role
from auditapp.web.access import needs, viewer
from auditapp.web.done import done
from auditapp.web.forms import choices
from auditapp.web.pages import page


@bp.get("/open")
@needs(Act.OPEN_AUDITS)
def begin() -> Response:
    """Say that an audit is opened from a case."""
    return page("audits/begin.html")


@bp.route("/open/<int:case_id>", methods=["GET", "POST"])
@needs(Act.OPEN_AUDITS, on=reach.openable)
def open_for(case: Case) -> Response:
    """First say what is audited, how and by when; then choose who, with everybody refused named and why."""
    what = _what_form(case)
    if not _chosen(what):
        return page("audits/open.html", form=what, case=case, story=_story(case), title=around.title_of)
    involvement = next(one for one in case.involvements if str(one.id) == what.involvement.data)
    version = next(one for one in library.usable() if one.template.key == what.template.data)
    form = OpenForm()
    refused = _offer_auditors(form, involvement)
    if request.method == "POST" and form.validate():
        try:
            audit = operations.open(
                involvement,
                version,
                kind=AuditKind(str(what.kind.data)),
                auditor=db.session.get_one(Person, int(str(form.auditor.data))),
                due_on=due_after(today(), int(what.days.data or 1)),
                by=viewer().person_id,
                at=now(),
            )
        except Refusal as refusal:
            db.session.rollback()
            form.refuse(form.auditor, str(refusal))
        else:
            return done(url_for("audits.show", audit_id=audit.id), said=f"Audit opened for {audit.auditor.name}.")
    return page(
        "audits/open_for.html",
        422 if form.refused else 200,
        form=form,
        what=what,
        case=case,
        involvement=involvement,
        version=version,
        kind=AuditKind(str(what.kind.data)),
        due=due_after(today(), int(what.days.data or 1)),
        refused=refused,
        title=around.title_of,
    )


def _what_form(case: Case) -> WhatForm:
    usable = library.usable()
    form = WhatForm(request.args if request.args else None, days=decided().audit_due_days, meta={"csrf": False})
    form.involvement.choices = choices([(str(one.id), around.title_of(one)) for one in _story(case)])
    form.template.choices = choices(
        [(one.template.key, one.template.title) for one in usable], empty="Choose a template"
    )
    form.kind.choices = choices([(kind.value, kind.words) for kind in AuditKind if _asked(kind, usable)])
    return form


def _asked(kind: AuditKind, usable: list[TemplateVersion]) -> bool:
    return any(kind in library.definition(one).kinds for one in usable)


def _chosen(what: WhatForm) -> bool:
    if "involvement" not in request.args and "template" not in request.args:
        return False
    if not what.validate():
        return False
    version = next(one for one in library.usable() if one.template.key == what.template.data)
    kinds = library.definition(version).kinds
    if AuditKind(str(what.kind.data)) not in kinds:
        made_for = ", ".join(kind.words.lower() for kind in kinds)
        what.refuse(what.kind, f"“{version.template.title}” is made for: {made_for}")
        return False
    return True


def _story(case: Case) -> list[Involvement]:
    """Give the involvements that the viewer may open an audit on, those open now first, the latest first."""
    far, reach_of_lead = date(1900, 1, 1), viewer().scope(Role.QA_LEAD)
    theirs = [
        one for one in case.involvements if reach_of_lead.holds(one.team_alias.team_id if one.team_alias else None)
    ]
    return sorted(theirs, key=lambda one: (not one.open_then, -(one.started_on or far).toordinal()))


def _offer_auditors(form: OpenForm | AllocateForm, involvement: Involvement) -> list[tuple[str, str]]:
    """Let the form offer everybody without a conflict, and give the others with their reasons."""
    matter, own_team = around.matter(involvement), around.own_team_allowed()
    found = [(one, refusals(one, matter, own_team_allowed=own_team)) for one in around.candidates(today())]
    free = [(str(one.person_id), one.name) for one, reasons in found if not reasons]
    form.auditor.choices = choices(free, empty="Choose a person")
    return [(one.name, " ".join(reasons)) for one, reasons in found if reasons]


@bp.route("/<int:audit_id>/allocation", methods=["GET", "POST"])
@needs(Act.OPEN_AUDITS, on=reach.led)
def allocation(audit: Audit) -> Response:
    """Show an audit as its row, and give it to somebody else while it is not submitted."""
    form = AllocateForm(version=audit.version, auditor=str(audit.auditor_id), due_on=audit.due_on)
    refused = _offer_auditors(form, audit.involvement)
    if request.method == "POST" and form.validate():
        auditor = db.session.get_one(Person, int(str(form.auditor.data)))
        if (auditor.id, form.due_on.data) == (audit.auditor_id, audit.due_on):
            return done(url_for("audits.allocation", audit_id=audit.id), said="Nothing was changed.")
        try:
            operations.allocate(
                audit, auditor, by=viewer().person_id, at=now(), due_on=form.due_on.data, expected=form.version.data
            )
        except Refusal as refusal:
            db.session.rollback()
            form.refuse(form.auditor, str(refusal))
        except (Frozen, Conflict):
            return _moved_on(audit)
        else:
            return done(url_for("audits.allocation", audit_id=audit.id), said=f"Allocated to {auditor.name}.")
    return page(
        "audits/allocation.html",
        422 if form.refused else 200,
        form=form,
        audit=audit,
        refused=refused,
        changeable=not (audit.withdrawn_at or queries.newest(audit)),
        due=due_in_words(audit.due_on, today()),
        facts=around.facts(audit),
        state=lists.state(audit),
    )


@bp.route("/<int:audit_id>/withdraw", methods=["GET", "POST"])
@needs(Act.OPEN_AUDITS, on=reach.led)
def withdraw(audit: Audit) -> Response:
    """Take back an audit that was never submitted, with the reason."""
    form = WithdrawForm(version=audit.version)
    if request.method == "POST" and form.validate():
        try:
            operations.withdraw(audit, str(form.why.data), by=viewer().person_id, at=now(), expected=form.version.data)
        except (Frozen, Conflict):
            return _moved_on(audit)
        return done(url_for("audits.allocation", audit_id=audit.id), said="Audit withdrawn.")
    return page("audits/withdraw.html", 422 if form.refused else 200, form=form, audit=audit)


def _moved_on(audit: Audit) -> Response:
    db.session.rollback()
    flash("Somebody changed this audit meanwhile. Nothing was stored; look again.")
    return redirect(url_for("audits.allocation", audit_id=audit.id), 303)
