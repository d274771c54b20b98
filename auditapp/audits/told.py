"""An audit as it is read: each answer in words, domain by domain, for the check, the page and the print."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING

from auditapp.audits.completeness import wants_effect
from auditapp.audits.recorded import Found, Judged, Recorded, Value
from auditapp.library.asking import AnswerKind
from auditapp.web.dates import day

if TYPE_CHECKING:
    from auditapp.library.template import Definition, Domain, Question


@dataclass(frozen=True, slots=True)
class Line:
    """One question with its answer, empty where there is none. `field`: its id on the domain's page."""

    field: str
    question: str
    answer: str
    comment: str


@dataclass(frozen=True, slots=True)
class Told:
    """One domain in words. `mark` is the judgement as printed."""

    key: str
    title: str
    judged: bool
    lines: tuple[Line, ...]
    mark: str
    judgement: Judged
    wants_effect: bool
    strengths: tuple[Found, ...]
    learning: tuple[Found, ...]


def told(definition: Definition, recorded: Recorded) -> tuple[Told, ...]:
    """Tell every domain that the answers call for, in order."""
    return tuple(_domain(definition, domain, recorded) for domain in definition.in_play(recorded.answers))


def word(definition: Definition, mark: str) -> str:
    """Print a mark of the template's scale; nothing for none."""
    return definition.marks.mark(mark).word if mark else ""


def answer_in_words(question: Question, value: Value) -> str:
    """Print an answer: the words of what was chosen, a number with its unit, a day as a day."""
    if not value:
        return ""
    if not isinstance(value, str):
        return ", ".join(question.label(key) for key in value)
    if question.answer is AnswerKind.DATE:
        return _day(value)
    if question.answer is AnswerKind.NUMBER:
        return f"{value} {question.unit}".strip()
    return question.label(value) if question.choices else value


def free_text(definition: Definition, recorded: Recorded) -> Iterator[tuple[str, str, str]]:
    """Give every text that was typed, as (section, field, text): where somebody's name might stand."""
    words = {question.key for question in definition.questions if question.answer is AnswerKind.TEXT}
    for domain in definition.in_play(recorded.answers):
        for question in definition.visible(domain, recorded.answers):
            if question.key in words:
                yield domain.key, f"q_{question.key}", str(recorded.answers.get(question.key, ""))
            yield domain.key, f"c_{question.key}", recorded.comments.get(question.key, "")
        judged = recorded.judged.get(domain.key, Judged())
        yield domain.key, "evidence", judged.evidence
        yield domain.key, "effect", judged.effect
        yield from _in_blocks(domain.key, recorded)
    yield "conversation", "not_held_why", recorded.conversation.not_held_why
    yield "overall", "evidence", recorded.judged.get("", Judged()).evidence
    yield "overall", "so_what", recorded.so_what


def _in_blocks(key: str, recorded: Recorded) -> Iterator[tuple[str, str, str]]:
    for kind in ("strength", "learning"):
        for number, found in enumerate(one for one in recorded.findings.get(key, ()) if one.kind == kind):
            yield key, f"{kind}-{number}-words", f"{found.words}\n{found.evidence}"
    for number, action in enumerate(recorded.actions.get(key, ())):
        yield key, f"action-{number}-what", action.what


def _domain(definition: Definition, domain: Domain, recorded: Recorded) -> Told:
    judgement = recorded.judged.get(domain.key, Judged())
    found: Sequence[Found] = recorded.findings.get(domain.key, ())
    return Told(
        domain.key,
        domain.title,
        domain.judged,
        tuple(_line(question, recorded) for question in definition.visible(domain, recorded.answers)),
        word(definition, judgement.mark),
        judgement,
        domain.judged and wants_effect(definition, judgement.mark, dip_sample=recorded.dip_sample),
        tuple(one for one in found if one.kind == "strength"),
        tuple(one for one in found if one.kind == "learning"),
    )


def _line(question: Question, recorded: Recorded) -> Line:
    answer = answer_in_words(question, recorded.answers.get(question.key, ""))
    field = f"q_{question.key}{'-day' if question.answer is AnswerKind.DATE else ''}"
    return Line(field, question.text, answer, recorded.comments.get(question.key, ""))


def _day(text: str) -> str:
    try:
        return day(date.fromisoformat(text))
    except ValueError:
        return text
