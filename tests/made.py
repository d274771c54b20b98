"""Making people, teams, cases and audits for tests, through the rooms' own operations."""

from __future__ import annotations

import uuid
from datetime import date
from typing import Any, TypeVar

from auditapp.actions.queries import due_after
from auditapp.audits import operations as audits
from auditapp.audits import queries as audits_read
from auditapp.audits.recorded import Conversation, DomainPage, Judged
from auditapp.cases.models import Case, Involvement, PopulationImport, TeamAlias, Worker, WorkerAlias
from auditapp.db import db, now, today
from auditapp.library import queries as library
from auditapp.library.kinds import AuditKind
from auditapp.people.models import Person, RoleGrant, Service, Team
from auditapp.people.roles import Role

LONG_AGO = date(2020, 1, 1)
NOTHING_CHANGED = {"lists": [], "cases": dict.fromkeys(("new", "changed", "gone", "unchanged"), 0), "passed_over": []}


Row = TypeVar("Row")


class Made:
    """Makes what a test needs; every name is invented and numbered."""

    def __init__(self) -> None:
        self.count = 0

    def number(self) -> int:
        """Give the next number."""
        self.count += 1
        return self.count

    def keep(self, row: Row) -> Row:
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

    def involvement(
        self,
        *,
        case: Case | None = None,
        team: Team | None = None,
        worker: Worker | None = None,
        list_key: str = "7",
        **values: Any,
    ) -> Involvement:
        """Make an open involvement of a child, of a new one unless given, on a plan since 3 March."""
        number = self.number()
        taken = self.keep(
            PopulationImport(as_at=date(2026, 6, 30), file_name="made", file_digest="", population_digest="",
                             taken_at=now(), taken_by=None, summary=NOTHING_CHANGED)
        )  # fmt: skip
        case = case or self.keep(Case(reference=f"{4000 + number}", last_import_id=taken.id))
        team_alias = self._alias(TeamAlias, team.name, team_id=team.id) if team else None
        worker_alias = self._alias(WorkerAlias, worker.name, worker_id=worker.id) if worker else None
        given: dict[str, Any] = {
            "started_on": date(2026, 3, 3),
            "facts": {"last_visited_on": "2026-06-12"},
            "open_then": True,
            "episode": f"e{number}",
            "digest": uuid.uuid4().hex,
            **values,
        }
        return self.keep(
            Involvement(case_id=case.id, list_key=list_key, import_id=taken.id, **given,
                        team_alias_id=team_alias.id if team_alias else None,
                        worker_alias_id=worker_alias.id if worker_alias else None)
        )  # fmt: skip

    def _alias(self, kind: Any, spelling: str, **values: Any) -> Any:
        held = db.session.query(kind).filter_by(folded=spelling.casefold()).one_or_none()
        return held or self.keep(kind(spelling=spelling, folded=spelling.casefold(), **values))

    def worker(self, person: Person | None = None) -> Worker:
        """Make a worker of an extract, who is this person if one is given."""
        name = person.name if person else f"Worker {self.number()}"
        return self.keep(Worker(name=name, person_id=person.id if person else None))

    def audit(
        self,
        *,
        involvement: Involvement | None = None,
        auditor: Person | None = None,
        template: str = "management_oversight",
        kind: AuditKind = AuditKind.MONTHLY,
        **where: Any,
    ) -> Any:
        """Open an audit; `where` (team, worker, case…) makes its involvement."""
        auditor = auditor or self.person(Role.AUDITOR)
        version = library.in_use(template)
        assert version is not None
        audit = audits.open(
            involvement or self.involvement(**where),
            version,
            kind=kind,
            auditor=auditor,
            due_on=due_after(today(), 20),
            by=None,
            at=now(),
        )
        db.session.commit()
        return audit

    def answered(self, audit: Any, mark: str = "good", **pages: DomainPage) -> Any:
        """Answer everything that an audit asks, with `mark` or (a domain named in `pages`) as given."""
        version = audit.versions[-1]
        definition = library.definition(audit.template_version)
        for domain in definition.domains:
            known = audits_read.recorded_in(version).answers
            if domain not in definition.in_play(known):
                continue
            page = pages.get(domain.key) or self.page(domain, mark, known)
            audits.answer(version, domain.key, page, by=audit.auditor_id, at=now())
        talk = Conversation(on=today(), took_part=("worker",))
        audits.hold_conversation(version, talk, by=audit.auditor_id, at=now())
        audits.judge(version, Judged(mark, "The whole picture."), "She is safer.", by=audit.auditor_id, at=now())
        db.session.commit()
        return audit

    def page(self, domain: Any, mark: str = "good", known: Any = None) -> DomainPage:
        """Make a full page of one domain: the first answer of each choice, words for words, what is known kept."""
        plain = {"text": "As recorded.", "number": "3", "date": "2026-06-01"}
        answers = {one.key: one.choices[0].key if one.choices else plain[one.answer.value] for one in domain.questions}
        several = {one.key: (answers[one.key],) for one in domain.questions if one.answer.value == "several"}
        held = {key: value for key, value in (known or {}).items() if key in answers}
        effect = "Her days have changed."
        return DomainPage(
            answers={**answers, **several, **held},
            comments=dict.fromkeys(answers, "Seen on 3 March."),
            judged=Judged(mark, "Supervision of 3 March.", effect) if domain.judged else Judged(),
        )

    def submitted(self, audit: Any = None, mark: str = "good", **more: Any) -> Any:
        """Make an audit that is answered in full and submitted."""
        audit = audit or self.audit(**more)
        self.answered(audit, mark)
        audits.submit(audit.versions[-1], by=audit.auditor_id, at=now())
        db.session.commit()
        return audit
