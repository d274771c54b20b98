"""An extract read into what may be kept, and compared with what is held.

Every row with content below a list's headings is read, and is then either accepted or refused: only a row that has no
reference of its own (blank, a totals row, the headings again) is refused. What is doubtful about an accepted row is
noted, by row. The date of birth becomes an age band here and goes no further, nor do columns that are not kept.

`docs/decisions/0003-annex-a-reading.md` says what each count means.
"""

from __future__ import annotations

import hashlib
import json
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass, field
from datetime import date
from typing import Any

from auditapp.cases.annex_a import (
    HEADER_WITHIN,
    Found,
    Kind,
    Shape,
    age_band,
    code,
    find,
    find_shape,
    fold,
    has_codes,
    is_open,
    is_totals,
    plain,
    shape,
)
from auditapp.sheets.book import Book, Fault, Row, Sheet, Unreadable, Value
from auditapp.sheets.values import date_of, is_empty, number_said, reference_of, said, text_of

BLANK_ROWS_TOLD_ONE_BY_ONE = 200
LONGEST_QUOTE = 60
LONGEST_REFERENCE = 100
LONGEST_WORDS = 200
KEPT_WORDS = ("status", "category", "team", "worker", "gender", "ethnicity")


class NothingFound(Unreadable):
    """The file can be read, but holds no list; `titles` are the headings of its first table, to be pointed at."""

    def __init__(self, sentence: str, titles: Sequence[str] = ()) -> None:
        super().__init__(sentence)
        self.titles = tuple(titles)


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
        return hashlib.sha256(json.dumps(said, default=str, sort_keys=True).encode()).hexdigest()

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
class Extract:
    """A file read as at a day: a report for each list found, and the entries that count."""

    as_at: date
    reports: list[ListReport]
    entries: list[Entry]
    passed_over: list[str]

    @property
    def list_keys(self) -> frozenset[str]:
        """The lists of children that are present: what is gone is reckoned for these alone."""
        return frozenset(
            report.list_key for report in self.reports if _known(report.list_key).kind is not Kind.ADOPTERS
        )


def _known(key: str) -> Shape:
    found = shape(key)
    assert found is not None
    return found


# ---- reading ----


@dataclass(slots=True)
class _Line:
    """An accepted row on its way: what is kept and (in memory only) all its cells, to tell a repeat from another."""

    entry: Entry
    row: int
    report: ListReport
    cells: tuple[str, ...]


def read_extract(book: Book, as_at: date, pointing: Mapping[str, str] | None = None) -> Extract:
    """Read every list of a file, or (with a pointing) every sheet that has the columns pointed at.

    Raises Unreadable, and NothingFound when no sheet holds a list.
    """
    lines: list[_Line] = []
    reports: list[ListReport] = []
    passed_over: list[str] = []
    titles: list[str] = []
    for sheet in book.sheets:
        rows = sheet.rows()
        found, first_rows = _headings(rows, pointing)
        if found is None:
            passed_over.append(sheet.name)
            titles = titles or _widest(first_rows)
            continue
        reading = _ListReading(sheet, found, as_at, book.since_1904)
        for row in (*first_rows, *rows):
            reading.take(row)
        reports.append(reading.report)
        lines.extend(reading.lines)
    if not reports:
        raise NothingFound(_why_nothing(pointing), titles)
    return Extract(as_at, reports, [line.entry for line in _that_count(lines, as_at)], passed_over)


def _why_nothing(pointing: Mapping[str, str] | None) -> str:
    if pointing is None:
        return (
            "No Annex A list was found: its headings (such as Child Unique ID) must stand in one of a sheet's "
            f"first {HEADER_WITHIN} rows."
        )
    return f"No sheet has the columns pointed at in one of its first {HEADER_WITHIN} rows: point at the columns again."


def _headings(rows: Iterator[Row], pointing: Mapping[str, str] | None) -> tuple[Found | None, list[Row]]:
    """Look for a list's headings in the first ten rows; give also the rows that were read to find them."""
    first: list[Row] = []
    for row in rows:
        first.append(row)
        if row.number > HEADER_WITHIN:
            break
        titles = [text_of(value) for value in row.values]
        found = find(row.number, titles) if pointing is None else _pointed(row.number, titles, pointing)
        if found is not None:
            return found, []
    return None, first


def _pointed(number: int, titles: Sequence[str], pointing: Mapping[str, str]) -> Found | None:
    wanted = plain(pointing)
    found = find_shape(wanted, number, titles)
    return found if len(found.columns) == len(wanted.headings) else None


def _widest(rows: Sequence[Row]) -> list[str]:
    """Give the texts of the row that looks like headings: the fullest among the first."""
    texts = [[text_of(value) for value in row.values] for row in rows if row.number <= HEADER_WITHIN]
    return max(texts, key=lambda row: sum(bool(text) for text in row), default=[])


