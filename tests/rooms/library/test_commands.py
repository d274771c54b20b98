"""`auditapp templates …` as an operator uses it."""

import json

import pytest

from auditapp.library import queries
from auditapp.library.shipped import IN_ORDER
from tests.rooms.library.test_templates import EXAMPLE


@pytest.fixture
def run(app):
    return lambda *arguments: app.test_cli_runner().invoke(args=["templates", *map(str, arguments)])


@pytest.fixture
def example(tmp_path):
    file = tmp_path / "visits.yaml"
    file.write_text(EXAMPLE, encoding="utf-8")
    return file


@pytest.fixture
def faulty(tmp_path):
    file = tmp_path / "faulty.yaml"
    file.write_text(EXAMPLE.replace("theme: plans", "theme: planes"), encoding="utf-8")
    return file


def test_checking_a_sound_file_ends_with_nought_and_stores_nothing(run, example):
    result = run("check", example)
    assert (result.exit_code, "sound" in result.output) == (0, True)
    assert queries.by_key("home_visits") is None


def test_checking_names_every_fault_by_file_line_and_key_and_ends_with_one(run, example, faulty):
    result = run("check", example, faulty)
    assert result.exit_code == 1
    assert f"{faulty}:27: domains.home_visits.questions.visits_purposeful.theme: There is no theme" in result.output


def test_checking_can_answer_in_json(run, faulty):
    result = run("check", "--json", faulty)
    answer = json.loads(result.stdout.splitlines()[0])
    assert (result.exit_code, answer["files"][0]["sound"], answer["files"][0]["faults"][0]["line"]) == (1, False, 27)


def test_checking_nothing_is_a_wrong_use(run):
    assert run("check").exit_code == 2


def test_adding_makes_a_draft_and_publishing_puts_it_in_use(run, example):
    assert json.loads(run("add", "--json", example).stdout) == {"key": "home_visits", "version": 1, "state": "draft"}
    result = run("add", "--publish", example)
    assert "version 1 is here (published)" in result.output
    assert queries.in_use("home_visits").number == 1


def test_adding_a_faulty_file_says_every_fault_and_ends_with_one(run, faulty):
    result = run("add", "--json", faulty)
    assert result.exit_code == 1
    answer = json.loads(result.stdout.splitlines()[0])
    assert "planes" in answer["why"]
    assert answer["faults"][0]["key"] == "domains.home_visits.questions.visits_purposeful.theme"
    assert queries.by_key("home_visits") is None


def test_adding_what_is_here_already_ends_with_one_and_a_sentence(run, example):
    run("add", "--publish", example)
    result = run("add", example)
    assert (result.exit_code, "already asks exactly this" in result.output) == (1, True)


def test_the_list_names_every_template(run):
    rows = json.loads(run("list", "--json").stdout)["templates"]
    assert {row["key"] for row in rows} == set(IN_ORDER)
    assert all(row["version"] == 1 and row["shipped"] for row in rows)
    assert "Voice of the child (version 1)" in run("list").output


def test_what_is_exported_can_be_checked_again(run, tmp_path):
    file = tmp_path / "copy.yaml"
    assert run("export", "whole_case", "--to", file).exit_code == 0
    assert run("check", file).exit_code == 0


def test_export_can_answer_in_json_and_on_the_screen(run):
    assert json.loads(run("export", "chronology", "--json").stdout)["key"] == "chronology"
    assert "key: chronology" in run("export", "chronology").output


@pytest.mark.parametrize("arguments", [("export", "nothing"), ("export", "chronology", "--version", "7")])
def test_what_is_not_there_cannot_be_exported(run, arguments):
    result = run(*arguments)
    assert (result.exit_code, "Traceback" in result.output) == (1, False)
