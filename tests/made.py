"""Making people, teams, cases and audits for tests, through the rooms' own operations."""

from __future__ import annotations

from datetime import date
from typing import Any

from auditapp.db import db, now
from auditapp.people.models import Person, RoleGrant, Service, Team
from auditapp.people.roles import Role

LONG_AGO = date(2020, 1, 1)


class Made:
    """Makes what a test needs; every name is invented and numbered."""

    def __init__(self) -> None:
        self.count = 0

    def number(self) -> int:
        """Give the next number."""
        self.count += 1
        return self.count

    def keep(self, row: Any) -> Any:
        """Store a row and commit."""
        db.session.add(row)
        db.session.commit()
        return row

    def service(self, name: str = "") -> Service:
        """Make a service."""
        return self.keep(Service(name=name or f"Service {self.number()}"))

    def team(self, name: str = "", service: Service | None = None) -> Team:
        """Make a team, in a service of its own unless one is given."""
        return self.keep(Team(name=name or f"Team {self.number()}", service_id=(service or self.service()).id))

    def person(self, *roles: Role, name: str = "", team: Team | None = None, service: Service | None = None) -> Person:
        """Make a person who holds these roles for the team, the service or (neither) the council."""
        number = self.number()
        person = self.keep(Person(name=name or f"Person {number}", email=f"person{number}@council.example"))
        for role in roles:
            self.keep(
                RoleGrant(
                    person_id=person.id,
                    role=role,
                    team_id=team.id if team else None,
                    service_id=service.id if service and not team else None,
                    starts_on=LONG_AGO,
                )
            )
        return person

    def now(self) -> Any:
        """Give this moment."""
        return now()
