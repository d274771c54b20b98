"""What the numbers say, in plain sentences, each with its n. The same sentences stand on page, print and workbook."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from auditapp.figures.charts import signal_sentence
from auditapp.figures.shares import Difference, Share, Verdict
from auditapp.figures.suppression import SMALL
from auditapp.reports.report import Report, Row, Section
from auditapp.web.dates import day_time
from auditapp.web.words import count, join, percent, plural

HIDDEN = "hidden"


def share_words(given: Share) -> str:
    """A share with its n and interval: "68 of 109 (62%, 53–71%)"."""
    if given.suppressed or given.n is None or given.of is None:
        return HIDDEN
    if given.share is None:
        return "none of 0"
    return f"{count(given.n)} of {count(given.of)} ({percent(given.share)}, {interval(given)})"


def interval(given: Share) -> str:
    """An interval: "53–71%"; nothing where there is none."""
    return "" if given.low is None else f"{percent(given.low)[:-1]}–{percent(given.high)}"


def headline(section: Section) -> str:
    """The one sentence that stands first."""
    row = section.overall
    what = "" if row.key == "overall" else f" for {row.name}"
    given = row.good_or_better
    if row.audits == 0:
        return "No audit was submitted in this selection."
    if given.suppressed:
        return f"The numbers{what} are too small to be shown."
    if not given.of:
        return f"None of the {plural(row.audits or 0, 'audit')} was graded{what} on the four grades."
    return f"{_capital(share_words(given))} were judged good or better{what}."


def paragraph(section: Section) -> list[str]:
    """The section in one paragraph: what was done, how good it was, what changed, what was found, what follows."""
    if section.overall.audits == 0:
        return [headline(section)]
    said = [_done(section), headline(section), change_words(section.change), *_domains(section), *_themes(section)]
    return [sentence for sentence in [*said, _actions(section)] if sentence]


def _capital(words: str) -> str:
    return words[:1].upper() + words[1:]


def _done(section: Section) -> str:
    row = section.overall
    if row.audits is None:
        return ""
    said = f"{plural(row.audits, 'audit was', 'audits were')} submitted"
    if row.not_graded:
        said += f", {count(row.not_graded)} of them without a grade"
        said += "" if _ungraded_in(row) else ", left out of the shares"
    talked = section.talked_through
    if talked.n is not None and talked.of:
        said += f"; {count(talked.n)} of {count(talked.of)} were talked through with the people who know the child"
    return said + "."


def _ungraded_in(row: Row) -> bool:
    return row.good_or_better.of != row.graded


def change_words(change: Difference | None) -> str:
    """How the headline stands to the period before, and what may be said of it."""
    if change is None:
        return ""
    points = round(change.points * 100)
    moved = "the same as" if points == 0 else f"{abs(points)} {_points(points)} {'up' if points > 0 else 'down'} from"
    span = f"{_signed(change.low)} to {_signed(change.high)} points"
    before = f"{count(change.before.n)} of {count(change.before.of)} ({percent(change.before.share)})"
    if change.verdict is Verdict.TOO_FEW:
        return f"In the period before it was {before}: {change.verdict.value} whether that is a change."
    return f"That is {moved} the period before, {before}; the interval is {span}: {change.verdict.value}."


def _points(points: int) -> str:
    return "point" if abs(points) == 1 else "points"


def _signed(value: float) -> str:
    points = round(value * 100)
    return f"−{-points}" if points < 0 else str(points)


def _domains(section: Section) -> Iterable[str]:
    """Which domain was judged good or better most often and which least, where there are at least two to tell apart."""
    rows = [
        row
        for table in section.by
        if table.by == "domain"
        for row in table.rows
        if row.key != section.overall.key
        and row.good_or_better.share is not None
        and (row.good_or_better.of or 0) >= SMALL
    ]
    if len(rows) < 2:
        return
    ordered = sorted(rows, key=lambda row: row.good_or_better.share or 0)
    yield (
        f"Good or better most often: {ordered[-1].name}, {_of(ordered[-1].good_or_better)}; "
        f"least often: {ordered[0].name}, {_of(ordered[0].good_or_better)}."
    )


def _of(given: Share) -> str:
    return f"{count(given.n)} of {count(given.of)}"


def _themes(section: Section) -> Iterable[str]:
    strong = [row for row in section.themes if row.strengths.n]
    learn = [row for row in section.themes if row.learning.n]
    if strong:
        best = max(strong, key=lambda row: row.strengths.n or 0)
        yield f"The strength found most often: {best.name}, in {_of(best.strengths)} audits that look at it."
    if learn:
        most = max(learn, key=lambda row: row.learning.n or 0)
        yield f"The learning found most often: {most.name}, in {_of(most.learning)} audits that look at it."


def _actions(section: Section) -> str:
    given = section.actions
    if given.total is None:
        return ""
    if not given.total:
        return "No action was agreed."
    stages = [f"{count(row.n)} {row.name.lower()}" for row in given.stages if row.n]
    late = (
        f" Of those agreed {count(given.overdue)} {'is' if given.overdue == 1 else 'are'} overdue."
        if given.overdue
        else ""
    )
    return f"{plural(given.total, 'action')} followed: {'; '.join(stages)}.{late}"


def rows_sentence(rows: Sequence[Row], of_what: str) -> str:
    """What a chart of these rows shows: how many there are, and where good or better is most and least frequent."""
    told = [row for row in rows if (row.good_or_better.of or 0) >= SMALL]
    if not told and any(row.suppressed for row in rows):
        return f"The grades by {of_what}; the numbers are too small to be shown."
    if not told:
        return f"The grades by {of_what}; with fewer than {SMALL} in each there is nothing to compare yet."
    ordered = sorted(told, key=lambda row: row.good_or_better.share or 0)
    least, most = ordered[0], ordered[-1]
    if len(told) == 1 or least.good_or_better.share == most.good_or_better.share:
        return f"The grades by {of_what}; {most.name}: {_of(most.good_or_better)} good or better."
    return (
        f"The grades by {of_what}; good or better from {_of(least.good_or_better)} ({least.name}) "
        f"to {_of(most.good_or_better)} ({most.name})."
    )


def themes_sentence(section: Section) -> str:
    """What the chart of themes shows."""
    said = " ".join(_themes(section))
    return said or "Nothing has been found on any theme yet."


def trend_sentence(section: Section) -> str:
    """What the chart over time shows and how to read it."""
    chart = section.trend
    if chart is None or chart.centre is None:
        return "There is nothing to plot over time."
    middle = "median" if chart.is_run_chart else "mean"
    lines = "" if chart.is_run_chart else "; the red lines are the limits of what chance alone makes likely"
    return (
        f"Good or better by month, each with its 95% interval; the black line is the {middle}, "
        f"{percent(chart.centre)}{lines}. {signal_sentence(chart)}"
    )


def how_made(report: Report) -> list[tuple[str, str]]:
    """How the report was made: what was selected and what every word means."""
    filters = report.filters
    chosen = [f"{title}: {value}" for _, title, value in filters.chosen(report.names)]
    inside = "and in the shares, because this was asked for" if filters.count_ungraded else "but not in the shares"
    said = [
        ("Made", f"{day_time(report.made.at)} by {report.made.by}, auditapp {report.made.version}"),
        ("Whose audits", report.made.reach),
        ("Period", f"{filters.period()}; an audit counts on its own stated day (London)"),
        ("Filters", join(chosen) if chosen else "none: every audit that the reader may read"),
        ("Audits", "submitted audits in their newest version; team and service as they were on the day"),
        (
            "Judgements",
            "as submitted, before any moderation; a correction stands in place of what it corrects"
            if filters.first
            else "final: after moderation where there was one, else as submitted",
        ),
        (
            "Good or better",
            "judgements of Outstanding or Good, of all judgements on Ofsted’s four grades for that domain or overall",
        ),
        ("Not graded", f"counted and shown, {inside}"),
        ("Interval", "Wilson’s 95% interval of a share; the difference of two shares by Newcombe’s method"),
        ("Kinds", "each kind of audit stands alone; no share pools two kinds"),
        (
            "Themes",
            "audits with at least one finding on the theme, of the audits whose template looks at it; "
            "an audit counts once, however many children of a family a finding is about",
        ),
        ("Over time", "a control chart from 12 months with audits on, below that a run chart"),
    ]
    if filters.published:
        said.append(
            (
                "Hidden",
                f"counts of 1 to {SMALL - 1} and what would reveal them; no row data, no findings’ words",
            )
        )
    return said
