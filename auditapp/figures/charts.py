"""Chart specifications (Vega-Lite), drawn in pixels so that the same chart reads well on a desk and on a telephone.

Each chart is values only: rows in, specification out. The sentence and the table beside a chart are the report's, made
of the same numbers. Colours and patterns stand here and nowhere else; a test holds their contrast and that they stay
apart for readers who see colours differently. No meaning is carried by colour alone: grades keep one order, are hatched
differently, and every count is written: in its segment, or below the bar where that is too narrow.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from math import ceil
from typing import Any

from auditapp.figures.control import ControlChart
from auditapp.figures.facts import NOT_GRADED
from auditapp.figures.shares import Share
from auditapp.library.scales import GRADES, Grade

Spec = dict[str, Any]

WIDE = 900
NARROW = 320

INK = "#0b0c0c"
PAPER = "#ffffff"
QUIET = "#505a5f"
LINE = "#b1b4b6"
FONT = "Arial, Helvetica, sans-serif"


@dataclass(frozen=True, slots=True)
class Colour:
    """A fill, the ink that reads on it, and the hatching (an SVG path in an 8 × 8 tile) that tells it apart."""

    fill: str
    ink: str
    hatch: str = ""
    hatch_colour: str = PAPER


GRADE_COLOURS: Mapping[str, Colour] = {
    Grade.OUTSTANDING.word: Colour("#0b3c5d", PAPER),
    Grade.GOOD.word: Colour("#3d8fc9", INK, "M0,4H8", "#5aa3d6"),
    Grade.REQUIRES_IMPROVEMENT.word: Colour("#d9731a", INK, "M-2,2L2,-2M0,8L8,0M6,10L10,6", "#ee9848"),
    Grade.INADEQUATE.word: Colour("#6b1420", PAPER, "M0,0L8,8M0,8L8,0", "#8c3440"),
    NOT_GRADED: Colour("#ffffff", INK, "M2,2h1v1h-1zM6,6h1v1h-1z", "#949a9e"),
}

STRENGTH = "Strengths"
LEARNING = "Areas for learning"

THEME_COLOURS: Mapping[str, Colour] = {
    STRENGTH: Colour("#00695c", PAPER),
    LEARNING: Colour("#7a3b8a", PAPER, "M-2,2L2,-2M0,8L8,0M6,10L10,6", "#925ba1"),
}

COLOURS: Mapping[str, Colour] = {**GRADE_COLOURS, **THEME_COLOURS}


def hatch_name(word: str) -> str:
    """The name of the pattern that fills this word's shapes, the same in specification and drawing."""
    return "hatch-" + word.lower().replace(" ", "-")


@dataclass(slots=True)
class _Sheet:
    """What stands on one chart, in pixels from its upper left corner."""

    width: int
    height: float = 0
    boxes: list[Spec] = field(default_factory=list)
    lines: list[Spec] = field(default_factory=list)
    dots: list[Spec] = field(default_factory=list)
    texts: dict[str, list[Spec]] = field(default_factory=lambda: {"left": [], "center": [], "right": []})

    def box(self, word: str, x: float, y: float, x2: float, y2: float) -> None:
        """A hatched rectangle in the colour of a word; thin white edges keep neighbours apart."""
        edge = LINE if COLOURS[word].fill == PAPER else PAPER
        self.boxes.append({"x": x, "y": y, "x2": x2, "y2": y2, "fill": f"url(#{hatch_name(word)})", "edge": edge})

    def line(self, x: float, y: float, x2: float, y2: float, colour: str = LINE, width: float = 1) -> None:
        """A straight line."""
        self.lines.append({"x": x, "y": y, "x2": x2, "y2": y2, "stroke": colour, "width": width})

    def dot(self, x: float, y: float, colour: str, *, marked: bool = False) -> None:
        """A point; a marked one is a larger diamond."""
        shape, size = ("diamond", 150) if marked else ("circle", 60)
        self.dots.append({"x": x, "y": y, "fill": colour, "shape": shape, "size": size})

    def text(self, x: float, y: float, words: str, *, align: str = "left", ink: str = INK, bold: bool = False) -> None:
        """A line of words, its middle at height y."""
        self.texts[align].append({"x": x, "y": y, "words": words, "ink": ink, "weight": "bold" if bold else "normal"})

    def spec(self) -> Spec:
        """The chart as one Vega-Lite specification whose marks stand where they were put."""
        layers = [
            _layer({"type": "rule"}, self.lines, stroke="stroke", strokeWidth="width"),
            _layer({"type": "rect", "strokeWidth": 1}, self.boxes, fill="fill", stroke="edge"),
            _layer({"type": "point", "filled": True, "opacity": 1}, self.dots, fill="fill", shape="shape", size="size"),
        ]
        for align, texts in self.texts.items():
            mark = {"type": "text", "align": align, "baseline": "middle", "fontSize": 14, "font": FONT}
            layers.append(_layer(mark, texts, text="words", fill="ink", fontWeight="weight"))
        return {
            "$schema": "https://vega.github.io/schema/vega-lite/v5.json",
            "width": self.width,
            "height": round(self.height),
            "padding": 4,
            "background": PAPER,
            "config": {"view": {"stroke": None}},
            "layer": [layer for layer in layers if layer["data"]["values"]],
        }


