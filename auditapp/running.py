"""Setting up and serving: `auditapp upgrade` and `auditapp serve`."""

from __future__ import annotations

import sys

import click
from flask import Flask, current_app

from auditapp.commands import Refused, writes
from auditapp.schema import held_schema, newest_schema, upgrade_database
from auditapp.settings import Settings


def register(app: Flask) -> None:
    """Add the commands that set up and serve."""
    app.cli.add_command(upgrade_command)
    app.cli.add_command(serve_command)


def settings() -> Settings:
    """Give the settings of the running application."""
    held: Settings = current_app.extensions["auditapp.settings"]
    return held


@click.command("upgrade")
@writes
def upgrade_command() -> None:
    """Make or upgrade the database and load the shipped templates."""
    from auditapp.db import db, now
    from auditapp.library.operations import load_shipped

    upgrade_database()
    loaded = load_shipped(at=now())
    db.session.commit()
    click.echo(f"The database is at schema {newest_schema()}; {loaded} shipped template versions were new.")


def check_schema() -> None:
    """Refuse to serve a database that this release does not fit: better a sentence now than a fault at each page."""
    held = held_schema()
    if held is None:
        raise Refused("There is no database yet. Make it with 'auditapp upgrade'.")
    if held != newest_schema():
        needed = newest_schema()
        raise Refused(
            f"The database is at schema {held}; this release needs {needed}. Back it up, then 'auditapp upgrade'."
        )


@click.command("serve")
@click.option("--host", default="127.0.0.1", show_default=True, help="Address to listen on.")
@click.option("--port", default=8000, show_default=True, type=click.IntRange(1, 65535))
@writes
def serve_command(host: str, port: int) -> None:
    """Serve this instance until stopped."""
    from waitress.server import create_server

    from auditapp.db import db, now
    from auditapp.jobs import operations as jobs
    from auditapp.people import operations as people

    application = current_app._get_current_object()  # type: ignore[attr-defined]  # the proxy has it, its stubs do not
    check_schema()
    jobs.fail_those_left_running(at=now())
    link = people.first_link(at=now())
    db.session.commit()
    db.session.remove()
    try:
        server = create_server(application, host=host, port=port, threads=settings().threads)
    except OSError as taken:
        raise Refused(f"Cannot listen on {host}:{port}: {taken.strerror}. Is it served already? Try --port.") from taken
    address = f"http://{host}:{port}"
    click.echo(f"auditapp serves {settings().instance} at {address}")
    if link:
        click.echo(f"Nobody can sign in yet. Make the first administrator, once, within 24 hours:\n  {address}{link}")
    for line in current_app.extensions.get("auditapp.greeting", ()):
        click.echo(line)
    sys.stdout.flush()
    server.run()
