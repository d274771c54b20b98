"""Scales and grades: order, words, ranks."""

import subprocess
import sys

import pytest

from auditapp.library.scales import GRADES, SCALES, Grade, ScaleKey


def test_the_four_grades_stand_in_ofsteds_order_with_its_words():
    assert [grade.word for grade in GRADES] == ["Outstanding", "Good", "Requires improvement to be good", "Inadequate"]


def test_ranks_run_from_four_to_one():
    assert [int(grade) for grade in GRADES] == [4, 3, 2, 1]


@pytest.mark.parametrize(
    ("grade", "counts"),
    [(Grade.OUTSTANDING, True), (Grade.GOOD, True), (Grade.REQUIRES_IMPROVEMENT, False), (Grade.INADEQUATE, False)],
)
def test_good_or_better_is_good_and_outstanding(grade, counts):
    assert grade.good_or_better is counts


def test_requires_improvement_is_shortened_and_nothing_else_is():
    assert [grade.short for grade in GRADES] == ["Outstanding", "Good", "Requires improvement", "Inadequate"]


def test_ofsteds_scale_has_the_keys_and_ranks_of_the_grades():
    marks = SCALES[ScaleKey.OFSTED].marks
    assert [(mark.key, mark.word, mark.rank) for mark in marks] == [(g.key, g.word, int(g)) for g in GRADES]


@pytest.mark.parametrize("scale", SCALES.values(), ids=lambda scale: scale.key.value)
def test_within_a_scale_keys_and_ranks_are_never_shared(scale):
    assert len({mark.key for mark in scale.marks}) == len(scale.marks)
    ranks = [mark.rank for mark in scale.marks if mark.rank is not None]
    assert len(set(ranks)) == len(ranks)


def test_not_applicable_has_no_rank_so_it_counts_in_no_share():
    assert SCALES[ScaleKey.YES_PARTLY_NO].mark("not_applicable").rank is None


def test_nought_to_ten_has_eleven_steps_and_ten_is_best():
    marks = SCALES[ScaleKey.NOUGHT_TO_TEN].marks
    assert (len(marks), marks[0].rank, marks[-1].rank) == (11, 0, 10)


def test_on_red_amber_green_green_is_best():
    scale = SCALES[ScaleKey.RAG]
    assert scale.mark("green").rank > scale.mark("amber").rank > scale.mark("red").rank


def test_a_written_evaluation_has_no_marks():
    assert SCALES[ScaleKey.WRITTEN].marks == ()


def test_a_mark_that_a_scale_does_not_have_is_a_key_error():
    with pytest.raises(KeyError):
        SCALES[ScaleKey.MET].mark("good")


def test_rooms_that_import_grades_do_not_wake_pydantic():
    check = "import sys, auditapp.library.scales, auditapp.library.kinds, auditapp.library.asking; " + (
        "sys.exit('pydantic' in sys.modules)"
    )
    assert subprocess.run([sys.executable, "-c", check], check=False).returncode == 0
