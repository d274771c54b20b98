"""`auditapp templates …`: check definition files, take them in, list and write out what the library holds."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from auditapp.commands import Refused, writes
from auditapp.db import db, now
from auditapp.library import operations, queries

if TYPE_CHECKING:
    from auditapp.library.models import Template
    from auditapp.library.reading import FaultyFileError

as_json_option = click.option("--json", "as_json", is_flag=True, help="Print the result as JSON.")
EXISTING = click.Path(exists=True, dir_okay=False, path_type=Path)


@click.group("templates")
def group() -> None:
    """Keep audit templates: check a definition, add it, list them, write one out."""


@group.command("check")
@click.argument("files", nargs=-1, required=True, type=EXISTING)
@as_json_option
def check(files: tuple[Path, ...], as_json: bool) -> None:
    """Read each definition FILE against this council's themes, domains and keys, and name every fault.

    Nothing is stored. Exit code 0 when all are sound, 1 when one is faulty. Each fault is a line
    `file:line: key: sentence`; as JSON
    {"files": [{"file", "sound", "key", "questions", "faults": [{"line", "key", "why"}]}]}.
    """
    results = [_checked(file) for file in files]
    sound = all(result["sound"] for result in results)
    if as_json:
        click.echo(json.dumps({"files": results}, ensure_ascii=False))
    for result in () if as_json else results:
        _print_checked(result)
    if not sound:
        faulty = sum(not result["sound"] for result in results)
        raise Refused(f"{faulty} of {len(results)} files cannot be taken.")


@group.command("add")
@click.argument("file", type=EXISTING)
@click.option("--note", default="", help="What changed, in a sentence; shown beside the version.")
@click.option("--publish", "at_once", is_flag=True, help="Publish it at once; it can never be changed afterwards.")
@as_json_option
@writes
def add(file: Path, note: str, at_once: bool, as_json: bool) -> None:
    """Take the definition FILE in as a draft: a new template, or the next version of the one with its key.

    A draft already waiting is replaced. Exit code 1 when the file is faulty; nothing is stored then.
    """
    from auditapp.library.reading import FaultyFileError

    try:
        version = operations.add(file.read_bytes(), file.name, by=None, at=now(), note=note)
        if at_once:
            operations.publish(version, by=None, at=now())
    except FaultyFileError as faulty:
        raise _refusal(faulty, as_json) from None
    except operations.Refusal as refusal:
        raise Refused(str(refusal), as_json=as_json) from None
    db.session.commit()
    key, number = version.template.key, version.number
    state = "published" if version.published_at else "draft"
    if as_json:
        click.echo(json.dumps({"key": key, "version": number, "state": state}))
    else:
        click.echo(f"{key} version {number} is here ({state}).")


@group.command("list")
@as_json_option
def list_command(as_json: bool) -> None:
    """List the templates: key, title, version in use, draft waiting, whether withdrawn from use."""
    rows = [_row(template) for template in queries.templates()]
    if as_json:
        click.echo(json.dumps({"templates": rows}, ensure_ascii=False))
        return
    for row in rows:
        version = f"version {row['version']}" if row["version"] else "never published"
        waiting = f", draft {row['draft']} waiting" if row["draft"] else ""
        click.echo(f"{row['key']:<24} {row['title']} ({version}{waiting}{', withdrawn' if row['withdrawn'] else ''})")


@group.command("export")
@click.argument("key")
@click.option("--version", "number", type=click.IntRange(1), help="Which version; else the newest published one.")
@click.option("--to", type=click.Path(dir_okay=False, path_type=Path), help="Write to this file; else to the screen.")
@as_json_option
def export(key: str, number: int | None, to: Path | None, as_json: bool) -> None:
    """Write out the template KEY as YAML (with --json as JSON), to be copied, changed and added again."""
    template = queries.by_key(key)
    if template is None:
        raise Refused(f"There is no template “{key}”; see 'auditapp templates list'.", as_json=as_json)
    found = queries.by_number(key, number) if number else next(iter(queries.published(template)), None)
    if found is None:
        raise Refused(f"“{key}” has no {f'version {number}' if number else 'published version'}.", as_json=as_json)
    definition = queries.definition(found)
    text = json.dumps(definition.as_document(), ensure_ascii=False) if as_json else _yaml(definition)
    if to is None:
        click.echo(text.rstrip("\n"))
        return
    try:
        to.write_text(text, encoding="utf-8")
    except OSError as problem:
        raise Refused(f"Cannot write {to}: {problem.strerror}.", as_json=as_json) from None
    click.echo(f"{key} version {found.number} is written to {to}.")


def _yaml(definition: Any) -> str:
    from auditapp.library.reading import export as as_yaml

    return as_yaml(definition)


def _checked(file: Path) -> dict[str, Any]:
    from auditapp.library.reading import FaultyFileError, read

    try:
        definition = read(file.read_bytes(), file.name, queries.council())
    except FaultyFileError as faulty:
        return {"file": str(file), "sound": False, "key": None, "questions": 0, "faults": _told(faulty)}
    return {
        "file": str(file),
        "sound": True,
        "key": definition.key,
        "questions": len(definition.questions),
        "faults": [],
    }


def _print_checked(result: dict[str, Any]) -> None:
    if result["sound"]:
        click.echo(f"{result['file']}: sound; “{result['key']}” asks {result['questions']} questions.")
    for fault in result["faults"]:
        key = f"{fault['key']}: " if fault["key"] else ""
        click.echo(f"{result['file']}:{fault['line']}: {key}{fault['why']}", err=True)


def _told(faulty: FaultyFileError) -> list[dict[str, Any]]:
    return [{"line": fault.line, "key": fault.key, "why": fault.why} for fault in faulty.faults]


def _refusal(faulty: FaultyFileError, as_json: bool) -> Refused:
    why = "\n".join(["The file was not taken.", *map(str, faulty.faults)])
    return Refused(why, as_json=as_json, faults=_told(faulty))


def _row(template: Template) -> dict[str, Any]:
    newest, waiting = next(iter(queries.published(template)), None), queries.draft_of(template)
    return {
        "key": template.key,
        "title": template.title,
        "version": newest.number if newest else None,
        "draft": waiting.number if waiting else None,
        "shipped": template.shipped,
        "withdrawn": template.withdrawn_at is not None,
    }
