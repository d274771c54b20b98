"""`auditapp report thematic`: its contract, its exit codes, and that it is written down."""

import json
from datetime import date

import pytest
from openpyxl import load_workbook
from sqlalchemy import select

from auditapp.db import db, is_writing
from auditapp.journal.models import Entry
from auditapp.library.kinds import AuditKind
from auditapp.reports import queries, workbook
from tests.rooms.reports.judging import judged

QUARTER = ("--from", "2026-07-01", "--to", "2026-09-30")


@pytest.fixture
def council(made):
    """Three monthly audits and a thematic audit."""
    team = made.team("Oak", made.service("Family Safeguarding"))
    judged(made, 3, team=team, template="voice_of_the_child")
    judged(made, 2, team=team)
    judged(made, 1)
    judged(made, 4, team=team, kind=AuditKind.THEMATIC)
    return made


@pytest.fixture
def run(app):
    def command(*arguments):
        return app.test_cli_runner().invoke(args=["report", "thematic", *arguments])

    return command


def answer(result):
    assert result.exit_code == 0, result.output
    return json.loads(result.stdout)


def test_the_json_is_the_contract(council, run):
    said = answer(run(*QUARTER, "--kind", "monthly", "--by", "domain", "--by", "team", "--json"))
    assert said["filters"]["from"] == "2026-07-01"
    assert (said["audits"], said["graded"]) == (3, 3)
    assert [(grade["grade"], grade["n"]) for grade in said["grades"]] == [
        ("Outstanding", 0),
        ("Good", 1),
        ("Requires improvement to be good", 1),
        ("Inadequate", 1),
    ]
    assert said["grades"][1]["share"] == 1 / 3
    assert (said["good_or_better"]["n"], said["good_or_better"]["of"], said["good_or_better"]["share"]) == (1, 3, 1 / 3)
    assert 0 < said["good_or_better"]["low"] < 1 / 3 < said["good_or_better"]["high"] < 1
    by = {table["by"]: {row["key"]: row for row in table["rows"]} for table in said["by"]}
    assert set(by) == {"domain", "team"}
    assert set(by["domain"]) == {"overall", "voice_of_the_child", "management_oversight"}
    assert by["domain"]["overall"]["grades"] == said["grades"]
    assert {key: row["audits"] for key, row in by["team"].items()} == {"Oak": 2, None: 1}
    assert {theme["of"] for theme in said["themes"]} <= {1, 2, 3}
    assert said["actions"] == {"total": 0, "agreed": 0, "done": 0, "seen": 0, "ended": 0, "overdue": 0}


def test_several_kinds_are_never_pooled(council, run):
    said = answer(run(*QUARTER, "--json"))
    assert (said["audits"], said["good_or_better"]) == (4, None)
    assert {kind["kind"]: kind["good_or_better"]["of"] for kind in said["kinds"]} == {"monthly": 3, "thematic": 1}


def test_filters_go_by_the_names_people_use(council, run):
    for filters, audits in (
        (("--team", "oak"), 2),
        (("--service", "Family Safeguarding"), 2),
        (("--template", "voice_of_the_child"), 1),
        (("--template", "Voice of the child"), 1),
        (("--stage", "first"), 3),
        (("--ungraded", "count"), 3),
        (("--domain", "voice_of_the_child"), 1),
        (("--journey", "in_care"), 0),
    ):
        assert answer(run(*QUARTER, "--kind", "monthly", "--json", *filters))["audits"] == audits, filters


def test_an_empty_period_is_an_answer(council, run):
    said = answer(run("--from", "2020-01-01", "--to", "2020-12-31", "--json", "--by", "month"))
    assert (said["audits"], said["graded"], said["good_or_better"]["of"]) == (0, 0, 0)
    assert len(said["by"][0]["rows"]) == 12


