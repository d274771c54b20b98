"""Who may: every route, with every method, for everybody in every relation to it, held against one table.

The table is the product's rule, not the code's: a route that has no line fails, and so does a cell off the table.
Whoever may not gets 404, the same as for what does not exist; whoever is signed out is asked to sign in.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import timedelta
from importlib.resources import files
from typing import Any

import pytest

from auditapp.actions.queries import of_origin
from auditapp.audits import operations as audits
from auditapp.audits.recorded import Drafted
from auditapp.cases import operations as cases
from auditapp.db import db, now, today
from auditapp.jobs.models import Job, State
from auditapp.library import operations as library_operations
from auditapp.library import queries as library
from auditapp.people import operations as people
from auditapp.people.models import LoginSession
from auditapp.people.queries import live_session
from auditapp.people.roles import Role
from auditapp.reports import queries as reports
from auditapp.web import done
from tests import extracts

SIGNED_OUT = "signed out"
VIEWERS = (
    "auditor",  # of both audits
    "worker",  # whose case both audits read
    "manager",  # of the team both audits belong to
    "leader",  # of that team's service
    "qa",
    "administrator",
    "lead member",
    "moderator",
    "other auditor",
    "other worker",
    "other manager",
    "other leader",
    "no role",
    SIGNED_OUT,
)
ALL = frozenset(VIEWERS)
SIGNED_IN = ALL - {SIGNED_OUT}
STAFF = SIGNED_IN - {"administrator", "lead member", "no role"}
READERS = STAFF - {"leader", "other leader"}
QA = frozenset({"qa"})
KEEPER = frozenset({"administrator"})
EXTRACTS = frozenset({"qa", "administrator"})
REPORTING = frozenset({"qa", "manager", "other manager", "leader", "other leader"})
NOBODY: frozenset[str] = frozenset()


def only(*names: str) -> frozenset[str]:
    assert ALL.issuperset(names)
    return frozenset(names)


AUDITOR, WORKER, LEADER = only("auditor"), only("worker"), only("leader")
FULL_TEXT = only("auditor", "worker", "manager", "qa")
IN_SIGHT = only("auditor", "worker", "qa")
ACTION = only("worker", "auditor", "manager", "qa", "leader")


@dataclass(frozen=True)
class ByState:
    """Who may while an audit is open, and once it is submitted."""

    open: frozenset[str]
    submitted: frozenset[str]


POLICY: dict[str, frozenset[str] | ByState] = {
    # open to everybody
    "static": ALL,
    "health.healthz": ALL,
    "session.colour": ALL,
    "session.token": SIGNED_IN,
    "session.stay": SIGNED_IN,
    "help.about": ALL,
    "help.accessibility": ALL,
    "help.privacy": ALL,
    "people.sign_in": ALL,
    "people.sign_out": ALL,
    "people.set_up": ALL,
    # one's own
    "home.index": SIGNED_IN,
    "help.index_of_help": SIGNED_IN,
    "people.account": SIGNED_IN,
    "people.change_password": SIGNED_IN,
    "people.end_own_session": AUDITOR,
    "people.end_own_sessions": SIGNED_IN,
    "jobs.show": QA,
    "jobs.progress": QA,
    # people and the council
    **dict.fromkeys(
        (
            "people.index", "people.csv", "people.add", "people.show", "people.change", "people.link",
            "people.end_sessions", "people.end", "people.bring_back", "people.add_role", "people.end_role",
            "people.teams", "people.add_service", "people.change_service", "people.end_service",
            "people.reopen_service", "people.add_team", "people.change_team", "people.end_team", "people.reopen_team",
            "council.show", "council.change",
        ),
        KEEPER,
    ),
    # the library
    **dict.fromkeys(
        ("library.index", "library.scales", "library.themes", "library.template", "library.version", "library.export"),
        STAFF,
    ),
    **dict.fromkeys(
        (
            "library.add", "library.add_theme", "library.end_theme", "library.publish", "library.discard",
            "library.use",
        ),
        QA,
    ),
    # cases
    **dict.fromkeys(("cases.index", "cases.export"), READERS),
    "cases.show": only("auditor", "worker", "manager", "qa"),
    **dict.fromkeys(
        (
            "cases.population", "cases.import_extract", "cases.taken", "cases.taken_problems", "cases.names",
            "cases.placed_names", "cases.undo_team", "cases.undo_worker", "cases.rename_worker", "cases.merge_workers",
        ),
        EXTRACTS,
    ),
    **dict.fromkeys(("cases.columns", "cases.preview", "cases.preview_problems"), QA),
    # audits
    **dict.fromkeys(("audits.index", "audits.export"), STAFF),
    **dict.fromkeys(("audits.begin", "audits.open_for"), QA),
    "audits.show": ByState(IN_SIGHT, IN_SIGHT | {"manager", "leader"}),
    **dict.fromkeys(("audits.record", "audits.printed", "audits.earlier"), ByState(NOBODY, FULL_TEXT)),
    "audits.reason": ByState(NOBODY, LEADER),
    "audits.openings": EXTRACTS,
    "audits.opened": ByState(EXTRACTS, EXTRACTS),
    **dict.fromkeys(("audits.allocation", "audits.withdraw"), ByState(QA, QA)),
    **dict.fromkeys(
        (
            "audits.tasks", "audits.domain", "audits.autosave_domain", "audits.conversation", "audits.overall",
            "audits.autosave_overall", "audits.check", "audits.correct",
        ),
        ByState(AUDITOR, AUDITOR),
    ),
    **dict.fromkeys(("audits.my_view", "audits.autosave_my_view", "audits.read"), ByState(WORKER, WORKER)),
    # actions
    **dict.fromkeys(("actions.mine", "actions.followed", "actions.to_check", "actions.export"), STAFF),
    **dict.fromkeys(("actions.show", "actions.say_done", "actions.see_in_record"), ACTION),
    "actions.end": only("manager", "qa"),
    # reports
    "reports.index": SIGNED_IN - {"no role", "administrator"},
    **dict.fromkeys(("reports.thematic", "reports.as_json", "reports.as_csv", "reports.workbook"), REPORTING),
    "reports.fetch": QA,
}  # fmt: skip


BRIEFLY = {"Accept": "application/json"}
"""Refusals in a line instead of a page: there are two thousand of them."""


class World:
    """One audit open and one submitted, of one team; everybody in relation to them; a row behind every address."""

    def __init__(self, app: Any, made: Any) -> None:
        self.app = app
        north, south = made.service("North"), made.service("South")
        team, far = made.team("North 1", north), made.team("South 1", south)
        self.people = {
            "auditor": made.person(Role.AUDITOR),
            "worker": made.person(Role.WORKER, team=team),
            "manager": made.person(Role.TEAM_MANAGER, team=team),
            "leader": made.person(Role.SENIOR_LEADER, service=north),
            "qa": made.person(Role.QA_LEAD),
            "administrator": made.person(Role.ADMINISTRATOR),
            "lead member": made.person(Role.LEAD_MEMBER),
            "moderator": made.person(Role.MODERATOR),
            "other auditor": made.person(Role.AUDITOR),
            "other worker": made.person(Role.WORKER, team=far),
            "other manager": made.person(Role.TEAM_MANAGER, team=far),
            "other leader": made.person(Role.SENIOR_LEADER, service=south),
            "no role": made.person(),
        }
        taken = self._extracts()
        worker, other = made.worker(self.people["worker"]), made.worker(self.people["other worker"])
        involvement = made.involvement(team=team, worker=worker)
        auditor = self.people["auditor"]
        self.open = made.audit(involvement=involvement, auditor=auditor, template="whole_case")
        again = made.involvement(case=involvement.case, team=team, worker=worker)
        self.submitted = made.audit(involvement=again, auditor=auditor, template="whole_case")
        made.submitted(team=far, worker=other)
        action = self._submit_with_an_action(made)
        self.values: dict[str, Any] = {
            "case_id": involvement.case_id,
            "action_id": action.id,
            "team_id": made.team("Short-lived", north).id,
            "service_id": made.service("Short-lived").id,
            "number": 1,
            "worker_id": other.id,
            "key": "management_oversight",
            **taken,
            **self._people(made),
        }
        self.special: dict[tuple[str, str], Any] = {
            ("static", "filename"): "app.css",
            ("cases.columns", "pending_id"): self.unpointed,
            ("cases.undo_team", "alias_id"): involvement.team_alias_id,
            ("cases.undo_worker", "alias_id"): involvement.worker_alias_id,
            ("library.end_theme", "key"): library.themes()[0].key,
            **dict.fromkeys((("library.publish", "number"), ("library.discard", "number")), self._draft()),
            ("reports.as_csv", "key"): "theme",
            ("reports.fetch", "job_id"): self._workbook(),
            ("audits.domain", "key"): self.domain,
            ("audits.autosave_domain", "key"): self.domain,
        }
        db.session.commit()

    def _submit_with_an_action(self, made: Any) -> Any:
        definition = library.definition(self.submitted.template_version)
        self.domain = definition.domains[0].key
        drafted = Drafted("Update the chronology", self.people["worker"].id, today() + timedelta(days=14))
        page = replace(made.page(definition.domains[0]), actions=(drafted,))
        made.answered(self.submitted, **{self.domain: page})
        audits.submit(self.submitted.versions[-1], by=self.submitted.auditor_id, at=now())
        db.session.commit()
        return of_origin("audit", self.submitted.id)[0]

    def _extracts(self) -> dict[str, int]:
        qa = self.people["qa"].id
        first, second = extracts.dirty(12).data, extracts.dirty(14).data
        read, pointing = cases.read(first, "first.xlsx", extracts.AS_AT)
        taken = cases.take(
            cases.preview(read, pointing, data=first, name="first.xlsx", by=qa, at=now()), by=qa, at=now()
        )
        read, pointing = cases.read(second, "second.xlsx", extracts.AS_AT)
        waiting = cases.preview(read, pointing, data=second, name="second.xlsx", by=qa, at=now())
        self.unpointed = cases.wait_for_pointing(
            ["Ref", "Team"], name="list.csv", as_at=extracts.AS_AT, by=qa, at=now()
        ).id
        return {"import_id": taken.id, "pending_id": waiting.id}

    def _people(self, made: Any) -> dict[str, Any]:
        somebody = made.person(Role.AUDITOR)
        token = people.begin_session(self.people["auditor"].id, browser="elsewhere", at=now())
        held = live_session(token, now())
        assert isinstance(held, LoginSession)
        return {
            "person_id": somebody.id,
            "grant_id": somebody.grants[0].id,
            "session_id": held.id,
            "job_id": self._job("x").id,
            "token": people.make_link(somebody, now()).rsplit("/", 1)[-1],
        }

    def _workbook(self) -> int:
        job = self._job(reports.WORKBOOK)
        reports.workbooks_folder().mkdir(parents=True, exist_ok=True)
        (reports.workbooks_folder() / f"{job.id}.xlsx").write_bytes(b"a workbook")
        return job.id

    def _job(self, kind: str) -> Job:
        job = Job(kind=kind, person_id=self.people["qa"].id, server="here", state=State.DONE, began_at=now(), result={})
        db.session.add(job)
        db.session.flush()
        return job

    def _draft(self) -> int:
        shipped = files("auditapp.library.shipped").joinpath("management_oversight.yaml").read_text(encoding="utf-8")
        reworded = shipped.replace("title: Management oversight and supervision", "title: Oversight", 1)
        return library_operations.add(reworded, "again.yaml", by=None, at=now()).number

    def address(self, rule: Any, method: str, audit: Any) -> str:
        """Give a real address of a route: every part of it leads to a row that is there."""
        values = {
            part: audit.id if part == "audit_id" else self.special.get((rule.endpoint, part), self.values.get(part))
            for part in rule.arguments
        }
        missing = [part for part, value in values.items() if value is None]
        assert not missing, f"{rule.endpoint}: the world of this test has no {missing}"
        return str(self.app.url_map.bind("localhost").build(rule.endpoint, values, method=method))


@pytest.fixture
def nothing_is_kept(monkeypatch):
    """Let every route do all of its work and take it back where it would be committed."""

    def take_back(answer: str, *, is_json: bool) -> None:
        db.session.flush()
        db.session.rollback()
        db.session.info["flushed"] = False

    monkeypatch.setattr(done, "_commit", take_back)


def let_in(page: Any, viewer: str) -> bool:
    """Tell whether somebody was let in: refused is 404, and for the signed-out 401 or the sign-in page."""
    if viewer == SIGNED_OUT:
        return page.status not in {401, 404} and not page.location.startswith("/sign-in?next=")
    assert page.status < 500, page.text
    return page.status not in {401, 403, 404}


def rules(app: Any) -> list[tuple[Any, str]]:
    return [
        (rule, method)
        for rule in sorted(app.url_map.iter_rules(), key=lambda rule: str(rule.endpoint))
        for method in sorted(rule.methods - {"HEAD", "OPTIONS"})
    ]


def test_every_route_has_a_line(app):
    endpoints = {rule.endpoint for rule in app.url_map.iter_rules()}
    assert endpoints == set(POLICY)


def test_every_cell_is_as_the_table_says(app, made, browser, nothing_is_kept):
    world = World(app, made)
    off = []
    for viewer in VIEWERS:
        one = browser.as_(world.people[viewer]) if viewer != SIGNED_OUT else browser
        for rule, method in rules(app):
            line = POLICY[rule.endpoint]
            cells = (
                [(line.open, world.open, "open"), (line.submitted, world.submitted, "submitted")]
                if isinstance(line, ByState)
                else [(line, world.submitted, "")]
            )
            for allowed, audit, state in cells:
                address = world.address(rule, method, audit)
                page = (one.fetch if method == "GET" else one.post)(address, headers=BRIEFLY)
                entered = let_in(page, viewer)
                if entered is not (viewer in allowed):
                    expected = "may" if viewer in allowed else "may not"
                    off.append(f"{viewer} {expected}: {method} {address} {state} gave {page.status} {page.location}")
                if entered and method == "POST" and viewer != SIGNED_OUT:
                    one = browser.as_(world.people[viewer])
    assert not off, "\n".join(off)


def test_what_is_not_ones_own_looks_the_same_as_what_is_not_there(app, made, browser):
    world = World(app, made)
    for viewer in ("other worker", "other manager", "administrator", "lead member", "no role"):
        one = browser.as_(world.people[viewer])
        for path in ("/audits/{}", "/audits/{}/record", "/audits/{}/tasks", "/cases/{}", "/actions/{}"):
            foreign, absent = one.fetch(path.format(world.open.id)), one.fetch(path.format(987_654))
            assert foreign.status == absent.status == 404
            assert foreign.words == absent.words


def test_a_leader_reads_an_audit_for_the_day_once_they_said_why(app, made, browser):
    world = World(app, made)
    leader = browser.as_(world.people["leader"])
    record = f"/audits/{world.submitted.id}/record"
    assert leader.fetch(record).status == 404
    leader.submit(f"/audits/{world.submitted.id}/reason", reason="A complaint about this plan")
    assert leader.fetch(record).status == 200
    assert browser.as_(world.people["other leader"]).fetch(record).status == 404
