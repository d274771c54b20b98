"""The forms of the population: sending an extract, pointing at its columns, placing names."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from wtforms import ValidationError

from auditapp.cases.annex_a import PLAIN_ROLES, wrong_as_at
from auditapp.db import today
from auditapp.web.forms import ChooseFromList, Day, Form, Text, Tick, Upload, choices
from auditapp.web.words import count

ROLE_LABELS = {
    "reference": "Reference of the child",
    "team": "Team",
    "worker": "Worker",
    "status": "Status",
    "opened": "Opened on",
    "closed": "Closed on",
}


def _a_day_to_show(_form: Any, field: Any) -> None:
    if field.data and (wrong := wrong_as_at(field.data, today())):
        raise ValidationError(wrong)


class ImportForm(Form):
    """An extract and the day it shows."""

    file = Upload("Extract", needed="Choose the file to import")
    as_at = Day(
        "Which day does it show?",
        [_a_day_to_show],
        called="The day the extract shows",
        needed="Enter the day the extract shows",
    )


def take_form(gone: int, doubts: Sequence[str]) -> Form:
    """Make the form that takes an extract: a box to tick where there is a doubt whether it is the right file."""
    if not doubts:
        return Form()
    children = "this child is" if gone == 1 else f"these {count(gone)} children are"
    sure = (
        Tick(f"Yes, {children} gone", needed=f"Tick the box to say that {children} gone")
        if gone
        else Tick("Yes, this is the right file", needed="Tick the box to say that this is the right file")
    )
    form: Form = type("TakeForm", (Form,), {"sure": sure})()
    return form


def columns_form(titles: Sequence[str]) -> type[ImportForm]:
    """Make the form that points at the columns of a council's own list; `titles` are its headings."""
    offered = choices([(title, title) for title in dict.fromkeys(titles) if title], empty="Not in this list")
    fields = {
        role: ChooseFromList(
            ROLE_LABELS[role],
            choices=offered,
            needed="Choose the column that holds the reference of the child" if role == "reference" else "",
        )
        for role in PLAIN_ROLES
    }
    return type("ColumnsForm", (ImportForm,), fields)


def pointing_of(form: Form) -> dict[str, str]:
    """Give the columns that were pointed at: role to heading."""
    return {role: form[role].data for role in PLAIN_ROLES if form[role].data}


def places_form(offers: Mapping[str, tuple[str, Sequence[tuple[str, str]], str]]) -> Form:
    """Make the form that places names: field name → (spelling, what it may be placed on, what is chosen already)."""
    fields = {
        name: ChooseFromList(spelling, choices=choices(offered, empty="Leave waiting"), default=chosen)
        for name, (spelling, offered, chosen) in offers.items()
    }
    form: Form = type("PlacesForm", (Form,), fields)()
    return form


class RenameForm(Form):
    """Another name of a worker."""

    name = Text("Name", needed="Enter the worker's name", longest=120)


class MergeForm(Form):
    """Which other worker is the same."""

    other = ChooseFromList("Which worker is the same person?", needed="Choose a worker")
