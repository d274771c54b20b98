"""The last look before an audit is handed in, handing it in, and beginning a correction."""

from __future__ import annotations

from collections import Counter

from flask import flash, redirect, request, url_for
from werkzeug.wrappers import Response

from auditapp.audits import around, names, operations, queries, reach
from auditapp.audits.answering import section_address, unfinished
from auditapp.audits.completeness import (
    Gap,
    asks_conversation,
    asks_overall,
    grades_overall,
    still_missing,
)
from auditapp.audits.forms import CorrectForm, SubmitForm
from auditapp.audits.models import Audit
from auditapp.audits.operations import Frozen, Incomplete, Refusal
from auditapp.audits.queries import Working
from auditapp.audits.recorded import NOT_HELD, TOOK_PART
from auditapp.audits.told import free_text, told, word
from auditapp.audits.views import bp
from auditapp.db import Conflict, db, now
from auditapp.library import queries as library
from auditapp.library.asking import AnswerKind
from auditapp.people.roles import Act
from auditapp.web.access import needs, viewer
from auditapp.web.done import done
from auditapp.web.pages import page
from auditapp.web.words import plural

MOST_SPOTTED = 20


@bp.route("/<int:audit_id>/check", methods=["GET", "POST"])
@needs(Act.DO_AUDITS, on=queries.working)
@unfinished
def check(working: Working) -> Response:
    """Show every answer once more, what is missing, what looks like a name; submit."""
    form = SubmitForm(version=working.version.version)
    if request.method == "POST" and form.validate():
        try:
            operations.submit(working.version, by=viewer().person_id, at=now(), expected=form.version.data)
        except Incomplete:
            db.session.rollback()
            number = len(still_missing(working.definition, working.recorded))
            form.form_errors.append(
                f"Not submitted: {plural(number, 'thing is', 'things are')} still missing. See the list below"
            )
        except Refusal as refusal:
            db.session.rollback()
            form.form_errors.append(f"{refusal} Ask the quality assurance lead to give this audit to somebody else")
        except Conflict:
            db.session.rollback()
            flash("Something was saved in another window meanwhile. Look through your answers again, then submit.")
            return redirect(url_for("audits.check", audit_id=working.audit.id), 303)
        else:
            return done(url_for("audits.record", audit_id=working.audit.id), said=_said_on_submission(working))
    spotted = _spotted(working)
    return page(
        "audits/check.html",
        422 if form.refused else 200,
        form=form,
        audit=working.audit,
        definition=working.definition,
        version=working.version,
        recorded=working.recorded,
        told=told(working.definition, working.recorded),
        overall_word=word(working.definition, working.recorded.judged[""].mark)
        if "" in working.recorded.judged
        else "",
        asks_overall=asks_overall(working.definition),
        graded=grades_overall(working.definition),
        talks=asks_conversation(working.recorded),
        drafts=queries.drafts_of(working.audit),
        owners=dict(around.owners(working.audit)),
        problems=_problems(working),
        started=working.recorded.saved,
        spotted=spotted[:MOST_SPOTTED],
        spotted_more=len(spotted) - MOST_SPOTTED,
        view=queries.view_of(working.audit),
        worker_signs_in=around.worker_signs_in(working.audit),
        took_part=TOOK_PART,
        not_held=NOT_HELD,
        themes=library.theme_names(),
        address=section_address,
    )


@bp.route("/<int:audit_id>/correct", methods=["GET", "POST"])
@needs(Act.DO_AUDITS, on=reach.own)
def correct(audit: Audit) -> Response:
    """Begin a correction: a new version with its reason, holding what the last one said."""
    if queries.draft_of(audit):
        return redirect(url_for("audits.tasks", audit_id=audit.id))
    form = CorrectForm()
    if request.method == "POST" and form.validate():
        try:
            operations.correct(audit, str(form.reason.data), by=viewer().person_id, at=now())
        except Frozen:
            db.session.rollback()
            return redirect(url_for("audits.tasks", audit_id=audit.id), 303)
        return done(
            url_for("audits.tasks", audit_id=audit.id),
            said="Correction begun. What was submitted stays in force until you submit this version.",
        )
    return page("audits/correct.html", 422 if form.refused else 200, form=form, audit=audit)


def gap_address(working: Working, gap: Gap) -> str:
    """Give the address of the very field in which something is missing; saving there comes back to the check."""
    anchor = {"_anchor": _anchor(working, gap.field)} if gap.field else {}
    return section_address(working.audit, gap.section, back="check", **anchor)


def _anchor(working: Working, field: str) -> str:
    if field.endswith("-due"):
        return f"{field}-day"
    dates = {f"q_{one.key}" for one in working.definition.questions if one.answer is AnswerKind.DATE}
    return f"{field}-day" if field in dates else field


def _problems(working: Working) -> list[tuple[str, str]]:
    """Give what is missing, as (sentence, address of the field, or of a section that nobody has begun)."""
    return [(gap.sentence, gap_address(working, gap)) for gap in still_missing(working.definition, working.recorded)]


def _spotted(working: Working) -> list[tuple[str, str, list[tuple[str, str]]]]:
    """Give what looks like personal data in the texts: (what it seems to be, the words, where: title and address).

    The same words stand once, with every place; the rarer a kind, the further up, so that many names hide no postcode.
    """
    titles = {step.section: step.title for step in working.steps}
    found: dict[tuple[str, str], list[tuple[str, str]]] = {}
    for section, field, text in free_text(working.definition, working.recorded):
        address = section_address(working.audit, section, back="check", _anchor=field)
        for one in names.spot(text):
            found.setdefault((one.kind, one.words), []).append((titles.get(section, "the audit"), address))
    often = Counter(kind for kind, _ in found)
    return [
        (kind, words, places) for (kind, words), places in sorted(found.items(), key=lambda item: often[item[0][0]])
    ]


def _said_on_submission(working: Working) -> str:
    if working.version.number > 1:
        return "Correction submitted. It is now the version in force; the earlier one stays readable."
    shared = "The worker can now read it." if around.worker_signs_in(working.audit) else "It can now be read."
    return f"Audit submitted. {shared} Its actions are in force."
