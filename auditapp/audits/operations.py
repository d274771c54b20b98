"""Writing audits: open, allocate, answer, talk, judge, submit; correct by a new version; the worker's own voice.

A version is written until it is submitted. Whoever changes it holds its row, so that nothing slips in while another
request is submitting it. Each page of it has its own counter: of two people saving one page, exactly one wins.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from typing import TYPE_CHECKING, Any

from sqlalchemy import delete, insert, select

from auditapp import journal
from auditapp.actions import operations as actions
from auditapp.audits import around, queries
from auditapp.audits.completeness import Gap, gaps, submitted_part
from auditapp.audits.conflicts import refusals
from auditapp.audits.facts import filled_in, stage_of
from auditapp.audits.models import (
    Answer,
    Audit,
    AuditVersion,
    Finding,
    FindingKind,
    Judgement,
    NoConversation,
    Opening,
    Reading,
    Section,
    Stage,
    WorkerView,
)
from auditapp.audits.recorded import TOOK_PART, Conversation, DomainPage, Drafted, Found, Judged, kept
from auditapp.cases.models import Involvement
from auditapp.db import day_of, db, take
from auditapp.journal.chain import fingerprint
from auditapp.library import queries as library
from auditapp.library.asking import OverallGrade
from auditapp.library.kinds import AuditKind, JourneyStage
from auditapp.library.models import TemplateVersion
from auditapp.people.models import Person, Team

if TYPE_CHECKING:
    from auditapp.library.template import Definition


class Refusal(ValueError):
    """An audit cannot be opened or allocated like this; `sentences` say why."""

    def __init__(self, *sentences: str) -> None:
        super().__init__(" ".join(sentences))
        self.sentences = sentences


class Incomplete(ValueError):
    """Something is missing before this audit can be submitted; `gaps` say what and where."""

    def __init__(self, missing: Sequence[Gap]) -> None:
        super().__init__(" ".join(gap.sentence for gap in missing))
        self.gaps = tuple(missing)


class Frozen(Exception):
    """What was submitted or withdrawn does not change any more."""


def open(
    involvement: Involvement,
    template_version: TemplateVersion,
    *,
    kind: AuditKind,
    auditor: Person,
    due_on: date,
    by: int | None,
    at: datetime,
    stage: JourneyStage | None = None,
) -> Audit:
    """Open an audit on an involvement: pin both, the template's version, and team, service and worker as they are now.

    What the import knows is filled in as answers. Raises Refusal on a conflict of interest, a template that is not in
    use, or a kind that it is not made for.
    """
    _usable(template_version, kind)
    _no_conflict(involvement, auditor, at)
    known = around.known(involvement)
    team_alias, worker_alias = involvement.team_alias, involvement.worker_alias
    team = db.session.get(Team, team_alias.team_id) if team_alias and team_alias.team_id else None
    audit = Audit(
        case_id=involvement.case_id,
        involvement=involvement,
        template_version=template_version,
        kind=kind,
        journey_stage=stage or stage_of(known, kind),
        auditor=auditor,
        opened_at=at,
        opened_by=by,
        due_on=due_on,
        service_id=team.service_id if team else None,
        service_then=team.service.name if team else "",
        team_id=team.id if team else None,
        team_alias=team_alias,
        team_then=team.name if team else (team_alias.spelling if team_alias else ""),
        worker_id=worker_alias.worker_id if worker_alias else None,
        worker_alias=worker_alias,
        worker_then=worker_alias.spelling if worker_alias else "",
    )
    db.session.add(audit)
    definition = library.definition(template_version)
    version = _begin(audit, definition, by=by, at=at)
    facts = filled_in(definition, known, audit.journey_stage)
    _put(Answer, [_row(version, question_key=key, value=kept(value), comment="") for key, value in facts.items()])
    journal.write(
        "opened an audit", "audit", audit.id, case=audit.case_id, auditor=auditor.id, template=template_version.id
    )
    return audit


def allocate(
    audit: Audit,
    auditor: Person,
    *,
    by: int | None,
    at: datetime,
    due_on: date | None = None,
    expected: int | None = None,
) -> None:
    """Give an audit that nobody has submitted to another auditor. Raises Refusal, Frozen, Conflict."""
    if audit.withdrawn_at or queries.newest(audit):
        raise Frozen
    _no_conflict(audit.involvement, auditor, at)
    take(audit, audit.version if expected is None else expected)
    before, audit.auditor, audit.due_on = audit.auditor_id, auditor, due_on or audit.due_on
    journal.write("allocated", "audit", audit.id, auditor=auditor.id, before=before, by=by)


def answer(
    version: AuditVersion,
    domain_key: str,
    page: DomainPage,
    *,
    by: int | None,
    at: datetime,
    expected: int | None = None,
) -> Section:
    """Keep one domain's page, in place of what it held: answers, judgement, findings, drafted actions.

    Raises Frozen, Conflict when somebody saved the page after it was shown, ValueError for an answer that is not
    offered.
    """
    _hold(version)
    definition = library.definition(version.audit.template_version)
    domain = definition.domain(domain_key)
    section = queries.section(version, domain_key)
    take(section, section.version if expected is None else expected)
    keys = [question.key for question in domain.questions]
    _offered(definition, page)
    _clear(Answer, version, Answer.question_key.in_(keys))
    rows = [(key, kept(page.answers.get(key, "")), page.comments.get(key, "")) for key in keys]
    _put(
        Answer,
        [_row(version, question_key=key, value=value, comment=said) for key, value, said in rows if value or said],
    )
    _judge(version, definition, domain_key, page.judged)
    _find(version, domain_key, page.findings)
    _plan(version.audit, domain_key, page.actions, by=by, at=at)
    section.saved_at, section.saved_by = at, by
    db.session.expire(version, ["answers", "judgements", "findings"])
    journal.write("answered", "audit_version", version.id, domain=domain_key)
    return section


def hold_conversation(
    version: AuditVersion, conversation: Conversation, *, by: int | None, at: datetime, expected: int | None = None
) -> None:
    """Keep when the audit was talked through and with whom, or why it was not. Raises Frozen, Conflict, ValueError."""
    _hold(version)
    if unknown := set(conversation.took_part) - set(TOOK_PART):
        raise ValueError(f"not among those who take part: {', '.join(sorted(unknown))}")
    take(version, version.version if expected is None else expected)
    version.conversation_on = None if conversation.not_held else conversation.on
    version.took_part = [] if conversation.not_held else list(conversation.took_part)
    version.no_conversation = NoConversation(conversation.not_held) if conversation.not_held else None
    version.no_conversation_why = conversation.not_held_why if conversation.not_held else ""
    journal.write("noted the conversation", "audit_version", version.id, held=not conversation.not_held)


def judge(
    version: AuditVersion,
    overall: Judged,
    so_what: str,
    *,
    by: int | None,
    at: datetime,
    expected: int | None = None,
) -> None:
    """Keep the overall judgement and what the work has meant for the child. Raises Frozen, Conflict."""
    _hold(version)
    take(version, version.version if expected is None else expected)
    definition = library.definition(version.audit.template_version)
    _judge(version, definition, "", overall)
    version.so_what = so_what
    db.session.expire(version, ["judgements"])
    journal.write("judged", "audit_version", version.id)


def voice(
    audit: Audit,
    *,
    by: int,
    at: datetime,
    proud_of: str = "",
    do_differently: str = "",
    in_the_way: str = "",
    difference: str = "",
    grades: Mapping[str, str] | None = None,
    share: bool = False,
    expected: int | None = None,
) -> WorkerView:
    """Keep the worker's own view. It is theirs alone until they share it; from then on their own grades stand beside
    the auditor's. Raises Frozen once the audit was submitted, Conflict, ValueError for a grade that the scale lacks.
    """
    version = queries.draft_of(audit)
    if version is None or queries.newest(audit):
        raise Frozen
    _hold(version)
    definition = library.definition(audit.template_version)
    own = {key: definition.marks.mark(mark).key for key, mark in (grades or {}).items() if mark}
    view = queries.view_of(audit)
    if view is None:
        view = WorkerView(audit_id=audit.id, person_id=by, saved_at=at, grades={})
        db.session.add(view)
        db.session.flush()
    elif view.person_id != by:
        raise Frozen
    else:
        take(view, view.version if expected is None else expected)
    view.proud_of, view.do_differently = proud_of, do_differently
    view.in_the_way, view.difference = in_the_way, difference
    view.grades, view.saved_at = own, at
    if share and view.shared_at is None:
        view.shared_at = at
        journal.write("shared own view", "audit", audit.id)
    else:
        journal.write("wrote own view", "audit", audit.id)
    if view.shared_at:
        _own_grades(version, definition, own)
    return view


def submit(
    version: AuditVersion,
    *,
    by: int | None,
    at: datetime,
    audited_on: date | None = None,
    expected: int | None = None,
) -> None:
    """Hand a version in: from here on it never changes, its drafted actions take effect, and figures follow it.

    What the answers did not call for is left out. `audited_on`: the audit's stated day; else the day of the
    conversation, else that of the version corrected, else that of `at`. Raises Incomplete, Frozen, Conflict, and
    Refusal when the case has meanwhile turned out to be the auditor's own.
    """
    _hold(version)
    take(version, version.version if expected is None else expected)
    audit = version.audit
    definition = library.definition(audit.template_version)
    held = queries.recorded_in(version)
    if missing := gaps(definition, held):
        raise Incomplete(missing)
    _leave_out(version, *submitted_part(definition, held))
    if version.number == 1:
        _place(audit, at)
    if definition.overall is OverallGrade.DOMAIN:
        only = held.judged.get(definition.judged_domains[0].key, Judged())
        _judge(version, definition, "", only)
        version.so_what = only.effect
    db.session.flush()
    for other in audit.versions:
        other.newest = other is version
    db.session.flush()
    with db.session.no_autoflush:
        version.audited_on = audited_on or version.conversation_on or version.audited_on or day_of(at)
        version.submitted_at, version.submitted_by = at, by
        version.digest = fingerprint(queries.content(version))
    db.session.flush()
    db.session.expire(version, ["answers", "judgements", "findings"])
    agreed = actions.take_effect(queries.ORIGIN, audit.id, team_id=audit.team_id, by=by, at=at)
    journal.write(
        "submitted",
        "audit_version",
        version.id,
        audit=audit.id,
        number=version.number,
        actions=agreed,
        digest=version.digest,
    )


def correct(audit: Audit, reason: str, *, by: int | None, at: datetime) -> AuditVersion:
    """Begin a new version from the last submitted one, with the reason; the old one stays readable and in the figures
    until the new one is submitted. Raises Frozen while a version is still being written, ValueError without a reason.
    """
    last = audit.versions[-1]
    _hold(last, submitted=True)
    if not reason:
        raise ValueError("Say why this audit is to be corrected.")
    definition = library.definition(audit.template_version)
    version = _begin(audit, definition, by=by, at=at, number=last.number + 1, reason=reason)
    for name in ("conversation_on", "took_part", "no_conversation", "no_conversation_why", "so_what", "audited_on"):
        setattr(version, name, getattr(last, name))
    saved = {one.domain_key: one for one in queries.sections(last)}
    for section in queries.sections(version):
        section.saved_at, section.saved_by = saved[section.domain_key].saved_at, saved[section.domain_key].saved_by
    _copy(Answer, last, version, "question_key", "value", "comment")
    _copy(Judgement, last, version, "domain_key", "stage", "scale", "rank", "word", "evidence", "effect")
    _copy(Finding, last, version, "kind", "domain_key", "theme_key", "words", "evidence", "child")
    if definition.overall is OverallGrade.DOMAIN:
        _clear(Judgement, version, Judgement.domain_key == "", Judgement.stage == Stage.AUDITOR)
    journal.write("began a correction", "audit_version", version.id, audit=audit.id, number=version.number)
    return version


def read(version: AuditVersion, *, by: int, at: datetime, disagreement: str = "") -> Reading:
    """The worker says that they have read a submitted version, and where they see it differently.

    Said once for each version; a second time changes nothing. Raises Frozen when the version is not submitted.
    """
    _hold(version, submitted=True)
    reading = db.session.scalar(select(Reading).where(Reading.audit_version_id == version.id, Reading.person_id == by))
    if reading is None:
        reading = Reading(audit_version_id=version.id, person_id=by, at=at, disagreement=disagreement)
        db.session.add(reading)
        db.session.flush()
        digest = queries.reading_digest(reading)
        journal.write("read", "reading", reading.id, version=version.id, disagrees=bool(disagreement), digest=digest)
    return reading


def withdraw(audit: Audit, why: str, *, by: int | None, at: datetime, expected: int | None = None) -> None:
    """Take back an audit that was never submitted. Raises Frozen, Conflict, ValueError without a reason."""
    if audit.withdrawn_at or queries.newest(audit):
        raise Frozen
    if not why:
        raise ValueError("Say why this audit is withdrawn.")
    take(audit, audit.version if expected is None else expected)
    for action in queries.drafts_of(audit):
        actions.drop_draft(action)
    audit.withdrawn_at, audit.withdrawn_why = at, why
    journal.write("withdrew", "audit", audit.id, by=by)


def open_with_reason(audit: Audit, reason: str, *, by: int, at: datetime) -> Opening:
    """A senior leader says why they open a submitted audit; it lets them read it for the rest of the day."""
    opening = Opening(audit_id=audit.id, person_id=by, at=at, reason=reason)
    db.session.add(opening)
    db.session.flush()
    journal.write("gave a reason to open", "audit", audit.id, reason=opening.id)
    return opening


def _usable(template_version: TemplateVersion, kind: AuditKind) -> None:
    template = template_version.template
    if template_version.published_at is None:
        raise Refusal(f"“{template.title}” is not published in this version.")
    if template.withdrawn_at:
        raise Refusal(f"“{template.title}” is no longer in use.")
    definition = library.definition(template_version)
    if kind not in definition.kinds:
        raise Refusal(f"“{template.title}” is not made for this kind of audit ({kind.words.lower()}).")


def _no_conflict(involvement: Involvement, auditor: Person, at: datetime) -> None:
    found = refusals(
        around.candidate(auditor, day_of(at)), around.matter(involvement), own_team_allowed=around.own_team_allowed()
    )
    if found:
        raise Refusal(*found)


def _begin(
    audit: Audit, definition: Definition, *, by: int | None, at: datetime, number: int = 1, reason: str = ""
) -> AuditVersion:
    version = AuditVersion(audit=audit, number=number, reason=reason, began_at=at, began_by=by, took_part=[])
    db.session.add(version)
    db.session.flush()
    rows = [{"audit_version_id": version.id, "domain_key": one.key, "version": 1} for one in definition.domains]
    db.session.execute(insert(Section), rows)
    return version


def _hold(version: AuditVersion, *, submitted: bool = False) -> None:
    """Hold a version's row until this transaction ends, and refuse when it is not in the state that is needed."""
    columns = ["submitted_at", "version", "newest"]
    db.session.flush()
    db.session.refresh(version, columns, with_for_update=True)
    if version.audit.withdrawn_at or bool(version.submitted_at) is not submitted:
        raise Frozen


