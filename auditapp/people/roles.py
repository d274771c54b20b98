"""Who may do what: the roles, the acts, and the one table that ties them.

An act says what somebody may ever do; which rows it reaches is said by the scoped queries of each room. A new right is
one line in `RIGHTS`.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum


class Role(StrEnum):
    """What somebody was granted, for the council, a service or a team, from a day to a day."""

    WORKER = "worker"
    TEAM_MANAGER = "team_manager"
    AUDITOR = "auditor"
    MODERATOR = "moderator"
    QA_LEAD = "qa_lead"
    SENIOR_LEADER = "senior_leader"
    LEAD_MEMBER = "lead_member"
    ADMINISTRATOR = "administrator"

    @property
    def words(self) -> str:
        """The role as people say it."""
        return WORDS[self]


WORDS = {
    Role.WORKER: "Social worker or early help worker",
    Role.TEAM_MANAGER: "Team manager",
    Role.AUDITOR: "Auditor",
    Role.MODERATOR: "Moderator",
    Role.QA_LEAD: "Quality assurance lead",
    Role.SENIOR_LEADER: "Senior leader",
    Role.LEAD_MEMBER: "Lead member",
    Role.ADMINISTRATOR: "Administrator",
}

COUNCIL_WIDE = frozenset({Role.LEAD_MEMBER, Role.ADMINISTRATOR})
"""Roles that are granted for the whole council only."""


class Act(StrEnum):
    """Something a page or a button does."""

    KEEP_PEOPLE = "keep people, teams and roles"
    KEEP_SETTINGS = "keep the council's settings"
    READ_WHO_OPENED = "read who opened what"
    READ_TEMPLATES = "read audit templates"
    KEEP_TEMPLATES = "add and publish audit templates"
    TAKE_POPULATION = "import the population"
    PLACE_NAMES = "place names of an extract"
    SEE_CASES = "see cases"
    OPEN_AUDITS = "open and allocate audits"
    SEE_AUDITS = "see audits"
    DO_AUDITS = "carry out an audit"
    TAKE_PART = "take part in the audit of one's own case"
    READ_WITH_REASON = "open a submitted audit with a reason"
    SEE_ACTIONS = "see actions"
    MOVE_ACTIONS = "say that an action is done, or was seen in the record"
    READ_REPORTS = "read reports within scope"
    READ_PUBLISHED = "read published reports"


EVERYBODY = frozenset(Role)
STAFF = EVERYBODY - {Role.LEAD_MEMBER, Role.ADMINISTRATOR}
READERS = frozenset({Role.WORKER, Role.TEAM_MANAGER, Role.AUDITOR, Role.MODERATOR, Role.QA_LEAD})

RIGHTS: dict[Act, frozenset[Role]] = {
    Act.KEEP_PEOPLE: frozenset({Role.ADMINISTRATOR}),
    Act.KEEP_SETTINGS: frozenset({Role.ADMINISTRATOR}),
    Act.READ_WHO_OPENED: frozenset({Role.ADMINISTRATOR, Role.QA_LEAD}),
    Act.READ_TEMPLATES: STAFF,
    Act.KEEP_TEMPLATES: frozenset({Role.QA_LEAD}),
    Act.TAKE_POPULATION: frozenset({Role.QA_LEAD, Role.ADMINISTRATOR}),
    Act.PLACE_NAMES: frozenset({Role.QA_LEAD, Role.ADMINISTRATOR}),
    Act.SEE_CASES: READERS,
    Act.OPEN_AUDITS: frozenset({Role.QA_LEAD}),
    Act.SEE_AUDITS: READERS | {Role.SENIOR_LEADER},
    Act.DO_AUDITS: READERS,
    Act.TAKE_PART: READERS,
    Act.READ_WITH_REASON: frozenset({Role.SENIOR_LEADER}),
    Act.SEE_ACTIONS: STAFF,
    Act.MOVE_ACTIONS: STAFF,
    Act.READ_REPORTS: frozenset({Role.TEAM_MANAGER, Role.QA_LEAD, Role.SENIOR_LEADER}),
    Act.READ_PUBLISHED: EVERYBODY - {Role.ADMINISTRATOR},
}


FOR_THE_WHOLE_COUNCIL = frozenset({Act.TAKE_POPULATION, Act.PLACE_NAMES})
"""Acts that a role allows only where it is held for the whole council: what they change belongs to every team."""


@dataclass(frozen=True, slots=True)
class Grant:
    """One role in force: for one team, one service, or (neither) the council."""

    role: Role
    service_id: int | None = None
    team_id: int | None = None


@dataclass(frozen=True, slots=True)
class Scope:
    """Which teams a right reaches: everything, or these teams (a service's teams are already among them)."""

    everything: bool
    team_ids: frozenset[int] = frozenset()

    def holds(self, team_id: int | None) -> bool:
        """Tell whether a team lies inside; a row without a team only inside everything."""
        return self.everything or (team_id is not None and team_id in self.team_ids)


NOTHING = Scope(everything=False)


@dataclass(frozen=True, slots=True)
class Viewer:
    """Whoever is signed in: their grants in force today and the workers of an extract that they are."""

    person_id: int
    name: str
    grants: tuple[Grant, ...] = ()
    worker_ids: frozenset[int] = frozenset()
    teams_of_service: dict[int, frozenset[int]] = field(default_factory=dict, hash=False, compare=False)

    @property
    def roles(self) -> frozenset[Role]:
        """Every role held somewhere today."""
        return frozenset(grant.role for grant in self.grants)

    def may(self, act: Act) -> bool:
        """Tell whether some role held today allows the act at all."""
        roles = self.roles
        if act in FOR_THE_WHOLE_COUNCIL:
            roles = frozenset(one.role for one in self.grants if one.team_id is None and one.service_id is None)
        return bool(RIGHTS[act] & roles)

    def scope(self, *roles: Role) -> Scope:
        """Give the teams that these roles reach together."""
        held = [grant for grant in self.grants if grant.role in roles]
        if any(grant.team_id is None and grant.service_id is None for grant in held):
            return Scope(everything=True)
        teams = {grant.team_id for grant in held if grant.team_id is not None}
        for grant in held:
            if grant.service_id is not None:
                teams |= self.teams_of_service.get(grant.service_id, frozenset())
        return Scope(everything=False, team_ids=frozenset(teams))


def in_force(starts: date, ends: date | None, on: date) -> bool:
    """Tell whether something dated holds on a day; its last day is included."""
    return starts <= on and (ends is None or on <= ends)


def may_end(administrators: Iterable[int], person_id: int) -> bool:
    """Tell whether a person's administrator role may end: somebody else must still hold it."""
    return bool(set(administrators) - {person_id})
