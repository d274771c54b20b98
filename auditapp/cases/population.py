"""An extract read into what may be kept, and compared with what is held.

Every row with content below a list's headings is read, and is then either accepted or refused: only a row that has no
reference of its own (blank, a total, a remark, the headings again) is refused. What is doubtful about an accepted row
is noted, by row. `docs/decisions/0003-annex-a-reading.md` says what each count means.
"""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import date

from auditapp.cases.annex_a import HEADER_WITHIN, Found, Kind, find, find_shape, headings_known, plain, shape
from auditapp.cases.rows import Entry, Line, ListReading, ListReport
from auditapp.sheets.book import Book, Row, Unreadable
from auditapp.sheets.values import date_of, number_said, text_of

NO_HEADINGS = (
    f"The first rows hold no headings: in one of a sheet's first {HEADER_WITHIN} rows there must be those of an Annex "
    "A list (such as Child Unique ID) or of a list of open cases (such as Case ID, Team and Worker)."
)


class NothingFound(Unreadable):
    """The file can be read, but holds no list; `titles` are the headings of its first table, to be pointed at.

    There are none where no row is known to be headings: a row of somebody's data must not be taken for them.
    """

    def __init__(self, sentence: str, titles: Sequence[str] = ()) -> None:
        super().__init__(sentence)
        self.titles = tuple(titles)


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
        return frozenset(report.list_key for report in self.reports if _kind(report.list_key) is not Kind.ADOPTERS)


def _kind(key: str) -> Kind:
    found = shape(key)
    return found.kind if found else Kind.INVOLVEMENT


def read_extract(book: Book, as_at: date, pointing: Mapping[str, str] | None = None) -> Extract:
    """Read every list of a file, or (with a pointing) every sheet that has the columns pointed at.

    Raises Unreadable, and NothingFound when no sheet holds a list.
    """
    lines: list[Line] = []
    reports: list[ListReport] = []
    passed_over: list[str] = []
    titles: list[str] = []
    for sheet in book.sheets:
        rows = sheet.rows()
        found, first_rows = _headings(rows, pointing)
        if found is None:
            passed_over.append(sheet.name)
            titles = titles or _titles(first_rows)
            continue
        reading = ListReading(sheet, found, as_at, book.since_1904)
        for row in (*first_rows, *rows):
            reading.take(row)
        reports.append(reading.report)
        lines.extend(reading.lines)
    if not reports:
        raise NothingFound(_why_nothing(pointing) if titles else NO_HEADINGS, titles)
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


def _titles(rows: Sequence[Row]) -> list[str]:
    """Give the texts of the row that holds headings: of those that may, the one with most known spellings."""
    texts = [
        [text_of(value) for value in row.values] for row in rows if row.number <= HEADER_WITHIN and _all_words(row)
    ]
    return max((row for row in texts if headings_known(row)), key=headings_known, default=[])


def _all_words(row: Row) -> bool:
    return not any(number_said(value) is not None or date_of(value) for value in row.values)


def _that_count(lines: Sequence[Line], as_at: date) -> list[Line]:
    """Give the lines that count: repeats once, of an involvement's differing rows the latest episode; note the rest."""
    once = list(_without_repeats(lines))
    groups: dict[tuple[str, str], list[Line]] = {}
    for line in once:
        groups.setdefault((line.entry.list_key, line.entry.reference), []).append(line)
    counting: list[Line] = []
    for (key, _), group in groups.items():
        kind = _kind(key)
        if kind is Kind.EVENT:
            counting.extend(group)
        elif kind is Kind.INVOLVEMENT:
            counting.append(_latest(group, as_at))
    return counting


def _without_repeats(lines: Iterable[Line]) -> Iterator[Line]:
    seen: dict[tuple[str, str, tuple[str, ...]], Line] = {}
    for line in lines:
        key = (line.entry.list_key, line.entry.reference, line.cells)
        first = seen.setdefault(key, line)
        if first is line:
            yield line
        else:
            line.report.notes.append((line.row, f"The same as {_where(first, line)}; it counts once."))


def _latest(group: Sequence[Line], as_at: date) -> Line:
    """Give the row of the latest episode: begun by the as-at date before not yet begun, latest start, later row."""

    def order(numbered: tuple[int, Line]) -> tuple[bool, date, int]:
        started = numbered[1].entry.started_on or date.min
        return started <= as_at, started, numbered[0]

    winner = max(enumerate(group), key=order)[1]
    for line in group:
        if line is not winner:
            what = f"Another row of this child differs: {_where(winner, line)}, the latest episode, counts instead."
            line.report.notes.append((line.row, what))
    return winner


def _where(line: Line, seen_from: Line) -> str:
    sheet = "" if line.report is seen_from.report else f" of sheet {line.report.sheet}"
    return f"row {line.row}{sheet}"


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
