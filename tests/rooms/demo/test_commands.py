"""`auditapp demo …` as an operator uses it."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest
from openpyxl import load_workbook

from auditapp.db import db
from auditapp.demo import children, place
from auditapp.people import queries as people


@pytest.fixture
def run(app):
    return lambda *arguments: app.test_cli_runner().invoke(args=["demo", *map(str, arguments)])


@pytest.mark.parametrize(
    ("options", "exit_code", "said"), [((), 1, "Somebody is here already"), (("--if-empty",), 0, "")]
)
def test_a_council_that_is_here_is_refused_or_quietly_left(run, made, options, exit_code, said):
    made.person()
    db.session.remove()
    result = run("council", *options)
    assert result.exit_code == exit_code
    assert result.output.startswith(said)
    assert bool(result.output) is bool(said)


def test_the_line_goes_from_an_extract_to_a_workbook_in_an_instance_of_its_own(run, tmp_path):
    result = run("line", "--into", tmp_path / "line")
    assert result.exit_code == 0, result.output
    steps = result.output.splitlines()
    assert sum(step.startswith("Audit ") for step in steps) == 10
    assert any("as list 6" in step for step in steps)
    book = load_workbook(Path(steps[-1]))
    assert len(book.sheetnames) > 3
    assert people.nobody_yet()


def test_the_line_takes_ones_own_workbook(run, tmp_path):
    file = tmp_path / "ours.xlsx"
    file.write_bytes(children.workbook(date(2026, 9, 30), date(2026, 9, 30)))
    result = run("line", "--annex-a", file, "--as-at", "2026-09-30", "--into", tmp_path / "line")
    assert result.exit_code == 0, result.output
    assert "as at 30 September 2026" in result.output


def test_a_file_that_is_no_workbook_ends_with_one_and_a_sentence(run, tmp_path):
    file = tmp_path / "ours.xlsx"
    file.write_bytes(b"not a workbook")
    result = run("line", "--annex-a", file, "--into", tmp_path / "line")
    assert (result.exit_code, "Traceback" in result.output) == (1, False)


def test_a_folder_that_holds_an_instance_is_refused(run, tmp_path):
    (tmp_path / "auditapp.sqlite").touch()
    assert run("line", "--into", tmp_path).exit_code == 1


def test_the_sign_ins_are_printed_for_a_demonstration_only(app, tmp_path):
    from auditapp import create_app
    from auditapp.settings import Settings

    assert "auditapp.greeting" not in app.extensions
    shown = create_app(Settings(instance=tmp_path, database_url=f"sqlite:///{tmp_path / 'a.sqlite'}", demo=True))
    shown.open_rooms()
    greeting = "\n".join(shown.extensions["auditapp.greeting"])
    assert place.PASSWORD in greeting
    assert all(one.email in greeting for one in place.FIXED)
