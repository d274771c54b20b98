"""`auditapp cases …`: take an extract of the population, and count who is open in it."""

from __future__ import annotations

import json
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import click

from auditapp.cases import operations, problems, queries
from auditapp.cases.annex_a import PLAIN_ROLES, shape, wrong_as_at
from auditapp.cases.population import NothingFound
from auditapp.commands import Refused, writes
from auditapp.db import db, now, today
from auditapp.sheets.book import LIMITS, Unreadable

SHOWN = 20
as_json_option = click.option("--json", "as_json", is_flag=True, help="Print the result as JSON.")


class AsAt(click.ParamType[date]):
    """The day an extract shows, on the command line: 2026-09-30 or 30/09/2026."""

    name = "day"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> date:
        """Read the day, or say how to write one."""
        for form in ("%Y-%m-%d", "%d/%m/%Y"):
            try:
                as_at = datetime.strptime(value, form).replace(tzinfo=UTC).date()
            except ValueError:
                continue
            wrong = wrong_as_at(as_at, today())
            return self.fail(f"{wrong}.", param, ctx) if wrong else as_at
        return self.fail(f"{value!r} is no day: write 2026-09-30 or 30/09/2026.", param, ctx)


@click.group("cases")
def group() -> None:
    """Take an extract of the population, and count who is open in it."""


@group.command("import")
@click.argument("file", type=click.Path(path_type=Path))
@click.option("--as-at", "as_at", type=AsAt(), required=True, metavar="D", help="The day the extract shows.")
@click.option("--column", "columns", multiple=True, metavar="ROLE=HEADING",
              help=f"Point at a column of a list of your own; ROLE is one of {', '.join(PLAIN_ROLES)}.")  # fmt: skip
@click.option("--take", "at_once", is_flag=True, help="Take what was read, in one transaction.")
@as_json_option
@writes
def take_in(file: Path, as_at: date, columns: tuple[str, ...], at_once: bool, as_json: bool) -> None:
    """Read FILE (an Annex A workbook, or a list of open cases as .xlsx or CSV) and say what it would change.

    With --take it is taken: all accepted rows or none. Exit code 0 even where rows were refused (they are listed), 1
    when the file cannot be read or holds no list. A doubt whether it is the right file is told on standard error. JSON:
    {"lists": [{"list", "sheet", "header_row", "read", "accepted", "refused": [{"row", "why"}], "notes": [{"row",
    "what"}]}], "cases": {"new", "changed", "gone", "unchanged"}, "taken"}.
    """
    pointed = _pointing(columns)
    data = _bytes(file, as_json)
    try:
        extract, pointing = operations.read(data, file.name, as_at, pointed)
    except NothingFound as nothing:
        raise Refused(str(nothing), as_json=as_json, headings=list(nothing.titles), taken=False) from nothing
    except Unreadable as problem:
        raise Refused(str(problem), as_json=as_json, taken=False) from problem
    newest = queries.newest_as_at()
    waiting = operations.preview(extract, pointing, data=data, name=file.name, by=None, at=now())
    for doubt in problems.doubts(waiting.summary["cases"], as_at, newest):
        click.echo(f"Note: {doubt}", err=True)
    if at_once:
        operations.take(waiting, by=None, at=now())
        db.session.commit()
    else:
        db.session.rollback()
    _say_import(waiting.summary, at_once, as_json)


def _bytes(file: Path, as_json: bool) -> bytes:
    try:
        with file.open("rb") as opened:
            return opened.read(LIMITS.packed + 1)
    except OSError as problem:
        name = click.format_filename(file)
        raise Refused(f"{name} could not be opened: {problem.strerror}.", as_json=as_json, taken=False) from problem


def _pointing(columns: tuple[str, ...]) -> dict[str, str]:
    pointing = dict(column.partition("=")[::2] for column in columns)
    wrong = [role for role in pointing if role not in PLAIN_ROLES]
    if wrong or (pointing and not pointing.get("reference")):
        raise click.UsageError(
            f"--column takes ROLE=HEADING, ROLE one of {', '.join(PLAIN_ROLES)}; reference is needed."
        )
    return pointing


def _say_import(summary: dict[str, Any], taken: bool, as_json: bool) -> None:
    if as_json:
        result = {"lists": summary["lists"], "cases": summary["cases"], "taken": taken}
        click.echo(json.dumps(result, ensure_ascii=False))
        return
    for report in summary["lists"]:
        title = queries.list_title(report["list"])
        click.echo(
            f"{title} (sheet {report['sheet']}, headings in row {report['header_row']}): {report['read']:,} read, "
            f"{report['accepted']:,} accepted, {len(report['refused']):,} refused, {len(report['notes']):,} notes"
        )
        _say_rows("refused", report["refused"], "why")
        _say_rows("note", report["notes"], "what")
    counts = ", ".join(f"{number:,} {name}" for name, number in summary["cases"].items())
    click.echo(f"Children: {counts}.")
    click.echo("Taken." if taken else "Nothing was taken: add --take to take it.")


def _say_rows(word: str, rows: list[dict[str, Any]], key: str) -> None:
    for row in rows[:SHOWN]:
        click.echo(f"  {word}, row {row['row']}: {row[key]}")
    if len(rows) > SHOWN:
        click.echo(f"  and {len(rows) - SHOWN:,} more (all of them with --json)")


@group.command("count")
@click.option("--list", "list_key", required=True, metavar="N", help="A list of Annex A (1 to 10), or “open”.")
@click.option("--open", "only_open", is_flag=True, help="Only those open at the as-at date of the last import.")
@click.option(
    "--by", type=click.Choice(["team", "status"]), default="team", show_default=True, help="Count them by this."
)
@as_json_option
def count(list_key: str, only_open: bool, by: str, as_json: bool) -> None:
    """Count the children in a list, each once, as at the list's last import. A blank team is a row of its own (null).

    JSON: {"total", "rows": [{"team" or "status", "n"}]}. Exit code 1 when nothing was imported.
    """
    if shape(list_key) is None:
        raise click.UsageError("--list takes the number of a list of Annex A (1 to 11), or “open”.")
    if queries.last_import() is None:
        raise Refused("Nothing was imported yet: run auditapp cases import FILE --as-at D --take.", as_json=as_json)
    counted = queries.count_open(list_key, by, only_open=only_open)
    if as_json:
        rows = [{by: name, "n": number} for name, number in counted.rows]
        click.echo(json.dumps({"total": counted.total, "rows": rows}, ensure_ascii=False))
        return
    width = max((len(name or "(blank)") for name, _ in counted.rows), default=5)
    for name, number in counted.rows:
        click.echo(f"{name or '(blank)':<{width}}  {number:>7,}")
    click.echo(f"{'Total':<{width}}  {counted.total:>7,}")
