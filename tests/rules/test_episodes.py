"""Which new row is which involvement already held: the same words first, then the same start, each used once."""

from dataclasses import dataclass
from datetime import date

from hypothesis import given
from hypothesis import strategies as st

from auditapp.cases.episodes import match, name_episode

MAY, JUNE = date(2026, 5, 1), date(2026, 6, 1)


@dataclass(frozen=True)
class Held:
    digest: str
    started_on: date | None = MAY
    gone_import_id: int | None = None


def row(digest, started_on=MAY):
    return {"digest": digest, "started_on": started_on}


def paired(found, held):
    pairs, left = match(found, held)
    return [(one["digest"], stands.digest if stands else None) for one, stands in pairs], [one.digest for one in left]


def test_the_same_words_are_the_same_involvement_whatever_the_order():
    assert paired([row("b"), row("a")], [Held("a"), Held("b")]) == ([("b", "b"), ("a", "a")], [])


def test_other_words_with_the_same_start_are_the_same_involvement():
    assert paired([row("new")], [Held("old")]) == ([("new", "old")], [])


def test_another_start_is_another_involvement_and_the_former_is_gone():
    assert paired([row("new", JUNE)], [Held("old")]) == ([("new", None)], ["old"])


def test_of_two_events_of_a_day_one_going_leaves_the_other_itself():
    assert paired([row("b")], [Held("a"), Held("b")]) == ([("b", "b")], ["a"])


def test_what_is_present_goes_before_what_is_gone_and_what_is_gone_comes_back():
    present, gone = Held("x", MAY), Held("y", MAY, 7)
    assert paired([row("z")], [gone, present]) == ([("z", "x")], [])
    assert paired([row("y")], [gone, present]) == ([("y", "y")], ["x"])


@given(
    st.lists(st.tuples(st.sampled_from("abc"), st.sampled_from([MAY, JUNE, None])), max_size=8),
    st.lists(st.tuples(st.sampled_from("abc"), st.sampled_from([MAY, JUNE, None]), st.booleans()), max_size=8),
)
def test_no_row_is_lost_and_no_involvement_used_twice(found, held):
    rows = [row(digest, started) for digest, started in found]
    stands = [Held(digest, started, 1 if gone else None) for digest, started, gone in held]
    pairs, left = match(rows, stands)
    assert [one for one, _ in pairs] == rows
    used = [id(partner) for _, partner in pairs if partner is not None]
    assert len(used) == len(set(used))
    assert {id(one) for one in left} == {id(one) for one in stands if one.gone_import_id is None} - set(used)


def test_an_episode_is_named_by_its_start_once():
    taken = {"2026-05-01", "2026-05-01 3"}
    assert name_episode(MAY, taken) == "2026-05-01 4"
    assert name_episode(None, taken) == "no start"
    assert name_episode(None, taken) not in {"no start", "2026-05-01"}
    assert len(taken) == 5
