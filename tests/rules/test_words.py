"""Numbers as words on a page."""

from __future__ import annotations

import pytest

from auditapp.web.words import count, join, percent, plural


def test_a_count_has_its_thousands():
    assert (count(1234), count(0), count(None)) == ("1,234", "0", "")


@pytest.mark.parametrize(("share", "printed"), [(0.625, "63%"), (0.005, "1%"), (0.285, "29%"), (0, "0%"), (1, "100%")])
def test_a_share_is_a_whole_per_cent_with_halves_up(share, printed):
    assert percent(share) == printed


def test_an_unknown_share_is_printed_as_nothing():
    assert percent(None) == ""


def test_a_number_takes_its_noun():
    assert plural(1, "audit") == "1 audit"
    assert plural(1204, "audit") == "1,204 audits"
    assert plural(2, "child", "children") == "2 children"


def test_words_are_joined_as_a_sentence_does():
    assert (join([]), join(["a"]), join(["a", "b"]), join(["a", "b", "c"])) == ("", "a", "a and b", "a, b and c")
