"""The thematic report, computed: facts and filters in, one `Report` out.

Everything that a report says is decided here, once: what counts, in which denominator, in which order. A judgement
counts where its audit is in the selection and its scale is Ofsted's; other scales are listed apart. A finding counts
once for each audit and theme, however many children of a family it is about.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date

from auditapp.figures.control import ControlChart, Point
from auditapp.figures.control import chart as control_chart
from auditapp.figures.facts import (
    FOUR_GRADES,
    OVERALL,
    ActionFact,
    AuditFact,
    Facts,
    Finding,
    FindingFact,
    JudgementFact,
)
from auditapp.figures.shares import difference, good_or_better, share, tally
from auditapp.library.scales import GRADES
from auditapp.reports.filters import BY, NOT_RECORDED, Filters, Names
from auditapp.reports.published import Asked, hidden, hidden_row
from auditapp.reports.report import (
    Actions,
    Breakdown,
    GradeCount,
    Made,
    OtherScale,
    Report,
    Row,
    Section,
    StageRow,
    ThemeRow,
)
from auditapp.web.dates import MONTHS, month

NO_FACTS = Facts()


@dataclass(frozen=True, slots=True)
class _Selection:
    """The audits of one section, and what was judged, found and agreed in them."""

    filters: Filters
    names: Names
    audits: Mapping[int, AuditFact]
    facts: Facts

    def rank(self, judgement: JudgementFact) -> int | None:
        return judgement.first if self.filters.first else judgement.final

    def on_four_grades(self, domain: str) -> list[JudgementFact]:
        return [one for one in self.facts.judgements if one.domain == domain and one.scale == FOUR_GRADES]

    def row(self, key: str | None, name: str, audits: int, judgements: Iterable[JudgementFact]) -> Row:
        counts, not_graded = tally(map(self.rank, judgements))
        headline = good_or_better(counts, not_graded, count_ungraded=self.filters.count_ungraded)
        of = headline.of or 0
        return Row(
            key=key,
            name=name,
            audits=audits,
            graded=sum(counts.values()),
            not_graded=not_graded,
            grades=tuple(GradeCount(grade, counts[grade], counts[grade] / of if of else None) for grade in GRADES),
            good_or_better=headline,
        )


def compile(
    filters: Filters,
    facts: Facts,
    names: Names,
    made: Made,
    *,
    by: Sequence[str] = BY,
    before: Facts = NO_FACTS,
) -> Report:
    """Compute the report of `facts` under `filters`, told apart by `by` (any of "domain", "service", "team", "month").

    `before` are the facts of `filters.before()`, for the comparison. For a reader of published figures every number
    goes through suppression and the report carries no row, no words and no table by team; the filters must already be
    those `for_publication`. A selection without audits gives one empty section.
    """
    kept = _kept(filters, facts)
    earlier = _kept(filters.before(), before)
    kinds = _kinds(kept, names)
    sections = tuple(
        _section(filters, names, kind, _of_kind(kept, kind), _of_kind(earlier, kind), by)
        for kind in kinds or (filters.kind,)
    )
    counted = [section.overall.audits for section in sections]
    return Report(
        filters=filters,
        names=names,
        made=made,
        audits=None if None in counted and filters.published else len(kept.audits),
        kinds=_kinds(_kept(replace(filters, kind=""), facts), names) if filters.kind else kinds,
        sections=sections,
        facts=NO_FACTS if filters.published else kept,
    )


def _kinds(facts: Facts, names: Names) -> tuple[str, ...]:
    present = {audit.kind for audit in facts.audits}
    return (*(kind for kind in names.kinds if kind in present), *sorted(present - set(names.kinds)))


def _kept(filters: Filters, facts: Facts) -> Facts:
    """The facts of the audits in the selection; where a domain was chosen, of those whose template asks for it."""
    ids = {audit.audit for audit in facts.audits if filters.keeps(audit)}
    if filters.domain != OVERALL:
        ids &= {one.audit for one in facts.judgements if one.domain == filters.domain}
    return _with_audits(facts, ids)


def _of_kind(facts: Facts, kind: str) -> Facts:
    return _with_audits(facts, {audit.audit for audit in facts.audits if audit.kind == kind})


def _with_audits(facts: Facts, ids: set[int]) -> Facts:
    return Facts(
        tuple(one for one in facts.audits if one.audit in ids),
        tuple(one for one in facts.judgements if one.audit in ids),
        tuple(one for one in facts.findings if one.audit in ids),
        tuple(one for one in facts.actions if one.audit in ids),
    )


def _section(filters: Filters, names: Names, kind: str, facts: Facts, earlier: Facts, by: Sequence[str]) -> Section:
    chosen = _Selection(filters, names, {audit.audit: audit for audit in facts.audits}, facts)
    overall = _whole(chosen)
    then = _whole(_Selection(filters, names, {audit.audit: audit for audit in earlier.audits}, earlier))
    months = _by_month(chosen)
    tables: dict[str, Callable[[], tuple[Row, ...]]] = {
        "domain": lambda: _by_domain(chosen, overall),
        "service": lambda: _by_place(chosen, lambda audit: audit.service),
        "team": lambda: _by_place(chosen, lambda audit: audit.team),
        "month": lambda: months,
    }
    section = Section(
        kind=kind,
        name=names.kinds.get(kind, kind or "Audits"),
        overall=overall,
        by=tuple(Breakdown(one, tables[one]()) for one in BY if one in by),
        talked_through=share(sum(audit.talked for audit in facts.audits), len(facts.audits)),
        themes=_themes(chosen),
        findings=_findings(chosen),
        actions=_actions(facts.actions, names.stages),
        other_scales=_other_scales(chosen),
        trend=_trend(months),
        change=difference(overall.good_or_better, then.good_or_better),
    )
    return hidden(section, months, hidden_row(then), _asked(chosen)) if filters.published else section


def _asked(chosen: _Selection) -> Counter[Asked]:
    domains: dict[int, set[str]] = defaultdict(set)
    for one in chosen.facts.judgements:
        if one.scale == FOUR_GRADES and one.domain != OVERALL:
            domains[one.audit].add(one.domain)
    return Counter((frozenset(domains[audit.audit]), audit.themes) for audit in chosen.audits.values())


def _whole(chosen: _Selection) -> Row:
    domain = chosen.filters.domain
    key, name = ("overall", "Overall") if domain == OVERALL else (domain, chosen.names.domain(domain))
    return chosen.row(key, name, len(chosen.audits), chosen.on_four_grades(domain))


def _by_domain(chosen: _Selection, overall: Row) -> tuple[Row, ...]:
    """The overall judgement first, then each domain that any of the templates asks for, in the council's order."""
    if chosen.filters.domain != OVERALL:
        return (overall,)
    asked: dict[str, list[JudgementFact]] = defaultdict(list)
    for one in chosen.facts.judgements:
        if one.scale == FOUR_GRADES and one.domain != OVERALL:
            asked[one.domain].append(one)
    order = [key for key in chosen.names.domains if key in asked] + sorted(asked.keys() - chosen.names.domains.keys())
    return (overall, *(chosen.row(key, chosen.names.domain(key), len(asked[key]), asked[key]) for key in order))


