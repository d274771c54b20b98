"""Fixtures of every test: `app` on each database, `made` to make people and cases, `browser` to use the pages."""

from __future__ import annotations

import os
import shutil
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import hypothesis
import pytest
from flask import Flask

from auditapp import journal
from auditapp.db import db, writing
from tests.browser import Browser
from tests.databases import Prepared, each_kind, postgresql_answers
from tests.made import Made

# How long an example takes tells of the machine's other work, not of the code.
hypothesis.settings.register_profile("untimed", deadline=None)
hypothesis.settings.load_profile("untimed")

NO_POSTGRESQL = postgresql_answers()
CHROMIUM = next(
    (
        path
        for path in ("/usr/bin/chromium", "/usr/bin/chromium-browser", "/usr/bin/google-chrome")
        if Path(path).exists()
    ),
    "",
)
SOFFICE = shutil.which("soffice") or ""
KINDS = ["sqlite"] if NO_POSTGRESQL else ["sqlite", "postgresql"]


def pytest_configure(config: pytest.Config) -> None:
    """Where nothing may be left out, refuse to start with half of it."""
    needed = (("PostgreSQL", NO_POSTGRESQL), ("Chromium", not CHROMIUM), ("LibreOffice", not SOFFICE))
    missing = [what for what, absent in needed if absent]
    if missing and os.environ.get("CI"):
        pytest.exit(f"CI runs every test, but {' and '.join(missing)} is not there. {NO_POSTGRESQL}", returncode=1)


def pytest_ignore_collect(collection_path: Path) -> bool | None:
    """Leave out the browser journeys and what LibreOffice opens where these are not installed; the summary says so."""
    no_browser = not CHROMIUM and "journeys" in collection_path.parts
    return True if no_browser or (not SOFFICE and collection_path.name == "test_libreoffice.py") else None


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """Say plainly what could not be run here."""
    if NO_POSTGRESQL:
        terminalreporter.write_line(f"NOT RUN on PostgreSQL: {NO_POSTGRESQL} (set AUDITAPP_TEST_POSTGRES)", yellow=True)
    if not CHROMIUM:
        terminalreporter.write_line("NOT RUN in a browser: no Chromium found", yellow=True)
    if not SOFFICE:
        terminalreporter.write_line("NOT RUN in LibreOffice: no soffice found", yellow=True)


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    """Run every test that uses the application once on each database."""
    if "prepared" in metafunc.fixturenames:
        metafunc.parametrize("prepared", KINDS, indirect=True)


@pytest.fixture(scope="session")
def kinds(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Callable[[str], Prepared]]:
    give = each_kind(tmp_path_factory.mktemp("instances"))
    yield give
    for one in give.made.values():  # type: ignore[attr-defined]
        one.end()


@pytest.fixture
def prepared(request: pytest.FixtureRequest, kinds: Callable[[str], Prepared]) -> Prepared:
    return kinds(request.param)


@pytest.fixture
def app(prepared: Prepared) -> Iterator[Flask]:
    """The application on a fresh database, its context open, able to write, acting for the operator."""
    app = prepared.begin_again()
    with app.app_context(), writing(), journal.act_for(None, "tester"):
        yield app
        db.session.remove()


@pytest.fixture
def made(app: Flask) -> Made:
    return Made()


@pytest.fixture
def browser(app: Flask) -> Browser:
    return Browser(app)


@pytest.fixture(autouse=True)
def _no_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in [name for name in os.environ if name.startswith("AUDITAPP_") and name != "AUDITAPP_TEST_POSTGRES"]:
        monkeypatch.delenv(name)


sys.dont_write_bytecode = True
