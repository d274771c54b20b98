"""Process control: is a share over time moving, or is this the noise that such small numbers always make?

With 12 or more points that have a denominator a *p-chart*: the mean share p̄ = Σx / Σn and, for each point, the limits
p̄ ± 3√(p̄(1 − p̄) / n), clipped to 0–1. With fewer a *run chart*: the median of the shares and no limits, because limits
from so few points would promise more than they know. A point without a denominator stands in the chart as a gap and is
passed over by the rules; so is a point on the middle line itself by the rule of one side. Source: Benneyan, Lloyd and
Plsek (2003), "Statistical process control as a tool for research and healthcare improvement"; the four signals are
those of the product's definitions.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from enum import Enum
from itertools import pairwise
from math import sqrt
from statistics import median

ENOUGH_POINTS = 12
RUN = 7
"""So many points in a row, on one side or all rising or falling, are a signal."""


@dataclass(frozen=True, slots=True)
class Point:
    """`n` of `of` at one time (a month); `of` may be 0."""

    label: str
    n: int
    of: int

    @property
    def share(self) -> float | None:
        """The share, 0–1, or None without a denominator."""
        return self.n / self.of if self.of else None


class Rule(Enum):
    """The four signals, each with what it means to a reader."""

    OUTSIDE = "a point outside the limits"
    ONE_SIDE = "7 points in a row on one side of the middle line"
    TREND = "7 points in a row rising or falling"
    TWO_OF_THREE = "2 of 3 points far out on the same side"


@dataclass(frozen=True, slots=True)
class Signal:
    """One rule that was met, and the labels of the points that met it."""

    rule: Rule
    labels: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Limits:
    """The three-sigma limits of one point, 0–1."""

    low: float
    high: float


@dataclass(frozen=True, slots=True)
class ControlChart:
    """A chart of shares over time: its middle line, its limits (none in a run chart) and its signals."""

    points: tuple[Point, ...]
    centre: float | None
    limits: tuple[Limits | None, ...]
    signals: tuple[Signal, ...]

    @property
    def is_run_chart(self) -> bool:
        """Whether there were too few points for limits."""
        return all(limit is None for limit in self.limits)


def chart(points: Sequence[Point]) -> ControlChart:
    """A p-chart of `points` in order of time, or a run chart where fewer than 12 have a denominator."""
    known = [point for point in points if point.of]
    if len(known) < ENOUGH_POINTS:
        centre = median(point.n / point.of for point in known) if known else None
        return ControlChart(tuple(points), centre, (None,) * len(points), _signals(known, centre, limited=False))
    mean = sum(point.n for point in known) / sum(point.of for point in known)
    limits = tuple(_limits(mean, point) for point in points)
    return ControlChart(tuple(points), mean, limits, _signals(known, mean, limited=True))


def _sigma(mean: float, point: Point) -> float:
    return sqrt(mean * (1 - mean) / point.of)


def _limits(mean: float, point: Point) -> Limits | None:
    if not point.of:
        return None
    reach = 3 * _sigma(mean, point)
    return Limits(max(0.0, mean - reach), min(1.0, mean + reach))


def _signals(known: Sequence[Point], centre: float | None, *, limited: bool) -> tuple[Signal, ...]:
    if centre is None:
        return ()
    distance = [point.n / point.of - centre for point in known]
    found: list[Signal] = []
    if limited:
        far = [_beyond(centre, point, away) for point, away in zip(known, distance, strict=True)]
        outside = [point for point, sigmas in zip(known, far, strict=True) if abs(sigmas) > 3]
        found += [Signal(Rule.OUTSIDE, (point.label,)) for point in outside]
        found += _two_of_three(known, far)
    off = [at for at, away in enumerate(distance) if away]
    found += _runs([known[at] for at in off], [distance[at] for at in off], Rule.ONE_SIDE)
    steps = [later.n / later.of - earlier.n / earlier.of for earlier, later in pairwise(known)]
    found += _runs(known, steps, Rule.TREND, between=1)
    return tuple(found)


def _beyond(centre: float, point: Point, away: float) -> float:
    """How many sigmas a point is from the middle; 0 where a mean of 0 or 1 leaves no spread."""
    sigma = _sigma(centre, point)
    return away / sigma if sigma else 0.0


def _runs(known: Sequence[Point], values: Sequence[float], rule: Rule, between: int = 0) -> Iterator[Signal]:
    """Every longest stretch of at least 7 points whose values share a sign (`between` = 1: values between points)."""
    start = 0
    for at in range(1, len(values) + 1):
        if at < len(values) and values[at - 1] * values[at] > 0:
            continue
        if values[start] and at - start + between >= RUN:
            yield Signal(rule, tuple(point.label for point in known[start : at + between]))
        start = at


def _two_of_three(known: Sequence[Point], far: Sequence[float]) -> list[Signal]:
    found: list[Signal] = []
    for at in range(len(far) - 2):
        three = range(at, at + 3)
        for side in (1, -1):
            out = [i for i in three if far[i] * side > 2]
            labels = tuple(known[i].label for i in out)
            if len(out) >= 2 and not any(set(labels) <= set(signal.labels) for signal in found):
                found.append(Signal(Rule.TWO_OF_THREE, labels))
    return found
