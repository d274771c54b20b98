"""How practice at Anyshire is, and how its auditors would write it down: from a seed to a filled-in domain page.

The council's story, to be seen in its figures: children are heard and risk is seen; plans and chronologies lag; the
weakest is management oversight, and within it direction: steps without a date, and nobody looks whether they were done.
"""

from __future__ import annotations

import random
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from functools import cache
from importlib.resources import files
from statistics import median_low
from typing import TYPE_CHECKING, Any

from auditapp.library.asking import AnswerKind
from auditapp.library.scales import Grade

if TYPE_CHECKING:
    from auditapp.library.template import Definition, Domain, Question

LEVEL = {
    "risk_and_protection": 0.40,
    "assessment": 0.25,
    "voice_of_the_child": 0.50,
    "family_and_partners": 0.20,
    "permanence": 0.30,
    "impact": 0.05,
    "smart_plans": -0.15,
    "chronology": -0.35,
    "management_oversight": -0.70,
}
"""How far a domain lies above or below the case it belongs to."""

SERVICE = {"Children in Care": 0.30, "Locality South": -0.30, "Early Help": 0.10, "Leaving Care": 0.10}
CUTS = ((1.55, Grade.OUTSTANDING), (0.0, Grade.GOOD), (-1.45, Grade.REQUIRES_IMPROVEMENT))
YES = {Grade.OUTSTANDING: 0.97, Grade.GOOD: 0.84, Grade.REQUIRES_IMPROVEMENT: 0.46, Grade.INADEQUATE: 0.15}
WEAKER = {"direction_owner_date": 0.5, "previous_steps_checked": 0.4, "plan_who_and_when": 0.75}
"""Questions of the council's story: the share of yes is multiplied by this."""

OFTEN_NOT_APPLICABLE = frozenset(
    {"advocate_offered", "plan_each_child", "neglect_tool_repeated", "drift_challenged", "told_of_decisions"}
)
GAP_IN_WEEKS = {"yes": (3, 4), "partly": (6, 8), "no": (9, 15)}
"""The longest gap between two supervisions, by whether they were as often as they should be."""

BY_GRADE = {
    "seen_alone": {
        Grade.OUTSTANDING: ("mostly", "mostly", "not_suitable"),
        Grade.GOOD: ("mostly", "mostly", "sometimes", "not_suitable"),
        Grade.REQUIRES_IMPROVEMENT: ("sometimes", "sometimes", "mostly"),
        Grade.INADEQUATE: ("never", "sometimes"),
    },
    "chronology_exists": {
        Grade.OUTSTANDING: ("yes",),
        Grade.GOOD: ("yes",),
        Grade.REQUIRES_IMPROVEMENT: ("yes", "yes", "partly"),
        Grade.INADEQUATE: ("yes", "partly", "no", "no"),
    },
}
"""Answers that follow from what the grade's descriptor says."""


Sentence = str | Mapping[str, Any]
AS_DATE = re.compile(r"\d{4}-\d\d-\d\d")


@cache
def words() -> Mapping[str, Any]:
    """The sentences that people at Anyshire write."""
    from ruamel.yaml import YAML

    text = (files("auditapp.demo") / "words.yaml").read_text(encoding="utf-8")
    found: Mapping[str, Any] = YAML(typ="safe", pure=True).load(text)
    return found


@dataclass
class Writer:
    """Whoever writes about one case on a day; `dice` decides, the same way every time. No sentence comes twice.

    A sentence is plain, or said only `when` what is known agrees with it: {say: words, when: {key: [values]}}.
    """

    dice: random.Random
    on: date
    used: set[str] = field(default_factory=set)

    def one_of(self, pool: Sequence[Sentence], known: Mapping[str, str] | None = None) -> str:
        """One of these sentences that agrees with what is `known`, unused if there is one; nothing if none agrees.

        Days before this one are filled in for {day} and {earlier}, what is known for its key.
        """
        agreeing = [_words_of(sentence) for sentence in pool if _agrees(sentence, known or {})]
        if not agreeing:
            return ""
        chosen = self.dice.choice([sentence for sentence in agreeing if sentence not in self.used] or agreeing)
        self.used.add(chosen)
        later = self.on - timedelta(days=self.dice.randint(4, 50))
        earlier = later - timedelta(days=self.dice.randint(40, 110))
        days = {"day": _said(later), "earlier": _said(earlier)}
        return chosen.format_map({key: _as_written(value) for key, value in (known or {}).items()} | days)


def _agrees(sentence: Sentence, known: Mapping[str, str]) -> bool:
    wanted = {} if isinstance(sentence, str) else sentence["when"]
    return all(known.get(key) in values for key, values in wanted.items())


def _words_of(sentence: Sentence) -> str:
    return sentence if isinstance(sentence, str) else str(sentence["say"])


def _as_written(answer: str) -> str:
    return _said(date.fromisoformat(answer)) if AS_DATE.fullmatch(answer) else answer


@dataclass(frozen=True, slots=True)
class Written:
    """What an auditor recorded in one domain, plainly."""

    answers: Mapping[str, str]
    comments: Mapping[str, str]
    grade: Grade
    evidence: str
    effect: str
    strengths: Sequence[tuple[str, str]]
    learning: Sequence[tuple[str, str]]


