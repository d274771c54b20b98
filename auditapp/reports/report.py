"""The thematic report as one frozen value. Page, print, JSON, CSV and workbook render this and compute nothing."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from auditapp.figures.control import ControlChart
from auditapp.figures.facts import Facts, FindingFact
from auditapp.figures.shares import Difference, Share
from auditapp.library.scales import Grade
from auditapp.reports.filters import Filters, Names


@dataclass(frozen=True, slots=True)
class GradeCount:
    """How many judgements had one grade, and their share of the row's denominator (0–1). None: hidden or no share."""

    grade: Grade
    n: int | None
    share: float | None
    suppressed: bool = False


@dataclass(frozen=True, slots=True)
class Row:
    """The judgements of one selection: the whole, a domain, a service, a team or a month.

    `audits` is how many audits the row is about (of a domain: how many that asked for it), `graded` how many of these
    have one of the four grades, `not_graded` how many were asked for one and have none. `key` is None where the record
    was blank. A hidden number is None and makes the row `suppressed`.
    """

    key: str | None
    name: str
    audits: int | None
    graded: int | None
    not_graded: int | None
    grades: tuple[GradeCount, ...]
    good_or_better: Share
    suppressed: bool = False


@dataclass(frozen=True, slots=True)
class Breakdown:
    """The rows by one thing. `withheld` says in a sentence why there are none (by domain: none but the whole's)."""

    by: str
    rows: tuple[Row, ...]
    withheld: str = ""


@dataclass(frozen=True, slots=True)
class ThemeRow:
    """In how many audits a theme was found a strength, and in how many an area for learning.

    Both are of the submitted audits whose template speaks to the theme (`of`). `elsewhere` counts the audits whose
    template does not and which found something on it all the same; they stand outside.
    """

    key: str
    name: str
    strengths: Share
    learning: Share
    of: int | None
    elsewhere: int | None
    suppressed: bool = False


@dataclass(frozen=True, slots=True)
class StageRow:
    """How many actions are at one stage."""

    key: str
    name: str
    n: int | None


@dataclass(frozen=True, slots=True)
class Actions:
    """The actions that the selection's audits led to, by stage; `overdue` is how many of them are late."""

    total: int | None
    stages: tuple[StageRow, ...]
    overdue: int | None


@dataclass(frozen=True, slots=True)
class OtherScale:
    """Judgements of one domain on another scale than Ofsted's four grades: how often each word was given."""

    domain: str
    name: str
    scale: str
    words: tuple[tuple[str, int], ...]


@dataclass(frozen=True, slots=True)
class Section:
    """The report of one kind of audit. Kinds stand side by side and are never pooled."""

    kind: str
    name: str
    overall: Row
    by: tuple[Breakdown, ...]
    talked_through: Share
    themes: tuple[ThemeRow, ...]
    findings: tuple[FindingFact, ...]
    actions: Actions
    other_scales: tuple[OtherScale, ...]
    trend: ControlChart | None
    change: Difference | None

    def table(self, by: str) -> Breakdown:
        """The rows by `by`; raises KeyError where the report was not asked for them."""
        for breakdown in self.by:
            if breakdown.by == by:
                return breakdown
        raise KeyError(by)


@dataclass(frozen=True, slots=True)
class Made:
    """When, by whom and by what a report was made, and whose audits that person may read."""

    at: datetime
    by: str
    version: str
    reach: str = "Whole council"


@dataclass(frozen=True, slots=True)
class Report:
    """A thematic report. `audits` is how many were done in the selection, all kinds together; None where hidden.

    `kinds` are the keys of the kinds that there would be to choose from if none were chosen.
    `facts` are the selection's own rows, for the row data; none where the reader may not read them.
    """

    filters: Filters
    names: Names
    made: Made
    audits: int | None
    kinds: tuple[str, ...]
    sections: tuple[Section, ...]
    facts: Facts

    @property
    def only(self) -> Section | None:
        """The one section, where the selection holds a single kind."""
        return self.sections[0] if len(self.sections) == 1 else None
