"""Keys made from names."""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from auditapp.library.keys import key_of


@pytest.mark.parametrize(
    ("name", "key"),
    [
        ("Home education", "home_education"),
        ("Children’s “own” words!", "childrens_own_words"),
        ("Fathers & partners", "fathers_partners"),
        ("Crèche", "creche"),
        ("16 and over", "theme_16_and_over"),
        ("日本", "theme"),
    ],
)
def test_a_key_is_made_of_the_name(name, key):
    assert key_of(name, ()) == key


def test_a_key_that_is_taken_gets_a_number():
    assert key_of("Plans", {"plans", "plans_2"}) == "plans_3"


@given(st.text(max_size=90), st.integers(0, 12))
def test_every_name_gets_a_free_key_that_a_definition_file_may_hold(name, times):
    taken: set[str] = set()
    for _ in range(times + 1):
        key = key_of(name, taken)
        assert key not in taken
        assert re.fullmatch(r"[a-z][a-z0-9_]{0,59}", key)
        taken.add(key)
