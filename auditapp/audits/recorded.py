"""What was recorded in one audit, as plain values: pages fill them, rules read them, operations keep them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date

GOOD = 3
"""The rank of Good on Ofsted's scale; below it the effect on the child must be said."""

Value = str | tuple[str, ...]
"""One answer: the key of an option, several keys, the words, or the number or ISO date as text."""


@dataclass(frozen=True, slots=True)
class Judged:
    """One mark (its key on the template's scale; empty: not judged) with its evidence and its effect on the child."""

    mark: str = ""
    evidence: str = ""
    effect: str = ""

    def __bool__(self) -> bool:
        return bool(self.mark or self.evidence or self.effect)


@dataclass(frozen=True, slots=True)
class Found:
    """A strength or an area for learning, perhaps still half written. `kind` is `strength` or `learning`."""

    kind: str
    theme_key: str = ""
    words: str = ""
    evidence: str = ""
    child: str = ""

    def __bool__(self) -> bool:
        return bool(self.theme_key or self.words or self.evidence or self.child)


@dataclass(frozen=True, slots=True)
class Drafted:
    """What one person is to do by a day, perhaps still half written."""

    what: str = ""
    owner_id: int | None = None
    due_on: date | None = None
    theme_key: str = ""

    def __bool__(self) -> bool:
        return bool(self.what or self.owner_id or self.due_on or self.theme_key)


@dataclass(frozen=True, slots=True)
class DomainPage:
    """Everything that one domain's page holds."""

    answers: Mapping[str, Value] = field(default_factory=dict)
    comments: Mapping[str, str] = field(default_factory=dict)
    judged: Judged = Judged()
    findings: Sequence[Found] = ()
    actions: Sequence[Drafted] = ()


@dataclass(frozen=True, slots=True)
class Conversation:
    """When the audit was talked through and who took part, or the coded reason why it was not."""

    on: date | None = None
    took_part: Sequence[str] = ()
    not_held: str = ""
    not_held_why: str = ""


TOOK_PART = {
    "worker": "The worker",
    "manager": "The worker’s manager",
    "colleague": "Another practitioner who knows the child",
    "reviewing_officer": "Independent reviewing officer or conference chair",
    "other": "Somebody else",
}
"""Who may have taken part, in the order in which the page offers them."""

NOT_HELD = {
    "worker_left": "The worker has left the council",
    "worker_on_leave": "The worker is away and will not be back in time",
    "no_worker": "No worker is allocated",
    "declined": "The worker preferred not to take part",
    "not_asked_for": "A desktop audit was asked for",
    "other": "Another reason",
}
"""Why an audit may be a desktop one, in the order in which the page offers them."""


@dataclass(frozen=True, slots=True)
class Recorded:
    """One version of an audit with everything in it; `judged[""]` is the overall judgement.

    `saved`: the keys of the domains whose page was saved at least once. `dip_sample`: a quick look at one thing; it
    needs no conversation, and a judgement only where one was made.
    """

    answers: Mapping[str, Value] = field(default_factory=dict)
    comments: Mapping[str, str] = field(default_factory=dict)
    judged: Mapping[str, Judged] = field(default_factory=dict)
    findings: Mapping[str, Sequence[Found]] = field(default_factory=dict)
    actions: Mapping[str, Sequence[Drafted]] = field(default_factory=dict)
    conversation: Conversation = Conversation()
    so_what: str = ""
    saved: frozenset[str] = frozenset()
    dip_sample: bool = False


def kept(value: Value) -> str:
    """Write an answer as the one line that the database keeps."""
    return value if isinstance(value, str) else " ".join(value)


def read(text: str, *, several: bool) -> Value:
    """Read an answer back from its line."""
    return tuple(text.split()) if several else text
