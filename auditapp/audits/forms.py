"""The forms of an audit; the form of a domain's page is built from its definition."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from datetime import date
from decimal import Decimal
from typing import TYPE_CHECKING, Any, cast

from flask import request
from wtforms import Field, StringField, ValidationError

from auditapp.audits.recorded import (
    NOT_HELD,
    TOOK_PART,
    Conversation,
    DomainPage,
    Drafted,
    Found,
    Judged,
    Recorded,
    Value,
)
from auditapp.db import today
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
    Whole,
    choices,
)

if TYPE_CHECKING:
    from auditapp.audits.queries import AtDomain
    from auditapp.library.template import Definition, Domain, Question

Pairs = Sequence[tuple[str, str]]
BLOCKS = ("strength", "learning", "action")
MOST = 20
"""The most strengths, areas for learning or actions that one domain's page takes."""

BLOCK_FIELD = re.compile(r"(strength|learning|action)-(\d{1,2})-")
RECORD_AND_DATE = "Record and date, in a few words. No names."


def not_in_future(_form: Any, field: Field) -> None:
    """Refuse a day that has not come yet."""
    if isinstance(field.data, date) and field.data > today():
        raise ValidationError(f"{getattr(field, 'called', '') or field.label.text} must be today or in the past")


class OpenForm(Form):
    """To whom an audit goes."""

    auditor = ChooseFromList("Who will carry it out?", needed="Choose who will carry out this audit")


class WhatForm(Form):
    """What is audited, with which template, why, and by when; its choices are set by the page."""

    involvement = Choose("What is audited?", needed="Choose what is audited")
    template = ChooseFromList("Template", needed="Choose a template")
    kind = Choose("What kind of audit?", needed="Choose what kind of audit")
    days = Whole("Due in", least=1, most=250, needed="Enter in how many working days it is due", called="Due in")


class AllocateForm(Form):
    """Another auditor, another day."""

    auditor = ChooseFromList("Who will carry it out?", needed="Choose who will carry out this audit")
    due_on = Day("Due on", called="The day it is due", needed="Enter the day it is due")


class WithdrawForm(Form):
    """Why an audit is taken back."""

    why = LongText("Why is it withdrawn?", needed="Say why this audit is withdrawn", longest=1000)


class ReasonForm(Form):
    """Why a senior leader opens an audit."""

    reason = LongText(
        "Why do you need to open this audit?",
        needed="Say why you need to open this audit",
        longest=1000,
        hint="One sentence. It is kept with your name, and the quality assurance lead can read it.",
    )


class CorrectForm(Form):
    """Why an audit is corrected."""

    reason = LongText(
        "Why does it need correcting?",
        needed="Say why this audit needs correcting",
        longest=1000,
        hint="Everybody who reads the audit sees this reason. No names.",
    )


class ConversationForm(Form):
    """When the audit was talked through, or why it was not."""

    held = Choose(
        "Have you talked this audit through with the worker?",
        choices=choices([("yes", "Yes"), ("no", "No, there was no conversation")]),
    )
    on = Day("When did you talk?", [not_in_future], called="The day of the conversation")
    took_part = ChooseSeveral("Who took part?", choices=choices(list(TOOK_PART.items())))
    not_held = Choose("Why was there no conversation?", choices=choices(list(NOT_HELD.items())))
    not_held_why = Text("Another reason", longest=500)

    def validate(self, extra_validators: Any = None) -> bool:
        """Ask for the reason where there was no conversation; everything else may still be missing."""
        fine = super().validate(extra_validators)
        if self.held.data == "no" and not self.not_held.data:
            self.refuse(self.not_held, "Choose why there was no conversation")
            return False
        return bool(fine)

    @classmethod
    def of(cls, kept: Conversation, version: int) -> ConversationForm:
        """Show what was recorded."""
        held = "no" if kept.not_held else "yes" if kept.on or kept.took_part else None
        return cls(
            version=version,
            held=held,
            on=kept.on,
            took_part=list(kept.took_part),
            not_held=kept.not_held or None,
            not_held_why=kept.not_held_why,
        )

    def read(self) -> Conversation:
        """Give what the form says."""
        if self.held.data == "no":
            return Conversation(not_held=self.not_held.data or "", not_held_why=self.not_held_why.data or "")
        return Conversation(self.on.data, tuple(self.took_part.data or ()))


