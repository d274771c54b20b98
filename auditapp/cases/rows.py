"""The rows under one list's headings: each accepted as an entry, or refused; what is doubtful is noted by its row.

The date of birth becomes an age band here and goes no further, nor do columns that are not kept.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from auditapp.cases.annex_a import Found, age_band, code, fold, has_codes, is_no_reference, is_open, is_totals
from auditapp.sheets.book import Fault, Row, Sheet, Value
from auditapp.sheets.values import date_of, is_empty, number_said, reference_of, said, text_of

BLANK_ROWS_TOLD_ONE_BY_ONE = 200
LONGEST_QUOTE = 60
LONGEST_REFERENCE = 100
LONGEST_WORDS = 200
IN_ORDER = json.JSONEncoder(default=str, sort_keys=True)
KEPT_WORDS = ("status", "category", "team", "worker", "gender", "ethnicity")


@dataclass(frozen=True, slots=True)
class Entry:
    """What is kept of one row. `facts`: the key dates by name; `status_given`: the status as the file wrote it."""

    list_key: str
    reference: str
    started_on: date | None = None
    ended_on: date | None = None
    status: str = ""
    status_given: str = ""
    category: str = ""
    team: str = ""
    worker: str = ""
    gender: str = ""
    ethnicity: str = ""
    age_band: str = ""
    facts: Mapping[str, str] = field(default_factory=dict)
    is_open: bool = False

    @property
    def digest(self) -> str:
        """The fingerprint of what the file says: not of what the as-at date makes of it (age band, open)."""
        said = {name: value for name, value in self._fields() if name not in ("age_band", "is_open")}
        return hashlib.sha256(IN_ORDER.encode(said).encode()).hexdigest()

    def as_json(self) -> dict[str, Any]:
        """Give the entry as JSON keeps it."""
        kept = {name: value for name, value in self._fields() if value not in ("", None)}
        return {key: value.isoformat() if isinstance(value, date) else value for key, value in kept.items()}

    def _fields(self) -> Iterator[tuple[str, Any]]:
        # As `asdict`, without its deep copies: this runs for each row of an extract, some of it under the write lock.
        return ((name, getattr(self, name)) for name in self.__slots__)

    @classmethod
    def of_json(cls, kept: Mapping[str, Any]) -> Entry:
        """Give the entry back from what `as_json` gave."""
        days = {key: date.fromisoformat(kept[key]) for key in ("started_on", "ended_on") if kept.get(key)}
        return cls(**{**kept, **days})


@dataclass(slots=True)
class ListReport:
    """What was found of one list in one sheet. `read` = `accepted` + the refused."""

    list_key: str
    title: str
    sheet: str
    header_row: int
    read: int = 0
    refused: list[tuple[int, str]] = field(default_factory=list)
    notes: list[tuple[int, str]] = field(default_factory=list)

    @property
    def accepted(self) -> int:
        """How many rows were accepted."""
        return self.read - len(self.refused)

    def as_json(self) -> dict[str, Any]:
        """Give the report in the form that `auditapp cases import --json` promises."""
        return {
            "list": self.list_key,
            "sheet": self.sheet,
            "header_row": self.header_row,
            "read": self.read,
            "accepted": self.accepted,
            "refused": [{"row": row, "why": why} for row, why in sorted(self.refused)],
            "notes": [{"row": row, "what": what} for row, what in sorted(self.notes, key=lambda note: note[0])],
        }


@dataclass(slots=True)
class Line:
    """An accepted row on its way: what is kept and (in memory only) all its cells, to tell a repeat from another."""

    entry: Entry
    row: int
    report: ListReport
    cells: tuple[str, ...]


class ListReading:
    """Reads the rows under one list's headings."""

    def __init__(self, sheet: Sheet, found: Found, as_at: date, since_1904: bool) -> None:
        self.shape, self.columns = found.shape, found.columns
        self.as_at, self.since_1904 = as_at, since_1904
        self.report = ListReport(found.shape.key, found.shape.title, sheet.name, found.header_row)
        self.lines: list[Line] = []
        self._last = found.header_row
        self._unknown: dict[tuple[str, str], int] = {}
        self._starred = [one.name for one in found.shape.headings if one.starred and one.name in found.columns]
        self._dates = frozenset(heading.name for heading in found.shape.headings if heading.is_date)
        self._note_headings(sheet, found)

    def _note_headings(self, sheet: Sheet, found: Found) -> None:
        note = self._noter(found.header_row)
        if sheet.hidden:
            note("This sheet is hidden; its rows were read as data.")
        for heading in self.shape.headings:
            if heading.name not in self.columns and (heading.starred or heading.name in self.shape.roles.values()):
                note(f"There is no column “{heading.name}”.")
        if found.others:
            note(f"Columns that are not part of the list and were not read: {', '.join(found.others)[:500]}.")

    def _noter(self, row: int) -> Any:
        return lambda what: self.report.notes.append((row, what))

    def take(self, row: Row) -> None:
        """Read one row below the headings."""
        if row.number <= self.report.header_row or all(is_empty(value) for value in row.values):
            return
        self._note_blank_rows(row.number)
        self._last = row.number
        self.report.read += 1
        if row.hidden:
            self.report.notes.append((row.number, "This row is hidden; it was read as data."))
        why = self._refusal(row)
        if why:
            self.report.refused.append((row.number, why))
        else:
            self._accept(row)

    def _note_blank_rows(self, number: int) -> None:
        blank = range(self._last + 1, number)
        if len(blank) <= BLANK_ROWS_TOLD_ONE_BY_ONE:
            self.report.notes.extend((row, "This row is blank; it was passed over.") for row in blank)
        else:
            what = f"Rows {blank[0]:,} to {blank[-1]:,} are blank; they were passed over."
            self.report.notes.append((blank[0], what))

    def _refusal(self, row: Row) -> str:
        heading = self.shape.roles["reference"]
        if heading not in self.columns:
            return f"The sheet has no column {heading}."
        cell = self._cell(row, heading)
        reference = reference_of(cell)
        if fold(reference) == fold(heading):
            return "This row repeats the headings."
        if is_no_reference(text_of(cell)) if reference else any(is_totals(text_of(value)) for value in row.values):
            return "This is a total or a remark, not a child."
        if isinstance(cell, Fault) and cell.is_formula:
            return f"{heading} is a formula without a saved value: open the file in Excel, save it and send it again."
        if not reference:
            return f"{heading} is blank."
        if len(reference) > LONGEST_REFERENCE:
            return f"{heading} holds more than {LONGEST_REFERENCE} characters, which is no reference."
        return ""

    def _cell(self, row: Row, heading: str | None) -> Value:
        column = self.columns.get(heading) if heading else None
        return row.values[column] if column is not None and column < len(row.values) else None

    def _accept(self, row: Row) -> None:
        cells = {name: self._read(row, name) for name in self.columns}
        entry = self._entry(row, cells)
        self._note_blanks(row, cells)
        self._note_doubts(row.number, entry, cells)
        apart = (self.shape.roles["reference"], self.shape.roles.get("age"))
        compared = tuple(str(value) for name, value in cells.items() if name not in apart)
        self.lines.append(Line(entry, row.number, self.report, compared))

    def _read(self, row: Row, heading: str) -> date | str | None:
        """Read a cell as a date or as text; say so when it is a formula without value, an error, or no date."""
        cell = self._cell(row, heading)
        if cell is None:
            return None if heading in self._dates else ""
        if isinstance(cell, Fault):
            if cell.is_formula:
                self._noter(row.number)(f"{heading} is a formula without a saved value; it was read as blank.")
            elif cell.text != "#N/A":
                self._noter(row.number)(f"{heading} is an error ({cell.text}); it was read as blank.")
        if heading not in self._dates:
            return said(cell)
        day = date_of(cell, self.since_1904)
        if day is None and said(cell):
            self._noter(row.number)(f"{heading} is not a date{self._quoted(heading, cell)}; it was read as blank.")
        return day

    def _quoted(self, heading: str, cell: Value) -> str:
        """Quote what was written, unless it belongs to a column that is never kept."""
        kept = (self.shape.roles.get("start"), *self.shape.ends, *self.shape.dates.values())
        return f" ({said(cell)[:LONGEST_QUOTE]})" if heading in kept else ""

    def _entry(self, row: Row, cells: Mapping[str, date | str | None]) -> Entry:
        roles = self.shape.roles

        def text(role: str) -> str:
            value = cells.get(roles.get(role, ""))
            if isinstance(value, str) and len(value) > LONGEST_WORDS:
                self._noter(row.number)(f"{roles[role]} is longer than {LONGEST_WORDS} characters; it was cut.")
                return value[:LONGEST_WORDS].strip()
            return value if isinstance(value, str) else ""

        def day(heading: str | None) -> date | None:
            value = cells.get(heading or "")
            return value if isinstance(value, date) else None

        words = {role: text(role) for role in KEPT_WORDS}
        started_on = day(roles.get("start"))
        ended_on = min((ended for ended in map(day, self.shape.ends) if ended), default=None)
        status = self._known_words(row.number, roles.get("status"), words["status"])
        for role in ("gender", "ethnicity"):
            self._known_words(row.number, roles.get(role), words[role])
        return Entry(
            **(words | {"status": status}),
            list_key=self.shape.key,
            reference=reference_of(self._cell(row, roles["reference"])),
            started_on=started_on,
            ended_on=ended_on,
            status_given=words["status"],
            age_band=age_band(day(roles.get("birth")), number_said(self._cell(row, roles.get("age"))), self.as_at),
            facts={key: moment.isoformat() for key, name in self.shape.dates.items() if (moment := day(name))},
            is_open=is_open(self.shape, started_on, ended_on, status, self.as_at),
        )

    def _known_words(self, row: int, heading: str | None, given: str) -> str:
        """Give a code's own words where it is known; note an unknown one, once a sheet, and keep it as given."""
        if not given or heading is None or not has_codes(heading):
            return given
        words = code(heading, given)
        if words is None and (heading, given) not in self._unknown:
            self._unknown[heading, given] = row
            self._noter(row)(f"{heading} has a code that is not known ({given[:LONGEST_QUOTE]}); it was kept as given.")
        return words or given

    def _note_blanks(self, row: Row, cells: Mapping[str, date | str | None]) -> None:
        for heading in self._starred:
            if not cells[heading]:
                cell = self._cell(row, heading)
                told = cell.text != "#N/A" if isinstance(cell, Fault) else said(cell)
                if not told:
                    self._noter(row.number)(f"{heading} is blank.")

    def _note_doubts(self, row: int, entry: Entry, cells: Mapping[str, date | str | None]) -> None:
        note = self._noter(row)
        start, closed = self.shape.roles.get("start"), self.shape.status_when_closed
        ends = [(name, day) for name in self.shape.ends if isinstance(day := cells.get(name), date)]
        for name, day in [(start, entry.started_on), *ends]:
            if day is not None and day > self.as_at:
                note(f"{name} is after the as-at date; it counts as not yet.")
        for name, day in ends:
            if entry.started_on and day < entry.started_on:
                note(f"{name} is before {start}.")
        ended = entry.ended_on is not None and entry.ended_on <= self.as_at
        if closed and entry.status == closed and not ended:
            note(
                f"The status says closed, but there is no {self.shape.ends[0]}: the date decides, so it counts as open."
            )
        elif closed and entry.status and entry.status != closed and ended:
            note(f"{self.shape.ends[0]} is given, but the status is {entry.status_given}: the date decides.")
