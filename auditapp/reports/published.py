"""A section as it may be shown to a reader who may not read every row: figures.suppression, applied to its numbers."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Hashable, Mapping, Sequence
from dataclasses import replace
from typing import Any

from auditapp.figures.shares import Share, difference
from auditapp.figures.suppression import NOTHING, Shown, is_small, of_counts, of_overlapping, of_row, of_table
from auditapp.reports.report import Actions, Breakdown, GradeCount, Row, Section, ThemeRow

GRADED = (0, 1, 2, 3)
ALL = (*GRADED, 4)
GOOD_OR_BETTER = (0, 1)
NEAR = (frozenset(GOOD_OR_BETTER), frozenset((2, 3)))

HIDDEN = Share(None, None, suppressed=True)

NO_TEAMS = "Figures by team are not part of a published report."
TOO_FEW = "Withheld: the numbers are so small that they would tell of single audits."


Asked = tuple[frozenset[str], frozenset[str]]
"""What an audit's template asked: the domains that were to be graded, and the themes it speaks to."""


def hidden(section: Section, months: Sequence[Row], before: Row, asked: Mapping[Asked, int]) -> Section:
    """The section with every number hidden that a published report may not show.

    `months` are its rows by month in full, `before` the earlier period's whole row, already hidden where it must be.
    `asked` says how many audits were asked the same.
    """
    whole = of_row(_counts(section.overall), NEAR)
    overall = _row(section.overall, whole)
    tables = tuple(_table(breakdown, overall, _counts(section.overall), whole, asked) for breakdown in section.by)
    shown_months = of_table([_counts(row) for row in months], whole, NEAR)
    told = shown_months is not None and all(
        not _row(row, shown).good_or_better.suppressed for row, shown in zip(months, shown_months, strict=True)
    )
    talked = section.talked_through
    return replace(
        section,
        overall=overall,
        by=tables,
        talked_through=talked if of_counts(talked.n or 0, talked.of or 0) and overall.audits is not None else HIDDEN,
        themes=_themes(section.themes, asked),
        findings=(),
        actions=_actions(section.actions),
        other_scales=(),
        trend=section.trend if told else None,
        change=difference(overall.good_or_better, before.good_or_better),
    )


def hidden_row(row: Row) -> Row:
    """One row that is part of no table, with its small numbers hidden."""
    return _row(row, of_row(_counts(row), NEAR))


def _counts(row: Row) -> list[int]:
    return [*(count.n or 0 for count in row.grades), row.not_graded or 0]


def _row(row: Row, shown: Shown) -> Row:
    """The row with only those numbers that follow from what is shown of it."""
    counts_all = row.good_or_better.of != row.graded
    denominator = shown.shows(*(ALL if counts_all else GRADED))
    grades = tuple(
        count if shown.shows(column) and denominator else _grade(count, shown.shows(column))
        for column, count in enumerate(row.grades)
    )
    may = {
        "audits": shown.shows(*ALL) and not is_small(row.audits or 0),
        "graded": shown.shows(*GRADED),
        "not_graded": shown.shows(4),
    }
    headline = row.good_or_better if shown.shows(*GOOD_OR_BETTER) and denominator else HIDDEN
    return replace(
        row,
        audits=row.audits if may["audits"] else None,
        graded=row.graded if may["graded"] else None,
        not_graded=row.not_graded if may["not_graded"] else None,
        grades=grades,
        good_or_better=headline,
        suppressed=not all(may.values()) or headline.suppressed or any(count.suppressed for count in grades),
    )


def _grade(count: GradeCount, number_shown: bool) -> GradeCount:
    return replace(count, n=count.n if number_shown else None, share=None, suppressed=not number_shown)


def _table(
    breakdown: Breakdown, overall: Row, full: Sequence[int], whole: Shown, asked: Mapping[Asked, int]
) -> Breakdown:
    if breakdown.by == "team":
        return Breakdown("team", (), NO_TEAMS)
    if breakdown.by == "domain":
        rest = [row for row in breakdown.rows if row.key != overall.key]
        told = _domains(rest, full, whole, asked)
        return Breakdown("domain", (overall, *(told or ())), "" if told or not rest else TOO_FEW)
    table = of_table([_counts(row) for row in breakdown.rows], whole, NEAR)
    if table is None:
        return Breakdown(breakdown.by, (), TOO_FEW if breakdown.rows else "")
    return Breakdown(breakdown.by, tuple(map(_row, breakdown.rows, table)))


