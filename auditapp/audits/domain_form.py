"""The form of one domain's page, built from what its template asks."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from datetime import date
from decimal import Decimal
from typing import TYPE_CHECKING, Any, cast

from flask import request
from wtforms import Field, ValidationError

from auditapp.audits.recorded import (
    DomainPage,
    Drafted,
    Found,
    Judged,
    Value,
)
from auditapp.library.asking import AnswerKind, CommentWanted
from auditapp.web.forms import (
    Choose,
    ChooseFromList,
    ChooseSeveral,
    Day,
    Form,
    LongText,
    Number,
    Text,
    Tick,
    choices,
)

if TYPE_CHECKING:
    from auditapp.audits.queries import AtDomain
    from auditapp.library.template import Definition, Domain, Question
from auditapp.audits.forms import not_in_future, not_in_past, sound

Pairs = Sequence[tuple[str, str]]
BLOCKS = ("strength", "learning", "action")
MOST = 20
"""The most strengths, areas for learning or actions that one domain's page takes."""
BLOCK_FIELD = re.compile(r"(strength|learning|action)-(\d{1,2})-")
RECORD_AND_DATE = "Record and date, in a few words. No names."


def shown_questions(definition: Definition, domain: Domain, answers: Mapping[str, Value]) -> list[Question]:
    """Give the questions to show: those called for, and those that an answer on this very page may yet call for."""
    called_for = set(definition.visible(domain, answers))
    here: set[str] = set()
    shown = []
    for question in domain.questions:
        if question in called_for or (question.condition and question.condition.question in here):
            here.add(question.key)
            shown.append(question)
    return shown


def make(place: AtDomain, themes: Pairs, owners: Pairs, *, add: str = "") -> Form:
    """Build the form of one domain's page, holding what was recorded; `add`: the kind of one more empty block."""
    definition, domain, kept = place.working.definition, place.domain, place.working.recorded
    fields: dict[str, Any] = {}
    values: dict[str, Any] = {"version": place.section.version}
    for question in shown_questions(definition, domain, kept.answers):
        fields[f"q_{question.key}"] = _answer_field(question)
        values[f"q_{question.key}"] = _shown(question, kept.answers.get(question.key, ""))
        if question.comment_wanted is not CommentWanted.NEVER:
            fields[f"c_{question.key}"] = LongText("What did you see?")
            values[f"c_{question.key}"] = kept.comments.get(question.key, "")
    if domain.judged:
        fields |= _judgement_fields(definition, domain)
        judged = kept.judged.get(domain.key, Judged())
        values |= {"mark": judged.mark or None, "evidence": judged.evidence, "effect": judged.effect}
    _add_findings(fields, values, kept.findings.get(domain.key, ()), themes, add)
    _add_actions(fields, values, kept.actions.get(domain.key, ()), themes, owners, add)
    return cast("Form", type("DomainForm", (Form,), fields)(data=values))


def read(form: Form, place: AtDomain) -> DomainPage:
    """Give what the form says; where an answer could not be read or is none of those offered, what was kept before."""
    kept = place.working.recorded
    answers = {one.key: kept.answers[one.key] for one in place.domain.questions if one.key in kept.answers}
    comments = {one.key: kept.comments[one.key] for one in place.domain.questions if one.key in kept.comments}
    for question in place.domain.questions:
        field = form._fields.get(f"q_{question.key}")
        if field is not None and not field.errors:
            answers[question.key] = _value(field.data)
        if f"c_{question.key}" in form._fields:
            comments[question.key] = form[f"c_{question.key}"].data or ""
    before = kept.judged.get(place.domain.key, Judged())
    judged = Judged(
        *(
            (sound(form[name], getattr(before, name)) or "") if name in form._fields else ""
            for name in ("mark", "evidence", "effect")
        )
    )
    return DomainPage(
        {key: value for key, value in answers.items() if value},
        {key: words for key, words in comments.items() if words},
        judged,
        [one for kind in ("strength", "learning") for one in _findings(form, kind) if one],
        [one for one in _actions(form) if one],
    )


def blocks(form: Form, kind: str) -> list[int]:
    """Give the numbers of the strengths, areas for learning or actions that a form shows."""
    ends = "what" if kind == "action" else "words"
    return [number for number in range(MOST) if f"{kind}-{number}-{ends}" in form._fields]


def _posted(kind: str) -> int:
    found = [int(match[2]) for name in request.form if (match := BLOCK_FIELD.match(name)) and match[1] == kind]
    return max(found, default=-1) + 1


def _how_many(kind: str, kept: int, add: str) -> int:
    wanted = _posted(kind) if request.method == "POST" else kept + (add == kind)
    return min(wanted, MOST)


def _answer_field(question: Question) -> Any:
    offered = choices([(one.key, one.label) for one in question.choices])
    text = question.text
    if question.answer is AnswerKind.SEVERAL:
        return ChooseSeveral(text, choices=offered)
    if question.choices:
        return Choose(text, choices=offered)
    if question.answer is AnswerKind.NUMBER:
        return Number(text, [_within(question)], called=f"“{text}”: the number", places=None)
    if question.answer is AnswerKind.DATE:
        return Day(text, [not_in_future] if question.not_future else [], called=f"“{text}”: the day")
    return LongText(text)


