"""Making Anyshire through the rooms' own operations only: nothing here could not have been done by hand."""

from __future__ import annotations

import hashlib
import random
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from typing import TYPE_CHECKING

from sqlalchemy import select
from sqlalchemy.orm import joinedload

from auditapp import journal
from auditapp.actions import operations as actions
from auditapp.actions import queries as action_queries
from auditapp.actions.models import Action
from auditapp.audits import around
from auditapp.audits import operations as audits
from auditapp.audits import queries as audit_queries
from auditapp.audits.conflicts import Candidate, free
from auditapp.audits.facts import STATUS_OF_STAGE
from auditapp.audits.models import Audit
from auditapp.audits.recorded import Conversation, DomainPage, Drafted, Found, Judged
from auditapp.cases import operations as cases
from auditapp.cases import queries as case_queries
from auditapp.cases.models import Involvement, TeamAlias, Worker, WorkerAlias
from auditapp.council import operations as council
from auditapp.council.decisions import Decisions
from auditapp.db import day_of, db
from auditapp.demo import children, place, practice
from auditapp.library import operations as library
from auditapp.library import queries as library_queries
from auditapp.library.kinds import AuditKind
from auditapp.library.models import TemplateVersion
from auditapp.library.scales import Grade
from auditapp.people import operations as people
from auditapp.people import queries as people_queries
from auditapp.people.models import Person, Service, Team
from auditapp.people.roles import Role

if TYPE_CHECKING:
    from auditapp.library.template import Definition

MONTHS = 6
A_MONTH = 25
SINGLE = ("management_oversight", "voice_of_the_child", "smart_plans", "chronology")
LISTS = ("4", "6", "7", "8", "9")
SINCE = date(2020, 1, 6)
EARLIER_EXTRACT = timedelta(days=200)
NEWER_EXTRACT = timedelta(days=6)
LINE_DRAWS = 10


class NothingToAudit(Exception):
    """An extract in which no involvement is open."""


class NotEmpty(Exception):
    """Somebody is here already: a council that is not invented must not be filled with invention."""


@dataclass
class Anyshire:
    """What has been made so far. `today` is the day that everything is told from."""

    today: date
    dice: random.Random
    people: dict[str, Person] = field(default_factory=dict)
    teams: dict[str, Team] = field(default_factory=dict)
    audited: set[int] = field(default_factory=set)
    done: dict[int, int] = field(default_factory=dict)
    eligible: list[Involvement] = field(default_factory=list)
    candidates: list[Candidate] = field(default_factory=list)

    def at(self, day: date, hour: int = 10) -> datetime:
        """A moment of a day, in working hours."""
        minute = self.dice.randint(0, 59)
        return datetime.combine(day, time(hour, minute), tzinfo=UTC)

    def fixed(self, role: Role) -> Person:
        """The one who signs in for a role."""
        return self.people[next(one.email for one in place.FIXED if one.role is role)]


def build(today: date, *, months: int = MONTHS, a_month: int = A_MONTH) -> Iterator[str]:
    """Make the whole invented council as at `today`; the same day gives the same council.

    `months` before today have `a_month` audits each. Gives a sentence after each part (an empty one where there is
    nothing to tell); the caller commits there, because half a year of practice is more than one transaction should
    hold. Raises NotEmpty.
    """
    if not people_queries.nobody_yet():
        raise NotEmpty
    anyshire = Anyshire(today, random.Random(f"{place.SEED} {today}"))  # invention, the same every time  # noqa: S311
    library.load_shipped(at=anyshire.at(today - EARLIER_EXTRACT))
    _found_council(anyshire)
    yield f"{len(anyshire.teams)} teams in {len(place.SERVICES)} services, {len(anyshire.people)} people."
    _take_extract(anyshire, today - EARLIER_EXTRACT)
    planned = _plan(anyshire, months, a_month)
    newer = today - NEWER_EXTRACT
    before = [day for day in planned if day <= newer]
    for start in range(0, len(before), a_month):
        part = before[start : start + a_month]
        for day in part:
            _one_audit(anyshire, day)
        yield f"{start + len(part)} audits up to {_said(part[-1])}."
    _take_extract(anyshire, newer)
    yield f"{len(case_queries.held_population())} children are known, from two extracts."
    for day in planned[len(before) :]:
        _one_audit(anyshire, day)
    _correct_some(anyshire)
    _leave_open(anyshire)
    _follow_up(anyshire)
    submitted = len(db.session.execute(audit_queries.submitted_newest()).all())
    yield f"{submitted} audits submitted, {len(_audits()) - submitted} under way, {len(_actions())} actions."
    yield from _managers_read(anyshire)


