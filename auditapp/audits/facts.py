"""What an import knows about an audited involvement: the journey stage, answers to fill in, the band on each page."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import TYPE_CHECKING, Any

from auditapp.audits.recorded import Value
from auditapp.library.asking import AnswerKind, ImportedFact
from auditapp.library.kinds import AuditKind, JourneyStage

if TYPE_CHECKING:
    from auditapp.library.template import Definition, Question

STAGE_OF_LIST = {
    "1": JourneyStage.FRONT_DOOR,
    "2": JourneyStage.EARLY_HELP,
    "3": JourneyStage.FRONT_DOOR,
    "4": JourneyStage.ASSESSMENT,
    "5": JourneyStage.CHILD_PROTECTION,
    "6": JourneyStage.CHILD_IN_NEED,
    "7": JourneyStage.CHILD_PROTECTION,
    "8": JourneyStage.IN_CARE,
    "9": JourneyStage.LEAVING_CARE,
    "10": JourneyStage.IN_CARE,
}
"""Annex A's lists. List 6 also holds children on plans and in care: its case status decides (`STAGE_OF_STATUS`)."""

STAGE_OF_STATUS = (
    ("looked after", JourneyStage.IN_CARE),
    ("in care", JourneyStage.IN_CARE),
    ("care leaver", JourneyStage.LEAVING_CARE),
    ("leaving care", JourneyStage.LEAVING_CARE),
    ("child protection", JourneyStage.CHILD_PROTECTION),
    ("pre-proceedings", JourneyStage.PRE_PROCEEDINGS),
    ("child in need", JourneyStage.CHILD_IN_NEED),
    ("assessment", JourneyStage.ASSESSMENT),
    ("early help", JourneyStage.EARLY_HELP),
    ("closed", JourneyStage.CLOSURE),
)
"""Words that a case status holds, and the stage that they mean; the first that fits counts."""

STATUS_OF_STAGE = {
    JourneyStage.EARLY_HELP: "early_help",
    JourneyStage.ASSESSMENT: "assessment",
    JourneyStage.CHILD_IN_NEED: "child_in_need",
    JourneyStage.CHILD_PROTECTION: "child_protection",
    JourneyStage.PRE_PROCEEDINGS: "child_protection",
    JourneyStage.IN_CARE: "in_care",
    JourneyStage.LEAVING_CARE: "care_leaver",
    JourneyStage.CLOSURE: "closed",
}
"""The answer, in the shipped templates' words, to “what is this child's status?”."""

LAST_SEEN = ("last_seen_on", "last_visited_on", "last_in_touch_on")
BAND = (
    ("last_seen_on", "Last seen"),
    ("last_visited_on", "Last visit"),
    ("last_reviewed_on", "Last review"),
    ("last_in_touch_on", "Last in touch"),
    ("placed_on", "In this placement since"),
)


@dataclass(frozen=True, slots=True)
class Known:
    """What the last import says of one involvement."""

    list_key: str
    status: str = ""
    category: str = ""
    started_on: date | None = None
    ended_on: date | None = None
    facts: Mapping[str, Any] = field(default_factory=dict)


def stage_of(known: Known, kind: AuditKind) -> JourneyStage:
    """Say where the child stands in their journey, from the list and its status; a closure audit at closure."""
    if kind is AuditKind.CLOSURE:
        return JourneyStage.CLOSURE
    status = known.status.casefold()
    by_list = STAGE_OF_LIST.get(known.list_key)
    if by_list and known.list_key != "6":
        return by_list
    named = (stage for words, stage in STAGE_OF_STATUS if words in status)
    return next(named, by_list or JourneyStage.CHILD_IN_NEED)


def filled_in(definition: Definition, known: Known, stage: JourneyStage) -> dict[str, Value]:
    """Give the answers, by question key, that the import knows already; the auditor sees and may change each."""
    found: dict[str, Value] = {}
    for question in definition.questions:
        if question.fact and (value := _value(question, known, stage)):
            found[question.key] = value
    return found


def band(known: Known, title: str) -> Iterator[tuple[str, str | date]]:
    """Give the facts for the top of each page, as (name, words or day)."""
    since = known.started_on
    yield (f"{title} since" if since else "Held under", since or title)
    if known.status:
        yield "Status", known.status
    if known.category:
        yield "Category", known.category
    for name, words in BAND:
        if day := _day(known.facts.get(name)):
            yield words, day
    if known.ended_on:
        yield "Ended", known.ended_on


def _value(question: Question, known: Known, stage: JourneyStage) -> str:
    if question.fact is ImportedFact.STATUS:
        status = STATUS_OF_STAGE.get(stage, "")
        return status if status in {choice.key for choice in question.choices} else ""
    if question.answer is not AnswerKind.DATE:
        return ""
    day = _fact_day(question.fact, known)
    return day.isoformat() if day else ""


def _fact_day(fact: ImportedFact | None, known: Known) -> date | None:
    if fact is ImportedFact.STARTED:
        return known.started_on
    if fact is ImportedFact.LATEST_REVIEW:
        return _day(known.facts.get("last_reviewed_on"))
    if fact is ImportedFact.LAST_SEEN:
        return next(filter(None, (_day(known.facts.get(name)) for name in LAST_SEEN)), None)
    return None


def _day(text: Any) -> date | None:
    try:
        return date.fromisoformat(str(text)) if text else None
    except ValueError:
        return None
