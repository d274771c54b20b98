"""What changed between two versions of a template, part by part, by key."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum

from auditapp.library.template import Definition, Domain, Question


class What(StrEnum):
    """What happened to a part."""

    ADDED = "New"
    REMOVED = "No longer asked"
    CHANGED = "Changed"


@dataclass(frozen=True, slots=True)
class Change:
    """One part that differs: a domain or question by key, its words now (or last), and which settings differ."""

    what: What
    part: str
    key: str
    words: str
    settings: tuple[str, ...] = ()


SETTINGS = {
    "title": "title",
    "text": "wording",
    "guidance": "guidance",
    "looks_like": "what the grades look like",
    "judged": "whether it is judged",
    "condition": "when it is asked",
    "options": "the answers offered",
    "answer": "kind of answer",
    "scale": "scale",
    "comment": "when evidence is asked for",
    "theme": "theme",
    "required": "whether it must be answered",
    "unit": "unit",
    "minimum": "least number",
    "maximum": "greatest number",
    "not_future": "whether a later date may be given",
    "fact": "what an import fills in",
}
"""The settings of a domain or question whose change is told, in words. Where a question stands is not one of them."""


def differences(before: Definition, after: Definition) -> tuple[Change, ...]:
    """Every domain and question that is new, gone or changed, in the order of the newer version; what is gone last."""
    domains = _compared("Domain", {d.key: d for d in before.domains}, {d.key: d for d in after.domains})
    questions = _compared("Question", {q.key: q for q in before.questions}, {q.key: q for q in after.questions})
    return tuple(sorted((*domains, *questions), key=lambda change: change.what is What.REMOVED))


def _compared(
    part: str, before: Mapping[str, Domain | Question], after: Mapping[str, Domain | Question]
) -> Iterator[Change]:
    for key, now in after.items():
        held = before.get(key)
        if held is None:
            yield Change(What.ADDED, part, key, _words(now))
        elif changed := _changed(held, now):
            yield Change(What.CHANGED, part, key, _words(now), changed)
    for key, held in before.items():
        if key not in after:
            yield Change(What.REMOVED, part, key, _words(held))


def _changed(held: Domain | Question, now: Domain | Question) -> tuple[str, ...]:
    return tuple(
        words for setting, words in SETTINGS.items() if getattr(held, setting, None) != getattr(now, setting, None)
    )


def _words(part: Domain | Question) -> str:
    return part.title if isinstance(part, Domain) else part.text