def _domains(
    rows: Sequence[Row], full: Sequence[int], whole: Shown, asked: Mapping[Asked, int]
) -> tuple[Row, ...] | None:
    """The rows by domain as they may be shown beside the whole; None where none may.

    Where each audit was asked for one domain, which stands for the whole, the rows are a table of the whole like any
    other. Where every audit was asked for several, a domain's grades are its own; only who was asked could tell.
    A mixture of both is told whole or not at all.
    """
    counts = [_counts(row) for row in rows]
    groups = _grouped(asked, lambda one: one[0])
    if all(len(domains) == 1 for domains in groups) and [sum(column) for column in zip(*counts, strict=True)] == full:
        table = of_table(counts, whole, NEAR)
        return None if table is None else tuple(map(_row, rows, table))
    if all(len(domains) > 1 for domains in groups):
        return _each_by_itself(rows, sum(groups.values()))
    if any(map(is_small, groups.values())):
        return None
    shown = of_overlapping(counts, whole, NEAR)
    return None if shown is None else tuple(_row(row, shown) for row in rows)


def _each_by_itself(rows: Sequence[Row], audits: int) -> tuple[Row, ...] | None:
    """Rows by domain of audits that were each asked for several.

    The total of a domain that every audit was asked for is plain, so such a row that cannot be shown takes the table
    with it. Those that only some were asked for might tell of each other, and are shown all or not at all.
    """
    told = list(map(hidden_row, rows))
    partial = [at for at, row in enumerate(rows) if sum(_counts(row)) < audits]
    if any(row.audits is None for at, row in enumerate(told) if at not in partial):
        return None
    if any(told[at].audits is None for at in partial):
        for at in partial:
            told[at] = _row(rows[at], NOTHING)
    return tuple(told)


def _grouped(asked: Mapping[Asked, int], by: Callable[[Asked], Hashable]) -> Counter[Any]:
    groups = Counter[Any]()
    for one, audits in asked.items():
        groups[by(one)] += audits
    return groups


def _themes(rows: Sequence[ThemeRow], asked: Mapping[Asked, int]) -> tuple[ThemeRow, ...]:
    """The themes; where few audits were asked something else than the others, only those that all looked at.

    How many looked at a theme would otherwise tell how many were asked what.
    """
    apart = len(asked) > 1 and any(map(is_small, asked.values()))
    audits = sum(asked.values())
    return tuple(_no_theme(row) if apart and row.of != audits else _theme(row) for row in rows)


def _no_theme(row: ThemeRow) -> ThemeRow:
    return replace(row, strengths=HIDDEN, learning=HIDDEN, of=None, elsewhere=None, suppressed=True)


def _theme(row: ThemeRow) -> ThemeRow:
    of = row.of or 0
    strengths = row.strengths if of_counts(row.strengths.n or 0, of) else HIDDEN
    learning = row.learning if of_counts(row.learning.n or 0, of) else HIDDEN
    elsewhere = None if is_small(row.elsewhere or 0) else row.elsewhere
    return replace(
        row,
        strengths=strengths,
        learning=learning,
        of=None if is_small(of) else row.of,
        elsewhere=elsewhere,
        suppressed=strengths.suppressed or learning.suppressed or elsewhere is None or is_small(of),
    )


def _actions(actions: Actions) -> Actions:
    """Stages as one row of counts: small ones hidden, with their total where it would tell.

    How many are overdue is a part of those agreed, and would tell where that is hidden.
    """
    counts = [row.n or 0 for row in actions.stages]
    shown = of_row(counts)
    overdue = actions.overdue or 0
    return Actions(
        actions.total if shown.shows(*range(len(counts))) else None,
        tuple(replace(row, n=row.n if shown.shows(column) else None) for column, row in enumerate(actions.stages)),
        None if is_small(overdue) or not all(map(shown.shows, range(len(counts)))) else overdue,
    )