def _by_place(chosen: _Selection, place: Callable[[AuditFact], str]) -> tuple[Row, ...]:
    """A row for each service or team that has an audit, by name; a blank one is a row of its own and comes last."""
    audits = Counter(map(place, chosen.audits.values()))
    judged: dict[str, list[JudgementFact]] = defaultdict(list)
    for one in chosen.on_four_grades(chosen.filters.domain):
        judged[place(chosen.audits[one.audit])].append(one)
    return tuple(
        chosen.row(name or None, name or NOT_RECORDED, audits[name], judged[name])
        for name in sorted(audits, key=lambda name: (not name, name.casefold(), name))
    )


def _by_month(chosen: _Selection) -> tuple[Row, ...]:
    """A row for each month of the period, empty ones too, in order of time."""
    audits = Counter(audit.day.replace(day=1) for audit in chosen.audits.values())
    judged: dict[date, list[JudgementFact]] = defaultdict(list)
    for one in chosen.on_four_grades(chosen.filters.domain):
        judged[chosen.audits[one.audit].day.replace(day=1)].append(one)
    return tuple(
        chosen.row(f"{first:%Y-%m}", month(first), audits[first], judged[first]) for first in chosen.filters.months()
    )


def _themes(chosen: _Selection) -> tuple[ThemeRow, ...]:
    """The themes that the selection's templates speak to, and any other on which something was found.

    Where most was learned comes first, then where the strengths lie.
    """
    speaks = Counter(theme for audit in chosen.audits.values() for theme in audit.themes)
    found: dict[tuple[str, Finding], set[int]] = defaultdict(set)
    elsewhere: dict[str, set[int]] = defaultdict(set)
    for one in chosen.facts.findings:
        if one.theme in chosen.audits[one.audit].themes:
            found[one.theme, one.kind].add(one.audit)
        else:
            elsewhere[one.theme].add(one.audit)
    wanted = {chosen.filters.theme} if chosen.filters.theme else speaks.keys() | elsewhere.keys()
    rows = [
        ThemeRow(
            key=key,
            name=chosen.names.themes.get(key, key),
            strengths=share(len(found[key, Finding.STRENGTH]), speaks[key]),
            learning=share(len(found[key, Finding.LEARNING]), speaks[key]),
            of=speaks[key],
            elsewhere=len(elsewhere[key]),
        )
        for key in wanted
    ]
    return tuple(sorted(rows, key=lambda row: (-(row.learning.n or 0), -(row.strengths.n or 0), row.name)))


def _findings(chosen: _Selection) -> tuple[FindingFact, ...]:
    """The findings in their words: by theme in its order, strengths first, the newest audit first."""
    order = {key: place for place, key in enumerate(chosen.names.themes)}
    wanted = [one for one in chosen.facts.findings if chosen.filters.theme in ("", one.theme)]
    return tuple(
        sorted(
            wanted,
            key=lambda one: (
                order.get(one.theme, len(order)),
                one.theme,
                one.kind is Finding.LEARNING,
                -chosen.audits[one.audit].day.toordinal(),
                one.audit,
            ),
        )
    )


def _actions(actions: Sequence[ActionFact], stages: Mapping[str, str]) -> Actions:
    counts = Counter(action.stage for action in actions)
    rows = tuple(StageRow(key, name, counts[key]) for key, name in stages.items())
    return Actions(len(actions), rows, sum(action.overdue for action in actions))


def _other_scales(chosen: _Selection) -> tuple[OtherScale, ...]:
    counts: dict[tuple[str, str], Counter[str]] = defaultdict(Counter)
    for one in chosen.facts.judgements:
        word = one.first_word if chosen.filters.first else one.final_word
        if one.scale != FOUR_GRADES and word:
            counts[one.domain, one.scale][word] += 1
    return tuple(
        OtherScale(domain, chosen.names.domain(domain), scale, tuple(sorted(words.items())))
        for (domain, scale), words in sorted(counts.items())
    )


def _trend(months: Sequence[Row]) -> ControlChart:
    return control_chart(
        [Point(_short(row.key or ""), row.good_or_better.n or 0, row.good_or_better.of or 0) for row in months]
    )


def _short(key: str) -> str:
    """A month for an axis: "Jul 2026"."""
    year, number = key.split("-")
    return f"{MONTHS[int(number) - 1][:3]} {year}"
