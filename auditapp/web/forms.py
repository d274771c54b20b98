"""Forms: what was typed is cleaned in one place, refused in words, and always kept on the page.

Every form carries a token against forged requests, the version of what it shows and an idempotency key.
"""

from __future__ import annotations

import unicodedata
import uuid
from collections.abc import Iterable, Sequence
from datetime import date
from typing import Any

from flask import abort
from flask_wtf import FlaskForm
from wtforms import ValidationError
from wtforms.fields import (
    BooleanField,
    DecimalField,
    Field,
    FileField,
    HiddenField,
    IntegerField,
    PasswordField,
    RadioField,
    SelectChoice,
    SelectField,
    SelectMultipleField,
    StringField,
    TextAreaField,
)
from wtforms.validators import StopValidation

from auditapp.web.dates import UnreadableDay, read_parts
from auditapp.web.words import count

LONGEST = 10_000
"""Characters that a text may have unless its field says less; an Excel cell ends at 32,767."""


def clean(text: str) -> str:
    """Give a text as it is kept: line ends as one character, letters composed (NFC), no blanks around it."""
    return unicodedata.normalize("NFC", text.replace("\r\n", "\n").replace("\r", "\n")).strip(" \t\n")


def unkeepable(text: str) -> str:
    """Say which character of a text cannot be kept, and where; nothing when all can.

    Control characters other than tab and line end break databases and workbooks; half a surrogate pair is no character.
    """
    for place, character in enumerate(text, 1):
        kind = unicodedata.category(character)
        if (kind == "Cc" and character not in "\t\n\r") or kind == "Cs" or ord(character) & 0xFFFE == 0xFFFE:
            return (
                f"character {count(place)} is a hidden control character (U+{ord(character):04X}) that cannot be kept"
            )
    return ""


def _clean_filter(value: Any) -> Any:
    return clean(value) if isinstance(value, str) else value


class _Keepable:
    """Refuses what cannot be kept, in words that say where."""

    def __init__(self, longest: int) -> None:
        self.longest = longest

    def __call__(self, form: Any, field: Field) -> None:
        text = field.data or ""
        if not isinstance(text, str):
            return
        if wrong := unkeepable(text):
            raise StopValidation(f"{named(field)}: {wrong}. Delete it and try again")
        if len(text) > self.longest:
            over = len(text) - self.longest
            raise StopValidation(
                f"{named(field)} must be {count(self.longest)} characters or fewer; it is {count(over)} too long"
            )


class Needed:
    """Refuses an empty field with the sentence given, such as “Enter the day of the conversation”."""

    field_flags = {"needed": True}  # noqa: RUF012 (WTForms reads it from the class)

    def __init__(self, message: str) -> None:
        self.message = message

    def __call__(self, form: Any, field: Field) -> None:
        if field.errors:
            raise StopValidation
        if field.data is None or field.data is False or field.data == "" or field.data == []:
            raise StopValidation(self.message)
        if isinstance(field, FileField) and not getattr(field.data, "filename", ""):
            raise StopValidation(self.message)


def named(field: Field) -> str:
    """Name a field at the beginning of a sentence."""
    return str(getattr(field, "called", "") or field.label.text.rstrip("?:"))


class _Kind:
    """What our kinds of field share: `needed` (the sentence when empty), `hint`, `called` (its name in messages)."""

    data: Any

    def __init__(
        self,
        label: str = "",
        validators: Sequence[Any] = (),
        *,
        needed: str = "",
        hint: str = "",
        called: str = "",
        longest: int | None = None,
        **kwargs: Any,
    ) -> None:
        self.called = called
        self.longest = longest
        first = [Needed(needed)] if needed else []
        super().__init__(label, [*first, *validators], description=hint, **kwargs)  # type: ignore[call-arg]


class Text(_Kind, StringField):
    """One line of text; `longest` in characters."""


class LongText(_Kind, TextAreaField):
    """Several lines of text; `longest` in characters shows a count once three quarters are used."""


class Password(_Kind, PasswordField):
    """A password, kept exactly as typed."""


class Whole(_Kind, IntegerField):
    """A whole number from `least` to `most`."""

    def __init__(
        self, label: str = "", validators: Sequence[Any] = (), *, least: int = 0, most: int = 1_000_000, **kwargs: Any
    ):
        self.least, self.most = least, most
        super().__init__(label, validators, **kwargs)

    def process_formdata(self, valuelist: list[str]) -> None:
        text = valuelist[0].strip().replace(",", "") if valuelist else ""
        self.data = None
        if not text:
            return
        if not (text.removeprefix("-").isascii() and text.removeprefix("-").isdigit()) or len(text) > 12:
            raise ValueError(f"{named(self)} must be a whole number, like {max(self.least, 3)}")
        number = int(text)
        self.data = number
        if not self.least <= number <= self.most:
            raise ValueError(f"{named(self)} must be from {count(self.least)} to {count(self.most)}")


class Number(_Kind, DecimalField):
    """A number, perhaps with decimals."""

    def process_formdata(self, valuelist: list[str]) -> None:
        text = valuelist[0].strip().replace(",", "") if valuelist else ""
        if not text:
            self.data = None
            return
        try:
            super().process_formdata([text])
        except ValueError:
            raise ValueError(f"{named(self)} must be a number, like 2.5") from None
        if self.data is not None and (not self.data.is_finite() or abs(self.data) > 10**12):
            self.data = None
            raise ValueError(f"{named(self)} must be a number, like 2.5")


