"""The scales that a judgement or an answer may use, and the words that stand for each mark.

Ranks are integers with the best highest; the database keeps the rank beside the word as it was printed. This file
imports nothing heavy: any room may import `Grade` from here.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import IntEnum, StrEnum
from types import MappingProxyType


class Grade(IntEnum):
    """Ofsted's four grades; the number is the rank that the database keeps (best highest)."""

    INADEQUATE = 1
    REQUIRES_IMPROVEMENT = 2
    GOOD = 3
    OUTSTANDING = 4

    @property
    def key(self) -> str:
        """The word used in forms, files and addresses: `requires_improvement`."""
        return self.name.lower()

    @property
    def word(self) -> str:
        """The grade in full, as Ofsted prints it."""
        return _GRADE_WORDS[self]

    @property
    def short(self) -> str:
        """The grade as said where it has already stood in full once: charts, narrow tables."""
        return "Requires improvement" if self is Grade.REQUIRES_IMPROVEMENT else self.word

    @property
    def good_or_better(self) -> bool:
        """Whether the grade is Good or Outstanding (product.md §6)."""
        return self >= Grade.GOOD


_GRADE_WORDS = {
    Grade.OUTSTANDING: "Outstanding",
    Grade.GOOD: "Good",
    Grade.REQUIRES_IMPROVEMENT: "Requires improvement to be good",
    Grade.INADEQUATE: "Inadequate",
}

GRADES: tuple[Grade, ...] = (Grade.OUTSTANDING, Grade.GOOD, Grade.REQUIRES_IMPROVEMENT, Grade.INADEQUATE)
"""The four grades in the order in which every page, chart and file shows them."""


class ScaleKey(StrEnum):
    """The scales by the names that definitions and the database use."""

    OFSTED = "ofsted"
    YES_PARTLY_NO = "yes_partly_no"
    RAG = "rag"
    NOUGHT_TO_TEN = "nought_to_ten"
    MET = "met"
    WRITTEN = "written"


@dataclass(frozen=True, slots=True)
class Mark:
    """One step of a scale. A mark without a rank (not applicable) counts in no share."""

    key: str
    word: str
    rank: int | None


@dataclass(frozen=True, slots=True)
class Scale:
    """A scale with its marks in the order in which they are shown. A written evaluation has none."""

    key: ScaleKey
    title: str
    marks: tuple[Mark, ...]

    def mark(self, key: str) -> Mark:
        """The mark of this key; raises KeyError for a mark that the scale does not have."""
        for mark in self.marks:
            if mark.key == key:
                return mark
        raise KeyError(key)


def _ranked(*words: str) -> tuple[Mark, ...]:
    """Marks given best first: the last has rank 1."""
    best = len(words)
    return tuple(Mark(word.lower().replace(" ", "_"), word, best - place) for place, word in enumerate(words))


SCALES: Mapping[ScaleKey, Scale] = MappingProxyType(
    {
        scale.key: scale
        for scale in (
            Scale(ScaleKey.OFSTED, "Ofsted’s four grades", tuple(Mark(g.key, g.word, int(g)) for g in GRADES)),
            Scale(
                ScaleKey.YES_PARTLY_NO,
                "Yes, partly, no",
                (*_ranked("Yes", "Partly", "No"), Mark("not_applicable", "Not applicable", None)),
            ),
            Scale(ScaleKey.RAG, "Red, amber, green", _ranked("Green", "Amber", "Red")),
            Scale(
                ScaleKey.NOUGHT_TO_TEN,
                "0 to 10, as in Signs of Safety (10 is safest)",
                tuple(Mark(str(step), str(step), step) for step in range(11)),
            ),
            Scale(ScaleKey.MET, "Met or not met", _ranked("Met", "Not met")),
            Scale(ScaleKey.WRITTEN, "A written evaluation with no mark", ()),
        )
    }
)
"""Every scale by its key."""
