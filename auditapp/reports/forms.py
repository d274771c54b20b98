"""The forms of reports: the filters in the address, and what a workbook is to hold."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from contextlib import suppress
from datetime import date, timedelta
from typing import Any

from wtforms import ValidationError

from auditapp.db import today
from auditapp.reports.filters import Filters, Names
from auditapp.web.dates import UnreadableDay, read_parts
from auditapp.web.forms import ChooseFromList, Form, LongText, Text, Tick, choices, clean, named

LONGEST_PERIOD = 20
"""Years."""

USUAL_MONTHS = 6

FINAL, FIRST = "final", "first"
APART, COUNT = "apart", "count"


LIKE = "22/11/2026"


def read_day(text: str, what: str) -> date:
    """Read a day typed in one box: 22/11/2026, 22 November 2026 or 2026-11-22. Raises UnreadableDay."""
    parts = [part for part in re.split(r"[\s/.-]+", text) if part]
    if len(parts) != 3:
        raise UnreadableDay(f"{what} must be a day, like {LIKE}")
    if len(parts[0]) == 4:
        parts.reverse()
    found = read_parts(parts[0], parts[1], parts[2], what)
    assert found is not None
    return found


def _typed(day: date) -> str:
    """A day as one types it."""
    return f"{day.day}/{day.month}/{day.year}"


def _is_a_day(form: Any, field: Any) -> None:
    try:
        read_day(field.data or "", named(field))
    except UnreadableDay as problem:
        raise ValidationError(str(problem)) from None


class FilterForm(Form):
    """What a report is to be about. Read from the address; nothing is stored."""

    since = Text("From", [_is_a_day], longest=20, hint=f"For example, {LIKE}", called="The first day")
    until = Text("To", [_is_a_day], longest=20, hint="The last day counts, too", called="The last day")
    kind = ChooseFromList("Kind of audit")
    service = ChooseFromList("Service")
    team = ChooseFromList("Team")
    template = ChooseFromList("Template")
    domain = ChooseFromList("Domain")
    theme = ChooseFromList("Theme")
    journey = ChooseFromList("Stage of the child’s journey")
    stage = ChooseFromList("Judgements", choices=choices([(FINAL, "After moderation"), (FIRST, "As submitted")]))
    ungraded = ChooseFromList("Not graded", choices=choices([(APART, "Not in the shares"), (COUNT, "In the shares")]))
    published = ChooseFromList("Small numbers", choices=choices([("", "Shown"), ("yes", "Hidden, for publishing")]))

    class Meta(Form.Meta):
        """Filters change nothing, so they carry no token."""

        csrf = False

    @classmethod
    def of(
        cls, given: Mapping[str, Any], names: Names, services: Sequence[str], teams: Sequence[str], *, whole: bool
    ) -> FilterForm:
        """Make the form from an address; what the address leaves out takes its usual value.

        `whole`: whether the reader reads the whole council, and so may prepare what is published.
        """
        form = cls(formdata=None)
        if not whole:
            form.published.choices = choices([], empty="Shown")
        form.kind.choices = choices(names.kinds.items(), empty="All kinds")
        form.service.choices = choices([(name, name) for name in services], empty="All services")
        form.team.choices = choices([(name, name) for name in teams], empty="All teams")
        form.template.choices = choices(names.templates.items(), empty="All templates")
        form.domain.choices = choices(names.domains.items(), empty="Overall judgement")
        form.theme.choices = choices(names.themes.items(), empty="All themes")
        form.journey.choices = choices(names.journeys.items(), empty="All stages")
        until = today()
        usual = {"since": _typed(_months_before(until, USUAL_MONTHS - 1)), "until": _typed(until)}
        usual |= {"stage": FINAL, "ungraded": APART}
        for field in form:
            if field.type != "CSRFTokenField" and field.name not in ("version", "idempotency_key"):
                field.data = clean(str(given.get(field.name) or usual.get(field.name, "")))
        for field in (form.since, form.until):
            with suppress(UnreadableDay):
                field.data = _typed(read_day(field.data, ""))
        return form

    def chosen(self) -> Filters | None:
        """The filters; None, with the reasons on the form, where they make no sense."""
        if not self.validate():
            return None
        filters = Filters(
            read_day(self.since.data, ""),
            read_day(self.until.data, ""),
            service=self.service.data,
            team=self.team.data,
            template=self.template.data,
            kind=self.kind.data,
            journey=self.journey.data,
            domain=self.domain.data,
            theme=self.theme.data,
            first=self.stage.data == FIRST,
            count_ungraded=self.ungraded.data == COUNT,
            published=bool(self.published.data),
        )
        for name, fault in filters.faults():
            self.refuse(self[name], f"{named(self[name])}: {fault}")
        if not self.errors and filters.until.year - filters.since.year > LONGEST_PERIOD:
            self.refuse(self.since, f"{named(self.since)}: choose a period of at most {LONGEST_PERIOD} years")
        if self.errors:
            return None
        return filters.for_publication() if filters.published else filters


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