@pytest.mark.parametrize(
    ("asked", "why"),
    [
        (("--team", "Nobody"), "No team is called “Nobody”."),
        (("--service", "Nowhere"), "No service is called “Nowhere”."),
        (("--template", "nothing"), "No template is called “nothing”."),
        *(
            (
                (*narrowed, "--published"),
                "A published report is of the whole council: choose only its period and the kind of audit.",
            )
            for narrowed in (
                ("--team", "Oak"),
                ("--service", "Family Safeguarding"),
                ("--template", "voice_of_the_child"),
                ("--domain", "voice_of_the_child"),
                ("--theme", "direction"),
                ("--journey", "in_care"),
            )
        ),
    ],
)
def test_what_nobody_knows_is_refused_in_a_sentence_and_in_the_json(council, run, asked, why):
    result = run(*QUARTER, "--json", *asked)
    assert (result.exit_code, result.stderr.strip()) == (1, why)
    assert json.loads(result.stdout) == {"why": why}


@pytest.mark.parametrize(
    "asked",
    [
        (*QUARTER,),
        ("--from", "yesterday", "--to", "2026-09-30", "--json"),
        ("--from", "2026-09-30", "--to", "2026-07-01", "--json"),
        ("--from", "0001-01-01", "--to", "2026-07-01", "--json"),
        ("--from", "2026-07-01", "--to", "9999-12-31", "--json"),
        (*QUARTER, "--kind", "nonsense", "--json"),
        (*QUARTER, "--by", "worker", "--json"),
        ("--json",),
    ],
)
def test_a_command_that_is_not_understood_is_a_usage_error(run, asked):
    result = run(*asked)
    assert result.exit_code == 2
    assert "Usage:" in result.stderr


def test_a_published_report_is_of_a_period_and_perhaps_of_a_kind(council, run):
    said = answer(run(*QUARTER, "--published", "--kind", "monthly", "--json"))
    assert said["filters"]["published"]
    assert (said["audits"], said["suppressed"]) == (None, True)


def test_a_report_is_computed_and_its_file_written_while_others_may_write(council, run, tmp_path, monkeypatch):
    """SQLite has one writer at a time: whoever computes must not be it."""
    computed, written = queries.report, workbook.workbook
    kinds = []

    def computing(*given, **named):
        kinds.append(is_writing())
        return computed(*given, **named)

    def writing_file(*given, **named):
        kinds.append(db.session().in_transaction())
        return written(*given, **named)

    monkeypatch.setattr(queries, "report", computing)
    monkeypatch.setattr(workbook, "workbook", writing_file)
    assert run(*QUARTER, "--xlsx", str(tmp_path / "report.xlsx")).exit_code == 0
    assert kinds == [False, False]


def test_the_workbook_is_written_and_the_export_is_journalled(council, run, tmp_path):
    file = tmp_path / "report.xlsx"
    result = run(*QUARTER, "--xlsx", str(file))
    assert result.exit_code == 0
    book = load_workbook(file)
    assert book.sheetnames[:2] == ["Cover", "Summary"]
    assert {"Domains", "Services", "Teams", "Months", "Themes", "Actions", "Row data", "Data dictionary"} <= set(
        book.sheetnames
    )
    told = db.session.scalars(select(Entry).where(Entry.verb == "exported")).one()
    assert (told.person_id, told.details["workbook"], told.details["references"]) == (None, True, False)


def test_references_are_in_the_workbook_only_with_a_purpose(council, run, tmp_path):
    plain, named = tmp_path / "plain.xlsx", tmp_path / "named.xlsx"
    assert run(*QUARTER, "--xlsx", str(plain)).exit_code == 0
    assert run(*QUARTER, "--xlsx", str(named), "--purpose", "Inspection").exit_code == 0
    cases = [
        {row[1] for row in load_workbook(file)["Row data"].iter_rows(min_row=2, values_only=True)}
        for file in (plain, named)
    ]
    assert all(case.startswith("C-") for case in cases[0])
    assert all(case.isdigit() for case in cases[1])


def test_a_file_that_cannot_be_written_is_a_sentence(council, run, tmp_path):
    result = run(*QUARTER, "--xlsx", str(tmp_path / "nowhere" / "report.xlsx"))
    assert result.exit_code == 1
    assert "cannot be written" in result.stderr
    assert "Traceback" not in result.output


def test_days_are_inclusive_at_both_ends(made, run):
    judged(made, 3, on=date(2026, 7, 1))
    judged(made, 3, on=date(2026, 9, 30))
    assert answer(run(*QUARTER, "--json"))["audits"] == 2
    assert answer(run("--from", "2026-07-01", "--to", "2026-07-01", "--json"))["audits"] == 1
