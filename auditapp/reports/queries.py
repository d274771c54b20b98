"""Reading what reports count: plain rows of submitted audits within somebody's reach, and what keys are called."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence
from datetime import date, timedelta
from importlib.metadata import version
from pathlib import Path
from typing import TYPE_CHECKING, Any

from flask import current_app
from sqlalchemy import ColumnElement, and_, func, select
from sqlalchemy.orm import joinedload

from auditapp.actions.models import Action
from auditapp.actions.queries import late_on
from auditapp.actions.stages import Stage as ActionStage
from auditapp.actions.stages import stage as action_stage
from auditapp.audits.models import Answer, Audit, AuditVersion, Finding, Judgement, Stage
from auditapp.audits.queries import ORIGIN
from auditapp.audits.recorded import read
from auditapp.cases.models import Case, Involvement
from auditapp.cases.queries import ORDER, list_title
from auditapp.db import db, now, today
from auditapp.figures import facts as figures
from auditapp.figures.facts import OVERALL, ActionFact, AuditFact, Facts, FindingFact, JudgementFact
from auditapp.jobs.models import Job, State
from auditapp.library import queries as library
from auditapp.library.asking import AnswerKind, OverallGrade
from auditapp.library.kinds import AuditKind, JourneyStage
from auditapp.library.models import KeyKind, Template, TemplateVersion
from auditapp.people.models import Service, Team
from auditapp.people.queries import scope_in_words
from auditapp.people.roles import Role, Scope, Viewer
from auditapp.reports.filters import BY, Filters, Names
from auditapp.reports.report import Made, Report
from auditapp.web.words import join

if TYPE_CHECKING:
    from auditapp.library.template import Definition

WORKBOOK = "report workbook"
"""The kind of job that makes one."""

KEPT = timedelta(days=1)
"""How long a workbook waits to be fetched."""

READING = (Role.TEAM_MANAGER, Role.QA_LEAD, Role.SENIOR_LEADER)
"""The roles that read reports, each of what it was granted for."""

WHOLE_COUNCIL = "Whole council"

EVERYTHING = Scope(everything=True)
"""The reach of the operator."""


SERVICE_THEN = func.coalesce(func.nullif(Audit.service_then, ""), Service.name, "")
"""A service as it was named when the audit was opened; by today's name where that was not written down."""


def reach(viewer: Viewer) -> Scope:
    """Give the teams whose audits somebody may read every row of, and so may read every count of."""
    return viewer.scope(*READING)


def reach_in_words(viewer: Viewer) -> str:
    """Name the teams and services of somebody's reach."""
    if reach(viewer).everything:
        return WHOLE_COUNCIL
    return join(scope_in_words(grant for grant in viewer.grants if grant.role in READING))


def _counted(within: Scope) -> ColumnElement[bool]:
    """Say which pairs of audit and version figures follow, within a reach."""
    counted = and_(
        AuditVersion.audit_id == Audit.id,
        AuditVersion.newest.is_(True),
        AuditVersion.submitted_at.is_not(None),
        Audit.withdrawn_at.is_(None),
    )
    return counted if within.everything else and_(counted, Audit.team_id.in_(within.team_ids))


def _of_period(within: Scope, since: date, until: date) -> ColumnElement[bool]:
    return and_(_counted(within), AuditVersion.audited_on.between(since, until))


def facts(within: Scope, since: date, until: date) -> Facts:
    """Give every fact of the audits submitted with a stated day from `since` to `until`, both included."""
    chosen = _of_period(within, since, until)
    asked = _definitions(chosen)
    rows = db.session.execute(_audit_rows(chosen)).all()
    return Facts(
        audits=tuple(_audit(row, asked[row.version_id]) for row in rows),
        judgements=tuple(_judgements(chosen, asked, rows)),
        findings=tuple(_findings(chosen)),
        actions=tuple(_actions(chosen)),
    )


def _headline_facts(within: Scope, since: date, until: date) -> Facts:
    """Give the facts of which a headline is made: audits, their overall judgements and actions."""
    chosen = _of_period(within, since, until)
    asked = _definitions(chosen)
    rows = db.session.execute(_audit_rows(chosen)).all()
    made: dict[int, dict[Stage, Any]] = defaultdict(dict)
    for one in db.session.execute(_judgement_rows(chosen).where(Judgement.domain_key == OVERALL)):
        made[one.audit_version_id][one.stage] = one
    return Facts(
        audits=tuple(_audit(row, asked[row.version_id]) for row in rows),
        judgements=tuple(
            _judgement(row.id, OVERALL, asked[row.version_id], made[row.audit_version_id])
            for row in rows
            if row.audit_version_id in made or asked[row.version_id].overall is not OverallGrade.NONE
        ),
        actions=tuple(_actions(chosen)),
    )


def _definitions(chosen: ColumnElement[bool]) -> dict[int, Definition]:
    """Give what each template version in the selection asks."""
    used = select(Audit.template_version_id).where(chosen).distinct()
    versions = db.session.scalars(
        select(TemplateVersion).options(joinedload(TemplateVersion.template)).where(TemplateVersion.id.in_(used))
    )
    return {version.id: library.definition(version) for version in versions}