def _found_council(anyshire: Anyshire) -> None:
    at = anyshire.at(anyshire.today - EARLIER_EXTRACT, 9)
    council.decide(Decisions(name=place.NAME, colour=place.COLOUR), by=None, at=at)
    services: dict[str, Service] = {}
    for service, teams in place.SERVICES.items():
        services[service] = people.add_service(service)
        anyshire.teams |= {team: people.add_team(services[service], team) for team in teams}
    for one in place.people():
        person = people.add_person(one.name, one.email)
        people.grant_role(
            person,
            one.role,
            starts_on=SINCE,
            service=services.get(one.service),
            team=anyshire.teams.get(one.team),
        )
        if one.signs_in:
            people.set_password(person, place.PASSWORD, at)
        anyshire.people[one.email] = person


# ---- the population ----


def _take_extract(anyshire: Anyshire, as_at: date) -> None:
    data, name = children.workbook(anyshire.today, as_at), f"anyshire-annex-a-{as_at.isoformat()}.xlsx"
    at = anyshire.at(as_at + timedelta(days=1), 8)
    extract, pointing = cases.read(data, name, as_at)
    waiting = cases.preview(extract, pointing, data=data, name=name, by=None, at=at)
    cases.take(waiting, by=None, at=at)
    _place_workers(anyshire)
    anyshire.eligible = _eligible()


def _place_workers(anyshire: Anyshire) -> None:
    """Place the usual spellings onto workers; what is spelt otherwise waits, as it does in a real council."""
    known = {one.name: anyshire.people[one.email] for one in place.people()}
    names = {place.as_spelt(name): name for names in place.workers().values() for name in names}
    for alias in case_queries.waiting_workers():
        name = names.get(alias.spelling)
        if name in known:
            cases.place_worker(alias, cases.worker_of(known[name]))
        elif name:
            cases.place_worker(alias, cases.add_worker(name))


# ---- audits ----


def _plan(anyshire: Anyshire, months: int, a_month: int) -> list[date]:
    """The days on which audits were submitted, none of them a weekend."""
    days = []
    for month in range(months):
        last = anyshire.today - timedelta(days=1 + 30 * (months - 1 - month))
        days += [last - timedelta(days=anyshire.dice.randint(0, 29)) for _ in range(a_month)]
    return sorted(_working(day) for day in days)


def _working(day: date) -> date:
    return day - timedelta(days=max(0, day.weekday() - 4))


def _one_audit(anyshire: Anyshire, submitted: date, of: Sequence[Involvement] = (), level: float | None = None) -> None:
    """One audit from its opening to its submission; `level`: how good the work is, else drawn, for a drawn template."""
    opened = _working(submitted - timedelta(days=anyshire.dice.randint(9, 30)))
    number = sum(anyshire.done.values())
    kind, version = _what_kind(number) if level is None else (AuditKind.MONTHLY, _in_use("whole_case"))
    audit = _open(anyshire, version, kind, opened, of=of)
    level = practice.case_level(anyshire.dice, _service_of(audit)) if level is None else level
    writer = practice.Writer(anyshire.dice, submitted)
    at = anyshire.at(submitted, 15)
    _fill_in(anyshire, audit, level, writer, at=at)
    held = _talk(anyshire, audit, submitted, at=at)
    if held:
        _workers_voice(anyshire, audit, writer, at=at)
    audits.submit(audit.versions[-1], by=audit.auditor_id, at=at)
    _read_by_worker(anyshire, audit, writer, submitted)


