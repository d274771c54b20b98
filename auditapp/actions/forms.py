"""The forms of an action's page."""

from __future__ import annotations

from auditapp.actions.models import Outcome
from auditapp.web.forms import Choose, Form, LongText, choices


class DoneForm(Form):
    """The owner says what was done."""

    words = LongText(
        "What did you do, and where in the record can it be seen?",
        needed="Say what you did, and where in the record it can be seen",
        longest=2000,
        hint="Record and date. No names.",
    )


class SeenForm(Form):
    """Somebody else looked in the record."""

    found = Choose(
        "Can you see in the child’s record that it was done?",
        choices=choices([("yes", "Yes, I have seen it in the record"), ("no", "No, not yet")]),
        needed="Choose whether you have seen it in the record",
    )
    words = LongText(
        "Where did you see it, or what is missing?",
        needed="Say where you saw it, or what is missing",
        longest=2000,
        hint="Record and date. No names.",
    )


class EndForm(Form):
    """Why an action ends without being done."""

    outcome = Choose(
        "What has happened?",
        choices=choices(
            [
                (Outcome.NOT_NEEDED.value, "It is not needed any more"),
                (Outcome.CASE_CLOSED.value, "The case was closed"),
                (Outcome.TRANSFERRED.value, "The case was transferred"),
            ]
        ),
        needed="Choose what has happened",
    )
    why = LongText("Why?", needed="Say why this action ends", longest=1000)
