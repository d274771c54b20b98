"""Forms of signing in, of one's own account, and of keeping people, roles, services and teams."""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import date
from typing import Any

from wtforms import ValidationError

from auditapp.db import today
from auditapp.people.models import RoleGrant, Service, Team
from auditapp.people.passwords import LEAST, MOST
from auditapp.people.roles import COUNCIL_WIDE, Role
from auditapp.web.dates import day
from auditapp.web.forms import Choose, ChooseFromList, Day, Form, Password, Text, choices

LONGEST_ADDRESS = 254
LONGEST_NAME = 120
PASSWORD_HINT = f"{LEAST} characters or more. Three or four unrelated words are easy to remember and hard to guess."


def looks_like_address(text: str) -> bool:
    """Tell whether a text may be an email address; only sending to it would prove it."""
    return re.fullmatch(r"[^@\s]+@[^@\s.]+(\.[^@\s.]+)+", text) is not None


def is_address(_form: Any, field: Any) -> None:
    """Refuse what is no email address."""
    if not looks_like_address(field.data or ""):
        raise ValidationError("Enter an email address in the right form, like name@council.gov.uk")


def address_field() -> Text:
    """Give a field for a work address, which is the sign-in name."""
    return Text(
        "Work email address",
        [is_address],
        needed="Enter a work email address",
        hint="It is the name to sign in with.",
        longest=LONGEST_ADDRESS,
    )


class SignIn(Form):
    """Who are you, and what proves it."""

    email = Text("Email address", needed="Enter your email address", longest=LONGEST_ADDRESS)
    password = Password("Password", needed="Enter your password", longest=MOST)


class SetUp(Form):
    """A first password, by a set-up link."""

    new_password = Password("Password", needed="Enter a password", hint=PASSWORD_HINT, longest=MOST)


class FirstSetUp(Form):
    """The first administrator, by the link that the server printed."""

    name = Text("Your name", needed="Enter your name", longest=LONGEST_NAME)
    email = address_field()
    new_password = Password("Password", needed="Enter a password", hint=PASSWORD_HINT, longest=MOST)


class ChangePassword(Form):
    """A new password for oneself."""

    present_password = Password("Present password", needed="Enter your present password", longest=MOST)
    new_password = Password("New password", needed="Enter a new password", hint=PASSWORD_HINT, longest=MOST)


class Confirm(Form):
    """Nothing but a button."""


class EditPerson(Form):
    """Somebody's name and work address."""

    name = Text("Full name", needed="Enter a full name", longest=LONGEST_NAME)
    email = address_field()


def scope_choices(services: Sequence[Service], teams: Sequence[Team]) -> list[Any]:
    """Give where a role may hold: the council, a service or a team."""
    return choices(
        [
            ("council", "The whole council"),
            *((f"service-{one.id}", f"Service: {one.name}") for one in services),
            *((f"team-{one.id}", f"Team: {one.name}") for one in teams),
        ],
        empty="Choose where",
    )


class GrantRole(Form):
    """A role, where it holds, and from when to when."""

    role = Choose("Role", needed="Choose a role", choices=choices((role.value, role.words) for role in Role))
    scope = ChooseFromList("Where it holds", needed="Choose where the role holds")
    starts_on = Day("First day", needed="Enter the first day", default=today)
    ends_on = Day("Last day (optional)", called="Last day", hint="Leave it empty when no end is known.")

    def validate_scope(self, field: Any) -> None:
        """Refuse a team for a role of the whole council."""
        if self.role.data and Role(self.role.data) in COUNCIL_WIDE and field.data != "council":
            raise ValidationError(f"{Role(self.role.data).words} is a role for the whole council")


class AddPerson(EditPerson, GrantRole):
    """Somebody new, with their first role."""


class EndRole(Form):
    """When a role ends."""

    when = Choose("When does the role end?", needed="Choose when the role ends")
    last_day = Day("Last day", hint="The role still holds on this day.")

    @classmethod
    def of(cls, grant: RoleGrant, on: date) -> EndRole:
        """Make the form for one grant: now, or on a day to come."""
        form = cls()
        form.when.choices = choices([("now", "Now"), ("later", f"After a day, {day(on)} or later")])
        form.first_possible = max(on, grant.starts_on)
        return form

    first_possible: date

    def validate_last_day(self, field: Any) -> None:
        """Ask for the day only where it is wanted."""
        if self.when.data != "later":
            return
        if field.data is None and not field.errors:
            raise ValidationError("Enter the last day")
        if field.data and field.data < self.first_possible:
            raise ValidationError(f"Last day must be {day(self.first_possible)} or later")


class EditService(Form):
    """A service's name."""

    name = Text("Name of the service", needed="Enter the name of the service", longest=LONGEST_NAME)


class EditTeam(Form):
    """A team's name and service."""

    name = Text("Name of the team", needed="Enter the name of the team", longest=LONGEST_NAME)
    service = ChooseFromList("Service", needed="Choose a service")


class EndService(Form):
    """The last day of a service."""

    last_day = Day("Last day", needed="Enter the last day")


class EndTeam(Form):
    """The last day of a team, and who carries on."""

    last_day = Day("Last day", needed="Enter the last day")
    successor = ChooseFromList(
        "Which team carries on its work?",
        called="Team that carries on",
        hint="Reports then count the two as one line over time. Audits keep the name the team had.",
    )
