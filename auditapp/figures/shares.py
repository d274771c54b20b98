"""Shares of small numbers, honestly: n and of beside every share, with the interval that chance leaves open.

A share is 0–1 and never rounded here. Intervals are 95%. Sources: Wilson, E. B. (1927), "Probable inference, the law of
succession, and statistical inference"; Newcombe, R. G. (1998), "Interval estimation for the difference between
independent proportions: comparison of eleven methods", method 10.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from enum import Enum
from math import sqrt

from auditapp.library.scales import GRADES, Grade

Z = 1.959963984540054
"""The normal quantile that leaves 2.5% on each side."""

ENOUGH = 10
"""Fewer than this on either side of a comparison is too few to say anything."""


@dataclass(frozen=True, slots=True)
class Share:
    """`n` of `of`, the share between 0 and 1 and its 95% interval; nothing of nothing has no share.

    A share that may not be shown to this reader has neither numbers nor interval and is `suppressed`.
    """

    n: int | None
    of: int | None
    share: float | None = None
    low: float | None = None
    high: float | None = None
    suppressed: bool = False


def share(n: int, of: int) -> Share:
    """The share n / of with Wilson's 95% interval; without a denominator there is no share.

    Raises ValueError where n is not between 0 and `of`.
    """
    if not 0 <= n <= of:
        raise ValueError(f"{n} of {of} is not a share")
    if not of:
        return Share(n, of)
    low, high = wilson(n, of)
    return Share(n, of, n / of, low, high)


def wilson(n: int, of: int) -> tuple[float, float]:
    """Wilson's 95% score interval for n of `of` (of > 0), without continuity correction, within 0–1."""
    p, z2 = n / of, Z * Z
    centre = (p + z2 / (2 * of)) / (1 + z2 / of)
    half = Z * sqrt(p * (1 - p) / of + z2 / (4 * of * of)) / (1 + z2 / of)
    return (0.0 if n == 0 else max(0.0, centre - half), 1.0 if n == of else min(1.0, centre + half))


class Verdict(Enum):
    """What a comparison of two shares says, in the words of the pages."""

    BETTER = "better than chance alone would explain"
    WORSE = "worse than chance alone would explain"
    NO_CHANGE = "no change that chance could not explain"
    TOO_FEW = "too few to say"


@dataclass(frozen=True, slots=True)
class Difference:
    """A share now less a share before, with Newcombe's 95% interval (all three −1 to 1), and what it says."""

    now: Share
    before: Share
    points: float
    low: float
    high: float
    verdict: Verdict


def difference(now: Share, before: Share) -> Difference | None:
    """Compare two independent shares; None where either has no denominator or may not be shown.

    Better or worse only if the interval excludes 0 and each side has at least `ENOUGH`.
    """
    if now.share is None or before.share is None:
        return None
    low, high = newcombe(now, before)
    return Difference(now, before, now.share - before.share, low, high, _verdict(now, before, low, high))


def newcombe(now: Share, before: Share) -> tuple[float, float]:
    """Newcombe's 95% interval for `now − before`, from the two Wilson intervals (his method 10)."""
    p, low, high = _known(now)
    q, q_low, q_high = _known(before)
    return (
        p - q - sqrt((p - low) ** 2 + (q_high - q) ** 2),
        p - q + sqrt((high - p) ** 2 + (q - q_low) ** 2),
    )


def _known(given: Share) -> tuple[float, float, float]:
    if given.share is None or given.low is None or given.high is None:
        raise ValueError("a share without a denominator cannot be compared")
    return given.share, given.low, given.high


def _verdict(now: Share, before: Share, low: float, high: float) -> Verdict:
    if (now.of or 0) < ENOUGH or (before.of or 0) < ENOUGH:
        return Verdict.TOO_FEW
    if low > 0:
        return Verdict.BETTER
    return Verdict.WORSE if high < 0 else Verdict.NO_CHANGE


def tally(ranks: Iterable[int | None]) -> tuple[Mapping[Grade, int], int]:
    """Count each of the four grades, empty ones as 0 and best first, and beside them how many were not graded."""
    counts = dict.fromkeys(GRADES, 0)
    not_graded = 0
    for rank in ranks:
        if rank is None:
            not_graded += 1
        else:
            counts[Grade(rank)] += 1
    return counts, not_graded


def good_or_better(counts: Mapping[Grade, int], not_graded: int = 0, *, count_ungraded: bool = False) -> Share:
    """Judgements ranked Good or Outstanding of all judgements on the four grades.

    Not graded stands outside the denominator, unless `count_ungraded` puts it inside.
    """
    n = counts[Grade.OUTSTANDING] + counts[Grade.GOOD]
    return share(n, sum(counts.values()) + (not_graded if count_ungraded else 0))
