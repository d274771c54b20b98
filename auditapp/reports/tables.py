"""Every table of a report, once: the page's disclosures, the CSV files and the workbook's sheets are these."""

from __future__ import annotations

import hashlib
import hmac
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from enum import Enum

from auditapp.figures.facts import OVERALL, AuditFact, Finding, JudgementFact
from auditapp.figures.shares import Share
from auditapp.library.scales import GRADES, SCALES
from auditapp.reports.filters import NOT_RECORDED
from auditapp.reports.report import Breakdown, Report, Row, Section
from auditapp.sheets.writing import Writable

HIDDEN = "hidden"
SCALE_TITLES = {key.value: scale.title for key, scale in SCALES.items()}


class Shape(Enum):
    """How the values of a column are to be read: this decides number format, alignment and width."""

    TEXT = "text"
    LONG = "long text"
    COUNT = "count"
    SHARE = "share"
    DAY = "day"


@dataclass(frozen=True, slots=True)
class Column:
    """One column: its heading, how it reads, and what it means (for the data dictionary)."""

    heading: str
    shape: Shape
    meaning: str


@dataclass(frozen=True, slots=True)
class Table:
    """One table: `key` names it in addresses, `name` on sheets, `title` above it. Rows may be read once only."""

    key: str
    name: str
    title: str
    columns: tuple[Column, ...]
    rows: Iterable[Sequence[Writable]]


TITLES = {"domain": "Domains", "service": "Services", "team": "Teams", "month": "Months"}
SINGULAR = {"domain": "Domain", "service": "Service", "team": "Team", "month": "Month"}

GRADE_COLUMNS = (
    Column("Audits", Shape.COUNT, "Submitted audits; in a domain’s row those whose template asks for it."),
    Column("Graded", Shape.COUNT, "How many of these carry one of Ofsted’s four grades."),
    *(Column(grade.word, Shape.COUNT, f"How many were judged {grade.word}.") for grade in GRADES),
    Column("Not graded", Shape.COUNT, "How many were asked for a grade and have none."),
    Column("Good or better", Shape.COUNT, "Judged Outstanding or Good."),
    Column("Of", Shape.COUNT, "The denominator of the share."),
    Column("Share", Shape.SHARE, "Good or better divided by Of."),
    Column("Low", Shape.SHARE, "Lower end of the share’s 95% interval (Wilson)."),
    Column("High", Shape.SHARE, "Upper end of the share’s 95% interval (Wilson)."),
)


def tables(report: Report) -> Iterator[tuple[Section, Table]]:
    """Every table of figures of the report, section by section."""
    for section in report.sections:
        for breakdown in section.by:
            yield section, breakdown_table(breakdown)
        yield section, theme_table(section)
        yield section, action_table(section)


def breakdown_table(breakdown: Breakdown) -> Table:
    """The grades by one thing."""
    key = breakdown.by
    name = Column(SINGULAR[key], Shape.TEXT, f"The {SINGULAR[key].lower()}, as it was on the day of the audit.")
    return Table(
        key,
        TITLES[key],
        f"Grades by {SINGULAR[key].lower()}",
        (name, *GRADE_COLUMNS),
        [_grade_row(row) for row in breakdown.rows],
    )


def _grade_row(row: Row) -> list[Writable]:
    return [
        row.name,
        _shown(row.audits),
        _shown(row.graded),
        *(_shown(count.n) for count in row.grades),
        _shown(row.not_graded),
        *_share_cells(row.good_or_better),
    ]


def _shown(number: int | None) -> Writable:
    return HIDDEN if number is None else number


def _share_cells(given: Share) -> list[Writable]:
    if given.suppressed:
        return [HIDDEN] * 5
    return [given.n, given.of, given.share, given.low, given.high]


def theme_table(section: Section) -> Table:
    """Strengths and learning by theme."""
    columns = (
        Column("Theme", Shape.TEXT, "The council’s own name for it."),
        Column("Strengths", Shape.COUNT, "Audits that found at least one strength on the theme."),
        Column("Areas for learning", Shape.COUNT, "Audits that found at least one area for learning on the theme."),
        Column("Of", Shape.COUNT, "Submitted audits whose template looks at the theme."),
        Column("Share of strengths", Shape.SHARE, "Strengths divided by Of."),
        Column("Share of learning", Shape.SHARE, "Areas for learning divided by Of."),
        Column(
            "Found elsewhere", Shape.COUNT, "Audits with a finding on it though their template does not look at it."
        ),
    )
    rows = [
        [
            row.name,
            _shown(row.strengths.n),
            _shown(row.learning.n),
            _shown(row.of),
            HIDDEN if row.strengths.suppressed else row.strengths.share,
            HIDDEN if row.learning.suppressed else row.learning.share,
            _shown(row.elsewhere),
        ]
        for row in section.themes
    ]
    return Table("theme", "Themes", "Strengths and areas for learning by theme", columns, rows)


