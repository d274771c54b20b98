"""How Anyshire's auditors write, from a seed."""

import random
from datetime import date

import pytest

from auditapp.demo.practice import Writer, about_all, action, domain_page, grade_of, overall, words
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


def _pages(domain, grade):
    """Pages of one domain; with a seed for each, so that a rule is held to many of them."""
    asked = WHOLE.domain(domain)
    return [domain_page(WHOLE, asked, grade, writer(seed), {"child_status": "in_care"}) for seed in range(150)]


def _sentences(page):
    return [
        page.evidence,
        page.effect,
        *page.comments.values(),
        *(found for _, found in page.strengths + page.learning),
    ]


@pytest.mark.parametrize("grade", GRADES)
def test_nobody_writes_that_there_is_no_chronology_where_there_is_one(grade):
    for page in _pages("chronology", grade):
        said = [words for words in _sentences(page) if words.startswith(("There is none", "There is no chronology"))]
        assert not said or page.answers["chronology_exists"] == "no"
        updated = page.answers.get("chronology_updated")
        assert updated or not any("touched since" in words or "last entry" in words for words in _sentences(page))


def test_only_an_inadequate_chronology_may_be_absent():
    absent = {
        grade for grade in GRADES for page in _pages("chronology", grade) if page.answers["chronology_exists"] == "no"
    }
    assert absent == {Grade.INADEQUATE}


@pytest.mark.parametrize(("domain", "key"), [("chronology", "chronology_updated"), ("voice_of_the_child", "last_seen"),
                                             ("smart_plans", "plan_updated")])  # fmt: skip
def test_a_day_that_was_answered_is_the_day_in_the_evidence(domain, key):
    told = 0
    for page in _pages(domain, Grade.REQUIRES_IMPROVEMENT):
        answered = date.fromisoformat(page.answers[key])
        told += f"{answered.day} {answered:%B}" in page.evidence
    assert told > 20


@pytest.mark.parametrize("domain", ["chronology", "voice_of_the_child", "smart_plans", "management_oversight"])
@pytest.mark.parametrize("grade", GRADES)
def test_every_condition_of_a_sentence_is_met_by_the_answers_beside_it(domain, grade):
    conditions = dict(_conditions(words()))
    for page in _pages(domain, grade):
        for sentence in _sentences(page):
            for key, values in conditions.get(sentence, {}).items():
                assert page.answers[key] in values


def _conditions(pool):
    """Sentences without a day in them, with the answers that they go with."""
    if isinstance(pool, dict) and "say" in pool:
        yield pool["say"], pool["when"]
    elif isinstance(pool, dict | list):
        for part in pool.values() if isinstance(pool, dict) else pool:
            yield from _conditions(part)


def test_an_action_about_a_missing_chronology_is_to_write_one():
    assert "Write the chronology" in {
        action("history", {"chronology_exists": "no"}, writer(seed))[:20] for seed in range(9)
    }
    with_one = {action("history", {"chronology_exists": "yes"}, writer(seed))[:20] for seed in range(9)}
    assert "Write the chronology" not in with_one


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