def _within(question: Question) -> Any:
    def check(_form: Any, field: Field) -> None:
        least, most = question.minimum, question.maximum
        if field.data is None:
            return
        if least is not None and field.data < Decimal(str(least)):
            raise ValidationError(f"“{question.text}”: the number must be {least:g} or more")
        if most is not None and field.data > Decimal(str(most)):
            raise ValidationError(f"“{question.text}”: the number must be {most:g} or less")

    return check


def _judgement_fields(definition: Definition, domain: Domain) -> dict[str, Any]:
    marks = choices([(mark.key, mark.word) for mark in definition.marks.marks])
    fields: dict[str, Any] = {}
    if definition.marks.marks:
        fields["mark"] = Choose(f"How good is this? {domain.title}", choices=marks, called="The judgement")
    fields["evidence"] = LongText("Why? What is your evidence?", hint="Record and date for what you rely on. No names.")
    fields["effect"] = LongText(
        "So what for this child?",
        hint="What has this meant in their life? Needed where the judgement is below Good.",
    )
    return fields


def _add_findings(
    fields: dict[str, Any], values: dict[str, Any], kept: Sequence[Found], themes: Pairs, add: str
) -> None:
    for kind in ("strength", "learning"):
        held = [one for one in kept if one.kind == kind]
        for number in range(_how_many(kind, len(held), add)):
            one, at = held[number] if number < len(held) else Found(kind), f"{kind}-{number}"
            fields[f"{at}-words"] = LongText("What did you find?", longest=2000)
            fields[f"{at}-evidence"] = Text("Where in the record?", longest=500, hint=RECORD_AND_DATE)
            fields[f"{at}-theme"] = ChooseFromList("Theme", choices=choices(themes, empty="Choose a theme"))
            fields[f"{at}-child"] = Text("Which child, if you read about brothers and sisters? (optional)", longest=100)
            fields[f"{at}-drop"] = Tick("Take this away")
            values |= {f"{at}-words": one.words, f"{at}-evidence": one.evidence, f"{at}-child": one.child}
            values[f"{at}-theme"] = one.theme_key


def _add_actions(
    fields: dict[str, Any], values: dict[str, Any], kept: Sequence[Drafted], themes: Pairs, owners: Pairs, add: str
) -> None:
    for number in range(_how_many("action", len(kept), add)):
        one, at = kept[number] if number < len(kept) else Drafted(), f"action-{number}"
        hint = "One step that can be seen in the record when it is done."
        fields[f"{at}-what"] = LongText("What will be done?", longest=1000, hint=hint)
        fields[f"{at}-owner"] = ChooseFromList("Who will do it?", choices=choices(owners, empty="Choose a person"))
        fields[f"{at}-due"] = Day("By when?", [not_in_past], called="The day it will be done by")
        fields[f"{at}-theme"] = ChooseFromList("Theme", choices=choices(themes, empty="Choose a theme"))
        fields[f"{at}-drop"] = Tick("Take this action away")
        values |= {f"{at}-what": one.what, f"{at}-due": one.due_on, f"{at}-theme": one.theme_key}
        values[f"{at}-owner"] = str(one.owner_id or "")


def _shown(question: Question, value: Value) -> Any:
    if not value:
        return [] if question.answer is AnswerKind.SEVERAL else None
    if question.answer is AnswerKind.SEVERAL:
        return [value] if isinstance(value, str) else list(value)
    if question.answer is AnswerKind.NUMBER:
        return Decimal(str(value))
    if question.answer is AnswerKind.DATE:
        return date.fromisoformat(str(value))
    return value


def _value(data: Any) -> Value:
    if isinstance(data, list):
        return tuple(data)
    if isinstance(data, date):
        return data.isoformat()
    if isinstance(data, Decimal):
        return format(data.normalize(), "f")
    return str(data) if data else ""


def _findings(form: Form, kind: str) -> list[Found]:
    found = []
    for number in blocks(form, kind):
        at = f"{kind}-{number}"
        if not form[f"{at}-drop"].data:
            words, evidence = form[f"{at}-words"].data or "", form[f"{at}-evidence"].data or ""
            found.append(Found(kind, sound(form[f"{at}-theme"]) or "", words, evidence, form[f"{at}-child"].data or ""))
    return found


def _actions(form: Form) -> list[Drafted]:
    drafted = []
    for number in blocks(form, "action"):
        at = f"action-{number}"
        if not form[f"{at}-drop"].data:
            owner, due = sound(form[f"{at}-owner"]), sound(form[f"{at}-due"])
            theme = sound(form[f"{at}-theme"]) or ""
            drafted.append(Drafted(form[f"{at}-what"].data or "", int(owner) if owner else None, due or None, theme))
    return drafted
