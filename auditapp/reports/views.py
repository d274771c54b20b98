"""The pages of reports: the thematic report on screen, on paper, as JSON, CSV and workbook."""

from __future__ import annotations

import secrets
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from typing import Any

from flask import Blueprint, Response, abort, current_app, redirect, request, send_file, url_for

from auditapp import journal
from auditapp.db import db, reading
from auditapp.figures.facts import Finding
from auditapp.jobs.models import Job
from auditapp.jobs.operations import Progress, Unworkable, start
from auditapp.people.roles import Act, Viewer
from auditapp.reports import queries, tables, wording
from auditapp.reports.filters import Filters, Names
from auditapp.reports.forms import FilterForm, WorkbookForm
from auditapp.reports.report import Actions, Report, Section
from auditapp.sheets.writing import csv_lines
from auditapp.web.access import needs, viewer
from auditapp.web.done import done
from auditapp.web.pages import page
from auditapp.web.words import count

bp = Blueprint("reports", __name__, url_prefix="/reports")

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


@bp.get("")
@needs(Act.READ_PUBLISHED)
def index() -> Any:
    """Lead to the thematic report whoever reads reports; everybody else to what was published."""
    if viewer().may(Act.READ_REPORTS):
        return redirect(url_for("reports.thematic"))
    return page("reports/published.html")


@bp.get("/thematic")
@needs(Act.READ_REPORTS)
def thematic() -> Any:
    """Show the thematic report of the filters in the address, or what is wrong with them."""
    form, filters, names = _asked()
    if filters is None:
        return page("reports/thematic.html", 422, form=form, report=None)
    report = _report(viewer(), filters, names)
    db.session.rollback()  # What was read is read: no reader keeps a writer waiting while charts are drawn.
    return page("reports/thematic.html", form=form, report=report, **_shown(report))


@bp.get("/thematic.json")
@needs(Act.READ_REPORTS)
def as_json() -> Any:
    """Give the same report as the JSON of docs/data.md."""
    from auditapp.reports.contract import as_json as in_full

    return current_app.json.response(in_full(_report(viewer(), *_sound())))


@bp.get("/thematic/<key>.csv")
@needs(Act.READ_REPORTS)
def as_csv(key: str) -> Response:
    """Give one table of the same report as CSV, the kind of audit in its first column."""
    report = _report(viewer(), *_sound())
    found = [(section, table) for section, table in tables.tables(report) if table.key == key]
    if not found:
        abort(404)
    headings = ["Kind", *(column.heading for column in found[0][1].columns)]
    rows = ([section.name, *row] for section, table in found for row in table.rows)
    answer = Response(csv_lines(headings, rows), mimetype="text/csv")
    answer.headers.set("Content-Disposition", "attachment", filename=f"{key}.csv")
    return answer


@bp.route("/thematic/workbook", methods=["GET", "POST"])
@needs(Act.READ_REPORTS)
def workbook() -> Any:
    """Ask what the workbook is to hold, and begin to make it."""
    filters, names = _sound()
    form = WorkbookForm()
    if request.method == "POST" and form.validate():
        work = partial(
            _make_workbook,
            reader=viewer(),
            filters=filters,
            words=bool(form.words.data),
            references=bool(form.references.data),
        )
        job = start(queries.WORKBOOK, work, by=viewer().person_id, words="Gathering the figures")
        journal.write(
            "exported",
            "report",
            "thematic",
            since=filters.since.isoformat(),
            until=filters.until.isoformat(),
            words=bool(form.words.data),
            references=bool(form.references.data),
            purpose=form.purpose.data or "",
        )
        return done(url_for("jobs.show", job_id=job.id))
    chosen = [(title, value) for _, title, value in filters.chosen(names)]
    back = url_for("reports.thematic", **_address())
    return page(
        "reports/workbook.html", 422 if form.refused else 200, form=form, filters=filters, chosen=chosen, back=back
    )


@bp.get("/workbooks/<int:job_id>")
@needs(Act.READ_REPORTS, on=queries.own_workbook, journalled="fetched", kind="report workbook")
def fetch(job: Job) -> Any:
    """Hand over a workbook that was made; say so where it has been waiting too long."""
    file = queries.workbooks_folder() / f"{job.id}.xlsx"
    if not file.exists() or queries.too_old(file):
        return page("reports/gone.html", 410)
    name = str(job.result.get("name", "thematic report.xlsx"))
    return send_file(file, mimetype=XLSX, as_attachment=True, download_name=name)


