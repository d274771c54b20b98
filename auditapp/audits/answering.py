"""The auditor's own pages until submission: task list, a page for each domain, conversation, overall judgement."""

from __future__ import annotations

import functools
from collections.abc import Callable, Sequence
from typing import Any

from flask import abort, flash, jsonify, redirect, request, url_for
from werkzeug.wrappers import Response

from auditapp.actions.queries import due_after, due_in_words, of_origin
from auditapp.audits import around, domain_form, forms, operations, queries
from auditapp.audits.completeness import (
    CONVERSATION,
    OVERALL,
    State,
    Step,
    asks_conversation,
    grades_overall,
    still_missing,
)
from auditapp.audits.models import Audit, AuditVersion, Stage
from auditapp.audits.operations import Frozen
from auditapp.audits.queries import AtDomain, Working
from auditapp.audits.recorded import Judged
from auditapp.audits.told import told
from auditapp.audits.views import bp
from auditapp.db import Conflict, db, now, today
from auditapp.library import queries as library
from auditapp.library.asking import AnswerKind
from auditapp.people.models import Person
from auditapp.people.roles import Act
from auditapp.web import errors
from auditapp.web.access import needs, viewer
from auditapp.web.dates import time_of_day
from auditapp.web.done import done, done_json
from auditapp.web.forms import Form
from auditapp.web.pages import page

SUBMITTED_ALREADY = "This audit has been submitted. It can be corrected by a new version."


def unfinished(view: Callable[[Any], Response]) -> Callable[[Any], Response]:
    """Send whoever comes to answer a submitted audit to what was submitted, and say why."""

    @functools.wraps(view)
    def only(place: Any) -> Response:
        working = place.working if isinstance(place, AtDomain) else place
        if working.version.submitted_at:
            return _submitted_already(working.audit)
        try:
            return view(place)
        except Frozen:
            db.session.rollback()
            return _submitted_already(working.audit)

    return only


def _submitted_already(audit: Audit) -> Response:
    if errors.wants_json():
        answer: Response = jsonify(said=SUBMITTED_ALREADY)
        answer.status_code = 422
        return answer
    flash(SUBMITTED_ALREADY)
    return redirect(url_for("audits.record", audit_id=audit.id), 303)


@bp.get("/<int:audit_id>/tasks")
@needs(Act.DO_AUDITS, on=queries.working)
@unfinished
def tasks(working: Working) -> Response:
    """Show how far each section is; starting and every return lead here."""
    return page(
        "audits/tasks.html",
        audit=working.audit,
        version=working.version,
        definition=working.definition,
        steps=working.steps,
        facts=around.facts(working.audit),
        missing=len(still_missing(working.definition, working.recorded)),
        next_step=_next_step(working),
        view=queries.view_of(working.audit),
        worker_called=around.worker_called(working.audit),
        worker_signs_in=around.worker_signs_in(working.audit),
        talks=asks_conversation(working.recorded),
        due=due_in_words(working.audit.due_on, today()),
        address=section_address,
    )


@bp.route("/<int:audit_id>/domains/<key>", methods=["GET", "POST"])
@needs(Act.DO_AUDITS, on=queries.at_domain)
@unfinished
def domain(place: AtDomain) -> Response:
    """Show and keep one domain's page."""
    working, key = place.working, place.domain.key
    if key not in {step.section for step in working.steps if not step.waits_for}:
        return page("audits/not_needed.html", audit=working.audit, domain=place.domain, definition=working.definition)
    form = _domain_form(place, add=request.args.get("add", ""))
    if request.method == "POST" and form.validate():
        try:
            _keep(place, form)
        except Conflict:
            return _overtaken(place, form)
        return _onwards(working, key)
    return _domain_page(place, form)


@bp.post("/<int:audit_id>/domains/<key>/autosave")
@needs(Act.DO_AUDITS, on=queries.at_domain)
@unfinished
def autosave_domain(place: AtDomain) -> Response:
    """Keep what stands on a domain's page while it is being written; unfinished numbers and days wait."""
    form = _domain_form(place)
    form.validate()
    if said := forms.unkeepable(form):
        return _not_kept(said)
    try:
        section = _keep(place, form)
    except Conflict:
        return _overtaken(place, form)
    return done_json({"version": section.version, "saved_at": time_of_day(now())})


@bp.route("/<int:audit_id>/conversation", methods=["GET", "POST"])
@needs(Act.DO_AUDITS, on=queries.working)
@unfinished
def conversation(working: Working) -> Response:
    """Show and keep when the audit was talked through, with both views side by side."""
    form = forms.ConversationForm.of(working.recorded.conversation, working.version.version)
    if request.method == "POST" and form.validate():
        try:
            operations.hold_conversation(
                working.version, form.read(), by=viewer().person_id, at=now(), expected=form.version.data
            )
        except Conflict:
            return _page_overtaken(working, form)
        return _onwards(working, CONVERSATION)
    return page(
        "audits/conversation.html",
        422 if form.refused else 200,
        form=form,
        audit=working.audit,
        facts=around.facts(working.audit),
        pairs=_side_by_side(working),
        view=queries.shared_view(working.audit),
        worker_signs_in=around.worker_signs_in(working.audit),
        place=_place(working, CONVERSATION),
    )


