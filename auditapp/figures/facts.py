"""What every figure is computed from: plain rows, one for each thing that is counted.

The room knows nothing of audits as pages or tables. Whoever owns a fact (audits, actions) hands over rows of these
shapes; each carries the number of the audit it belongs to, and what the audit was (service, team, kind, …) stands once,
on its `AuditFact`. Names are those of the day of the audit: figures never follow a team into a re-organisation.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from auditapp.library.scales import ScaleKey

OVERALL = ""
"""The domain key of an overall judgement."""

FOUR_GRADES = ScaleKey.OFSTED.value
"""The scale of Ofsted's four grades, the only one that "good or better" speaks of."""


NOT_GRADED = "Not graded"


class Finding(StrEnum):
    """The two kinds of finding."""

    STRENGTH = "strength"
    LEARNING = "learning"


@dataclass(frozen=True, slots=True)
class AuditFact:
    """One submitted audit, in its current version, as it stood on its day.

    `day` is the audit's stated day (Europe/London). `service` and `team` are the names as they were then, "" where the
    record gave none. `template` and `kind` are keys; `journey` is the child's stage of the journey, `list` the list
    that the involvement came from. `talked`: whether the audit was talked through. `themes` are the keys of the themes
    that the template speaks to. `reference` is the case's; it leaves the house in no figure, only in row data.
    """

    audit: int
    day: date
    service: str = ""
    team: str = ""
    template: str = ""
    version: str = ""
    kind: str = ""
    journey: str = ""
    list: str = ""
    reference: str = ""
    talked: bool = False
    themes: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class JudgementFact:
    """One judgement that a template asks for: on a domain, or overall (`domain` is `OVERALL`).

    It is there, with no rank, also where the auditor gave no grade: that is what "not graded" counts. `first` is the
    rank as submitted, `final` the rank after moderation, else the first; the words are as printed then.
    """

    audit: int
    domain: str
    first: int | None
    final: int | None
    first_word: str = ""
    final_word: str = ""
    scale: str = FOUR_GRADES


@dataclass(frozen=True, slots=True)
class FindingFact:
    """One strength or area for learning, in its own words, on a theme and (where it was noted there) a domain."""

    audit: int
    theme: str
    kind: Finding
    words: str = ""
    domain: str = OVERALL


@dataclass(frozen=True, slots=True)
class ActionFact:
    """One action that took effect with its audit; `stage` is the key of how far it has come."""

    audit: int
    stage: str
    overdue: bool = False


@dataclass(frozen=True, slots=True)
class Facts:
    """All rows of one selection. Judgements, findings and actions of an audit that is not in `audits` count nowhere."""

    audits: tuple[AuditFact, ...] = ()
    judgements: tuple[JudgementFact, ...] = ()
    findings: tuple[FindingFact, ...] = ()
    actions: tuple[ActionFact, ...] = ()
