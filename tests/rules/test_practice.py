"""How Anyshire's auditors write, from a seed."""

import random
from datetime import date

import pytest

from auditapp.demo.practice import Writer, about_all, domain_page, grade_of, overall, words
from auditapp.library.asking import AnswerKind
from auditapp.library.scales import GRADES, Grade
from auditapp.library.shipped import definitions, themes

WHOLE = definitions()["whole_case"]
ON = date(2026, 10, 14)


def writer(seed=1):
    return Writer(random.Random(seed), ON)


def test_there_are_words_for_every_domain_question_and_theme():
    assert set(words()["evidence"]) == set(words()["effect"]) == {domain.key for domain in WHOLE.domains}
    asked = {question.key for question in WHOLE.questions if question.answer is AnswerKind.YES_PARTLY_NO}
    assert set(words()["comments"]) == asked
    written = {question.key for question in WHOLE.questions if question.answer is AnswerKind.TEXT}
    assert set(words()["texts"]) == written
    assert set(words()["findings"]) == set(words()["actions"]) == {theme.key for theme in themes()}


@pytest.mark.parametrize("grade", GRADES)
@pytest.mark.parametrize("domain", WHOLE.domains, ids=lambda domain: domain.key)
def test_a_page_answers_what_is_asked_and_comments_where_a_comment_is_wanted(domain, grade):
    known = {"child_status": "in_care"}
    for seed in range(20):
        page = domain_page(WHOLE, domain, grade, writer(seed), known)
        asked = WHOLE.visible(domain, {**known, **page.answers})
        assert {question.key for question in asked} == set(page.answers)
        wanted = {question.key for question in asked if question.wants_comment(page.answers[question.key])}
        assert wanted == set(page.comments)
        assert page.evidence
        assert page.effect


def test_the_same_seed_writes_the_same_page():
    domain = WHOLE.domain("smart_plans")
    pages = [domain_page(WHOLE, domain, Grade.GOOD, writer(7), {}) for _ in range(2)]
    assert pages[0] == pages[1]


def test_no_sentence_comes_twice_while_there_are_others():
    author, pool = writer(), words()["worker"]["proud_of"]
    said = [author.one_of(pool) for _ in pool]
    assert sorted(said) == sorted(pool)


def test_days_written_into_a_sentence_lie_before_the_audit():
    assert writer().one_of(["Seen on {day}."]) in {f"Seen on {day}." for day in _before(ON)}


def _before(day):
    return [f"{one.day} {one:%B}" for one in (date.fromordinal(day.toordinal() - back) for back in range(4, 51))]


@pytest.mark.parametrize(
    ("grades", "expected"),
    [
        ([Grade.GOOD, Grade.GOOD, Grade.REQUIRES_IMPROVEMENT], Grade.GOOD),
        ([Grade.GOOD, Grade.REQUIRES_IMPROVEMENT], Grade.REQUIRES_IMPROVEMENT),
        ([Grade.GOOD, Grade.GOOD, Grade.INADEQUATE], Grade.REQUIRES_IMPROVEMENT),
        ([Grade.INADEQUATE, Grade.INADEQUATE, Grade.GOOD], Grade.INADEQUATE),
    ],
)
def test_the_overall_judgement_is_the_middle_one_held_down_by_an_inadequate(grades, expected):
    assert overall(grades) is expected


def test_oversight_is_weaker_than_the_childs_voice_at_the_same_level():
    dice = random.Random(3)
    oversight = sum(grade_of(dice, 0.0, "management_oversight").good_or_better for _ in range(400))
    voice = sum(grade_of(dice, 0.0, "voice_of_the_child").good_or_better for _ in range(400))
    assert oversight < voice / 2


def test_every_overall_grade_has_its_words():
    assert all(all(about_all(grade, writer())) for grade in GRADES)