def _audit_rows(chosen: ColumnElement[bool]) -> Any:
    return (
        select(
            Audit.id,
            AuditVersion.id.label("audit_version_id"),
            AuditVersion.audited_on,
            AuditVersion.conversation_on,
            Audit.kind,
            Audit.journey_stage,
            Audit.team_then,
            SERVICE_THEN.label("service"),
            Template.key.label("template"),
            TemplateVersion.id.label("version_id"),
            TemplateVersion.number,
            Involvement.list_key,
            Case.reference,
        )
        .select_from(AuditVersion)
        .join(Audit, Audit.id == AuditVersion.audit_id)
        .join(TemplateVersion, TemplateVersion.id == Audit.template_version_id)
        .join(Template, Template.id == TemplateVersion.template_id)
        .join(Involvement, Involvement.id == Audit.involvement_id)
        .join(Case, Case.id == Audit.case_id)
        .outerjoin(Service, Service.id == Audit.service_id)
        .where(chosen)
        .order_by(AuditVersion.audited_on, Audit.id)
    )


def _audit(row: Any, definition: Definition) -> AuditFact:
    return AuditFact(
        audit=row.id,
        day=row.audited_on,
        service=row.service,
        team=row.team_then,
        template=row.template,
        version=str(row.number),
        kind=row.kind.value,
        journey=row.journey_stage.value,
        list=row.list_key,
        reference=row.reference,
        talked=row.conversation_on is not None,
        themes=frozenset(definition.themes),
    )


def _judgements(
    chosen: ColumnElement[bool], asked: dict[int, Definition], rows: Sequence[Any]
) -> Iterator[JudgementFact]:
    """Give one row for each judgement that was made, and for each that was asked for and not made."""
    made: dict[int, dict[str, dict[Stage, Any]]] = defaultdict(lambda: defaultdict(dict))
    for one in db.session.execute(_judgement_rows(chosen)):
        made[one.audit_version_id][one.domain_key][one.stage] = one
    answers = _deciding_answers(chosen, asked)
    for row in rows:
        definition, given = asked[row.version_id], made[row.audit_version_id]
        domains = _domains_asked(definition, answers[row.audit_version_id])
        for domain in dict.fromkeys([*domains, *given]):
            yield _judgement(row.id, domain, definition, given.get(domain, {}))


def _judgement_rows(chosen: ColumnElement[bool]) -> Any:
    return (
        select(
            Judgement.audit_version_id,
            Judgement.domain_key,
            Judgement.stage,
            Judgement.scale,
            Judgement.rank,
            Judgement.word,
        )
        .join(AuditVersion, AuditVersion.id == Judgement.audit_version_id)
        .join(Audit, Audit.id == AuditVersion.audit_id)
        .where(chosen, Judgement.stage.in_([Stage.AUDITOR, Stage.FINAL]))
    )


def _judgement(audit: int, domain: str, definition: Definition, by_stage: dict[Stage, Any]) -> JudgementFact:
    first = by_stage.get(Stage.AUDITOR)
    final = by_stage.get(Stage.FINAL, first)
    return JudgementFact(
        audit=audit,
        domain=domain,
        first=first.rank if first else None,
        final=final.rank if final else None,
        first_word=first.word if first else "",
        final_word=final.word if final else "",
        scale=final.scale if final else definition.scale.value,
    )


def _domains_asked(definition: Definition, answers: dict[str, str | tuple[str, ...]]) -> list[str]:
    """Give the domains that were to be judged in an audit with these answers, and overall where that is asked."""
    overall = [] if definition.overall is OverallGrade.NONE else [OVERALL]
    return overall + [domain.key for domain in definition.in_play(answers) if domain.judged]


def _deciding_answers(
    chosen: ColumnElement[bool], asked: dict[int, Definition]
) -> dict[int, dict[str, str | tuple[str, ...]]]:
    """Give, for each version, the answers on which it depends what else was asked."""
    several: dict[str, bool] = {}
    for definition in asked.values():
        conditions = [part.condition for part in definition.domains] + [one.condition for one in definition.questions]
        for key in {condition.question for condition in conditions if condition}:
            several[key] = definition.question(key).answer is AnswerKind.SEVERAL
    found: dict[int, dict[str, str | tuple[str, ...]]] = defaultdict(dict)
    if several:
        wanted = (
            select(Answer.audit_version_id, Answer.question_key, Answer.value)
            .join(AuditVersion, AuditVersion.id == Answer.audit_version_id)
            .join(Audit, Audit.id == AuditVersion.audit_id)
            .where(chosen, Answer.question_key.in_(several))
        )
        for version, key, value in db.session.execute(wanted):
            found[version][key] = read(value, several=several[key])
    return found


def _findings(chosen: ColumnElement[bool]) -> Iterator[FindingFact]:
    wanted = (
        select(Audit.id, Finding.theme_key, Finding.kind, Finding.words, Finding.domain_key)
        .join(AuditVersion, AuditVersion.id == Finding.audit_version_id)
        .join(Audit, Audit.id == AuditVersion.audit_id)
        .where(chosen)
        .order_by(Finding.id)
    )
    for audit, theme, kind, words, domain in db.session.execute(wanted):
        yield FindingFact(audit, theme, figures.Finding(kind.value), words, domain)