class _ListReading:
    """Reads the rows under one list's headings."""

    def __init__(self, sheet: Sheet, found: Found, as_at: date, since_1904: bool) -> None:
        self.shape, self.columns = found.shape, found.columns
        self.as_at, self.since_1904 = as_at, since_1904
        self.report = ListReport(found.shape.key, found.shape.title, sheet.name, found.header_row)
        self.lines: list[_Line] = []
        self._last = found.header_row
        self._unknown: dict[tuple[str, str], int] = {}
        self._starred = [one.name for one in found.shape.headings if one.starred and one.name in found.columns]
        self._dates = frozenset(heading.name for heading in found.shape.headings if heading.is_date)
        self._note_headings(sheet, found)

    def _note_headings(self, sheet: Sheet, found: Found) -> None:
        note = self._noter(found.header_row)
        if sheet.hidden:
            note("This sheet is hidden; its rows were read as data.")
        if self.shape.kind is Kind.ADOPTERS:
            note("Adopters are counted here, and never kept or sampled.")
        for heading in self.shape.headings:
            if heading.name not in self.columns and (heading.starred or heading.name in self.shape.roles.values()):
                note(f"There is no column {heading.name}.")
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
        if any(is_totals(text_of(value)) for value in ([cell] if reference else row.values)):
            return "This is a totals row, not a child."
        if isinstance(cell, Fault) and cell.is_formula:
            return f"{heading} is a formula without a saved value: open the file in Excel, save it and send it again."
        if not reference:
            return f"{heading} is blank."
        if len(reference) > LONGEST_REFERENCE:
            return f"{heading} holds more than {LONGEST_REFERENCE} characters, which is no reference."
        if fold(reference) == fold(heading):
            return "This row repeats the headings."
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
        self.lines.append(_Line(entry, row.number, self.report, compared))

    def _read(self, row: Row, heading: str) -> date | str | None:
        """Read a cell as a date or as text; say so when it is a formula without value, an error, or no date."""
        cell = self._cell(row, heading)
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


def _that_count(lines: Sequence[_Line], as_at: date) -> list[_Line]:
    """Give the lines that count: repeats once, of an involvement's differing rows the latest episode; note the rest."""
    once = list(_without_repeats(lines))
    groups: dict[tuple[str, str], list[_Line]] = {}
    for line in once:
        groups.setdefault((line.entry.list_key, line.entry.reference), []).append(line)
    counting: list[_Line] = []
    for (key, _), group in groups.items():
        kind = _known(key).kind
        if kind is Kind.EVENT:
            counting.extend(group)
        elif kind is Kind.INVOLVEMENT:
            counting.append(_latest(group, as_at))
    return counting


def _without_repeats(lines: Iterable[_Line]) -> Iterator[_Line]:
    seen: dict[tuple[str, str, tuple[str, ...]], _Line] = {}
    for line in lines:
        key = (line.entry.list_key, line.entry.reference, line.cells)
        first = seen.setdefault(key, line)
        if first is line:
            yield line
        else:
            line.report.notes.append((line.row, f"The same as {_where(first, line)}; it counts once."))


def _latest(group: Sequence[_Line], as_at: date) -> _Line:
    """Give the row of the latest episode: begun by the as-at date before not yet begun, latest start, later row."""

    def order(numbered: tuple[int, _Line]) -> tuple[bool, date, int]:
        started = numbered[1].entry.started_on or date.min
        return started <= as_at, started, numbered[0]

    winner = max(enumerate(group), key=order)[1]
    for line in group:
        if line is not winner:
            what = f"Another row of this child differs: {_where(winner, line)}, the latest episode, counts instead."
            line.report.notes.append((line.row, what))
    return winner


def _where(line: _Line, seen_from: _Line) -> str:
    sheet = "" if line.report is seen_from.report else f" of sheet {line.report.sheet}"
    return f"row {line.row}{sheet}"


# ---- comparing ----


@dataclass(frozen=True, slots=True)
class Change:
    """How many children are new, changed, gone or unchanged against what is held, in the lists of the file."""

    new: int
    changed: int
    gone: int
    unchanged: int

    def as_json(self) -> dict[str, int]:
        """Give the counts by name."""
        return asdict(self)


Held = Mapping[str, Mapping[str, Sequence[str]]]


def held_by_case(entries: Iterable[Entry]) -> dict[str, dict[str, list[str]]]:
    """Arrange entries as the comparison wants them: reference → list → the fingerprints of its rows."""
    held: dict[str, dict[str, list[str]]] = {}
    for entry in entries:
        held.setdefault(entry.reference, {}).setdefault(entry.list_key, []).append(entry.digest)
    return held


def compare(found: Held, held: Held, list_keys: frozenset[str]) -> Change:
    """Compare children: `found` and `held` lead from reference to list to fingerprints; only `list_keys` are compared.

    New: held in no list at all. Gone: held in one of these lists, and now in none of them. Changed: some row of these
    lists came, went or says something else.
    """
    new = sum(reference not in held for reference in found)
    gone = sum(reference not in found and any(key in list_keys for key in lists) for reference, lists in held.items())
    known = [reference for reference in found if reference in held]
    same = sum(_rows(found[reference], list_keys) == _rows(held[reference], list_keys) for reference in known)
    return Change(new=new, changed=len(known) - same, gone=gone, unchanged=same)


def _rows(lists: Mapping[str, Sequence[str]], list_keys: frozenset[str]) -> dict[str, Counter[str]]:
    return {key: Counter(rows) for key, rows in lists.items() if key in list_keys and rows}


def fingerprint(held: Held) -> str:
    """Give the fingerprint of a population: the same for the same children, lists and rows, in whatever order."""
    lines = (
        f"{reference}\n{key}\n{digest}"
        for reference in sorted(held)
        for key in sorted(held[reference])
        for digest in sorted(held[reference][key])
    )
    return hashlib.sha256("\n".join(lines).encode()).hexdigest()