def _layer(mark: Spec, values: list[Spec], **channels: str) -> Spec:
    placed: Spec = {axis: {"field": axis, "type": "quantitative", "scale": None, "axis": None} for axis in ("x", "y")}
    if values and "x2" in values[0]:
        placed |= {"x2": {"field": "x2"}, "y2": {"field": "y2"}}
    for channel, name in channels.items():
        if channel == "fontWeight":
            mark = {**mark, "fontWeight": {"expr": f"datum.{name}"}}
        elif channel == "text":
            placed[channel] = {"field": name, "type": "nominal"}
        else:
            kind = "quantitative" if channel in ("strokeWidth", "size") else "nominal"
            placed[channel] = {"field": name, "type": kind, "scale": None, "legend": None}
    return {"mark": mark, "data": {"values": values}, "encoding": placed}


def _width_of(words: str) -> float:
    """About how wide these words are in 14 pixel Arial: narrow letters, capitals, and the rest."""
    narrow, wide = sum(words.count(letter) for letter in "iljtfr.,:;’'| I"), sum(map(str.isupper, words))
    return 3.6 * narrow + 9.6 * wide + 7.7 * (len(words) - narrow - wide)


def _legend(sheet: _Sheet, words: Sequence[str]) -> None:
    """A key in the order given, broken into as many lines as it needs."""
    x, y = 0.0, 10.0
    for word in words:
        need = 22 + _width_of(word) + 18
        if x and x + need - 18 > sheet.width:
            x, y = 0.0, y + 24
        sheet.box(word, x, y - 8, x + 16, y + 8)
        sheet.text(x + 22, y, word)
        x += need
    sheet.height = y + 22


@dataclass(frozen=True, slots=True)
class GradeBar:
    """One bar: a name, the counts in the order of the grades, how many were not graded, and the headline share."""

    name: str
    counts: tuple[int, int, int, int]
    not_graded: int
    good_or_better: Share


def grade_bars(bars: Sequence[GradeBar], *, width: int = WIDE, count_ungraded: bool = False) -> Spec:
    """One bar of grades for each name, each as long as its whole, with every count written in or, too narrow, below.

    Not graded has its place in the bar only where it is counted in the denominator.
    """
    words = [grade.word for grade in GRADES] + ([NOT_GRADED] if count_ungraded else [])
    sheet = _Sheet(width)
    _legend(sheet, words)
    for bar in bars:
        counts = [*bar.counts, bar.not_graded][: len(words)]
        _bar_heading(sheet, bar)
        narrow = _segments(sheet, words, counts)
        sheet.height += 54
        if narrow:
            sheet.text(sheet.width, sheet.height, " · ".join(narrow), align="right", ink=QUIET)
            sheet.height += 20
    return sheet.spec()


def _bar_heading(sheet: _Sheet, bar: GradeBar) -> None:
    given = bar.good_or_better
    y = sheet.height + 8
    said = "none graded" if not given.of else f"{given.n} of {given.of} good or better"
    if sheet.width >= WIDE:
        sheet.text(0, y, bar.name, bold=True)
        sheet.text(sheet.width, y, said, align="right", ink=QUIET)
        return
    short = said.replace(" good or better", "")
    sheet.text(0, y, bar.name, bold=True)
    if _width_of(bar.name) * 1.06 + _width_of(short) > sheet.width - 10:
        sheet.height += 20
    sheet.text(sheet.width, sheet.height + 8, short, align="right", ink=QUIET)


def _segments(sheet: _Sheet, words: Sequence[str], counts: Sequence[int]) -> list[str]:
    """Draw a bar and give the counts, each with its word, for which its segments are too narrow."""
    top, bottom, total = sheet.height + 20, sheet.height + 42, sum(counts)
    if not total:
        sheet.line(0, (top + bottom) / 2, sheet.width, (top + bottom) / 2)
        return []
    x, narrow = 0.0, []
    for word, count in zip(words, counts, strict=True):
        long = sheet.width * count / total
        if count:
            sheet.box(word, x, top, x + long, bottom)
        if count and long >= 10 + _width_of(str(count)):
            sheet.text(
                x + long / 2, (top + bottom) / 2 + 1, str(count), align="center", ink=COLOURS[word].ink, bold=True
            )
        elif count:
            narrow.append(f"{word.removesuffix(' to be good')} {count}")
        x += long
    return narrow


@dataclass(frozen=True, slots=True)
class ThemeBar:
    """One theme: in how many audits it was a strength, in how many an area for learning, of how many that ask."""

    name: str
    strengths: int
    learning: int
    of: int


