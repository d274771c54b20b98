"""`auditapp demo …`: make the invented council, or walk the whole line once without a browser."""

from __future__ import annotations

from datetime import date, datetime

import click
from flask import current_app

from auditapp.commands import Refused, writes
from auditapp.db import db, today
from auditapp.schema import upgrade_database
from auditapp.settings import Settings

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
            click.echo(made)
    except operations.NotEmpty:
        if if_empty:
            return
        raise Refused("Somebody is here already; Anyshire is only made in an empty instance.") from None
    settings: Settings = current_app.extensions["auditapp.settings"]
    (settings.instance / "demo").touch()
    click.echo(f"Anyshire stands, as at {_said(on.date() if on else today())}. Everything in it is invented.")


def _said(day: date) -> str:
    return f"{day.day} {day:%B %Y}"