class OverallForm(Form):
    """The overall judgement, and what the work has meant for the child."""

    mark = Choose("How good is the work as a whole?")
    evidence = LongText("Why?", hint="What tips the balance? Point to the domains above.")
    so_what = LongText(
        "So what for this child?",
        hint="What is different in their life because of this work, or what are they still waiting for?",
    )

    @classmethod
    def of(cls, definition: Definition, kept: Recorded, version: int) -> OverallForm:
        """Show what was recorded."""
        overall = kept.judged.get("", Judged())
        form = cls(version=version, mark=overall.mark or None, evidence=overall.evidence, so_what=kept.so_what)
        form.mark.choices = choices([(mark.key, mark.word) for mark in definition.marks.marks])
        return form

    def read(self) -> tuple[Judged, str]:
        """Give what the form says: the judgement, and what it meant for the child."""
        return Judged(self.mark.data or "", self.evidence.data or ""), self.so_what.data or ""


class ReadForm(Form):
    """“I have read this”."""

    disagreement = LongText(
        "Do you see something differently? (optional)",
        hint="It is kept beside the audit in your words. You need not agree with everything to have read it.",
    )


class SubmitForm(Form):
    """Nothing to fill in: the button says what it does."""


# The worker's own view


def voice_form(definition: Definition, domains: Sequence[Domain], values: Mapping[str, Any]) -> Form:
    """Build the form of the worker's own view: four questions, and a mark for each judged domain if they wish."""
    marks = choices([(mark.key, mark.word) for mark in definition.marks.marks])
    fields: dict[str, Any] = {
        "proud_of": LongText("What am I proud of?", hint="In this work with this child."),
        "difference": LongText("What difference am I making?", hint="What is better for this child? How do you know?"),
        "do_differently": LongText("What would I do differently?"),
        "in_the_way": LongText("What got in the way?", hint="Caseload, waiting lists, anything. It is heard as such."),
    }
    if definition.marks.marks:
        fields |= {f"grade_{one.key}": Choose(one.title, choices=marks) for one in domains if one.judged}
    return cast("Form", type("VoiceForm", (Form,), fields)(data=dict(values)))


def read_voice(form: Form) -> dict[str, Any]:
    """Give what the worker wrote, as `operations.voice` takes it."""
    grades = {
        name.removeprefix("grade_"): field.data for name, field in form._fields.items() if name.startswith("grade_")
    }
    words = ("proud_of", "difference", "do_differently", "in_the_way")
    return {**{name: form[name].data or "" for name in words}, "grades": {k: v for k, v in grades.items() if v}}


# A domain's page


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


def domain_form(place: AtDomain, themes: Pairs, owners: Pairs, *, add: str = "") -> Form:
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


def read_domain(form: Form, place: AtDomain) -> DomainPage:
    """Give what the form says; where a number or day could not be read, what was kept before."""
    kept = place.working.recorded
    answers = {one.key: kept.answers[one.key] for one in place.domain.questions if one.key in kept.answers}
    comments = {one.key: kept.comments[one.key] for one in place.domain.questions if one.key in kept.comments}
    for question in place.domain.questions:
        field = form._fields.get(f"q_{question.key}")
        if field is not None and not field.errors:
            answers[question.key] = _value(field.data)
        if f"c_{question.key}" in form._fields:
            comments[question.key] = form[f"c_{question.key}"].data or ""
    judged = Judged(
        *((form[name].data or "") if name in form._fields else "" for name in ("mark", "evidence", "effect"))
    )
    return DomainPage(
        {key: value for key, value in answers.items() if value},
        {key: words for key, words in comments.items() if words},
        judged,
        [one for kind in ("strength", "learning") for one in _findings(form, kind) if one],
        [one for one in _actions(form) if one],
    )


def unkeepable(form: Form) -> list[str]:
    """Say which texts of a form that was checked cannot be kept at all; a half-typed day or number is none of them."""
    return [str(error) for field in form if isinstance(field, StringField) for error in field.errors]


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
        return Number(text, [_within(question)], called="The number", places=None)
    if question.answer is AnswerKind.DATE:
        return Day(text, [not_in_future] if question.not_future else [], called="The day")
    return LongText(text)


def _within(question: Question) -> Any:
    def check(_form: Any, field: Field) -> None:
        least, most = question.minimum, question.maximum
        if field.data is None:
            return
        if least is not None and field.data < Decimal(str(least)):
            raise ValidationError(f"The number must be {least:g} or more")
        if most is not None and field.data > Decimal(str(most)):
            raise ValidationError(f"The number must be {most:g} or less")

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
        fields[f"{at}-due"] = Day("By when?", called="The day it will be done by")
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
            found.append(Found(kind, form[f"{at}-theme"].data or "", words, evidence, form[f"{at}-child"].data or ""))
    return found


def _actions(form: Form) -> list[Drafted]:
    drafted = []
    for number in blocks(form, "action"):
        at = f"action-{number}"
        if not form[f"{at}-drop"].data:
            owner = form[f"{at}-owner"].data
            due, theme = form[f"{at}-due"].data, form[f"{at}-theme"].data or ""
            drafted.append(Drafted(form[f"{at}-what"].data or "", int(owner) if owner else None, due, theme))
    return drafted
