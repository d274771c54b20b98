"""The list of audits, who read them, and what was submitted, for whoever may read it."""

from __future__ import annotations

from datetime import date
from typing import Any

from flask import Blueprint, redirect, request, url_for
from sqlalchemy import func
from werkzeug.wrappers import Response

from auditapp.actions.queries import of_origin
from auditapp.audits import around, lists, operations, queries, reach
from auditapp.audits.completeness import asks_conversation, asks_overall, grades_overall
from auditapp.audits.forms import ReadForm, ReasonForm
from auditapp.audits.models import Audit, AuditVersion, Stage
from auditapp.audits.recorded import NOT_HELD, TOOK_PART
from auditapp.audits.told import told, word
from auditapp.cases.models import Case
from auditapp.db import now, today
from auditapp.journal.models import Entry
from auditapp.library import queries as library
from auditapp.library.kinds import AuditKind
from auditapp.library.models import Template
from auditapp.people import queries as people
from auditapp.people.models import Person
from auditapp.people.roles import Act, Role
from auditapp.sheets.writing import csv_lines
from auditapp.web.access import needs, viewer
from auditapp.web.dates import month
from auditapp.web.done import done
from auditapp.web.forms import Form
from auditapp.web.listing import Column, Filter, Listing
from auditapp.web.pages import page

bp = Blueprint("audits", __name__, url_prefix="/audits")
DUE = {"overdue": lists.overdue, "in_time": lists.in_time}
OVERSEERS = (Role.QA_LEAD, Role.SENIOR_LEADER, Role.TEAM_MANAGER)


@bp.get("/")
@needs(Act.SEE_AUDITS)
def index() -> Response:
    """List the audits that the viewer knows of."""
    return page("audits/index.html", listing=_listing(), may_open=viewer().may(Act.OPEN_AUDITS), day_of=_day_of)


@bp.get("/list.csv")
@needs(Act.SEE_AUDITS)
def export() -> Response:
    """Give the same list as CSV."""
    headings = ("Audit", "Case", "Template", "Kind", "Auditor", "Team then", "State", "Due", "Audited on")
    rows = (
        (
            row.Audit.id,
            row.Audit.case.reference,
            row.Audit.template_version.template.title,
            row.Audit.kind.words,
            row.Audit.auditor.name,
            row.Audit.team_then,
            row.state,
            row.Audit.due_on,
            _day_of(row.Audit),
        )
        for row in _listing().every()
    )
    answer = Response("".join(csv_lines(headings, rows)), mimetype="text/csv")
    answer.headers["Content-Disposition"] = 'attachment; filename="audits.csv"'
    return answer


def _listing() -> Listing:
    return Listing.of(
        lists.lines(viewer()),
        request.args,
        columns=[
            Column("case", "Case", Case.reference),
            Column("template", "Template", func.lower(Template.title)),
            Column("kind", "Kind", Audit.kind),
            Column("auditor", "Auditor", Person.name),
            Column("team", "Team then", Audit.team_then),
            Column("state", "State", lists.STATE),
            Column("day", "Due or audited", lists.DAY),
        ],
        filters=_filters(),
        key=Audit.id,
        usual="-day",
        noun="audit",
    )


def _filters() -> list[Filter]:
    states = [(state, state) for state in lists.STATES]
    kinds = [(kind.value, kind.words) for kind in AuditKind]
    templates = [(one.key, one.title) for one in library.templates() if library.published(one)]
    found = [
        Filter("case", "Case reference", lambda q, text: q.where(Case.reference.contains(text, autoescape=True))),
        Filter("state", "State", lambda q, v: q.where(lists.in_state(v)), states),
        Filter("kind", "Kind", lambda q, v: q.where(Audit.kind == AuditKind(v)), kinds),
        Filter("template", "Template", lambda q, v: q.where(Template.key == v), templates),
        Filter("due", "Due", lambda q, v: q.where(DUE[v](today())), [("overdue", "Overdue"), ("in_time", "In time")]),
        Filter("month", "Month", lambda q, v: q.where(*lists.in_month(v)), [(m, month(m)) for m in _months()]),
    ]
    if viewer().roles & set(OVERSEERS):
        teams = [(str(team.id), team.name) for team in people.running_teams(today())]
        services = [(str(service.id), service.name) for service in people.running_services(today())]
        auditors = [(str(person_id), name) for person_id, name in lists.auditors(viewer())]
        found += [
            Filter("service", "Service", lambda q, v: q.where(Audit.service_id == int(v)), services),
            Filter("team", "Team", lambda q, v: q.where(Audit.team_id == int(v)), teams),
            Filter("auditor", "Auditor", lambda q, v: q.where(Audit.auditor_id == int(v)), auditors),
        ]
    return found


def _months() -> list[str]:
    """Give the coming month and the eighteen before it, newest first, as 2026-11."""
    last = today().year * 12 + today().month
    return [f"{(last - back) // 12}-{(last - back) % 12 + 1:02}" for back in range(19)]


def _day_of(audit: Audit) -> date | None:
    version = queries.newest(audit)
    return version.audited_on if version else None


