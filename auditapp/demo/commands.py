"""`auditapp demo …`: make the invented council, or walk the whole line once without a browser."""

from __future__ import annotations

import io
import json
import tempfile
from contextlib import redirect_stdout
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any

import click
from flask import Flask, current_app

from auditapp.commands import Refused, writes
from auditapp.db import db, today, writing
from auditapp.schema import upgrade_database
from auditapp.settings import Settings
from auditapp.sheets.book import Unreadable

DAY = click.DateTime(formats=["%Y-%m-%d"])


@click.group("demo")
def group() -> None:
    """Show auditapp with invention only: a whole council, or the line from an extract to a report."""


@group.command("council")
@click.option("--if-empty", is_flag=True, help="Do nothing, quietly, where somebody is here already.")
@click.option("--today", "on", type=DAY, help="Tell everything from this day (YYYY-MM-DD); else from today.")
@writes
def council(if_empty: bool, on: datetime | None) -> None:
    """Fill an empty instance with Anyshire: 24 teams, 60 people, 600 children, half a year of audits."""
    from auditapp.demo import operations

    upgrade_database()
    try:
        for made in operations.build(on.date() if on else today()):
            db.session.commit()
            if made:
                click.echo(made)
    except operations.NotEmpty:
        if if_empty:
            return
        raise Refused("Somebody is here already; Anyshire is only made in an empty instance.") from None
    settings: Settings = current_app.extensions["auditapp.settings"]
    (settings.instance / "demo").touch()
    click.echo(f"Anyshire stands, as at {_said(on.date() if on else today())}. Everything in it is invented.")


@group.command("line")
@click.option("--annex-a", "file", type=click.Path(exists=True, dir_okay=False, path_type=Path),
              help="Your own Annex A workbook; else one of invented children.")  # fmt: skip
@click.option("--as-at", type=DAY, help="The day the workbook shows (YYYY-MM-DD); else today.")
@click.option(
    "--into", type=click.Path(file_okay=False, path_type=Path), help="Folder for it all; else a new temporary one."
)
def line(file: Path | None, as_at: datetime | None, into: Path | None) -> None:
    """Walk the whole line without a browser: extract, draw, ten audits, thematic report as a workbook.

    Works in a fresh instance of its own and touches no other. The last line is the workbook's path.
    """
    folder = into or Path(tempfile.mkdtemp(prefix="auditapp-line-"))
    if (folder / "auditapp.sqlite").exists():
        raise Refused(f"{folder} holds an instance already; the line begins in an empty folder.")
    shown = as_at.date() if as_at else today()
    data = file.read_bytes() if file else _invented(shown)
    with _fresh(folder).app_context(), writing():
        upgrade_database()
        _walk(data, file.name if file else f"anyshire-annex-a-{shown.isoformat()}.xlsx", shown)
        click.echo(_report(folder))


def _invented(as_at: date) -> bytes:
    from auditapp.demo.children import workbook

    return workbook(as_at, as_at)


def _fresh(folder: Path) -> Flask:
    """Another application of the same kind as the running one, with an instance of its own."""
    kind: type[Any] = current_app.__class__
    fresh = kind(Settings(instance=folder, database_url=f"sqlite:///{folder / 'auditapp.sqlite'}"))
    fresh.open_rooms()
    app: Flask = fresh
    return app


def _walk(data: bytes, name: str, as_at: date) -> None:
    from auditapp.demo import operations

    try:
        for step in operations.walk_line(data, name, as_at, today()):
            db.session.commit()
            click.echo(step)
    except Unreadable as problem:
        raise Refused(str(problem)) from problem
    except operations.NothingToAudit:
        raise Refused("No involvement in this workbook is open, so there is nothing to audit.") from None


def _report(folder: Path) -> str:
    """Ask for the thematic report as any operator would, say its headline, and give the workbook's path."""
    period = ["report", "thematic", "--from", (today() - timedelta(days=31)).isoformat(), "--to", today().isoformat()]
    for kind in json.loads(_said_by([*period, "--json"]))["kinds"]:
        better = kind["good_or_better"]
        click.echo(f"{kind['name']}: {kind['audits']} audits, good or better {better['n']} of {better['of']}.")
    file = folder / "thematic-report.xlsx"
    _said_by([*period, "--xlsx", str(file)])
    return str(file)


def _said_by(arguments: list[str]) -> str:
    said = io.StringIO()
    with redirect_stdout(said):
        current_app.cli.main(args=arguments, prog_name="auditapp", standalone_mode=False)
    return said.getvalue()


def _said(day: date) -> str:
    return f"{day.day} {day:%B %Y}"
