"""Charts: colours that everyone can tell apart, drawings that our content rules allow."""

import itertools
import re

import pytest

from auditapp.figures import charts
from auditapp.figures.charts import GRADE_COLOURS, INK, NARROW, PAPER, QUIET, THEME_COLOURS, GradeBar, ThemeBar
from auditapp.figures.control import Point, chart
from auditapp.figures.drawing import svg
from auditapp.figures.shares import share
from auditapp.library.scales import GRADES

SEEN = {
    "as most": ((1, 0, 0), (0, 1, 0), (0, 0, 1)),
    "protanopia": ((0.152286, 1.052583, -0.204868), (0.114503, 0.786281, 0.099216), (-0.003882, -0.048116, 1.051998)),
    "deuteranopia": ((0.367322, 0.860646, -0.227968), (0.280085, 0.672501, 0.047413), (-0.011820, 0.042940, 0.968881)),
    "tritanopia": ((1.255528, -0.076749, -0.178779), (-0.078411, 0.930809, 0.147602), (0.004733, 0.691367, 0.303900)),
}
"""Machado, Oliveira and Fernandes (2009), full severity, on linear RGB."""


def linear(colour):
    parts = [int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5)]
    return [part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts]


def luminance(colour):
    return sum(weight * part for weight, part in zip((0.2126, 0.7152, 0.0722), linear(colour), strict=True))


def contrast(one, other):
    darker, lighter = sorted((luminance(one), luminance(other)))
    return (lighter + 0.05) / (darker + 0.05)


def lab(colour, eyes):
    red, green, blue = (
        min(1, max(0, sum(weight * part for weight, part in zip(row, linear(colour), strict=True))))
        for row in SEEN[eyes]
    )
    x = (0.4124 * red + 0.3576 * green + 0.1805 * blue) / 0.95047
    y = 0.2126 * red + 0.7152 * green + 0.0722 * blue
    z = (0.0193 * red + 0.1192 * green + 0.9505 * blue) / 1.08883
    x, y, z = (part ** (1 / 3) if part > 0.008856 else 7.787 * part + 16 / 116 for part in (x, y, z))
    return 116 * y - 16, 500 * (x - y), 200 * (y - z)


def apart(one, other, eyes):
    return sum((a - b) ** 2 for a, b in zip(lab(one, eyes), lab(other, eyes), strict=True)) ** 0.5


@pytest.mark.parametrize("eyes", SEEN)
@pytest.mark.parametrize("palette", [GRADE_COLOURS, THEME_COLOURS])
def test_every_two_colours_of_a_chart_are_far_apart_whoever_looks(palette, eyes):
    for one, other in itertools.combinations(palette.values(), 2):
        assert apart(one.fill, other.fill, eyes) > 20


@pytest.mark.parametrize("word", charts.COLOURS)
def test_the_count_written_in_a_segment_can_be_read_on_its_fill_and_on_its_hatching(word):
    colour = charts.COLOURS[word]
    assert contrast(colour.ink, colour.fill) >= 4.5
    if colour.hatch:
        assert contrast(colour.ink, colour.hatch_colour) >= 4.5


@pytest.mark.parametrize("colour", [INK, QUIET, *(colour.fill for colour in charts.COLOURS.values())])
def test_every_colour_but_the_hollow_one_stands_out_from_the_paper(colour):
    assert colour == PAPER or contrast(colour, PAPER) >= 3


def test_no_two_grades_share_colour_and_hatching():
    looks = [(colour.fill, colour.hatch) for colour in GRADE_COLOURS.values()]
    assert len(set(looks)) == len(looks)


BARS = [
    GradeBar("Voice of the child", (3, 12, 8, 1), 2, share(15, 24)),
    GradeBar("=cmd & <b>“SMART” plans", (0, 0, 0, 0), 5, share(0, 0)),
]


def words_of(spec):
    return [
        value["words"]
        for layer in spec["layer"]
        for value in layer["data"]["values"]
        if layer["mark"]["type"] == "text"
    ]


def test_a_bar_carries_its_counts_its_n_and_all_four_grades_in_order():
    written = words_of(charts.grade_bars(BARS))
    assert [word for word in written if word in {grade.word for grade in GRADES}] == [grade.word for grade in GRADES]
    assert "15 of 24 good or better" in written
    assert "none graded" in written
    assert {"3", "12", "8"} <= set(written)


def test_not_graded_is_in_the_bar_only_where_it_is_in_the_denominator():
    assert "Not graded" not in words_of(charts.grade_bars(BARS))
    assert "Not graded" in words_of(charts.grade_bars(BARS, count_ungraded=True))


def test_segments_fill_the_bar_and_keep_the_proportions():
    boxes = [
        value
        for layer in charts.grade_bars(BARS[:1], width=240)["layer"]
        if layer["mark"]["type"] == "rect"
        for value in layer["data"]["values"]
    ][4:]
    assert [round(box["x2"] - box["x"]) for box in boxes] == [30, 120, 80, 10]
    assert boxes[-1]["x2"] == 240