def _offered(definition: Definition, page: DomainPage) -> None:
    for key, value in page.answers.items():
        question = definition.question(key)
        offered = {choice.key for choice in question.choices}
        given = {value} if isinstance(value, str) else set(value)
        if offered and (unknown := given - offered - {""}):
            raise ValueError(f"“{question.text}” has no answer {', '.join(sorted(unknown))}")


def _judge(version: AuditVersion, definition: Definition, domain_key: str, judged: Judged) -> None:
    _clear(Judgement, version, Judgement.domain_key == domain_key, Judgement.stage == Stage.AUDITOR)
    if judged:
        _put(Judgement, [_mark(version, definition, domain_key, Stage.AUDITOR, judged)])


def _own_grades(version: AuditVersion, definition: Definition, grades: Mapping[str, str]) -> None:
    _clear(Judgement, version, Judgement.stage == Stage.WORKER)
    rows = [_mark(version, definition, key, Stage.WORKER, Judged(mark)) for key, mark in grades.items()]
    _put(Judgement, rows)


def _mark(
    version: AuditVersion, definition: Definition, domain_key: str, stage: Stage, judged: Judged
) -> dict[str, Any]:
    mark = definition.marks.mark(judged.mark) if judged.mark else None
    return _row(
        version,
        domain_key=domain_key,
        stage=stage,
        scale=definition.scale.value,
        rank=mark.rank if mark else None,
        word=mark.word if mark else "",
        evidence=judged.evidence,
        effect=judged.effect,
    )


