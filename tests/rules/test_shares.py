"""Shares, intervals and differences, held against published numbers."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from auditapp.figures.shares import Verdict, difference, good_or_better, share, tally
from auditapp.library.scales import Grade


def test_nottinghamshire_38_of_109_is_between_27_and_44_per_cent():
    known = share(38, 109)
    assert (round(known.share, 2), round(known.low, 2), round(known.high, 2)) == (0.35, 0.27, 0.44)


def test_nottinghamshire_a_year_later_22_of_31_is_between_53_and_84_per_cent():
    known = share(22, 31)
    assert (round(known.share, 2), round(known.low, 2), round(known.high, 2)) == (0.71, 0.53, 0.84)


def test_the_year_between_is_better_than_chance():
    said = difference(share(22, 31), share(38, 109))
    assert said.verdict is Verdict.BETTER
    assert said.low > 0


def test_newcombe_s_own_example_56_of_70_less_48_of_80():
    """Newcombe (1998), table II, method 10: 0.2000 (0.0524 to 0.3339)."""
    said = difference(share(56, 70), share(48, 80))
    assert (round(said.points, 4), round(said.low, 4), round(said.high, 4)) == (0.2, 0.0524, 0.3339)


def test_peterborough_2015_had_9_good_17_requiring_improvement_and_4_inadequate_of_30():
    counts, not_graded = tally([3] * 9 + [2] * 17 + [1] * 4)
    assert list(counts.values()) == [0, 9, 17, 4]
    assert not_graded == 0
    known = good_or_better(counts)
    assert (known.n, known.of, known.share) == (9, 30, 0.3)


def test_grades_are_counted_best_first_with_the_empty_ones():
    counts, _ = tally([1])
    assert list(counts) == [Grade.OUTSTANDING, Grade.GOOD, Grade.REQUIRES_IMPROVEMENT, Grade.INADEQUATE]
    assert list(counts.values()) == [0, 0, 0, 1]


def test_not_graded_stands_outside_the_denominator_unless_it_is_counted_in():
    counts, not_graded = tally([3, 2, None, None])
    assert not_graded == 2
    assert (good_or_better(counts, not_graded).n, good_or_better(counts, not_graded).of) == (1, 2)
    assert good_or_better(counts, not_graded, count_ungraded=True).of == 4


def test_nothing_of_nothing_has_no_share():
    nothing = share(0, 0)
    assert (nothing.n, nothing.of, nothing.share, nothing.low, nothing.high) == (0, 0, None, None, None)
    assert difference(nothing, share(1, 2)) is None


@pytest.mark.parametrize(("n", "of"), [(-1, 3), (4, 3)])
def test_what_is_not_a_share_is_refused(n, of):
    with pytest.raises(ValueError, match="is not a share"):
        share(n, of)


def test_fewer_than_ten_on_either_side_is_too_few_to_say():
    assert difference(share(9, 9), share(0, 100)).verdict is Verdict.TOO_FEW
    assert difference(share(10, 10), share(0, 100)).verdict is Verdict.BETTER
    assert difference(share(0, 100), share(10, 10)).verdict is Verdict.WORSE
    assert difference(share(50, 100), share(52, 100)).verdict is Verdict.NO_CHANGE


COUNTS = st.integers(1, 5000).flatmap(lambda of: st.tuples(st.integers(0, of), st.just(of)))


@given(COUNTS)
def test_the_interval_lies_within_0_and_1_and_holds_the_share(counted):
    known = share(*counted)
    assert 0 <= known.low <= known.share <= known.high <= 1
    assert known.low < known.high


@given(COUNTS)
def test_the_interval_of_what_is_left_is_the_mirror_image(counted):
    n, of = counted
    assert share(n, of).low == pytest.approx(1 - share(of - n, of).high)


@given(COUNTS, COUNTS)
def test_a_difference_turned_round_is_its_own_opposite(one, other):
    there, back = difference(share(*one), share(*other)), difference(share(*other), share(*one))
    assert there.points == pytest.approx(-back.points)
    assert there.low == pytest.approx(-back.high)
    assert -1 <= there.low <= there.points <= there.high <= 1