@bp.get("/<int:audit_id>")
@needs(Act.SEE_AUDITS, on=reach.seen)
def show(audit: Audit) -> Response:
    """Take whoever comes to the page of this audit that is theirs."""
    return redirect(url_for(f"audits.{_door(audit)}", audit_id=audit.id))


def _door(audit: Audit) -> str:
    who = viewer()
    if audit.auditor_id == who.person_id and queries.draft_of(audit) and not audit.withdrawn_at:
        return "tasks"
    if queries.newest(audit):
        return "record" if reach.may_read(who, audit) else "reason"
    return "my_view" if reach.is_about(who, audit) else "allocation"


@bp.get("/<int:audit_id>/record")
@needs(Act.SEE_AUDITS, on=reach.readable, journalled="opened", kind="audit")
def record(audit: Audit) -> Response:
    """Show what was submitted."""
    version = queries.newest(audit)
    assert version is not None
    return record_page(audit, version, ReadForm())


@bp.get("/<int:audit_id>/versions/<int:number>")
@needs(Act.SEE_AUDITS, on=reach.readable_version, journalled="opened an earlier version of", kind="audit_version")
def earlier(version: AuditVersion) -> Response:
    """Show one submitted version; the earlier ones stay readable."""
    return record_page(version.audit, version, ReadForm())


@bp.get("/<int:audit_id>/print")
@needs(Act.SEE_AUDITS, on=reach.readable, journalled="opened", kind="audit")
def printed(audit: Audit) -> Response:
    """Show what was submitted, for paper."""
    version = queries.newest(audit)
    assert version is not None
    return page("audits/print.html", **_record(audit, version))


def record_page(audit: Audit, version: AuditVersion, form: Form, status: int = 200) -> Response:
    """Make the page of a submitted version, with the worker's “I have read this” where it is their work."""
    return page("audits/record.html", status, form=form, **_record(audit, version))


def _record(audit: Audit, version: AuditVersion) -> dict[str, Any]:
    who, definition, held = viewer(), library.definition(audit.template_version), queries.recorded_in(version)
    overall = held.judged.get("")
    readings = queries.readings(audit)
    about_me = reach.is_about(who, audit)
    return {
        "audit": audit,
        "version": version,
        "latest": queries.newest(audit),
        "definition": definition,
        "recorded": held,
        "told": told(definition, held),
        "overall": overall,
        "overall_word": word(definition, overall.mark) if overall else "",
        "asks_overall": asks_overall(definition),
        "graded": grades_overall(definition),
        "talks": asks_conversation(held),
        "worker_called": around.worker_called(audit),
        "own_words": {one.domain_key: one.word for one in queries.judgements_of(version, Stage.WORKER)},
        "view": queries.shared_view(audit),
        "actions": [action for action in of_origin(queries.ORIGIN, audit.id) if action.agreed_at],
        "readings": readings,
        "themes": library.theme_names(),
        "took_part": TOOK_PART,
        "not_held": NOT_HELD,
        "is_auditor": audit.auditor_id == who.person_id,
        "correcting": queries.draft_of(audit),
        "about_me": about_me,
        "has_read": any(one.person_id == who.person_id and one.audit_version_id == version.id for one, *_ in readings),
        "may_see_openings": who.may(Act.READ_WHO_OPENED),
        "link": lambda action: url_for("actions.show", action_id=action.id),
    }


@bp.route("/<int:audit_id>/reason", methods=["GET", "POST"])
@needs(Act.READ_WITH_REASON, on=reach.readable_with_reason)
def reason(audit: Audit) -> Response:
    """Ask a senior leader why they open this audit; from then on they may read it for the rest of the day."""
    if reach.may_read(viewer(), audit):
        return redirect(url_for("audits.record", audit_id=audit.id))
    form = ReasonForm()
    if request.method == "POST" and form.validate():
        operations.open_with_reason(audit, str(form.reason.data), by=viewer().person_id, at=now())
        return done(url_for("audits.record", audit_id=audit.id))
    return page("audits/reason.html", 422 if form.refused else 200, form=form, audit=audit)


@bp.get("/<int:audit_id>/opened")
@needs(Act.READ_WHO_OPENED, on=reach.openings)
def opened(audit: Audit) -> Response:
    """Show who opened or changed an audit, without any of its content."""
    return page("audits/opened.html", audit=audit, entries=lists.opened_by(audit), reasons=lists.reasons(audit))


@bp.get("/opened")
@needs(Act.READ_WHO_OPENED)
def openings() -> Response:
    """List who read which submitted audit, by the audit's number alone."""
    listing = Listing.of(
        lists.all_openings(viewer()),
        request.args,
        columns=[
            Column("at", "When", Entry.at),
            Column("who", "Who", Person.name),
            Column("what", "What"),
            Column("audit", "Audit"),
        ],
        filters=[Filter("who", "Name", lambda q, text: q.where(Person.name.icontains(text, autoescape=True)))],
        key=Entry.number,
        usual="-at",
        noun="reading",
    )
    return page("audits/openings.html", listing=listing)