def _find(version: AuditVersion, domain_key: str, findings: Sequence[Found]) -> None:
    _clear(Finding, version, Finding.domain_key == domain_key)
    rows = [
        _row(
            version,
            kind=FindingKind(one.kind),
            domain_key=domain_key,
            theme_key=one.theme_key,
            words=one.words,
            evidence=one.evidence,
            child=one.child,
        )
        for one in findings
        if one
    ]
    _put(Finding, rows)


def _plan(audit: Audit, domain_key: str, drafted: Sequence[Drafted], *, by: int | None, at: datetime) -> None:
    """Let the drafted actions of a domain be these, in order: change those that stand, add and drop as needed."""
    wanted = [one for one in drafted if one]
    held = [one for one in queries.drafts_of(audit) if one.domain_key == domain_key]
    for action, one in zip(held, wanted, strict=False):
        actions.redraft(action, what=one.what, owner_id=one.owner_id, due_on=one.due_on, theme_key=one.theme_key)
    for action in held[len(wanted) :]:
        actions.drop_draft(action)
    for one in wanted[len(held) :]:
        actions.draft(
            case_id=audit.case_id,
            origin_kind=queries.ORIGIN,
            origin_id=audit.id,
            team_id=audit.team_id,
            what=one.what,
            owner_id=one.owner_id,
            due_on=one.due_on,
            theme_key=one.theme_key,
            domain_key=domain_key,
            by=by,
            at=at,
        )


