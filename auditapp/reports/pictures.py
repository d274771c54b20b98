"""The report's charts for a page: each drawn wide and narrow, with its sentence and the table of the same numbers."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from markupsafe import Markup

from auditapp.figures.charts import NARROW, WIDE, GradeBar, Spec, ThemeBar, grade_bars, theme_bars, trend
from auditapp.figures.drawing import svg
from auditapp.figures.shares import Share
from auditapp.reports import tables, wording
from auditapp.reports.report import Breakdown, Row, Section
from auditapp.reports.tables import Table

OF_WHAT = {"domain": "domain", "service": "service", "team": "team", "month": "month"}


@dataclass(frozen=True, slots=True)
class Picture:
    """One chart: what it says, its drawings ("" where there is nothing to draw), and its table."""

    says: str
    drawings: Markup
    table: Table


def pictures(section: Section, folder: Path, *, count_ungraded: bool) -> dict[str, Picture]:
    """The charts of a section by the key of their table; only those whose numbers it has."""
    drawn = {
        breakdown.by: _grades(breakdown, folder, count_ungraded)
        for breakdown in section.by
        if breakdown.by in ("domain", "service") and breakdown.rows
    }
    if section.trend is not None and any(table.by == "month" for table in section.by):
        drawn["month"] = _trend(section, folder)
    if section.themes:
        drawn["theme"] = _themes(section, folder)
    return drawn


def _both(says: str, folder: Path, spec: Callable[[int], Spec]) -> Markup:
    """A drawing for a desk and one for a telephone; a style sheet shows one of them."""
    wide, narrow = (svg(spec(width), says, folder) for width in (WIDE, NARROW))
    # The drawings are our own: every text in them went through the drawing library's escaping and ours.
    return Markup(f'<div class="app-chart__wide">{wide}</div><div class="app-chart__narrow">{narrow}</div>')  # noqa: S704


def _grades(breakdown: Breakdown, folder: Path, count_ungraded: bool) -> Picture:
    told = [row for row in breakdown.rows if not any(count.n is None for count in row.grades)]
    bars = [_bar(row) for row in told if row.not_graded is not None or not count_ungraded]
    says = wording.rows_sentence(breakdown.rows, OF_WHAT[breakdown.by])
    if len(bars) < len(breakdown.rows):
        says += " Rows with hidden numbers are in the table only."
    drawn = (
        _both(says, folder, lambda width: grade_bars(bars, width=width, count_ungraded=count_ungraded))
        if any(bar.good_or_better.of for bar in bars)
        else Markup("")
    )
    return Picture(says, drawn, tables.breakdown_table(breakdown))


def _bar(row: Row) -> GradeBar:
    first, second, third, fourth = (count.n or 0 for count in row.grades)
    return GradeBar(row.name, (first, second, third, fourth), row.not_graded or 0, row.good_or_better)


def _trend(section: Section, folder: Path) -> Picture:
    months = section.table("month")
    shares: list[Share] = [row.good_or_better for row in months.rows]
    says = wording.trend_sentence(section)
    chart = section.trend
    if chart is None or chart.centre is None:
        return Picture(says, Markup(""), tables.breakdown_table(months))
    return Picture(
        says, _both(says, folder, lambda width: trend(chart, shares, width=width)), tables.breakdown_table(months)
    )


def _themes(section: Section, folder: Path) -> Picture:
    told = [row for row in section.themes if not row.suppressed]
    bars = [ThemeBar(row.name, row.strengths.n or 0, row.learning.n or 0, row.of or 0) for row in told]
    says = wording.themes_sentence(section)
    if len(told) < len(section.themes):
        says += " Themes with hidden numbers are in the table only."
    found = any(bar.strengths or bar.learning for bar in bars)
    drawn = _both(says, folder, lambda width: theme_bars(bars, width=width)) if found else Markup("")
    return Picture(says, drawn, tables.theme_table(section))
