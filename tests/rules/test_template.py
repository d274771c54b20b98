"""A definition's own rules: what is asked when, and that it cannot change or contradict itself."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

from auditapp.library.asking import CommentWanted
from auditapp.library.template import Definition

GRADES_HERE = {
    mark: f"What {mark} looks like." for mark in ("outstanding", "good", "requires_improvement", "inadequate")
}


def document(**changes):
    """A small definition with a condition inside a domain, a chained one, and a domain that depends on a question."""
    return {
        "key": "visits",
        "title": "Visits",
        "summary": "Are children visited?",
        "kinds": ["monthly"],
        "domains": [
            {
                "key": "visiting",
                "title": "Visiting",
                "looks_like": GRADES_HERE,
                "questions": [
                    {
                        "key": "status",
                        "text": "Where is the child?",
                        "answer": "choice",
                        "options": [{"key": "at_home", "label": "At home"}, {"key": "in_care", "label": "In our care"}],
                    },
                    {"key": "visited", "text": "Was the child visited?", "theme": "voice"},
                    {
                        "key": "why_not",
                        "text": "Why not?",
                        "answer": "several",
                        "options": [{"key": "illness", "label": "Illness"}, {"key": "refused", "label": "Refused"}],
                        "condition": {"question": "visited", "any_of": ["partly", "no"]},
                    },
                    {
                        "key": "refused_by",
                        "text": "Who refused?",
                        "answer": "text",
                        "theme": "family",
                        "condition": {"question": "why_not", "any_of": ["refused"]},
                    },
                ],
            },
            {
                "key": "home",
                "title": "A home for good",
                "looks_like": GRADES_HERE,
                "condition": {"question": "status", "any_of": ["in_care"]},
                "questions": [{"key": "home_found", "text": "Is there a home for good?", "theme": "voice"}],
            },
        ],
    } | changes


DEFINITION = Definition.model_validate(document())


def keys(questions):
    return [question.key for question in questions]


def test_a_question_without_a_condition_is_asked_at_once():
    assert keys(DEFINITION.visible("visiting", {})) == ["status", "visited"]


def test_a_condition_that_holds_brings_its_question_in():
    assert "why_not" in keys(DEFINITION.visible("visiting", {"visited": "no"}))


def test_one_of_several_chosen_answers_is_enough_for_a_condition():
    shown = DEFINITION.visible("visiting", {"visited": "no", "why_not": ["illness", "refused"]})
    assert keys(shown)[-1] == "refused_by"


def test_an_answer_to_a_question_that_is_no_longer_asked_brings_nothing_in():
    shown = DEFINITION.visible("visiting", {"visited": "yes", "why_not": ["refused"]})
    assert keys(shown) == ["status", "visited"]


def test_a_domain_waits_for_the_question_that_decides_about_it():
    assert DEFINITION.waits_for("home", {}).key == "status"
    assert [domain.key for domain in DEFINITION.in_play({})] == ["visiting"]


def test_a_domain_is_asked_once_its_condition_holds():
    answers = {"status": "in_care"}
    assert [domain.key for domain in DEFINITION.in_play(answers)] == ["visiting", "home"]
    assert DEFINITION.waits_for("home", answers) is None


def test_a_domain_that_is_not_for_this_child_waits_for_nothing_and_asks_nothing():
    answers = {"status": "at_home"}
    assert DEFINITION.waits_for("home", answers) is None
    assert DEFINITION.visible("home", answers) == ()


def test_a_condition_reads_as_a_sentence():
    condition = DEFINITION.question("why_not").condition
    assert DEFINITION.when(condition) == "Asked when “Was the child visited?” is answered “Partly” or “No”."


def test_comments_are_wanted_on_partly_and_no_unless_the_definition_says_otherwise():
    visited = DEFINITION.question("visited")
    assert [visited.wants_comment(answer) for answer in ("yes", "partly", "no", "not_applicable", None)] == [
        False, True, True, False, False,
    ]  # fmt: skip


def test_a_comment_always_wanted_still_waits_for_an_answer():
    always = DEFINITION.question("visited").model_copy(update={"comment": CommentWanted.ALWAYS})
    assert always.wants_comment("yes")
    assert not always.wants_comment(None)


def test_words_want_no_comment_beside_them():
    assert not DEFINITION.question("refused_by").wants_comment("His mother")


def test_yes_partly_no_offers_four_answers_in_their_order():
    assert [(option.key, option.label) for option in DEFINITION.question("visited").choices] == [
        ("yes", "Yes"),
        ("partly", "Partly"),
        ("no", "No"),
        ("not_applicable", "Not applicable"),
    ]


def test_a_question_on_a_scale_offers_that_scales_marks():
    asked = document()
    asked["domains"][0]["questions"].append(
        {"key": "how_safe", "text": "How safe?", "answer": "scale", "scale": "nought_to_ten"}
    )
    question = Definition.model_validate(asked).question("how_safe")
    assert [option.key for option in question.choices] == [str(step) for step in range(11)]
    assert question.measured_as == "scale:nought_to_ten"


def test_themes_are_named_once_in_the_order_met():
    assert DEFINITION.themes == ("voice", "family")


def test_a_definition_cannot_be_changed():
    with pytest.raises(ValidationError):
        DEFINITION.title = "Other"
    with pytest.raises(ValidationError):
        DEFINITION.domains[0].questions[0].text = "Other"


def test_a_definition_can_be_a_dictionary_key():
    assert {DEFINITION: 1}[Definition.model_validate(document())] == 1


def test_the_fingerprint_follows_the_content_and_not_the_order_of_settings():
    turned = dict(reversed(document().items()))
    assert Definition.model_validate(turned).sha256 == DEFINITION.sha256
    assert Definition.model_validate(document(title="Visit")).sha256 != DEFINITION.sha256


def test_the_kept_document_reads_back_as_the_same_definition():
    assert Definition.model_validate(json.loads(DEFINITION.canonical)) == DEFINITION


def test_a_contradictory_document_never_becomes_a_definition():
    broken = document()
    broken["domains"][1]["key"] = "visiting"
    with pytest.raises(ValidationError, match="used by an earlier domain"):
        Definition.model_validate(broken)


def test_what_a_grade_looks_like_here_is_found_by_its_mark():
    assert DEFINITION.domain("visiting").descriptor("good") == "What good looks like."


ANSWERS = st.fixed_dictionaries(
    {},
    optional={
        "status": st.sampled_from(["at_home", "in_care"]),
        "visited": st.sampled_from(["yes", "partly", "no", "not_applicable"]),
        "why_not": st.lists(st.sampled_from(["illness", "refused"]), max_size=2),
        "refused_by": st.text(max_size=5),
    },
)


@given(ANSWERS)
def test_every_visible_question_with_a_condition_hangs_on_a_visible_one_whose_answer_allows_it(answers):
    shown = [question for domain in DEFINITION.domains for question in DEFINITION.visible(domain, answers)]
    for question in shown:
        if question.condition:
            assert question.condition.question in keys(shown)
            assert question.condition.holds(answers[question.condition.question])


@given(ANSWERS)
def test_questions_always_come_in_the_order_of_the_document(answers):
    order = keys(DEFINITION.questions)
    shown = [key for domain in DEFINITION.domains for key in keys(DEFINITION.visible(domain, answers))]
    assert shown == sorted(shown, key=order.index)