def _leave_out(version: AuditVersion, questions: frozenset[str], domains: frozenset[str]) -> None:
    _clear(Answer, version, Answer.question_key.not_in(questions))
    _clear(Judgement, version, Judgement.domain_key.not_in(domains | {""}))
    _clear(Finding, version, Finding.domain_key.not_in(domains))
    for action in queries.drafts_of(version.audit):
        if action.domain_key not in domains:
            actions.drop_draft(action)


def _place(audit: Audit, at: datetime) -> None:
    """Take up, for good, whom the extract's spellings mean by now: they may be placed after the audit was opened.

    Raises Refusal when the worker turns out to be the auditor.
    """
    if audit.worker_alias and audit.worker_id != audit.worker_alias.worker_id:
        audit.worker_id = audit.worker_alias.worker_id
        _no_conflict(audit.involvement, audit.auditor, at)
    if audit.team_id is None and audit.team_alias and audit.team_alias.team_id:
        team = db.session.get_one(Team, audit.team_alias.team_id)
        audit.team_id, audit.team_then = team.id, team.name
        audit.service_id, audit.service_then = team.service_id, team.service.name


def _copy(kind: Any, last: AuditVersion, version: AuditVersion, *names: str) -> None:
    rows = db.session.scalars(select(kind).where(kind.audit_version_id == last.id).order_by(kind.id)).all()
    if kind is Judgement:
        rows = [row for row in rows if row.stage in (Stage.AUDITOR, Stage.WORKER, Stage.AGREED)]
    _put(kind, [_row(version, **{name: getattr(row, name) for name in names}) for row in rows])


def _row(version: AuditVersion, **values: Any) -> dict[str, Any]:
    return {"audit_version_id": version.id, **values}


def _put(kind: Any, rows: Sequence[dict[str, Any]]) -> None:
    if rows:
        db.session.execute(insert(kind), list(rows))


def _clear(kind: Any, version: AuditVersion, *conditions: Any) -> None:
    db.session.execute(
        delete(kind).where(kind.audit_version_id == version.id, *conditions),
        execution_options={"synchronize_session": False},
    )