def case_level(dice: random.Random, service: str) -> float:
    """How good the work with one child is as a whole: about 0, better or worse by service."""
    return dice.gauss(0.12 + SERVICE.get(service, 0.0), 0.55)


def grade_of(dice: random.Random, level: float, domain: str) -> Grade:
    """The grade of one domain of a case of this level."""
    height = dice.gauss(level + LEVEL[domain], 0.5)
    return next((grade for cut, grade in CUTS if height > cut), Grade.INADEQUATE)


def overall(grades: Sequence[Grade]) -> Grade:
    """The judgement over all: the middle one; not above Requires improvement beside an Inadequate."""
    middle = Grade(median_low(grades))
    return min(middle, Grade.REQUIRES_IMPROVEMENT) if Grade.INADEQUATE in grades else middle


def domain_page(
    definition: Definition, domain: Domain, grade: Grade, writer: Writer, known: Mapping[str, str]
) -> Written:
    """Fill one domain in as somebody who found this grade would. `known`: answers that are settled already."""
    answers: dict[str, str] = {}
    for question in domain.questions:
        if question in definition.visible(domain, {**known, **answers}):
            answers[question.key] = known.get(question.key) or _answer(question, grade, writer, answers)
    comments = {
        question.key: _comment(question, answers, writer)
        for question in domain.questions
        if question.key in answers and question.wants_comment(answers[question.key])
    }
    sounds = tone(grade)
    return Written(
        answers=answers,
        comments=comments,
        grade=grade,
        evidence=writer.one_of(words()["evidence"][domain.key][sounds], answers),
        effect=writer.one_of(words()["effect"][domain.key][sounds], answers),
        strengths=_findings(domain, answers, "strength", ("yes",), 0.75 if grade.good_or_better else 0.3, writer),
        learning=_findings(
            domain, answers, "learning", ("no", "partly"), 0.3 if grade.good_or_better else 0.85, writer
        ),
    )


def tone(grade: Grade) -> str:
    """How a grade sounds in words: good or weak."""
    return "good" if grade.good_or_better else "weak"


def about_all(grade: Grade, writer: Writer, tones: Mapping[str, str] | None = None) -> tuple[str, str]:
    """Why this overall judgement, and so what for this child; `tones`: how each domain sounded."""
    why = "inadequate" if grade is Grade.INADEQUATE else tone(grade)
    return writer.one_of(words()["overall"][why], tones), writer.one_of(words()["so_what"][tone(grade)], tones)


def action(theme: str, known: Mapping[str, str], writer: Writer) -> str:
    """What is to be done about learning of a theme, where these answers were given."""
    return writer.one_of(words()["actions"][theme], known)


def said(kind: str, writer: Writer, theme: str = "") -> str:
    """A sentence of one kind: what was done about a theme, what was seen of it, why something was corrected."""
    return writer.one_of(words()[kind], {"theme": theme})


def workers_own(writer: Writer) -> dict[str, str]:
    """What the worker says in their own voice."""
    return {question: writer.one_of(pool) for question, pool in words()["worker"].items()}


def _answer(question: Question, grade: Grade, writer: Writer, before: Mapping[str, str]) -> str:
    """One answer; `before`: those given to the questions before it."""
    dice = writer.dice
    if question.key in BY_GRADE:
        return dice.choice(BY_GRADE[question.key][grade])
    match question.answer:
        case AnswerKind.NUMBER:
            return str(dice.randint(*GAP_IN_WEEKS[before["supervision_interval"]]))
        case AnswerKind.DATE:
            days = (4, 28) if grade.good_or_better else (25, 90)
            return (writer.on - timedelta(days=dice.randint(*days))).isoformat()
        case AnswerKind.TEXT:
            return writer.one_of(words()["texts"][question.key][tone(grade)], before)
        case _:
            return _yes_partly_no(question.key, grade, dice)


def _yes_partly_no(key: str, grade: Grade, dice: random.Random) -> str:
    if key in OFTEN_NOT_APPLICABLE and dice.random() < 0.22:
        return "not_applicable"
    if dice.random() < YES[grade] * WEAKER.get(key, 1.0):
        return "yes"
    return "no" if dice.random() < (0.6 if grade is Grade.INADEQUATE else 0.35) else "partly"


def _comment(question: Question, answers: Mapping[str, str], writer: Writer) -> str:
    pool = words()["always"] if answers[question.key] == "yes" else words()["comments"]
    return writer.one_of(pool[question.key], answers)


def _findings(
    domain: Domain, answers: Mapping[str, str], kind: str, wanted: Sequence[str], chance: float, writer: Writer
) -> tuple[tuple[str, str], ...]:
    """At most one finding of a kind for a domain, tied to the theme of a question that was answered so."""
    themes = [question.theme for question in domain.questions if answers.get(question.key) in wanted and question.theme]
    if not themes or writer.dice.random() > chance:
        return ()
    theme = "direction" if kind == "learning" and "direction" in themes else writer.dice.choice(themes)
    found = writer.one_of(words()["findings"][theme][kind], answers)
    return ((theme, found),) if found else ()


def _said(day: date) -> str:
    return f"{day.day} {day:%B}"
