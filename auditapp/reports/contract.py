"""The report as the JSON that `auditapp report thematic --json` and the page's JSON promise (docs/data.md)."""

from __future__ import annotations

from typing import Any

from auditapp.figures.shares import Difference, Share
from auditapp.reports.filters import Filters
from auditapp.reports.report import Actions, Breakdown, GradeCount, Report, Row, Section, ThemeRow

Json = dict[str, Any]

SEVERAL_KINDS = (
    "The selection holds several kinds of audit and kinds are never pooled: read each under “kinds”, or choose one."
)


def as_json(report: Report) -> Json:
    """The whole report as plain values.

    With one kind in the selection the top level is that kind's. With several it holds only how many audits were done:
    everything else is null, `why` says so, and each kind stands in full under `kinds`, which is always there.
    """
    only = report.only
    top = _section(only) if only else _no_section()
    return {
        "filters": _filters(report.filters),
        **top,
        "audits": report.audits,
        **({} if only else {"why": SEVERAL_KINDS}),
        **_hidden(report.audits is None),
        "kinds": [{"kind": section.kind, "name": section.name, **_section(section)} for section in report.sections],
        "made": {
            "at": report.made.at.isoformat(),
            "by": report.made.by,
            "version": report.made.version,
            "reach": report.made.reach,
        },
    }


def _hidden(suppressed: bool) -> Json:
    return {"suppressed": True} if suppressed else {}


def _filters(filters: Filters) -> Json:
    return {
        "from": filters.since.isoformat(),
        "to": filters.until.isoformat(),
        "service": filters.service or None,
        "team": filters.team or None,
        "template": filters.template or None,
        "kind": filters.kind or None,
        "journey": filters.journey or None,
        "domain": filters.domain or None,
        "theme": filters.theme or None,
        "stage": "first" if filters.first else "final",
        "ungraded": "count" if filters.count_ungraded else "apart",
        "published": filters.published,
    }


def _no_section() -> Json:
    parts = ("graded", "not_graded", "grades", "good_or_better", "by", "talked_through", "themes", "actions")
    return dict.fromkeys((*parts, "other_scales", "change"))


def _section(section: Section) -> Json:
    return {
        **_row(section.overall),
        "by": [_breakdown(one) for one in section.by],
        "talked_through": _share(section.talked_through),
        "themes": [_theme(row) for row in section.themes],
        "actions": _actions(section.actions),
        "other_scales": [
            {"domain": one.domain or "overall", "scale": one.scale, "words": dict(one.words)}
            for one in section.other_scales
        ],
        "change": _change(section.change),
    }


def _row(row: Row) -> Json:
    return {
        "audits": row.audits,
        "graded": row.graded,
        "not_graded": row.not_graded,
        "grades": [_grade(count) for count in row.grades],
        "good_or_better": _share(row.good_or_better),
        **_hidden(row.suppressed),
    }


def _grade(count: GradeCount) -> Json:
    return {"grade": count.grade.word, "n": count.n, "share": count.share, **_hidden(count.suppressed)}


def _share(given: Share) -> Json:
    return {
        "n": given.n,
        "of": given.of,
        "share": given.share,
        "low": given.low,
        "high": given.high,
        **_hidden(given.suppressed),
    }


def _breakdown(breakdown: Breakdown) -> Json:
    rows = [{"key": row.key, "name": row.name, **_row(row)} for row in breakdown.rows]
    withheld = {"suppressed": True, "why": breakdown.withheld} if breakdown.withheld else {}
    return {"by": breakdown.by, "rows": rows, **withheld}


def _theme(row: ThemeRow) -> Json:
    return {
        "key": row.key,
        "name": row.name,
        "strengths": row.strengths.n,
        "learning": row.learning.n,
        "of": row.of,
        "elsewhere": row.elsewhere,
        **_hidden(row.suppressed),
    }


def _actions(actions: Actions) -> Json:
    stages = {row.key: row.n for row in actions.stages}
    numbers = {"total": actions.total, **stages, "overdue": actions.overdue}
    return {**numbers, **_hidden(None in numbers.values())}


def _change(change: Difference | None) -> Json | None:
    if change is None:
        return None
    return {
        "before": _share(change.before),
        "points": change.points,
        "low": change.low,
        "high": change.high,
        "verdict": change.verdict.name.lower(),
    }
