"""Process control: limits by hand, and each of the four signals on its own."""

from math import sqrt

import pytest
from hypothesis import given
from hypothesis import strategies as st

from auditapp.figures.control import Point, Rule, chart


def points(*counts, of=100):
    return [Point(str(at), n, of) for at, n in enumerate(counts)]


def signals(found, rule):
    return [signal.labels for signal in found.signals if signal.rule is rule]


def test_the_limits_are_three_sigma_either_side_of_the_pooled_mean():
    found = chart([Point("a", 10, 20), *points(*[40] * 11)])
    mean = (10 + 440) / (20 + 1100)
    assert found.centre == pytest.approx(mean)
    assert found.limits[0].low == pytest.approx(mean - 3 * sqrt(mean * (1 - mean) / 20))
    assert found.limits[0].high == pytest.approx(mean + 3 * sqrt(mean * (1 - mean) / 20))
    assert found.limits[1].high < found.limits[0].high


def test_limits_never_leave_0_to_1():
    found = chart(points(*[1] * 12, of=5))
    assert all(limit.low == 0 and limit.high <= 1 for limit in found.limits)


def test_below_twelve_points_a_run_chart_has_a_median_and_no_limits():
    found = chart(points(*range(40, 51)))
    assert found.is_run_chart
    assert found.centre == 0.45
    assert found.limits == (None,) * 11
    assert not chart(points(*range(40, 52))).is_run_chart


def test_a_month_without_audits_is_a_gap_and_not_a_zero():
    found = chart([*points(*[50] * 11), Point("gap", 0, 0), Point("last", 50, 100)])
    assert found.centre == 0.5
    assert found.limits[11] is None
    assert found.signals == ()


def test_a_point_outside_the_limits_is_a_signal():
    found = chart(points(*[50, 51] * 6, 80))
    assert signals(found, Rule.OUTSIDE) == [("12",)]


def test_seven_on_one_side_are_a_signal_and_six_are_not():
    seven = chart(points(52, 53, 52, 53, 52, 53, 52, 46, 45, 46, 45, 46, 47, 53))
    assert signals(seven, Rule.ONE_SIDE) == [tuple("0123456")]
    six = chart(points(52, 53, 52, 53, 52, 53, 46, 45, 46, 45, 46, 47, 53, 46))
    assert signals(six, Rule.ONE_SIDE) == []


def test_a_point_on_the_middle_line_is_passed_over_and_ends_no_run():
    found = chart(points(53, 54, 53, 50, 54, 53, 54, 53, 47, 46, 47, 46, 47, 46, 47, 50))
    assert found.centre == 0.5
    assert signals(found, Rule.ONE_SIDE) == [tuple("0124567"), tuple(map(str, range(8, 15)))]


def test_seven_rising_or_falling_are_a_signal_and_a_standstill_breaks_them():
    rising = chart(points(47, 48, 49, 50, 51, 52, 53, 49, 51, 49, 51, 50))
    assert signals(rising, Rule.TREND) == [tuple("0123456")]
    falling = chart(points(51, 53, 52, 51, 50, 49, 48, 47, 51))
    assert signals(falling, Rule.TREND) == [("1", "2", "3", "4", "5", "6", "7")]
    still = chart(points(47, 48, 49, 50, 50, 51, 52, 49, 51, 49, 51, 50))
    assert signals(still, Rule.TREND) == []


def test_two_of_three_beyond_two_sigma_on_the_same_side_are_a_signal():
    together = chart(points(62, 50, 62, *[48, 49, 50] * 4))
    assert signals(together, Rule.TWO_OF_THREE) == [("0", "2")]
    apart = chart(points(62, 50, 38, *[49, 50, 51] * 4))
    assert signals(apart, Rule.TWO_OF_THREE) == []


def test_nothing_at_all_is_an_empty_chart():
    assert chart([]).centre is None
    assert chart([Point("a", 0, 0)]).signals == ()


@given(st.integers(1, 30).flatmap(lambda of: st.tuples(st.integers(0, of), st.just(of))), st.integers(12, 40))
def test_a_process_that_never_moves_gives_no_signal(counted, months):
    n, of = counted
    assert chart([Point(str(at), n, of) for at in range(months)]).signals == ()
