"""What a report is about: the filters, as values, in words and as an address."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import date, timedelta

from auditapp.figures.facts import OVERALL, AuditFact
from auditapp.figures.suppression import whole_months
from auditapp.web.dates import day

BY = ("domain", "service", "team", "month")
"""What a report may be told apart by, in the order of its pages."""

NOT_RECORDED = "Not recorded"
"""What stands where an audit has no team or service."""

EARLIEST, LATEST = date(1990, 1, 1), date(2100, 12, 31)
"""The first and the last day that a report may be about."""

NARROWING = ("service", "team", "template", "domain", "theme", "journey")
"""The filters that a published report does not take: what it hides, a report of less would print."""

NOT_NARROWED = "a published report is of the whole council: choose only its period and the kind of audit"


@dataclass(frozen=True, slots=True)
class Names:
    """What keys are called, each mapping in the order in which pages list them."""

    kinds: Mapping[str, str] = field(default_factory=dict)
    domains: Mapping[str, str] = field(default_factory=dict)
    themes: Mapping[str, str] = field(default_factory=dict)
    templates: Mapping[str, str] = field(default_factory=dict)
    journeys: Mapping[str, str] = field(default_factory=dict)
    stages: Mapping[str, str] = field(default_factory=dict)
    lists: Mapping[str, str] = field(default_factory=dict)

    def domain(self, key: str) -> str:
        """The name of a domain; of the overall judgement, too."""
        return "Overall" if key == OVERALL else self.domains.get(key, key)


@dataclass(frozen=True, slots=True)
class Filters:
    """A selection of audits and how to read it. An empty filter takes everything.

    Both days are included. `service` and `team` are names as they were on the day of the audit; the others are keys.
    `domain` makes the whole report speak of one domain's judgement instead of the overall one. `first` reads the
    judgements as submitted (in an audit's newest version) instead of after moderation. `count_ungraded` puts audits
    without a grade into the denominators. `published` is the reader who may not read every row.
    """

    since: date
    until: date
    service: str = ""
    team: str = ""
    template: str = ""
    kind: str = ""
    journey: str = ""
    domain: str = OVERALL
    theme: str = ""
    first: bool = False
    count_ungraded: bool = False
    published: bool = False

    def faults(self) -> list[tuple[str, str]]:
        """What makes no sense in this selection: the filter's name, and what is wrong with it in words."""
        found = []
        if not EARLIEST <= self.since <= LATEST:
            found.append(("since", f"choose a day from {day(EARLIEST)} to {day(LATEST)}"))
        if not EARLIEST <= self.until <= LATEST:
            found.append(("until", f"choose a day from {day(EARLIEST)} to {day(LATEST)}"))
        if self.until < self.since:
            found.append(("until", "choose a day on or after the first one"))
        if self.published:
            found += [(name, NOT_NARROWED) for name in NARROWING if getattr(self, name)]
            if not found and whole_months(self.since, self.until) is None:
                found.append(("until", "a published report needs at least one whole month"))
        return found

    def keeps(self, audit: AuditFact) -> bool:
        """Whether an audit belongs to the selection (the domain apart, which is a matter of its judgements)."""
        return (
            self.since <= audit.day <= self.until
            and self.service in ("", audit.service)
            and self.team in ("", audit.team)
            and self.template in ("", audit.template)
            and self.kind in ("", audit.kind)
            and self.journey in ("", audit.journey)
            and (not self.theme or self.theme in audit.themes)
        )

    def for_publication(self) -> Filters:
        """The same for a reader of published figures: whole months alone. Raises ValueError where there is none."""
        months = whole_months(self.since, self.until)
        if months is None:
            raise ValueError("a published report needs at least one whole month")
        return replace(self, since=months[0], until=months[1], published=True)

    def before(self) -> Filters:
        """The same for the period of the same length that ends the day before: in months where these are whole."""
        until = self.since - timedelta(days=1)
        if whole_months(self.since, self.until) == (self.since, self.until):
            months = (self.until.year - self.since.year) * 12 + self.until.month - self.since.month + 1
            return replace(self, since=_months_back(self.since, months), until=until)
        return replace(self, since=until - (self.until - self.since), until=until)

    def months(self) -> Iterator[date]:
        """The first day of each month that the period touches."""
        month = self.since.replace(day=1)
        while month <= self.until:
            yield month
            month = (month + timedelta(days=32)).replace(day=1)

    def chosen(self, names: Names) -> list[tuple[str, str, str]]:
        """Every filter in force but the period: its name in the address, what it is, and its value in words."""
        said = [
            ("service", "Service", self.service),
            ("team", "Team", self.team),
            ("template", "Template", names.templates.get(self.template, self.template)),
            ("kind", "Kind", names.kinds.get(self.kind, self.kind)),
            ("domain", "Domain", names.domain(self.domain) if self.domain else ""),
            ("theme", "Theme", names.themes.get(self.theme, self.theme)),
            ("journey", "Stage of the child’s journey", names.journeys.get(self.journey, self.journey)),
            ("stage", "Judgements", "as submitted, before moderation" if self.first else ""),
            ("ungraded", "Not graded", "counted in the shares" if self.count_ungraded else ""),
            ("published", "Shown", "as it may be published" if self.published else ""),
        ]
        return [one for one in said if one[2]]

    def period(self) -> str:
        """The period in words."""
        return f"{day(self.since)} to {day(self.until)}"


def _months_back(first: date, months: int) -> date:
    """The first day of the month so many months before; the calendar's first month where there is none."""
    at = first.year * 12 + first.month - 1 - months
    return date(max(at // 12, 1), at % 12 + 1, 1) if at >= 12 else date(1, 1, 1)
