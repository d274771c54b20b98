"""What is pointed out as personal data in free text, and what never is."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from auditapp.audits.names import is_nhs_number, spot


def words(text: str) -> list[str]:
    return [found.words for found in spot(text)]


@pytest.mark.parametrize(
    "text",
    [
        "Seen alone on 3 March 2026; she drew her house.",
        "Signs of Safety was used well. Danger statement is clear.",
        "The plan is Good, but Requires improvement to be good in timeliness.",
        "Section 47 enquiry on Monday; the Health Visitor and Police came.",
        "Mum said the Team Manager rang. Dad agreed. Supervision 12 June.",
        "Chronology current. Steps have owners.",
        "Reference 4417, visit 03/03/2026.",
        "",
    ],
)
def test_the_fields_own_words_are_passed_over(text):
    assert spot(text) == ()


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("The worker wrote that Maya was frightened.", ["Maya"]),
        ("Maya said she likes school.", ["Maya"]),
        ("He went to see Tom Barker and his mother.", ["Tom Barker"]),
        ("Mrs Okafor rang twice.", ["Okafor"]),
        ("Visits by O'Brien-Smith were late.", ["O'Brien-Smith"]),
    ],
)
def test_a_name_is_pointed_out(text, found):
    assert words(text) == found


def test_a_date_is_only_personal_when_it_is_said_to_be_of_birth():
    assert [found.kind for found in spot("dob 12/04/2015, seen 13/04/2026")] == ["a date of birth"]


def test_a_postcode_and_an_nhs_number_are_pointed_out():
    assert [found.kind for found in spot("NHS 943 476 5919, moved to LS1 4AP")] == ["an NHS number", "a postcode"]


def test_ten_digits_without_the_check_digit_are_no_nhs_number():
    assert is_nhs_number("9434765919")
    assert not is_nhs_number("9434765918")


def test_the_same_thing_is_pointed_out_once():
    assert words("She told Maya. He told Maya.") == ["Maya"]


@given(st.text(max_size=300))
def test_any_text_can_be_looked_at(text):
    for found in spot(text):
        assert found.words
