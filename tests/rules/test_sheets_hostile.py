"""Every hostile file gets one plain sentence; none is read for long, none is believed."""

from datetime import date

import pytest

from auditapp.cases.population import read_extract
from auditapp.sheets.reading import Unreadable, open_table
from tests import hostile

AS_AT = date(2026, 9, 30)


@pytest.mark.parametrize("what", hostile.FILES)
def test_a_hostile_file_is_refused_with_one_sentence(what):
    name, make = hostile.FILES[what]
    with pytest.raises(Unreadable) as refusal:
        read_extract(open_table(make(), name), AS_AT)
    sentence = str(refusal.value)
    assert sentence.endswith(".")
    assert ". " not in sentence
    assert 20 < len(sentence) < 250
    assert "<" not in sentence


def test_the_workbook_that_was_spoilt_is_itself_sound():
    extract = read_extract(open_table(hostile.good(), "a.xlsx"), AS_AT)
    assert (extract.reports[0].read, len(extract.entries)) == (3, 3)


def test_a_hyperlink_is_no_danger_and_is_not_followed():
    extract = read_extract(open_table(hostile.external("hyperlink"), "a.xlsx"), AS_AT)
    assert len(extract.entries) == 3


@pytest.mark.parametrize(
    ("what", "words"),
    [
        ("an old workbook", "save it as an Excel workbook (.xlsx)"),
        ("an encrypted workbook", "remove the password"),
        ("macros", "without macros"),
        ("links to other workbooks", "Break Link"),
        ("shared texts that multiply", "more cells or text than a table"),
        ("a claimed dimension", "delete the empty rows and columns"),
        ("a bomb of one member", "more than 50 MB"),
    ],
)
def test_the_sentence_says_what_to_do(what, words):
    name, make = hostile.FILES[what]
    with pytest.raises(Unreadable, match=words.replace("(", r"\(").replace(")", r"\)")):
        read_extract(open_table(make(), name), AS_AT)