def theme_bars(bars: Sequence[ThemeBar], *, width: int = WIDE) -> Spec:
    """Strengths to the right and learning to the left of one middle line, theme by theme, in audits."""
    sheet = _Sheet(width)
    _legend(sheet, (LEARNING, STRENGTH))
    most = max((max(bar.strengths, bar.learning) for bar in bars), default=0) or 1
    middle, reach = width / 2, width / 2 - 30
    for bar in bars:
        y = sheet.height
        sheet.text(0, y + 8, bar.name, bold=True)
        sheet.text(width, y + 8, f"of {bar.of}", align="right", ink=QUIET)
        for word, count, side in ((LEARNING, bar.learning, -1), (STRENGTH, bar.strengths, 1)):
            end = middle + side * reach * count / most
            if count:
                sheet.box(word, min(middle, end), y + 20, max(middle, end), y + 42)
            sheet.text(end + side * 6, y + 32, str(count), align="left" if side > 0 else "right")
        sheet.line(middle, y + 16, middle, y + 46, INK)
        sheet.height += 54
    return sheet.spec()


def trend(chart: ControlChart, shares: Sequence[Share], *, width: int = WIDE) -> Spec:
    """The share of good or better month by month, each with its interval, the middle line and, if any, the limits.

    Points of a signal are diamonds. Months without a graded audit are gaps.
    """
    sheet = _Sheet(width)
    left, right, top, bottom = 44.0, width - 16.0, 14.0, 214.0
    sheet.height = bottom + 66
    for percent in (0, 25, 50, 75, 100):
        y = bottom - (bottom - top) * percent / 100
        sheet.line(left, y, right, y, "#dcdee0")
        sheet.text(left - 6, y, f"{percent}%", align="right", ink=QUIET)
    step = (right - left) / max(1, len(chart.points))
    marked = {label for signal in chart.signals for label in signal.labels}
    months, years = _months(chart, step)
    counted = _longest_that_fits([[f"{one.n} of {one.of}", f"{one.n}/{one.of}"] for one in shares], step)
    every_month, every_count = _every(months, step), _every(counted, step)
    _levels(sheet, chart, left, step, top, bottom)
    for at, (point, given) in enumerate(zip(chart.points, shares, strict=True)):
        x = left + step * (at + 0.5)
        if given.share is not None and given.low is not None and given.high is not None:
            sheet.line(x, _y(given.low, top, bottom), x, _y(given.high, top, bottom), QUIET, 2)
            sheet.dot(x, _y(given.share, top, bottom), "#0b3c5d", marked=point.label in marked)
        if at % every_month == 0:
            sheet.text(x, bottom + 16, months[at], align="center")
        if at % every_count == 0:
            sheet.text(x, bottom + 36, counted[at], align="center", ink=QUIET)
        if years[at]:
            sheet.text(x, bottom + 56, years[at], align="center", ink=QUIET)
    return sheet.spec()


def _months(chart: ControlChart, step: float) -> tuple[list[str], list[str]]:
    """What stands below each point: its label, or a shorter one and, where a new one begins, the year below."""
    named = [point.label.partition(" ") for point in chart.points]
    months = _longest_that_fits([["".join(name), name[0], name[0][:1]] for name in named], step)
    if months == [point.label for point in chart.points]:
        return months, [""] * len(months)
    given = [year for _, _, year in named]
    return months, [year if at == 0 or year != given[at - 1] else "" for at, year in enumerate(given)]


def _longest_that_fits(forms: Sequence[Sequence[str]], step: float) -> list[str]:
    """The longest form in which every label fits its step; the shortest where none does."""
    for form in zip(*forms, strict=True):
        if max(map(_width_of, form)) + 4 <= step:
            return list(form)
    return [form[-1] for form in forms]


def _every(labels: Sequence[str], step: float) -> int:
    """Of how many labels one can be written, so that none touches the next."""
    return max(1, ceil((max(map(_width_of, labels), default=0) + 4) / step))


def _y(share: float, top: float, bottom: float) -> float:
    return bottom - (bottom - top) * share


def _levels(sheet: _Sheet, chart: ControlChart, left: float, step: float, top: float, bottom: float) -> None:
    """The middle line across, and a step for each point's own limits."""
    if chart.centre is not None:
        y = _y(chart.centre, top, bottom)
        sheet.line(left, y, left + step * len(chart.points), y, INK, 1.5)
    for at, limits in enumerate(chart.limits):
        if limits is not None:
            for level in (limits.low, limits.high):
                y = _y(level, top, bottom)
                sheet.line(left + step * at, y, left + step * (at + 1), y, "#c0392b", 1.5)


def signal_sentence(chart: ControlChart) -> str:
    """What the rules of process control say about this chart, in one sentence."""
    if chart.centre is None:
        return "There is nothing to plot."
    if chart.signals:
        told = "; ".join(f"{signal.rule.value} ({_stretch(signal.labels)})" for signal in chart.signals)
        return f"Something other than chance may be at work: {told}."
    if not any(point.of for point in chart.points[1:]):
        return "One month alone shows no movement."
    named = "run chart" if chart.is_run_chart else "control chart"
    return f"The {named} shows no signal: the months differ no more than numbers this small do by chance."


def _stretch(labels: Sequence[str]) -> str:
    return labels[0] if len(labels) == 1 else f"{labels[0]} to {labels[-1]}"
