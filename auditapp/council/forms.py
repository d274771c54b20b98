"""The form of the council's decisions."""

from __future__ import annotations

from typing import Any

from wtforms import ValidationError

from auditapp.council.decisions import DUE_FROM, DUE_TO, LONGEST_NAME, Decisions
from auditapp.web import look
from auditapp.web.forms import Choose, Form, Text, Whole, choices


class DecisionsForm(Form):
    """What the council decides; `version` is the number of the latest decision shown."""

    name = Text(
        "Name of the council",
        needed="Enter the name of the council",
        hint="It stands at the top of every page and on reports.",
        longest=LONGEST_NAME,
    )
    colour = Text(
        "Colour",
        needed="Enter a colour",
        hint="As # and 6 letters or numbers, like #17494d. White text must be readable on it.",
        longest=7,
    )
    audit_due_days = Whole(
        "Working days until an audit is due",
        needed="Enter after how many working days an audit is due",
        hint="Counted from the day it is opened. Changing it does not move audits already open.",
        least=DUE_FROM,
        most=DUE_TO,
    )
    own_team_allowed = Choose(
        "May somebody audit a case of their own team?",
        needed="Choose whether somebody may audit a case of their own team",
        hint="Nobody ever audits their own case, or a child they have worked with.",
        choices=choices([("yes", "Yes"), ("no", "No")]),
    )

    @classmethod
    def of(cls, decisions: Decisions, version: int) -> DecisionsForm:
        """Show what is decided."""
        return cls(
            name=decisions.name,
            colour=decisions.colour,
            audit_due_days=decisions.audit_due_days,
            own_team_allowed="yes" if decisions.own_team_allowed else "no",
            version=version,
        )

    def validate_colour(self, field: Any) -> None:
        """Refuse a colour on which text cannot be read."""
        if why := look.fault(field.data):
            raise ValidationError(why)

    @property
    def decisions(self) -> Decisions:
        """Give what was decided with the form."""
        return Decisions(
            name=" ".join(str(self.name.data).split()),
            colour=str(self.colour.data).lower(),
            audit_due_days=int(self.audit_due_days.data or 0),
            own_team_allowed=self.own_team_allowed.data == "yes",
        )
