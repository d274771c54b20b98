"""The invented council: its services and teams, who works there, who signs in. Nobody in it is real."""

from __future__ import annotations

import random
from dataclasses import dataclass
from functools import cache
from itertools import product

from auditapp.people.roles import Role

NAME = "Anyshire Council"
COLOUR = "#1d4f5c"
DOMAIN = "anyshire.example"
PASSWORD = "lantern-orchard-ferry"  # printed when served  # noqa: S105
SEED = "Anyshire"

SERVICES: dict[str, tuple[str, ...]] = {
    "Front Door and Assessment": ("Front Door", "Assessment North", "Assessment South", "Assessment East"),
    "Early Help": ("Early Help North", "Early Help South", "Early Help East"),
    "Locality North": ("Locality North 1", "Locality North 2", "Locality North 3", "Locality North 4"),
    "Locality South": ("Locality South 1", "Locality South 2", "Locality South 3", "Locality South 4"),
    "Children in Care": ("Children in Care North", "Children in Care South", "Court and Permanence", "Edge of Care"),
    "Leaving Care": ("Leaving Care North", "Leaving Care South", "Unaccompanied Young People"),
    "Disabled Children": ("Disabled Children Under 12", "Disabled Children 12 and Over"),
}
"""Seven services and their twenty-four teams."""

TEAMS = tuple(team for teams in SERVICES.values() for team in teams)
SERVICE_OF = {team: service for service, teams in SERVICES.items() for team in teams}
WORKERS_A_TEAM = 5

FIRST = (
    "Aisha", "Alun", "Amara", "Anil", "Beth", "Bogdan", "Callum", "Carys", "Chidi", "Clare", "Danuta", "Darius", "Dawn",
    "Ebele", "Eilidh", "Esme", "Farah", "Femi", "Fraser", "Gita", "Gwen", "Hamza", "Hana", "Idris", "Imogen", "Ines",
    "Jakub", "Jess", "Jomo", "Kasia", "Keir", "Kemi", "Lena", "Liam", "Lucia", "Maisie", "Mehmet", "Mina", "Nadia",
    "Ngozi", "Noor", "Odette", "Olu", "Orla", "Parveen", "Perry", "Rafi", "Rhian", "Rosa", "Sade", "Samir", "Sioned",
    "Stefan", "Tamsin", "Tariq", "Thea", "Umar", "Vera", "Wanjiru", "Yasmin", "Yiannis", "Zofia",
)  # fmt: skip
LAST = (
    "Abernock", "Adeyo", "Ashmarsh", "Barrowdine", "Bektas", "Birchfen", "Calloway-Reed", "Chandrell", "Corvane",
    "Dabrowik", "Dunmere", "Ekwemo", "Elmscott", "Farrinder", "Fenwray", "Gallowhay", "Garrodan", "Hallibrook",
    "Haverill-Osei", "Iqbalzai", "Jarnwick", "Kestrelby", "Kowalske", "Lathomer", "Lindqvale", "Marchbanke", "Mbetawa",
    "Mistrani", "Netherwood", "Nwachi", "Oakhanger", "Okaforde", "Pellowe", "Pemberlane", "Quillan", "Rahmanzi",
    "Ravenhurst", "Rossetter", "Sahotra", "Silverdene", "Strathmoor", "Tallowin", "Thackwell", "Umberleigh", "Varmali",
    "Wetherane", "Winterbrook", "Yarrowden", "Zielonko",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Someone:
    """One person who works at Anyshire: their role, and the team or service it is for (neither: the council)."""

    name: str
    email: str
    role: Role
    team: str = ""
    service: str = ""
    signs_in: bool = False


FIXED = (
    Someone("Leila Marchbanke", f"worker@{DOMAIN}", Role.WORKER, team="Locality North 1", signs_in=True),
    Someone("Priya Sahotra", f"manager@{DOMAIN}", Role.TEAM_MANAGER, team="Locality North 1", signs_in=True),
    Someone("Tomasz Kowalske", f"auditor@{DOMAIN}", Role.AUDITOR, signs_in=True),
    Someone("Grace Adeyo", f"moderator@{DOMAIN}", Role.MODERATOR, signs_in=True),
    Someone("Helen Ashmarsh", f"qa@{DOMAIN}", Role.QA_LEAD, signs_in=True),
    Someone("Marcus Birchfen", f"leader@{DOMAIN}", Role.SENIOR_LEADER, service="Locality North", signs_in=True),
    Someone("Ruth Pemberlane", f"member@{DOMAIN}", Role.LEAD_MEMBER, signs_in=True),
    Someone("Dev Mistrani", f"admin@{DOMAIN}", Role.ADMINISTRATOR, signs_in=True),
)
"""One sign-in for each role, all with the same password."""

PEOPLE = 60
OTHER_AUDITORS = 5
SECOND_MODERATOR = 1


@cache
def people() -> tuple[Someone, ...]:
    """The sixty people of Anyshire, the fixed sign-ins first. The same every time."""
    names = (name for name in _names() if name not in {one.name for one in FIXED})
    led = {one.team for one in FIXED if one.role is Role.TEAM_MANAGER}
    answered = {one.service for one in FIXED if one.role is Role.SENIOR_LEADER}
    found = list(FIXED)
    found += [_someone(next(names), Role.TEAM_MANAGER, team=team) for team in TEAMS if team not in led]
    found += [_someone(next(names), Role.SENIOR_LEADER, service=one) for one in SERVICES if one not in answered]
    found += [_someone(next(names), Role.AUDITOR) for _ in range(OTHER_AUDITORS)]
    found += [_someone(next(names), Role.MODERATOR) for _ in range(SECOND_MODERATOR)]
    worker_teams = (TEAMS[number % len(TEAMS)] for number in range(PEOPLE))
    found += [_someone(next(names), Role.WORKER, team=next(worker_teams)) for _ in range(PEOPLE - len(found))]
    return tuple(found)


@cache
def workers() -> dict[str, tuple[str, ...]]:
    """For each team, the workers that an extract names: those who sign in first, then others."""
    own: dict[str, list[str]] = {team: [] for team in TEAMS}
    for one in people():
        if one.role is Role.WORKER:
            own[one.team].append(one.name)
    names = iter(_names()[PEOPLE * 2 :])
    return {team: tuple(held + [next(names) for _ in range(WORKERS_A_TEAM - len(held))]) for team, held in own.items()}


def as_spelt(name: str) -> str:
    """How the record system's extract spells a worker: “Marchbanke, Leila”."""
    first, _, last = name.partition(" ")
    return f"{last}, {first}"


def _names() -> list[str]:
    names = [f"{first} {last}" for first, last in product(FIRST, LAST)]
    random.Random(f"{SEED} names").shuffle(names)  # invented people, the same every time  # noqa: S311
    return names


def _someone(name: str, role: Role, *, team: str = "", service: str = "") -> Someone:
    email = f"{name.lower().replace(' ', '.').replace('-', '')}@{DOMAIN}"
    return Someone(name, email, role, team, service)
