"""`auditapp journal …`: check the journal, anchor its head elsewhere, write it out."""

from __future__ import annotations

import json
from pathlib import Path

import click
from sqlalchemy import select

from auditapp.commands import Refused, writes
from auditapp.db import db
from auditapp.journal.models import Head
from auditapp.journal.verifying import entries, verify
from auditapp.journal.writing import write


@click.group("journal")
def group() -> None:
    """Check the record of who did and who looked at what."""


@group.command("verify")
@click.option(
    "--anchors", type=click.Path(exists=True, dir_okay=False, path_type=Path), help="File written by 'journal anchor'."
)
@click.option("--json", "as_json", is_flag=True, help="Print the result as JSON.")
def verify_command(anchors: Path | None, as_json: bool) -> None:
    """Walk the chain and compare the rows it protects; exit 1 when anything is not as it was written."""
    kept = (
        [(int(line.split()[0]), line.split()[1]) for line in anchors.read_text().splitlines() if line.strip()]
        if anchors
        else []
    )
    verdict = verify(kept)
    if as_json:
        found = [{"entry": finding.number, "what": finding.what} for finding in verdict.findings]
        click.echo(
            json.dumps({"entries": verdict.entries, "head": verdict.head, "sound": not found, "findings": found})
        )
    else:
        click.echo(f"{verdict.entries} entries read; head {verdict.head[:12]}.")
    if verdict.findings:
        shown = "; ".join(f"entry {finding.number}: {finding.what}" for finding in verdict.findings[:20])
        raise Refused(f"The journal is not sound: {shown}.")
    if not as_json:
        click.echo("Sound: every entry and every protected row is what was written.")


@group.command("anchor")
@click.argument("file", type=click.Path(dir_okay=False, path_type=Path))
@writes
def anchor(file: Path) -> None:
    """Add the head's number and digest to FILE, which should lie on another machine."""
    head = db.session.scalar(select(Head))
    if head is None:
        raise Refused("The journal is still empty.")
    with file.open("a", encoding="utf-8") as lines:
        lines.write(f"{head.number} {head.digest}\n")
    click.echo(f"Anchored entry {head.number} in {file}.")
    write("anchored", "journal", head.number)
    db.session.commit()


@group.command("export")
@click.argument("file", type=click.Path(dir_okay=False, path_type=Path))
def export(file: Path) -> None:
    """Write the journal to FILE as JSON Lines (ids, keys and counts; it holds no narrative)."""
    count = 0
    with file.open("w", encoding="utf-8") as lines:
        for number, entry in entries():
            if entry is None:
                raise Refused(f"Entry {number} cannot be read: run 'auditapp journal verify'.")
            actor = {"person": entry.person_id} if entry.person_id else {"account": entry.account}
            row = {"number": entry.number, "at": entry.at.isoformat(), **actor, "verb": entry.verb, "kind": entry.kind,
                   "object": entry.object_id, "details": entry.details, "digest": entry.digest}  # fmt: skip
            lines.write(json.dumps(row, ensure_ascii=False) + "\n")
            count += 1
    click.echo(f"{count} entries written to {file}.")
