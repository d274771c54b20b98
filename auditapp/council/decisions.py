"""What a council may decide, what stands until it does, and how a decision is kept as text."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass, fields
from typing import Any

USUAL_COLOUR = "#17494d"
DUE_FROM, DUE_TO = 1, 90
LONGEST_NAME = 80


@dataclass(frozen=True, slots=True)
class Decisions:
    """What is decided. `audit_due_days`: working days from opening an audit to its due day.

    `own_team_allowed`: whether somebody may audit a case of their own team (never their own case).
    """

    name: str = "Your council"
    colour: str = USUAL_COLOUR
    audit_due_days: int = 20
    own_team_allowed: bool = False


TITLES = {
    "name": "Name of the council",
    "colour": "Colour",
    "audit_due_days": "Audits are due after",
    "own_team_allowed": "Auditing in one's own team",
}


def read(kept: Mapping[str, str]) -> Decisions:
    """Give the decisions from the texts kept under their keys; what was never decided is as usual."""
    known = {item.name for item in fields(Decisions)}
    return Decisions(**{key: _read(key, text) for key, text in kept.items() if key in known})


def write(decisions: Decisions) -> dict[str, str]:
    """Give the texts under which decisions are kept."""
    return {key: "yes" if value is True else "no" if value is False else str(value) for key, value in _all(decisions)}


def changes(before: Decisions, after: Decisions) -> dict[str, str]:
    """Give the texts of what is decided anew."""
    old = write(before)
    return {key: text for key, text in write(after).items() if old[key] != text}


def in_words(key: str, text: str) -> str:
    """Say a kept decision as people do."""
    match key:
        case "audit_due_days":
            return f"{text} working {'day' if text == '1' else 'days'}"
        case "own_team_allowed":
            return "Allowed" if text == "yes" else "Not allowed"
        case _:
            return text


def _all(decisions: Decisions) -> list[tuple[str, Any]]:
    return list(asdict(decisions).items())


def _read(key: str, text: str) -> Any:
    match key:
        case "audit_due_days":
            return int(text)
        case "own_team_allowed":
            return text == "yes"
        case _:
            return text
