"""The templates that come with auditapp: sound, comparable, and each question worth its place."""

import pytest

from auditapp.library.asking import AnswerKind, OverallGrade
from auditapp.library.reading import export, read
from auditapp.library.scales import GRADES
from auditapp.library.shipped import IN_ORDER, definitions, themes

SINGLE = IN_ORDER[:4]
ALL = [pytest.param(definition, id=key) for key, definition in definitions().items()]
WHOLE = definitions()["whole_case"]


def test_the_five_are_there():
    assert list(definitions()) == [
        "management_oversight",
        "voice_of_the_child",
        "smart_plans",
        "chronology",
        "whole_case",
    ]


@pytest.mark.parametrize("key", SINGLE)
def test_the_whole_case_holds_each_single_template_with_the_same_keys(key):
    assert WHOLE.domain(key) == definitions()[key].domain(key)


def test_the_whole_case_has_nine_domains():
    assert [domain.key for domain in WHOLE.domains] == [
        "risk_and_protection",
        "assessment",
        "chronology",
        "voice_of_the_child",
        "smart_plans",
        "management_oversight",
        "family_and_partners",
        "permanence",
        "impact",
    ]


def test_permanence_is_asked_only_for_children_in_care():
    assert "permanence" in [domain.key for domain in WHOLE.in_play({"child_status": "in_care"})]
    assert "permanence" not in [domain.key for domain in WHOLE.in_play({"child_status": "child_in_need"})]


@pytest.mark.parametrize("definition", ALL)
def test_every_judged_domain_tells_its_four_grades_apart(definition):
    for domain in definition.judged_domains:
        descriptions = [domain.descriptor(grade.key) for grade in GRADES]
        assert all(len(words) > 60 for words in descriptions)
        assert len(set(descriptions)) == len(GRADES)


@pytest.mark.parametrize("definition", ALL)
def test_every_domain_says_where_to_look(definition):
    assert all(len(domain.guidance) > 80 for domain in definition.domains)


@pytest.mark.parametrize("definition", ALL)
def test_every_question_that_marks_practice_speaks_to_a_theme_of_the_list(definition):
    known = {theme.key for theme in themes()}
    for question in definition.questions:
        assert question.theme in known or question.key == "child_status"


def test_every_theme_is_spoken_to_by_some_question():
    assert {theme.key for theme in themes()} == {
        theme for definition in definitions().values() for theme in definition.themes
    }


@pytest.mark.parametrize("definition", ALL)
def test_no_question_asks_two_screens_of_words(definition):
    assert sum(question.answer is AnswerKind.TEXT for question in definition.questions) <= 5
    assert all(len(question.text) <= 120 for question in definition.questions)


@pytest.mark.parametrize("key", SINGLE)
def test_a_single_template_asks_its_judgement_once(key):
    definition = definitions()[key]
    assert definition.overall is OverallGrade.DOMAIN
    assert len(definition.questions) <= 10


@pytest.mark.parametrize("definition", ALL)
def test_a_shipped_template_can_be_exported_and_read_back(definition):
    assert read(export(definition), "copy.yaml") == definition


def test_without_a_chronology_only_what_still_makes_sense_is_asked():
    shown = definitions()["chronology"].visible("chronology", {"chronology_exists": "no"})
    assert [question.key for question in shown] == [
        "chronology_exists",
        "accumulation_analysed",
        "history_linked",
        "neglect_tool_repeated",
        "history_influence",
    ]