@bp.route("/<int:audit_id>/overall", methods=["GET", "POST"])
@needs(Act.DO_AUDITS, on=queries.working)
@unfinished
def overall(working: Working) -> Response:
    """Show and keep the overall judgement and what the work has meant for the child."""
    place = _place(working, OVERALL)
    form = forms.OverallForm.of(working.definition, working.recorded, working.version.version)
    if request.method == "POST" and form.validate():
        try:
            _judge(working, form)
        except Conflict:
            return _page_overtaken(working, form)
        return _onwards(working, OVERALL)
    return page(
        "audits/overall.html",
        422 if form.refused else 200,
        form=form,
        audit=working.audit,
        told=told(working.definition, working.recorded),
        graded=grades_overall(working.definition),
        required=working.definition.overall.value == "required" and not working.recorded.dip_sample,
        dip_sample=working.recorded.dip_sample,
        facts=around.facts(working.audit),
        place=place,
    )


@bp.post("/<int:audit_id>/overall/autosave")
@needs(Act.DO_AUDITS, on=queries.working)
@unfinished
def autosave_overall(working: Working) -> Response:
    """Keep what stands on the overall page while it is being written."""
    _place(working, OVERALL)
    form = forms.OverallForm.of(working.definition, working.recorded, working.version.version)
    form.validate()
    if said := forms.unkeepable(form):
        return _not_kept(said)
    try:
        _judge(working, form)
    except Conflict:
        return _page_overtaken(working, form)
    return done_json({"version": working.version.version, "saved_at": time_of_day(now())})


def section_address(audit: Audit, section: str, **more: Any) -> str:
    """Give the address of a section's page."""
    if section in (CONVERSATION, OVERALL):
        return url_for(f"audits.{section}", audit_id=audit.id, **more)
    return url_for("audits.domain", audit_id=audit.id, key=section, **more)


def _next_step(working: Working) -> Step | None:
    """Give where to continue: the page saved last while it is unfinished, else the first that is."""
    unfinished_steps = [step for step in working.steps if step.state in (State.NOT_STARTED, State.IN_PROGRESS)]
    last = next((one.domain_key for one in queries.sections(working.version) if one.saved_at), "")
    first = unfinished_steps[0] if unfinished_steps else None
    return next((step for step in unfinished_steps if step.section == last), first)


def _domain_form(place: AtDomain, *, add: str = "") -> Form:
    first = place.working.definition.themes
    named = [(one.key, one.name) for one in library.themes()]
    here = {question.theme for question in place.domain.questions}
    themes = sorted(named, key=lambda pair: (pair[0] not in here, pair[0] not in first))
    owners = [(str(person_id), name) for person_id, name in around.owners(place.working.audit)]
    return domain_form.make(place, themes, owners, add=add)


def _keep(place: AtDomain, form: Form) -> Any:
    return operations.answer(
        place.working.version,
        place.domain.key,
        domain_form.read(form, place),
        by=viewer().person_id,
        at=now(),
        expected=form.version.data,
    )


def _judge(working: Working, form: forms.OverallForm) -> None:
    judged, so_what = form.read()
    operations.judge(working.version, judged, so_what, by=viewer().person_id, at=now(), expected=form.version.data)


def _domain_page(place: AtDomain, form: Form) -> Response:
    working = place.working
    answers = working.recorded.answers
    agreed = [action for action in of_origin(queries.ORIGIN, working.audit.id) if action.agreed_at]
    return page(
        "audits/domain.html",
        422 if form.refused else 200,
        form=form,
        audit=working.audit,
        definition=working.definition,
        domain=place.domain,
        questions=domain_form.shown_questions(working.definition, place.domain, answers),
        called_for=set(working.definition.visible(place.domain, answers)),
        from_record={one.key for one in place.domain.questions if one.fact and one.key in answers}
        if place.section.saved_at is None
        else set(),
        facts=around.facts(working.audit),
        place=_place(working, place.domain.key),
        blocks={kind: domain_form.blocks(form, kind) for kind in domain_form.BLOCKS},
        most=domain_form.MOST,
        agreed=[action for action in agreed if action.domain_key == place.domain.key],
        usual_due=due_after(today(), 20),
        saved=place.section,
        dip_sample=working.recorded.dip_sample,
    )


