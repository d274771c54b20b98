"""The forms of reports: the filters in the address, and what a workbook is to hold."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, timedelta
from typing import Any

from wtforms import ValidationError

from auditapp.db import today
from auditapp.reports.filters import Filters, Names
from auditapp.web.forms import ChooseFromList, Form, LongText, Text, Tick, choices, clean

LONGEST_PERIOD = 20
"""Years."""

USUAL_MONTHS = 6

FINAL, FIRST = "final", "first"
APART, COUNT = "apart", "count"


def _is_a_day(form: Any, field: Any) -> None:
    try:
        date.fromisoformat(field.data or "")
    except ValueError:
        raise ValidationError(f"{field.label.text}: enter a day, like 2026-07-01") from None


class FilterForm(Form):
    """What a report is to be about. Read from the address; nothing is stored."""

    since = Text("From", [_is_a_day], longest=10)
    until = Text("To", [_is_a_day], longest=10)
    kind = ChooseFromList("Kind of audit")
    service = ChooseFromList("Service")
    team = ChooseFromList("Team")
    template = ChooseFromList("Template")
    domain = ChooseFromList("Domain")
    theme = ChooseFromList("Theme")
    journey = ChooseFromList("Stage of the child’s journey")
    stage = ChooseFromList(
        "Judgements", choices=choices([(FINAL, "Final: after moderation"), (FIRST, "As first submitted")])
    )
    ungraded = ChooseFromList(
        "Not graded", choices=choices([(APART, "Outside the denominators"), (COUNT, "Inside the denominators")])
    )
    published = ChooseFromList(
        "Show", choices=choices([("", "Every count"), ("yes", "As it may be published: small counts hidden")])
    )

    class Meta(Form.Meta):
        """Filters change nothing, so they carry no token."""

        csrf = False

    @classmethod
    def of(cls, given: Mapping[str, Any], names: Names, services: Sequence[str], teams: Sequence[str]) -> FilterForm:
        """Make the form from an address; what the address leaves out takes its usual value."""
        form = cls(formdata=None)
        form.kind.choices = choices(names.kinds.items(), empty="All kinds, each by itself")
        form.service.choices = choices([(name, name) for name in services], empty="All services")
        form.team.choices = choices([(name, name) for name in teams], empty="All teams")
        form.template.choices = choices(names.templates.items(), empty="All templates")
        form.domain.choices = choices(names.domains.items(), empty="Overall judgement")
        form.theme.choices = choices(names.themes.items(), empty="All themes")
        form.journey.choices = choices(names.journeys.items(), empty="All stages")
        until = today()
        usual = {"since": _months_before(until, USUAL_MONTHS - 1).isoformat(), "until": until.isoformat()}
        usual |= {"stage": FINAL, "ungraded": APART}
        for field in form:
            if field.type != "CSRFTokenField" and field.name not in ("version", "idempotency_key"):
                field.data = clean(str(given.get(field.name) or usual.get(field.name, "")))
        return form

    def chosen(self) -> Filters | None:
        """The filters; None, with the reasons on the form, where they make no sense."""
        if not self.validate():
            return None
        since, until = date.fromisoformat(self.since.data), date.fromisoformat(self.until.data)
        if until < since:
            self.refuse(self.until, "To: enter a day on or after the first one")
        elif since.year < 1990 or until.year - since.year > LONGEST_PERIOD:
            self.refuse(self.since, f"From: enter a period of at most {LONGEST_PERIOD} years, from 1990 on")
        filters = Filters(
            since,
            until,
            service=self.service.data,
            team=self.team.data,
            template=self.template.data,
            kind=self.kind.data,
            journey=self.journey.data,
            domain=self.domain.data,
            theme=self.theme.data,
            first=self.stage.data == FIRST,
            count_ungraded=self.ungraded.data == COUNT,
        )
        if self.published.data and not self.errors:
            return self._for_publication(filters)
        return None if self.errors else filters

    def _for_publication(self, filters: Filters) -> Filters | None:
        """Whole months and no team: what a published report may be about."""
        if filters.team:
            self.refuse(self.team, "Team: a published report is never about one team")
        narrowed = filters.for_publication()
        if narrowed is None:
            self.refuse(self.until, "To: a published report needs at least one whole month")
        return None if self.errors else narrowed


def _months_before(day: date, months: int) -> date:
    first = day.replace(day=1)
    for _ in range(months):
        first = (first - timedelta(days=1)).replace(day=1)
    return first


class WorkbookForm(Form):
    """What a workbook is to hold beside the figures, and what for."""

    words = Tick("The findings in their words")
    references = Tick("The council’s own case references instead of numbers made for this file")
    purpose = LongText(
        "What do you need them for?",
        longest=300,
        hint="Only if you ticked a box. It is written in the journal with your name.",
    )

    def validate_purpose(self, field: Any) -> None:
        """Words and references leave the service for a purpose only."""
        if (self.words.data or self.references.data) and not field.data:
            raise ValidationError("Enter what you need the words or references for")