def test_a_count_too_narrow_for_its_segment_stands_below_the_bar_with_its_word():
    written = words_of(charts.grade_bars([GradeBar("Voice", (0, 90, 1, 1), 0, share(90, 92))], width=NARROW))
    assert "90" in written
    assert "Requires improvement 1 · Inadequate 1" in written


@pytest.mark.parametrize(("width", "months"), [(NARROW, 6), (NARROW, 12), (charts.WIDE, 12), (charts.WIDE, 36)])
def test_every_month_has_its_label_at_every_width(width, months):
    labels = [f"{'JFMAMJJASOND'[at % 12]}xx {2025 + at // 12}" for at in range(months)]
    spec = charts.trend(chart([Point(label, 12, 24) for label in labels]), [share(12, 24)] * months, width=width)
    written = words_of(spec)
    assert (
        sum(word in {form for label in labels for form in (label, label[:3], label[0])} for word in written) == months
    )
    assert all(any(str(2025 + year) in word for word in written) for year in range(months // 12))


DRAWN = [
    charts.grade_bars(BARS),
    charts.grade_bars(BARS, width=NARROW, count_ungraded=True),
    charts.theme_bars([ThemeBar("Child’s own words", 22, 3, 40), ThemeBar("Nothing yet", 0, 0, 0)]),
    charts.trend(chart([Point("Jan", 1, 2), Point("Feb", 0, 0)]), [share(1, 2), share(0, 0)], width=NARROW),
]


@pytest.mark.parametrize("spec", DRAWN)
def test_a_drawing_holds_nothing_that_the_content_policy_forbids(spec, tmp_path):
    drawn = svg(spec, "Fifteen of 24 “good” & better", tmp_path)
    assert "style" not in drawn
    assert "<script" not in drawn
    assert not re.search(r" on[a-z]+=", drawn)
    assert "http" not in drawn.replace("http://www.w3.org/2000/svg", "")
    assert "<b>" not in drawn


def test_a_drawing_is_one_image_with_one_sentence(tmp_path):
    drawn = svg(DRAWN[0], "Fifteen of 24 “good” & <better>", tmp_path)
    assert drawn.count("role=") == 1
    assert 'aria-label="Fifteen of 24 “good” &amp; &lt;better&gt;"' in drawn
    assert drawn.count("aria-") == 1


def test_two_charts_on_one_page_share_no_id(tmp_path):
    ids = [re.findall(r' id="([^"]+)"', svg(spec, "A sentence", tmp_path)) for spec in DRAWN[:3]]
    assert ids[0]
    flat = list(itertools.chain.from_iterable(ids))
    assert len(set(flat)) == len(flat)
    assert all(f"url(#{name})" in svg(DRAWN[0], "A sentence", tmp_path) for name in ids[0])


def test_a_chart_is_drawn_once_and_then_read_from_its_folder(tmp_path):
    first = svg(DRAWN[0], "A sentence", tmp_path / "charts")
    (kept,) = (tmp_path / "charts").iterdir()
    kept.write_text("kept", encoding="utf-8")
    assert svg(DRAWN[0], "A sentence", tmp_path / "charts") == "kept"
    assert svg(DRAWN[0], "Another sentence", tmp_path / "charts") != "kept"
    assert first.startswith("<svg")


def test_the_folder_of_drawings_does_not_grow_for_ever(tmp_path, monkeypatch):
    monkeypatch.setattr("auditapp.figures.drawing.KEPT_AT_MOST", 4)
    for number in range(6):
        svg(DRAWN[2], f"Sentence {number}", tmp_path)
    assert len(list(tmp_path.iterdir())) in (4, 5)
    assert svg(DRAWN[2], "Sentence 0", tmp_path).startswith("<svg")


def test_a_long_name_on_a_telephone_gets_a_line_of_its_own_and_is_not_cut():
    name = "Management oversight and supervision of everyone"
    spec = charts.grade_bars([GradeBar(name, (1, 1, 1, 1), 0, share(2, 4))], width=NARROW)
    assert name in words_of(spec)


@pytest.mark.parametrize("months", [6, 12, 24, 60])
def test_labels_under_a_trend_never_touch(months):
    points = [Point(f"Jul {2020 + at // 12}", 12, 24) for at in range(months)]
    spec = charts.trend(chart(points), [share(12, 24)] * months, width=NARROW)
    lines = {}
    for layer in spec["layer"]:
        if layer["mark"]["type"] == "text" and layer["mark"]["align"] == "center":
            for value in layer["data"]["values"]:
                lines.setdefault(value["y"], []).append((value["x"], charts._width_of(value["words"])))
    assert len(lines) >= 2
    for placed in lines.values():
        for (x, wide), (after, wide_after) in itertools.pairwise(sorted(placed)):
            assert x + wide / 2 <= after - wide_after / 2


def test_what_the_chart_says_is_a_sentence():
    assert "no signal" in charts.signal_sentence(chart([Point("Jan", 1, 2), Point("Feb", 1, 2)]))
    assert "Month 12" in charts.signal_sentence(
        chart([Point(f"Month {n}", 90 if n == 12 else 50, 100) for n in range(13)])
    )