def _place(working: Working, section: str) -> tuple[int, int]:
    """Give where a section stands among those that can be filled in: (which, of how many); one not asked is absent."""
    sections = [step.section for step in working.steps if not step.waits_for]
    if section not in sections:
        abort(404)
    return sections.index(section) + 1, len(sections)


def _onwards(working: Working, section: str) -> Response:
    """Commit a page and go where its button says: on, back to the task list, back to the check, or one block more."""
    audit, then = working.audit, request.form.get("then", "next")
    if then in domain_form.BLOCKS:
        number = sum(1 for name in request.form if name.startswith(f"{then}-") and name.endswith(("-what", "-words")))
        ends = "what" if then == "action" else "words"
        return done(section_address(audit, section, add=then, _anchor=f"{then}-{number}-{ends}"))
    if request.args.get("back") == "check":
        return done(url_for("audits.check", audit_id=audit.id), said="Saved.")
    if then == "back":
        return done(url_for("audits.tasks", audit_id=audit.id), said="Saved.")
    db.session.flush()
    fresh = Working(working.version)
    sections = [step.section for step in fresh.steps if not step.waits_for]
    after = sections[sections.index(section) + 1 :] if section in sections else []
    return done(section_address(audit, after[0]) if after else url_for("audits.check", audit_id=audit.id))


def _not_kept(said: Sequence[str]) -> Response:
    answer: Response = jsonify(said=" ".join(said))
    answer.status_code = 422
    return answer


def _overtaken(place: AtDomain, form: Form) -> Response:
    """Answer a domain's page that somebody else (or another window) saved meanwhile: both texts."""
    db.session.rollback()
    fresh = queries.at_domain(viewer(), place.working.audit.id, place.domain.key)
    assert fresh is not None
    with_theirs = _stored_texts(fresh)
    section = fresh.section
    return errors.conflict(
        {name: text for name, text in with_theirs.items() if name in form._fields},
        version=section.version,
        by=_name_of(section.saved_by),
        at=section.saved_at or now(),
        labels={field.name: field.label.text for field in form},
        back=section_address(fresh.working.audit, fresh.domain.key),
    )


def _stored_texts(place: AtDomain) -> dict[str, str]:
    kept, key = place.working.recorded, place.domain.key
    texts = {f"q_{one.key}": "\n".join(_lines(kept.answers.get(one.key, ""))) for one in place.domain.questions}
    texts |= {f"c_{one.key}": kept.comments.get(one.key, "") for one in place.domain.questions}
    if key in kept.judged:
        judged = kept.judged[key]
        texts |= {"mark": judged.mark, "evidence": judged.evidence, "effect": judged.effect}
    for kind in ("strength", "learning"):
        for number, one in enumerate(found for found in kept.findings.get(key, ()) if found.kind == kind):
            texts |= {f"{kind}-{number}-words": one.words, f"{kind}-{number}-evidence": one.evidence}
    for number, action in enumerate(kept.actions.get(key, ())):
        texts[f"action-{number}-what"] = action.what
    dates = {f"q_{one.key}" for one in place.domain.questions if one.answer is AnswerKind.DATE}
    return {name: text for name, text in texts.items() if name not in dates}


def _lines(value: Any) -> list[str]:
    return [value] if isinstance(value, str) else list(value)


def _page_overtaken(working: Working, form: forms.ConversationForm | forms.OverallForm) -> Response:
    """Answer a page that another window saved meanwhile: both texts."""
    db.session.rollback()
    fresh = queries.Working(db.session.get_one(AuditVersion, working.version.id))
    kept = fresh.recorded
    overall_now, talk = kept.judged.get("", Judged()), kept.conversation
    theirs = {
        "mark": overall_now.mark,
        "evidence": overall_now.evidence,
        "so_what": kept.so_what,
        "held": "no" if talk.not_held else "yes" if talk.on else "",
        "took_part": "\n".join(talk.took_part),
        "not_held": talk.not_held,
        "not_held_why": talk.not_held_why,
    }
    return errors.conflict(
        {name: text for name, text in theirs.items() if name in form._fields},
        version=fresh.version.version,
        by="another window of yours",
        at=now(),
        labels={field.name: field.label.text for field in form},
        back=request.base_url.removesuffix("/autosave"),
    )


def _name_of(person_id: int | None) -> str:
    person = db.session.get(Person, person_id) if person_id else None
    if person is None:
        return "somebody else"
    return "another window of yours" if person.id == viewer().person_id else person.name


def _side_by_side(working: Working) -> list[tuple[str, str, str]]:
    """Give (domain, the auditor's word, the worker's) for each judged domain; the worker's only once shared."""
    own = {one.domain_key: one.word for one in queries.judgements_of(working.version, Stage.WORKER)}
    return [
        (one.title, one.mark, own.get(one.key, "")) for one in told(working.definition, working.recorded) if one.judged
    ]