def _what_kind(number: int) -> tuple[AuditKind, TemplateVersion]:
    """Half of the audits read the whole case; the others look at one thing; a few read a case again."""
    whole = number % 2 == 0
    key = "whole_case" if whole else SINGLE[number // 2 % len(SINGLE)]
    kind = AuditKind.MONTHLY if whole else AuditKind.THEMATIC
    return (AuditKind.RE_AUDIT if number % 24 == 22 else kind), _in_use(key)


def _in_use(key: str) -> TemplateVersion:
    found = library_queries.in_use(key)
    assert found is not None, f"{key} is shipped"
    return found


def _open(
    anyshire: Anyshire, version: TemplateVersion, kind: AuditKind, opened: date, *, auditor: Person | None = None,
    due_on: date | None = None, of: Sequence[Involvement] = (),
) -> Audit:  # fmt: skip
    involvement, chosen = next(_allowed(anyshire, _not_audited(anyshire, opened, of), opened, auditor))
    anyshire.audited.add(involvement.case_id)
    anyshire.done[chosen.id] = anyshire.done.get(chosen.id, 0) + 1
    return audits.open(
        involvement,
        version,
        kind=kind,
        auditor=chosen,
        due_on=due_on or action_queries.due_after(opened, 20),
        by=anyshire.fixed(Role.QA_LEAD).id,
        at=anyshire.at(opened, 9),
    )


def _not_audited(anyshire: Anyshire, opened: date, of: Sequence[Involvement] = ()) -> Iterator[Involvement]:
    """Involvements that had begun by then and were not audited, in a drawn order; `of` these, or of all eligible."""
    fit = [
        one
        for one in of or anyshire.eligible
        if one.case_id not in anyshire.audited and (of or one.started_on is None or one.started_on < opened)
    ]
    anyshire.dice.shuffle(fit)
    return iter(fit)


def _eligible() -> list[Involvement]:
    """Open involvements of placed teams and workers; a child on a plan or in care by that list, not by list 6."""
    found = db.session.scalars(
        select(Involvement)
        .join(TeamAlias, TeamAlias.id == Involvement.team_alias_id)
        .join(WorkerAlias, WorkerAlias.id == Involvement.worker_alias_id)
        .where(
            Involvement.list_key.in_(LISTS),
            Involvement.open_then,
            Involvement.gone_import_id.is_(None),
            TeamAlias.team_id.is_not(None),
            WorkerAlias.worker_id.is_not(None),
        )
        .order_by(Involvement.id)
    )
    return [one for one in found if not (one.list_key == "6" and one.status[:1] in "ab")]


def _allowed(
    anyshire: Anyshire, involvements: Iterable[Involvement], on: date, auditor: Person | None
) -> Iterator[tuple[Involvement, Person]]:
    """Each involvement with whoever may audit it: this auditor, or of all who may the one who has done the fewest."""
    candidates = [around.candidate(auditor, on)] if auditor else _candidates(anyshire, on)
    for involvement in involvements:
        matter = around.matter(involvement)
        able = free(candidates, matter, own_team_allowed=False)
        if able:
            chosen = min(able, key=lambda one: (anyshire.done.get(one.person_id, 0), one.person_id))
            yield involvement, db.session.get_one(Person, chosen.person_id)


def _candidates(anyshire: Anyshire, on: date) -> list[Candidate]:
    """Managers and auditors, as the conflict rules see them; at Anyshire nobody moves, so they are asked for once."""
    if not anyshire.candidates:
        auditing = {
            anyshire.people[one.email].id for one in place.people() if one.role in (Role.TEAM_MANAGER, Role.AUDITOR)
        }
        anyshire.candidates = [one for one in around.candidates(on) if one.person_id in auditing]
    return anyshire.candidates


def _service_of(audit: Audit) -> str:
    service = db.session.get(Service, audit.service_id) if audit.service_id else None
    return service.name if service else ""


def _fill_in(
    anyshire: Anyshire, audit: Audit, level: float, writer: practice.Writer, *, at: datetime, only: int | None = None
) -> None:
    """Answer the domains that the answers call for (only the first few, where `only`), then judge over all."""
    definition = library_queries.definition(audit.template_version)
    version = audit.versions[-1]
    known = _known(audit)
    grades: dict[str, Grade] = {}
    for domain in definition.domains[:only]:
        if domain in definition.in_play(known):
            grade = practice.grade_of(anyshire.dice, level, domain.key)
            written = practice.domain_page(definition, domain, grade, writer, known)
            known |= written.answers
            grades[domain.key] = grade
            page = _page(anyshire, audit, definition, written, writer)
            audits.answer(version, domain.key, page, by=audit.auditor_id, at=at)
    if only is None and len(definition.domains) > 1:
        grade = practice.overall(list(grades.values()))
        tones = {key: practice.tone(one) for key, one in grades.items()}
        why, so_what = practice.about_all(grade, writer, tones)
        audits.judge(version, Judged(grade.key, why), so_what, by=audit.auditor_id, at=at)


def _known(audit: Audit) -> dict[str, str]:
    """What is settled before the auditor begins: where the child stands."""
    return {"child_status": STATUS_OF_STAGE.get(audit.journey_stage, "assessment")}


def _page(
    anyshire: Anyshire, audit: Audit, definition: Definition, written: practice.Written, writer: practice.Writer
) -> DomainPage:
    effect_wanted = not written.grade.good_or_better or len(definition.domains) == 1
    found = [Found("strength", theme, words) for theme, words in written.strengths]
    found += [Found("learning", theme, words) for theme, words in written.learning]
    return DomainPage(
        answers=written.answers,
        comments=written.comments,
        judged=Judged(written.grade.key, written.evidence, written.effect if effect_wanted else ""),
        findings=found,
        actions=[
            _drafted(anyshire, audit, theme, practice.action(theme, written.answers, writer), writer.on)
            for theme, _ in written.learning
            if anyshire.dice.random() < 0.8 or not written.grade.good_or_better
        ],
    )


def _drafted(anyshire: Anyshire, audit: Audit, theme: str, words: str, on: date) -> Drafted:
    owner = (
        _manager_of(anyshire, audit)
        if theme in ("direction", "supervision", "drift")
        else _worker_or_manager(anyshire, audit)
    )
    days = anyshire.dice.choice((5, 10, 10, 15, 20, 30))
    due = action_queries.due_after(on, days)
    return Drafted(words, owner.id, due, theme)


def _worker_or_manager(anyshire: Anyshire, audit: Audit) -> Person:
    worker = db.session.get(Worker, audit.worker_id) if audit.worker_id else None
    person = db.session.get(Person, worker.person_id) if worker and worker.person_id else None
    return person or _manager_of(anyshire, audit)


def _manager_of(anyshire: Anyshire, audit: Audit) -> Person:
    """The manager of the audit's team; of a team that is not Anyshire's, the QA lead."""
    leads = (one for one in place.people() if one.role is Role.TEAM_MANAGER and one.team == audit.team_then)
    return anyshire.people.get(next((one.email for one in leads), "")) or anyshire.fixed(Role.QA_LEAD)


def _talk(anyshire: Anyshire, audit: Audit, submitted: date, *, at: datetime) -> bool:
    """Hold the conversation, or say why there was none."""
    writer = practice.Writer(anyshire.dice, submitted)
    if anyshire.dice.random() < 0.12:
        code = anyshire.dice.choice(("worker_left", "worker_on_leave", "other"))
        why = practice.said("not_held_why", writer) if code == "other" else ""
        talk = Conversation(not_held=code, not_held_why=why)
    else:
        took_part = ("worker", "manager") if anyshire.dice.random() < 0.35 else ("worker",)
        talk = Conversation(on=_working(submitted - timedelta(days=anyshire.dice.randint(0, 3))), took_part=took_part)
    audits.hold_conversation(audit.versions[-1], talk, by=audit.auditor_id, at=at)
    return not talk.not_held


def _own_worker(audit: Audit) -> int | None:
    worker = db.session.get(Worker, audit.worker_id) if audit.worker_id else None
    return worker.person_id if worker else None


def _workers_voice(anyshire: Anyshire, audit: Audit, writer: practice.Writer, *, at: datetime) -> None:
    person_id = _own_worker(audit)
    if person_id is None or anyshire.dice.random() < 0.2:
        return
    definition = library_queries.definition(audit.template_version)
    marks = {
        domain.key: anyshire.dice.choice((Grade.GOOD, Grade.GOOD, Grade.REQUIRES_IMPROVEMENT)).key
        for domain in definition.in_play(_known(audit))[:3]
    }
    own = practice.workers_own(writer)
    audits.voice(
        audit,
        by=person_id,
        at=at,
        proud_of=own["proud_of"],
        do_differently=own["do_differently"],
        in_the_way=own["in_the_way"],
        difference=own["difference"],
        grades=marks,
        share=True,
    )


def _read_by_worker(anyshire: Anyshire, audit: Audit, writer: practice.Writer, submitted: date) -> None:
    person_id, day = _own_worker(audit), submitted + timedelta(days=anyshire.dice.randint(1, 9))
    if person_id is None or day >= anyshire.today - timedelta(days=5) or anyshire.dice.random() < 0.2:
        return
    disagrees = anyshire.dice.random() < 0.1
    words = practice.said("disagreements", writer) if disagrees else ""
    audits.read(audit.versions[-1], by=person_id, at=anyshire.at(day), disagreement=words)


# ---- the line, once through ----


def walk_line(data: bytes, name: str, as_at: date, today: date) -> Iterator[str]:
    """Go once from an Annex A workbook to submitted audits, telling each step; the caller commits at each.

    People of Anyshire audit ten cases of the extract, drawn by hand. Raises what reading an extract raises, and
    NothingToAudit where no involvement is open.
    """
    anyshire = Anyshire(today, random.Random(f"{place.SEED} {name}"))  # invention, the same every time  # noqa: S311
    library.load_shipped(at=anyshire.at(today))
    yield f"{len(library_queries.usable())} audit templates are in the library."
    yield from _read_in(anyshire, data, name, as_at)
    _invite_auditors(anyshire)
    yield f"{len(anyshire.people)} people of Anyshire can sign in: a QA lead and auditors."
    drawn = _draw(f"{as_at.isoformat()}", LINE_DRAWS)
    if not drawn:
        raise NothingToAudit
    yield f"Drawn by hand, {len(drawn)} cases of those open: {', '.join(one.case.reference for one in drawn)}."
    for number, involvement in enumerate(drawn):
        yield _audit_of_line(anyshire, involvement, number)


def _read_in(anyshire: Anyshire, data: bytes, name: str, as_at: date) -> Iterator[str]:
    extract, pointing = cases.read(data, name, as_at)
    at = anyshire.at(anyshire.today, 8)
    waiting = cases.preview(extract, pointing, data=data, name=name, by=None, at=at)
    for one in waiting.summary["lists"]:
        refused = f", {len(one['refused'])} refused" if one["refused"] else ""
        yield f"Read “{one['sheet']}” as list {one['list']}: {one['read']} rows, {one['accepted']} accepted{refused}."
    cases.take(waiting, by=None, at=at)
    yield f"Taken: {waiting.summary['cases']['new']} children, as at {_said(as_at)}."
    teams, workers = case_queries.waiting()
    service = people.add_service("Services of the extract")
    for team in case_queries.waiting_teams():
        cases.place_team(team, people.add_team(service, team.spelling))
    for worker in case_queries.waiting_workers():
        cases.place_worker(worker, cases.add_worker(worker.spelling))
    yield f"Placed {teams} names of teams and {workers} names of workers."


def _invite_auditors(anyshire: Anyshire) -> None:
    for one in place.people():
        if one.role in (Role.AUDITOR, Role.QA_LEAD):
            person = people.add_person(one.name, one.email)
            people.grant_role(person, one.role, starts_on=SINCE)
            anyshire.people[one.email] = person


def _draw(seed: str, number: int) -> list[Involvement]:
    """The first so many open cases in the order of sha256(seed, reference), each by its latest involvement."""
    found = db.session.scalars(
        select(Involvement)
        .options(joinedload(Involvement.case))
        .where(Involvement.open_then, Involvement.gone_import_id.is_(None))
        .order_by(Involvement.list_key != "8", Involvement.list_key != "7", Involvement.id)
    )
    by_case: dict[str, Involvement] = {}
    for one in found:
        by_case.setdefault(one.case.reference, one)
    order = sorted(by_case, key=lambda reference: hashlib.sha256(f"{seed}\n{reference}".encode()).hexdigest())
    return [by_case[reference] for reference in order[:number]]


def _audit_of_line(anyshire: Anyshire, involvement: Involvement, number: int) -> str:
    kind, version = _what_kind(number)
    auditors = [anyshire.people[one.email] for one in place.people() if one.role is Role.AUDITOR]
    auditor = auditors[number % len(auditors)]
    audit = _open(anyshire, version, kind, anyshire.today, auditor=auditor, of=[involvement])
    at, writer = anyshire.at(anyshire.today, 15), practice.Writer(anyshire.dice, anyshire.today)
    _fill_in(anyshire, audit, practice.case_level(anyshire.dice, ""), writer, at=at)
    _talk(anyshire, audit, anyshire.today, at=at)
    draft = audit.versions[-1]
    audits.submit(draft, by=auditor.id, at=at)
    grade = next(one.word for one in draft.judgements if not one.domain_key)
    agreed = len(list(action_queries.of_origin(audit_queries.ORIGIN, audit.id)))
    return (
        f"Audit {number + 1}: case {audit.case.reference}, {version.template.title}, by {auditor.name}: "
        f"{len(draft.answers)} answers, {grade}, {agreed} {'action' if agreed == 1 else 'actions'} agreed."
    )


# ---- what became of it ----


def _correct_some(anyshire: Anyshire) -> None:
    """Three audits were read again by their auditors and corrected."""
    submitted = [(one, at) for one in _audits() if (at := one.versions[-1].submitted_at)]
    for audit, handed_in in submitted[20:110:40]:
        day = min(day_of(handed_in) + timedelta(days=12), anyshire.today - timedelta(days=1))
        writer, at = practice.Writer(anyshire.dice, day), anyshire.at(_working(day), 11)
        version = audits.correct(audit, practice.said("correction_reasons", writer), by=audit.auditor_id, at=at)
        if len(library_queries.definition(audit.template_version).domains) > 1:
            why, so_what = practice.about_all(Grade.GOOD, writer)
            audits.judge(version, Judged(Grade.GOOD.key, why), so_what, by=audit.auditor_id, at=at)
        audits.submit(version, by=audit.auditor_id, at=at)


def _leave_open(anyshire: Anyshire) -> None:
    """What is under way today: just allocated, half written, overdue; some of it on each fixed sign-in's desk."""
    today = anyshire.today
    mine = _of_worker(anyshire, anyshire.fixed(Role.WORKER))
    # Weak enough that actions were agreed which the worker still has to do.
    _one_audit(anyshire, _working(today - timedelta(days=3)), of=mine, level=-0.8)
    manager, auditor = anyshire.fixed(Role.TEAM_MANAGER), anyshire.fixed(Role.AUDITOR)
    desks: list[tuple[Person | None, str, int, int, int | None, Sequence[Involvement]]] = [
        # who, template, opened days ago, due in days, domains answered, of these involvements
        (auditor, "whole_case", 12, 9, 4, mine),
        (auditor, "voice_of_the_child", 6, 15, None, ()),
        (auditor, "chronology", 33, -4, 1, ()),
        (manager, "whole_case", 14, 8, 2, ()),
        (manager, "management_oversight", 29, -2, None, ()),
        *[(None, key, days, 21 - days, answered, ()) for key, days, answered in (
            ("whole_case", 3, None), ("smart_plans", 5, None), ("whole_case", 8, 3), ("management_oversight", 9, 1),
            ("whole_case", 17, 6), ("chronology", 26, None), ("voice_of_the_child", 31, 1), ("whole_case", 36, 2),
        )],
    ]  # fmt: skip
    for who, key, ago, due_in, answered, of in desks:
        opened = _working(today - timedelta(days=ago))
        kind = AuditKind.MONTHLY if key == "whole_case" else AuditKind.THEMATIC
        due = today + timedelta(days=due_in)
        audit = _open(anyshire, _in_use(key), kind, opened, auditor=who, due_on=due, of=of)
        if answered:
            level = practice.case_level(anyshire.dice, _service_of(audit))
            writer = practice.Writer(anyshire.dice, today)
            _fill_in(anyshire, audit, level, writer, at=anyshire.at(today - timedelta(days=1)), only=answered)


def _of_worker(anyshire: Anyshire, person: Person) -> list[Involvement]:
    worker = case_queries.worker_of(person.id)
    assert worker is not None, f"{person.name} holds cases"
    spelt = [alias.id for alias in worker.aliases]
    found = select(Involvement).where(Involvement.worker_alias_id.in_(spelt), Involvement.open_then)
    return [one for one in db.session.scalars(found.order_by(Involvement.id)) if one.list_key in LISTS]


def _follow_up(anyshire: Anyshire) -> None:
    """Most actions that were due are done and seen; some wait to be seen, some are late, a few were not needed."""
    seer = anyshire.fixed(Role.QA_LEAD)
    for action in _actions():
        if action.agreed_at is None or action.due_on is None or action.owner_id is None:
            continue
        luck, late = anyshire.dice.random(), anyshire.dice.randint(-5, 6)
        done_on = _working(min(action.due_on + timedelta(days=late), anyshire.today - timedelta(days=1)))
        if done_on <= action.agreed_at.date() or (action.due_on > anyshire.today and luck > 0.3):
            continue
        writer = practice.Writer(anyshire.dice, done_on)
        if luck < 0.05:
            actions.not_needed(
                action, practice.said("not_needed_words", writer), by=action.owner_id, at=anyshire.at(done_on)
            )
        elif luck < 0.93:
            actions.say_done(
                action,
                practice.said("done_words", writer, action.theme_key),
                by=action.owner_id,
                at=anyshire.at(done_on),
            )
            seen_on = _working(done_on + timedelta(days=anyshire.dice.randint(3, 15)))
            if luck < 0.87 and seen_on < anyshire.today:
                words = practice.said("seen_words", practice.Writer(anyshire.dice, seen_on), action.theme_key)
                actions.see_in_record(action, words, by=seer.id, at=anyshire.at(seen_on, 16))


def _managers_read(anyshire: Anyshire) -> Iterator[str]:
    """Team managers opened what was audited in their team, but for the last weeks; each under their own name."""
    until = anyshire.today - timedelta(days=21)
    earlier = [one for one in _audits() if (day := one.versions[-1].audited_on) and day < until]
    for manager in place.people():
        if manager.role is Role.TEAM_MANAGER:
            with journal.act_for(anyshire.people[manager.email].id):
                for audit in earlier:
                    if audit.team_then == manager.team:
                        journal.write("opened", "audit", audit.id)
                yield ""


def _said(day: date) -> str:
    return f"{day.day} {day:%B %Y}"


def _audits() -> Sequence[Audit]:
    return db.session.scalars(select(Audit).order_by(Audit.id)).all()


def _actions() -> Sequence[Action]:
    return db.session.scalars(select(Action).order_by(Action.id)).all()
