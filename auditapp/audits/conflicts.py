"""Who may not audit a case: nobody judges their own work, or a child they have worked with.

An extract names the workers who hold a child's involvements, and no reviewing officers or conference chairs unless a
list gives them as worker. Whoever reviews or chairs without standing there hands the audit back.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Candidate:
    """Somebody who might audit: the workers of the extract that they are, the teams they work in or lead."""

    person_id: int
    name: str
    worker_ids: frozenset[int] = frozenset()
    team_ids: frozenset[int] = frozenset()


@dataclass(frozen=True, slots=True)
class Held:
    """One involvement of the child: what it is (“Child protection”), who holds it, and whether it has ended."""

    title: str
    worker_id: int | None
    ended: bool = False


@dataclass(frozen=True, slots=True)
class Matter:
    """The case to be audited: who holds the audited involvement, its team, and all involvements of the child."""

    worker_id: int | None
    team_id: int | None
    team: str = ""
    held: Sequence[Held] = ()


def refusals(candidate: Candidate, matter: Matter, *, own_team_allowed: bool) -> tuple[str, ...]:
    """Give every reason, as a sentence, why somebody may not audit a case; none when they may."""
    found = []
    if matter.worker_id in candidate.worker_ids:
        found.append(f"{candidate.name} is this case’s own worker.")
    else:
        found += [_worked_with(candidate, held) for held in matter.held if held.worker_id in candidate.worker_ids][:1]
    if not own_team_allowed and matter.team_id in candidate.team_ids:
        found.append(f"{candidate.name} belongs to the case’s own team{f', {matter.team}' if matter.team else ''}.")
    return tuple(found)


def free(candidates: Collection[Candidate], matter: Matter, *, own_team_allowed: bool) -> tuple[Candidate, ...]:
    """Give those of the candidates who may audit a case, in their order."""
    return tuple(one for one in candidates if not refusals(one, matter, own_team_allowed=own_team_allowed))


def _worked_with(candidate: Candidate, held: Held) -> str:
    how = "has worked" if held.ended else "works"
    return f"{candidate.name} {how} with this child ({held.title[:1].lower()}{held.title[1:]})."
