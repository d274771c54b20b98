"""The forms of an audit that are the same for every template, and the worker's own."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from typing import TYPE_CHECKING, Any, cast

from wtforms import Field, StringField, ValidationError

from auditapp.audits.recorded import (
    NOT_HELD,
    TOOK_PART,
    Conversation,
    Judged,
    Recorded,
)
from auditapp.db import today
from auditapp.web.forms import (
    Choose,
    ChooseFromList,
    ChooseSeveral,
    Day,
    Form,
    LongText,
    Text,
    Whole,
    choices,
)

if TYPE_CHECKING:
    from auditapp.library.template import Definition, Domain


def not_in_future(_form: Any, field: Field) -> None:
    """Refuse a day that has not come yet."""
    if isinstance(field.data, date) and field.data > today():
        raise ValidationError(f"{getattr(field, 'called', '') or field.label.text} must be today or in the past")


def sound(field: Field, otherwise: Any = None) -> Any:
    """Give what a field says; `otherwise` where it was refused: an autosave keeps nothing that is not offered."""
    return otherwise if field.errors else field.data


def not_in_past(_form: Any, field: Field) -> None:
    """Refuse a day that has gone by."""
    if isinstance(field.data, date) and field.data < today():
        raise ValidationError(f"{getattr(field, 'called', '') or field.label.text} must be today or later")


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
    due_on = Day("Due on", [not_in_past], called="The day it is due", needed="Enter the day it is due")


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
        """Ask for what an answer cannot be kept without: “yes” for its day or who took part, “no” for its reason."""
        super().validate(extra_validators)
        if self.held.data == "no" and not self.not_held.data:
            self.refuse(self.not_held, "Choose why there was no conversation")
        if self.held.data == "yes" and not (self.on.data or self.on.errors or self.took_part.data):
            self.refuse(self.on, "Enter the day of the conversation")
        return not self.refused

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

    mark_before = ""
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
        form.mark_before = overall.mark
        form.mark.choices = choices([(mark.key, mark.word) for mark in definition.marks.marks])
        return form

    def read(self) -> tuple[Judged, str]:
        """Give what the form says: the judgement, and what it meant for the child."""
        mark = sound(self.mark, self.mark_before) or ""
        return Judged(mark, self.evidence.data or ""), self.so_what.data or ""


class ReadForm(Form):
    """“I have read this”."""

    disagreement = LongText(
        "Do you see something differently? (optional)",
        hint="It is kept beside the audit in your words. You need not agree with everything to have read it.",
    )


class SubmitForm(Form):
    """Nothing to fill in: the button says what it does."""


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
        name.removeprefix("grade_"): sound(field) for name, field in form._fields.items() if name.startswith("grade_")
    }
    words = ("proud_of", "difference", "do_differently", "in_the_way")
    return {**{name: form[name].data or "" for name in words}, "grades": {k: v for k, v in grades.items() if v}}


def unkeepable(form: Form) -> list[str]:
    """Say which texts of a form that was checked cannot be kept at all; a half-typed day or number is none of them."""
    return [str(error) for field in form if isinstance(field, StringField) for error in field.errors]
