"""Journeys drive headless Chromium against a real server with a small council made for them.

One council serves all journeys: those that only look see all of it, those that change something open an audit of their
own.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from playwright.sync_api import Browser as Chromium
from playwright.sync_api import BrowserContext, Page, expect, sync_playwright
from waitress.server import create_server

from auditapp import journal
from auditapp.db import db, now, writing
from auditapp.people import operations as people
from auditapp.people.roles import Role
from tests.conftest import CHROMIUM
from tests.databases import Prepared
from tests.made import Made

ARGUMENTS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
DESKTOP = {"width": 1280, "height": 800}
PATIENCE = 20_000
"""Milliseconds until a page that does not do what it should fails the journey."""
expect.set_options(timeout=PATIENCE)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Keep all journeys in one worker: they share one council and one browser."""
    for item in items:
        if Path(__file__).parent in item.path.parents:
            item.add_marker(pytest.mark.xdist_group("journeys"))


@dataclass
class Council:
    """A served council: its address, its application, who is in it (by role), and what was made."""

    address: str
    app: Flask
    made: Made
    people: dict[Role, int] = field(default_factory=dict)
    team_id: int = 0
    worker_id: int = 0

    def acting(self, work: Callable[[Made], Any]) -> Any:
        """Do something as the operator, in a transaction of its own, and give what `work` gives (plain values)."""
        with self.app.app_context(), writing(), journal.act_for(None, "journeys"):
            given = work(self.made)
            db.session.commit()
            db.session.remove()
        return given

    def cookie(self, person_id: int) -> str:
        """Sign a person in without the page, and give the browser's cookie."""
        token = self.acting(lambda made: people.begin_session(person_id, browser="journeys", at=now()))
        serializer = self.app.session_interface.get_signing_serializer(self.app)  # type: ignore[attr-defined]
        return str(serializer.dumps({"_user_id": token, "_fresh": True}))

    def open_audit(self, template: str = "management_oversight") -> int:
        """Open an audit of the worker's for the auditor, and give its id."""
        from auditapp.cases.models import Worker
        from auditapp.people.models import Person, Team

        def work(made: Made) -> int:
            worker, team = db.session.get_one(Worker, self.worker_id), db.session.get_one(Team, self.team_id)
            auditor = db.session.get_one(Person, self.people[Role.AUDITOR])
            return int(made.audit(auditor=auditor, template=template, worker=worker, team=team).id)

        return int(self.acting(work))


def _populate(council: Council) -> None:
    from auditapp.people.models import Person

    def work(made: Made) -> None:
        team = made.team("Locality North 1", made.service("Locality North"))
        for role in Role:
            name = f"Alex {role.words.split()[0]}"
            scoped = role in {Role.WORKER, Role.TEAM_MANAGER}
            council.people[role] = made.person(role, name=name, team=team if scoped else None).id
        worker = made.worker(db.session.get_one(Person, council.people[Role.WORKER]))
        auditor = db.session.get_one(Person, council.people[Role.AUDITOR])
        council.team_id, council.worker_id = team.id, worker.id
        for mark in ("good", "good", "inadequate", "requires_improvement"):
            made.submitted(auditor=auditor, worker=worker, team=team, mark=mark)
        made.answered(made.audit(auditor=auditor, worker=worker, team=team, template="voice_of_the_child"))
        made.audit(auditor=auditor, worker=worker, team=team)

    council.acting(work)


@pytest.fixture(scope="session")
def council(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Council]:
    """Give the served council."""
    prepared = Prepared("sqlite", tmp_path_factory.mktemp("journeys"))
    app = prepared.begin_again()
    app.config.update(TESTING=False, PROPAGATE_EXCEPTIONS=False)
    server = create_server(app, host="127.0.0.1", port=0, threads=4)
    made = Council(f"http://127.0.0.1:{server.effective_port}", app, Made())
    _populate(made)
    thread = threading.Thread(target=server.run, daemon=True)
    thread.start()
    yield made
    server.close()
    thread.join(timeout=5)
    prepared.end()


@pytest.fixture(scope="session")
def chromium() -> Iterator[Chromium]:
    """Give one browser for all journeys; each has its own context."""
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=ARGUMENTS)
        yield browser
        browser.close()


@pytest.fixture
def enter(chromium: Chromium, council: Council) -> Iterator[Callable[..., Page]]:
    """Give a function that opens a browser window in which somebody is signed in (or nobody)."""
    contexts: list[BrowserContext] = []

    def open_window(who: Role | int | None = None, **options: Any) -> Page:
        context = chromium.new_context(**{"base_url": council.address, "viewport": DESKTOP, **options})
        context.set_default_timeout(PATIENCE)
        contexts.append(context)
        if who is not None:
            person_id = council.people[who] if isinstance(who, Role) else who
            context.add_cookies([{"name": "auditapp", "value": council.cookie(person_id), "url": council.address}])
        return context.new_page()

    yield open_window
    for context in contexts:
        context.close()
