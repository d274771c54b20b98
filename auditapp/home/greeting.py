"""What home says first, what its figures are about, and what it says to a role for whom nothing is waiting."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date

from auditapp.people.roles import Role


def greeting(hour: int, name: str) -> str:
    """Greet somebody by their first name; `hour` is 0–23 in London."""
    part = "morning" if 4 <= hour < 12 else "afternoon" if 12 <= hour < 18 else "evening"
    first = name.split()[0] if name.split() else name
    return f"Good {part}, {first}"


def first_of_months(until: date, months: int) -> date:
    """Give the first day of the period of so many calendar months that ends with the month of `until`."""
    number = until.year * 12 + until.month - months
    return date(number // 12, number % 12 + 1, 1)


def whose(roles: Collection[Role], *, everything: bool) -> str:
    """Say whose audits somebody's figures are about."""
    if everything:
        return "The council"
    return "Your services" if Role.SENIOR_LEADER in roles else "Your team"


@dataclass(frozen=True, slots=True)
class Step:
    """One step of setting a council up: what to do, why, and the words of the link there."""

    text: str
    why: str
    following: str


NAME_AND_COLOUR = Step(
    "Give the council its name and colour", "They stand on every page and every report.", "Change settings"
)
SERVICES_AND_TEAMS = Step(
    "Add your services and their teams", "Roles, cases and figures go by team.", "Add services and teams"
)
PEOPLE = Step(
    "Add the people who work with this",
    "A quality assurance lead first, then auditors, managers, workers.",
    "Add a person",
)
POPULATION = Step(
    "Import the population", "Before the first audit: audits are opened from the cases in it.", "Import an extract"
)
PLACE_NAMES = Step("Place the names in the extract", "Then each case shows to its team and its worker.", "Place names")


NOTHING = {
    Role.QA_LEAD: "Nothing is waiting for you today. Open an audit from a case, or look at what the last audits say.",
    Role.TEAM_MANAGER: "Nothing is waiting for you today. Your team's audits stand here once they are submitted.",
    Role.AUDITOR: "Nothing is waiting for you today. An audit allocated to you stands here with its due day.",
    Role.MODERATOR: "Nothing is waiting for you today. An audit allocated to you stands here with its due day.",
    Role.WORKER: "Nothing is waiting for you today. When one of your cases is audited, the invitation stands here.",
    Role.SENIOR_LEADER: "Nothing is waiting for you today. Overdue actions of your services stand here.",
    Role.LEAD_MEMBER: (
        "Nothing has been published yet. Reports that the quality assurance lead publishes will stand under Reports; "
        "single audits are never part of them."
    ),
    Role.ADMINISTRATOR: "Nothing is waiting for you today.",
}
"""In the order in which somebody with several roles is spoken to."""


def nothing_waiting(roles: Collection[Role]) -> str:
    """Say what will stand here, to somebody for whom nothing is waiting."""
    return next((words for role, words in NOTHING.items() if role in roles), "Nothing is waiting for you today.")
