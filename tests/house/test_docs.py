"""What the documentation promises is there."""

from __future__ import annotations

import re
import shlex

import click
import pytest
from flask import Flask

from tests.house.source import PACKAGE, ROOT

PAGES = [*sorted((ROOT / "docs").rglob("*.md")), ROOT / "README.md"]


def commands_in(text: str) -> set[str]:
    """Find every `auditapp …` command in a page's code, up to its first argument."""
    found = set()
    for code in re.findall(r"`([^`\n]+)`", text) + re.findall(r"^    (auditapp .+)$", text, re.MULTILINE):
        for part in re.split(r"[;|]| then ", code):
            words = re.sub(r"^(\$ |\.venv[\\/](bin|Scripts)[\\/])", "", part.strip())
            if words.startswith("auditapp ") and "=" not in words.split()[1] and "…" not in words.split()[1]:
                found.add(words)
    return found


def resolve(group: click.Group, words: list[str]) -> click.Command | None:
    command: click.Command | None = group
    while words and isinstance(command, click.Group) and not words[0].startswith("--"):
        command = command.get_command(click.Context(command), words.pop(0))
    return command


def test_every_command_in_the_documentation_exists_with_its_options(app: Flask):
    missing = []
    for page in PAGES:
        for line in commands_in(page.read_text(encoding="utf-8")):
            words = shlex.split(re.sub(r"[\[\]…]", "", line))[1:]
            command = resolve(app.cli, list(words))
            options = (
                {option for parameter in command.params for option in (*parameter.opts, *parameter.secondary_opts)}
                if command
                else set()
            )
            wrong = [word for word in words if word.startswith("--") and word not in options and word != "--help"]
            if command is None or wrong:
                missing.append(f"{page.name}: {line} {wrong}")
    assert not missing


def test_every_setting_in_the_documentation_is_read_and_every_one_read_is_documented():
    read = set(re.findall(r"AUDITAPP_[A-Z_]+", "".join(path.read_text() for path in PACKAGE.rglob("*.py"))))
    told = set(re.findall(r"AUDITAPP_[A-Z_]+", (ROOT / "docs" / "running.md").read_text()))
    assert read | {"AUDITAPP_TEST_POSTGRES"} == told


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_links_between_pages_lead_somewhere(page):
    for target in re.findall(r"\]\(([^)#]+?)(?:#[^)]*)?\)", page.read_text(encoding="utf-8")):
        assert target.startswith("http") or (page.parent / target).exists(), f"{page.name} links to {target}"


def test_no_page_carries_the_path_of_one_machine():
    for page in PAGES:
        assert not re.search(r"(?<![\w.])/(root|home|work)/\w", page.read_text(encoding="utf-8")), page.name


def test_every_template_shipped_in_the_repository_parses():
    from auditapp.library import shipped

    assert {"management_oversight", "voice_of_the_child", "smart_plans", "chronology", "whole_case"} <= set(
        shipped.definitions()
    )