def action_table(section: Section) -> Table:
    """Actions by stage, with their total and how many are overdue."""
    columns = (
        Column("Stage", Shape.TEXT, "How far the action has come."),
        Column("Actions", Shape.COUNT, "Actions that took effect with the selection’s audits."),
    )
    given = section.actions
    rows: list[list[Writable]] = [[row.name, _shown(row.n)] for row in given.stages]
    rows += [["All actions", _shown(given.total)], ["Of these overdue", _shown(given.overdue)]]
    return Table("action", "Actions", "Actions by stage", columns, rows)


AUDIT = Column("Audit", Shape.TEXT, "A number for the audit that holds within this file only.")
DAY = Column("Day", Shape.DAY, "The audit’s stated day.")
TEAM = Column("Team", Shape.TEXT, "The team as it was on the day.")


def findings_table(report: Report, section: Section, salt: bytes) -> Table:
    """The findings in their words, each with its audit under the pseudonym that the row data has for it."""
    audits = {audit.audit: audit for audit in report.facts.audits}
    columns = (
        Column("Theme", Shape.TEXT, "The council’s own name for it."),
        Column("Finding", Shape.TEXT, "Strength, or area for learning."),
        Column("In their words", Shape.LONG, "As the auditor wrote it."),
        Column("Domain", Shape.TEXT, "Where in the audit it was written."),
        AUDIT,
        DAY,
        TEAM,
    )
    rows: list[list[Writable]] = [
        [
            report.names.themes.get(one.theme, one.theme),
            "Strength" if one.kind is Finding.STRENGTH else "Area for learning",
            one.words,
            report.names.domain(one.domain),
            pseudonym(salt, "audit", str(one.audit)),
            audits[one.audit].day,
            audits[one.audit].team or NOT_RECORDED,
        ]
        for one in section.findings
    ]
    return Table("finding", "Findings", "Findings in their words", columns, rows)


ROW_COLUMNS = (
    AUDIT,
    Column("Case", Shape.TEXT, "A number that holds within this file only, or the council’s own reference."),
    DAY,
    Column("Kind", Shape.TEXT, "The kind of audit. Kinds are never pooled."),
    Column("Template", Shape.TEXT, "What was asked."),
    Column("Version", Shape.TEXT, "The template’s version."),
    Column("Service", Shape.TEXT, "The service as it was on the day."),
    TEAM,
    Column("Stage of journey", Shape.TEXT, "Where the child stood in their journey."),
    Column("List", Shape.TEXT, "The list of the extract that the involvement came from."),
    Column("Talked through", Shape.TEXT, "Whether the audit was done in conversation."),
    Column("Domain", Shape.TEXT, "What was judged; Overall is the whole audit."),
    Column("Scale", Shape.TEXT, "The scale of the judgement."),
    Column("First grade", Shape.TEXT, "The word as printed when submitted."),
    Column("First rank", Shape.COUNT, "Its rank, best highest; empty where not graded."),
    Column("Final grade", Shape.TEXT, "The word after moderation, else the first."),
    Column("Final rank", Shape.COUNT, "Its rank, best highest; empty where not graded."),
)


def row_table(report: Report, salt: bytes, *, references: bool = False) -> Table:
    """One row for each judgement, the rows made as they are read.

    Audits and cases carry pseudonyms of this file, made with its own `salt`; `references` puts the council's own case
    reference in their place, for a reader whose purpose needs it.
    """
    return Table(
        "row", "Row data", "One row for each judgement", ROW_COLUMNS, _judgement_rows(report, salt, references)
    )


def _judgement_rows(report: Report, salt: bytes, references: bool) -> Iterator[Sequence[Writable]]:
    audits = {audit.audit: audit for audit in report.facts.audits}
    order = {key: place for place, key in enumerate([OVERALL, *report.names.domains])}
    chosen = sorted(
        report.facts.judgements,
        key=lambda one: (audits[one.audit].day, one.audit, order.get(one.domain, len(order)), one.domain),
    )
    for one in chosen:
        audit = audits[one.audit]
        case = audit.reference if references else pseudonym(salt, "case", audit.reference)
        yield [pseudonym(salt, "audit", str(audit.audit)), case, *_audit_cells(report, audit), *_judged(report, one)]


def _audit_cells(report: Report, audit: AuditFact) -> list[Writable]:
    names = report.names
    return [
        audit.day,
        names.kinds.get(audit.kind, audit.kind),
        names.templates.get(audit.template, audit.template),
        audit.version,
        audit.service or NOT_RECORDED,
        audit.team or NOT_RECORDED,
        names.journeys.get(audit.journey, audit.journey),
        names.lists.get(audit.list, audit.list),
        "Yes" if audit.talked else "No",
    ]


def _judged(report: Report, one: JudgementFact) -> list[Writable]:
    scale = SCALE_TITLES.get(one.scale, one.scale)
    return [report.names.domain(one.domain), scale, one.first_word, one.first, one.final_word, one.final]


def pseudonym(salt: bytes, kind: str, reference: str) -> str:
    """A name that is the same within one file and tells nothing outside it: without the salt it leads nowhere."""
    digest = hmac.new(salt, f"{kind}\n{reference}".encode(), hashlib.sha256).hexdigest()
    return f"{kind[0].upper()}-{digest[:10].upper()}"
