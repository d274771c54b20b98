"""`auditapp report …`: the operator's reports, with full rights and written in the journal."""

from __future__ import annotations

import json
import secrets
from collections.abc import Iterable
from datetime import datetime
from pathlib import Path
from typing import Any

import click

from auditapp import journal
from auditapp.commands import Refused
from auditapp.db import db, reading, writing
from auditapp.journal.writing import operator
from auditapp.library.kinds import AuditKind, JourneyStage
from auditapp.reports import queries
from auditapp.reports.filters import BY, Filters, Names
from auditapp.reports.report import Report
from auditapp.web.words import plural

DAY = click.DateTime(["%Y-%m-%d"])
KIND = click.Choice([kind.value for kind in AuditKind])
JOURNEY = click.Choice([stage.value for stage in JourneyStage])


@click.group("report")
def group() -> None:
    """Make reports as JSON or as Excel workbooks."""


@group.command("thematic")
@click.option("--from", "since", required=True, type=DAY, help="First day of the period.")
@click.option("--to", "until", required=True, type=DAY, help="Last day of the period.")
@click.option("--service", default="", help="Only this service, by its name on the day of the audit.")
@click.option("--team", default="", help="Only this team, by its name on the day of the audit.")
@click.option("--template", default="", help="Only this template, by its key or title.")
@click.option(
    "--kind", default="", type=click.Choice(["", *(kind.value for kind in AuditKind)]), help="Only this kind."
)
@click.option("--domain", default="", help="Speak of this domain instead of the overall judgement, by its key.")
@click.option("--theme", default="", help="Only audits whose template looks at this theme, by its key.")
@click.option("--journey", type=JOURNEY, help="Only this stage of the child’s journey.")
@click.option(
    "--stage", default="final", type=click.Choice(["first", "final"]), help="Judgements as submitted, or final."
)
@click.option("--by", "by", multiple=True, type=click.Choice(BY), help="Tell the grades apart by this; repeatable.")
@click.option(
    "--ungraded", default="apart", type=click.Choice(["apart", "count"]), help="Count what was not graded in."
)
@click.option("--published", is_flag=True, help="As it may be published: whole months, small counts hidden.")
@click.option("--purpose", default="", help="With --xlsx: put the council's case references in, for this purpose.")
@click.option("--json", "as_json", is_flag=True, help="Print the report as JSON.")
@click.option("--xlsx", type=click.Path(dir_okay=False, writable=True, path_type=Path), help="Write a workbook here.")
def thematic(since: datetime, until: datetime, as_json: bool, xlsx: Path | None, purpose: str, **given: Any) -> None:
    """Report what was judged, found and agreed in the audits of a period, both days included.

    Exit code 0 also where the selection is empty; 1 where a filter names what nobody knows, or the file cannot be
    written; 2 where the command was not understood. docs/data.md describes the JSON and the workbook.
    """
    if not as_json and xlsx is None:
        raise click.UsageError("Give --json or --xlsx FILE.")
    period = Filters(since.date(), until.date())
    for name, fault in period.faults():
        raise click.BadParameter(f"{fault}.", param_hint="--from" if name == "since" else "--to")
    by = given["by"] if xlsx is None else BY
    with reading():
        names = queries.names()
        filters = _filters(period, names, given, as_json)
        report = queries.report(queries.EVERYTHING, filters, names, made_by=f"the operator ({operator()})", by=by)
    if xlsx is not None:
        _write(report, xlsx, references=bool(purpose), as_json=as_json)
    with writing():
        journal.write(
            "exported", "report", "thematic", since=filters.since.isoformat(), until=filters.until.isoformat(),
            workbook=xlsx is not None, references=bool(purpose), purpose=purpose,
        )  # fmt: skip
        db.session.commit()
    if as_json:
        from auditapp.reports.contract import as_json as in_full

        click.echo(json.dumps(in_full(report), ensure_ascii=False))
    else:
        audits = "Audits" if report.audits is None else plural(report.audits, "audit")
        click.echo(f"{audits} of {filters.period()}: {xlsx}")


def _filters(period: Filters, names: Names, given: dict[str, Any], as_json: bool) -> Filters:
    """Read the filters; names are found whatever their capitals. Refuses what nobody knows."""
    services, teams = queries.all_places()
    templates = {**{title: key for key, title in names.templates.items()}, **{key: key for key in names.templates}}

    def known(what: str, value: str, names: Iterable[str]) -> str:
        if not value:
            return ""
        found = [name for name in names if name.casefold() == value.strip().casefold()]
        if not found:
            raise Refused(f"No {what} is called “{value}”.", as_json=as_json)
        return found[0]

    filters = Filters(
        period.since,
        period.until,
        service=known("service", given["service"], services),
        team=known("team", given["team"], teams),
        template=templates.get(known("template", given["template"], templates), ""),
        kind=given["kind"] or "",
        domain=known("domain", given["domain"], names.domains),
        theme=known("theme", given["theme"], names.themes),
        journey=given["journey"] or "",
        first=given["stage"] == "first",
        count_ungraded=given["ungraded"] == "count",
        published=given["published"],
    )
    for _, fault in filters.faults():
        raise Refused(f"{fault[:1].upper()}{fault[1:]}.", as_json=as_json)
    return filters.for_publication() if filters.published else filters


def _write(report: Report, path: Path, *, references: bool, as_json: bool) -> None:
    from auditapp.reports.workbook import workbook

    content = workbook(report, salt=secrets.token_bytes(16), references=references)
    try:
        path.write_bytes(content)
    except OSError as trouble:
        raise Refused(f"{path} cannot be written: {trouble.strerror}.", as_json=as_json) from trouble