def _actions(chosen: ColumnElement[bool]) -> Iterator[ActionFact]:
    """Give the actions in force; overdue is what every page of actions calls late."""
    wanted = (
        select(
            Audit.id, Action.agreed_at, Action.done_at, Action.seen_at, Action.ended_at, late_on(today()).label("late")
        )
        .select_from(Action)
        .join(Audit, and_(Action.origin_kind == ORIGIN, Action.origin_id == Audit.id))
        .join(AuditVersion, AuditVersion.audit_id == Audit.id)
        .where(chosen, Action.agreed_at.is_not(None))
    )
    for audit, agreed, done, seen, ended, late in db.session.execute(wanted):
        yield ActionFact(audit, action_stage(agreed, done, seen, ended).value, overdue=bool(late))


def names() -> Names:
    """Give what every key of a report is called, in the order in which pages list them."""
    return Names(
        kinds=_kind_names(),
        domains=_domain_names(),
        themes=library.theme_names(),
        templates={one.key: one.title for one in library.templates()},
        journeys={stage.value: stage.words for stage in JourneyStage},
        stages=_stage_names(),
        lists={key: list_title(key) for key in ORDER},
    )


def _kind_names() -> dict[str, str]:
    return {kind.value: kind.words for kind in AuditKind}


def _stage_names() -> dict[str, str]:
    return {stage.value: stage.words for stage in ActionStage if stage is not ActionStage.DRAFTED}


def _domain_names() -> dict[str, str]:
    """Give the domains in the order of the template that has most of them, then those that only others ask for."""
    titles = {key: known.title for key, known in library.known_keys(KeyKind.DOMAIN).items()}
    in_use = sorted(map(library.definition, library.usable()), key=lambda one: -len(one.domains))
    ordered = dict.fromkeys(domain.key for definition in in_use for domain in definition.domains)
    titles |= {domain.key: domain.title for one in reversed(in_use) for domain in one.domains}
    return {key: titles[key] for key in [*ordered, *(key for key in titles if key not in ordered)]}


def places(within: Scope) -> tuple[list[str], list[str]]:
    """Give the services and the teams, as they were named then, that have a submitted audit within a reach."""
    rows = db.session.execute(
        select(SERVICE_THEN, Audit.team_then)
        .select_from(AuditVersion)
        .join(Audit, Audit.id == AuditVersion.audit_id)
        .outerjoin(Service, Service.id == Audit.service_id)
        .where(_counted(within))
        .distinct()
    ).all()
    return _named(service for service, _ in rows), _named(team for _, team in rows)


def _named(found: Iterator[str]) -> list[str]:
    return sorted({name for name in found if name}, key=lambda name: (name.casefold(), name))


def all_places() -> tuple[list[str], list[str]]:
    """Give every service and team by name: those of audits as they were named then, and those that stand today."""
    services, teams = places(EVERYTHING)
    return (
        [*services, *db.session.scalars(select(Service.name))],
        [*teams, *db.session.scalars(select(Team.name))],
    )


def report(
    within: Scope,
    filters: Filters,
    names: Names,
    *,
    made_by: str,
    by: Sequence[str] = BY,
    reach: str = WHOLE_COUNCIL,
) -> Report:
    """Compute the thematic report of these filters within a reach (`reach` in words), told apart by `by`."""
    from auditapp.reports.thematic import compile

    before = filters.before()
    return compile(
        filters,
        facts(within, filters.since, filters.until),
        names,
        Made(now(), made_by, version("auditapp"), reach),
        by=by,
        before=facts(within, before.since, before.until),
    )


def headline(within: Scope, filters: Filters, *, made_by: str) -> Report:
    """Compute what a home shows of the same report: the overall judgements and actions of each kind, no comparison."""
    from auditapp.reports.thematic import compile

    named = Names(kinds=_kind_names(), stages=_stage_names())
    found = _headline_facts(within, filters.since, filters.until)
    return compile(filters, found, named, Made(now(), made_by, version("auditapp")), by=())


def charts_folder() -> Path:
    """Give the folder of the instance in which drawn charts are kept."""
    return Path(current_app.extensions["auditapp.settings"].instance) / "charts"


def workbooks_folder() -> Path:
    """Give the folder of the instance in which workbooks wait to be fetched."""
    return Path(current_app.extensions["auditapp.settings"].instance) / "workbooks"


def too_old(path: Path) -> bool:
    """Tell whether a workbook has waited longer than workbooks are kept."""
    return path.stat().st_mtime < (now() - KEPT).timestamp()


def own_workbook(viewer: Viewer, job_id: int) -> Job | None:
    """Give the finished job of a workbook to whoever asked for it; its file may have been cleared away since."""
    job = db.session.get(Job, job_id)
    if job is None or job.person_id != viewer.person_id or job.kind != WORKBOOK or job.state is not State.DONE:
        return None
    return job