class Choose(_Kind, RadioField):
    """One of a few, as radios; `choices` are SelectChoice(value, label) or set later. None when nothing is chosen."""

    def pre_validate(self, form: Any) -> None:
        if self.data in (None, ""):
            self.data = None
            return
        if not any(choice.value == self.data for choice in self.iter_choices()):
            raise ValidationError(f"{named(self)}: choose one of the answers shown")


class ChooseFromList(_Kind, SelectField):
    """One of many, as a drop-down list; give the empty first choice yourself."""

    def pre_validate(self, form: Any) -> None:
        if not any(choice.value == self.data for choice in self.iter_choices()):
            raise ValidationError(f"{named(self)}: choose one from the list")


class ChooseSeveral(_Kind, SelectMultipleField):
    """Any number of several, as check boxes; an empty list when none is chosen."""

    def pre_validate(self, form: Any) -> None:
        known = {choice.value for choice in self.iter_choices()}
        if any(value not in known for value in self.data or ()):
            raise ValidationError(f"{named(self)}: choose from the answers shown")


class Tick(_Kind, BooleanField):
    """One check box."""


class Upload(_Kind, FileField):
    """A file."""


class Day(_Kind, Field):
    """A day in three boxes: `name-day`, `name-month`, `name-year`. Its data is a date or None."""

    PARTS = ("day", "month", "year")
    widget = None

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        self.typed: dict[str, str] = {}
        self.wrong_parts: tuple[str, ...] = ()
        super().__init__(*args, **kwargs)

    def process(self, formdata: Any, data: Any = None, extra_filters: Any = None) -> None:
        """Read the three boxes, or show a day already known."""
        self.process_errors = []
        self.object_data = (
            data if isinstance(data, date) else (self.default() if callable(self.default) else self.default)
        )
        self.data = self.object_data
        if formdata is None or not any(f"{self.name}-{part}" in formdata for part in self.PARTS):
            if self.data:
                self.typed = {part: str(getattr(self.data, part)) for part in self.PARTS}
            return
        self.typed = {part: formdata.get(f"{self.name}-{part}", "") for part in self.PARTS}
        self.raw_data = list(self.typed.values())
        self.data = None
        try:
            self.data = read_parts(**self.typed, what=named(self))
        except UnreadableDay as problem:
            self.wrong_parts = problem.parts
            self.process_errors.append(str(problem))

    def pre_validate(self, form: Any) -> None:
        """Keep to what is wrong with the boxes: nothing else can be said of a day that was not read."""
        if self.process_errors:
            raise StopValidation


class Version(HiddenField):
    """The version of what the form shows; a whole number. A form sent without one was shown nothing: it is 0,
    which no row has, so that leaving the field out overwrites nobody.
    """

    def process_formdata(self, valuelist: list[str]) -> None:
        text = valuelist[0] if valuelist else ""
        if text and not (text.isascii() and text.isdigit() and len(text) < 10):
            abort(400)
        self.data = int(text) if text else 0


class Key(HiddenField):
    """The idempotency key: a form sent twice has one effect."""

    def process_formdata(self, valuelist: list[str]) -> None:
        text = valuelist[0] if valuelist else ""
        if len(text) > 64 or not all(c.isascii() and (c.isalnum() or c == "-") for c in text):
            abort(400)
        self.data = text or uuid.uuid4().hex


class Form(FlaskForm):
    """The form that all forms extend.

    Give `version=row.version` when it shows something that others may change meanwhile, and take it back as
    `form.version.data` for `db.take`.
    """

    version = Version()
    idempotency_key = Key(default=lambda: uuid.uuid4().hex)

    class Meta(FlaskForm.Meta):  # type: ignore[misc, unused-ignore]
        """No time limit on the token: the login session is the limit."""

        csrf_time_limit = None

        def bind_field(self, form: Any, unbound_field: Any, options: dict[str, Any]) -> Field:
            """Clean and check every text, of whatever kind, before anything else looks at it."""
            field = unbound_field.bind(form=form, **options)
            if isinstance(field, StringField) and not isinstance(field, HiddenField):
                if not isinstance(field, PasswordField):
                    field.filters = (_clean_filter, *field.filters)
                field.validators = (_Keepable(getattr(field, "longest", None) or LONGEST), *field.validators)
            return field

    def refuse(self, field: Field, message: str) -> None:
        """Say what is wrong with a field after an operation refused it; shown beside it and in the summary."""
        field.errors = [*field.errors, message]

    @property
    def refused(self) -> bool:
        """Whether anything is wrong, so that the page's title must say so."""
        return bool(self.errors) or bool(self.form_errors)


def choices(pairs: Iterable[tuple[str, str]], empty: str | None = None) -> list[SelectChoice]:
    """Make choices from (value, label) pairs; `empty` adds a first one that means none, such as “All teams”."""
    first = [] if empty is None else [SelectChoice("", empty)]
    return [*first, *(SelectChoice(value, label) for value, label in pairs)]