def _make_workbook(
    progress: Progress, *, reader: Viewer, filters: Filters, words: bool, references: bool
) -> dict[str, Any]:
    """Make a workbook, in the background; nothing of the database is held while it is written."""
    from auditapp.reports.workbook import workbook as as_workbook

    with reading():
        report = _report(reader, filters, queries.names())
    if report.audits == 0:
        raise Unworkable("No audit was submitted in this selection, so there is nothing to put into a workbook.")
    rows = len(report.facts.judgements)
    content = as_workbook(
        report,
        salt=secrets.token_bytes(16),
        references=references,
        words=words,
        progress=lambda written: progress.say("Writing the row data", written, rows),
    )
    _keep(content, queries.workbooks_folder() / f"{progress.job_id}.xlsx")
    return {
        "said": "The workbook is ready",
        "url": current_app.url_map.bind("").build("reports.fetch", {"job_id": progress.job_id}),
        "next": "Download the workbook",
        "name": f"Thematic report {filters.since:%Y-%m-%d} to {filters.until:%Y-%m-%d}.xlsx",
    }


def _keep(content: bytes, file: Path) -> None:
    """Put a workbook where it is fetched from, readable by this server alone, and clear old ones away."""
    file.parent.mkdir(parents=True, exist_ok=True)
    for old in file.parent.glob("*.xlsx"):
        if queries.too_old(old):
            old.unlink(missing_ok=True)
    file.touch(0o600)
    file.write_bytes(content)


def _report(reader: Viewer, filters: Filters, names: Names) -> Report:
    within, reach = queries.reach(reader), queries.reach_in_words(reader)
    return queries.report(within, filters, names, made_by=reader.name, reach=reach)


def _asked() -> tuple[FilterForm, Filters | None, Names]:
    names = queries.names()
    within = queries.reach(viewer())
    form = FilterForm.of(request.args, names, *queries.places(within), whole=within.everything)
    return form, form.chosen(), names


def _sound() -> tuple[Filters, Names]:
    """Give filters that make sense; others are a bad request here, where there is no form to say so."""
    form, filters, names = _asked()
    if filters is None:
        abort(
            Response(
                "; ".join(str(text) for texts in form.errors.values() for text in texts), 400, mimetype="text/plain"
            )
        )
    return filters, names


def _shown(report: Report) -> dict[str, Any]:
    """Give everything that the page prints of a report."""
    from auditapp.reports.pictures import pictures

    folder, only = queries.charts_folder(), report.only
    return {
        "wording": wording,
        "made_rows": [{"key": {"text": what}, "value": {"text": words}} for what, words in wording.how_made(report)],
        "actions_by_stage": _stages,
        "chosen": report.filters.chosen(report.names),
        "pictures": {only.kind: pictures(only, folder, count_ungraded=report.filters.count_ungraded)} if only else {},
        "findings": {only.kind: _findings(report, only)} if only else {},
        "address": _address(),
        "kinds": _kinds(report),
    }


def _kinds(report: Report) -> list[tuple[str, str, bool]]:
    """Give the sub navigation from kind to kind; nothing where there is only one."""
    if len(report.kinds) < 2:
        return []
    address, chosen = _address(), report.filters.kind
    named = [(report.names.kinds.get(kind, kind), kind) for kind in report.kinds]
    return [
        (words, url_for("reports.thematic", **{**address, "kind": kind or None}), kind == chosen)
        for words, kind in [("At a glance", ""), *named]
    ]


def _stages(given: Actions) -> list[tuple[str, str, str]]:
    """Give the stages as the figures that the page shows beside their total."""
    late = "hidden" if given.overdue is None else count(given.overdue)
    return [
        (row.name, "hidden" if row.n is None else count(row.n), f"{late} overdue" if row.key == "agreed" else "")
        for row in given.stages
    ]


def _address() -> dict[str, Any]:
    """Give the filters as they stand in the address, for the addresses of the same report's other forms."""
    return {key: value for key, value in request.args.items() if value}


@dataclass(slots=True)
class _Found:
    """What was found on one theme, in words, the newest first; the page shows the first `shown` of each."""

    theme: str
    strengths: list[str] = field(default_factory=list)
    learning: list[str] = field(default_factory=list)
    shown: int = 3

    @property
    def left(self) -> bool:
        """Whether there is more than the page shows."""
        return max(len(self.strengths), len(self.learning)) > self.shown


def _findings(report: Report, section: Section) -> list[_Found]:
    found: dict[str, _Found] = {}
    for one in section.findings:
        group = found.setdefault(one.theme, _Found(report.names.themes.get(one.theme, one.theme)))
        (group.learning if one.kind is Finding.LEARNING else group.strengths).append(one.words)
    return list(found.values())
