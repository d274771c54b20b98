"""Which numbers may be shown to a reader who may not read every row.

Whoever may read every row sees every count. For everyone else counts of 1 to 4 are hidden, together with what would
reveal them by adding and taking away. The rules are coarse on purpose, so that they can be proved with a pencil.

**One row** (the four grades and "not graded" of one selection). Its small counts are hidden, and with them the next
smallest ones until the hidden counts add up to at least 5 and to more than there are of them. All that is then shown
are sums of *classes*: each open count is a class of its own, all hidden ones together are one. Since only the sum of a
hidden class is known, and each of its counts could be 1 or more than 1, none of them follows.

**A table** (the same selection by service, or by month). Its rows never show more than the sums of the classes of the
whole; so the whole cannot be put together from its rows. A row with a small sum is hidden as a whole, its total too,
and with it the next smallest rows, until the hidden rows are at least two and hold at least 5 audits and more audits
than rows: one audit could then stand in any of them. Where that hides too many rows, the table is told more coarsely
(good or better against the rest, then totals alone), and where even that fails it is withheld. A count that is plain
from what is shown (a grade that nobody gave, a class that only one row has) is shown: it is 0 or the whole's own.

**Rows that overlap** (by domain, where one audit may stand in several) do not add up to the whole, yet do so nearly:
then all rows are shown at one level of detail, with no small sum in any class, or none is.

Tables share nothing but the whole, so one cannot be played against another. What is shown of a table by team would be
sums within services; a published report therefore has no table by team.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import chain

SMALL = 5
"""Counts from 1 to one less than this are small."""

Columns = frozenset[int]
"""Positions of counts in a row."""

Row = Sequence[int]


@dataclass(frozen=True, slots=True)
class Shown:
    """What may be shown of one row: the sum of each of these classes of columns, and all that follows from them."""

    classes: frozenset[Columns]

    def shows(self, *columns: int) -> bool:
        """Whether the sum of these columns may be shown."""
        wanted = frozenset(columns)
        inside = [columns for columns in self.classes if columns <= wanted]
        return wanted == frozenset(chain.from_iterable(inside))


NOTHING = Shown(frozenset())


def is_small(count: int) -> bool:
    """Whether a count must not be shown by itself."""
    return 0 < count < SMALL


def everything(row: Row) -> Shown:
    """What a reader of every row sees: each count."""
    return Shown(frozenset(frozenset((column,)) for column in range(len(row))))


def of_row(row: Row, near: Sequence[Columns] = ()) -> Shown:
    """What may be shown of one row that is part of no table.

    `near` are columns that are better hidden together (good or better; below): such a companion is taken first.
    Nothing is shown of a row with a small total.
    """
    if not sum(row):
        return everything(row)
    hidden = frozenset(column for column, count in enumerate(row) if is_small(count))
    while hidden and not _safe_together(row, hidden):
        others = [column for column, count in enumerate(row) if count and column not in hidden]
        if not others:
            return NOTHING
        hidden |= {min(others, key=lambda column: (not _is_near(column, hidden, near), row[column]))}
    alone = {frozenset((column,)) for column in range(len(row)) if column not in hidden}
    return Shown(frozenset(alone | ({hidden} if hidden else set())))


def _safe_together(row: Row, hidden: Columns) -> bool:
    together = sum(row[column] for column in hidden)
    return len(hidden) > 1 and together >= SMALL and together > len(hidden)


def _is_near(column: int, hidden: Columns, near: Sequence[Columns]) -> bool:
    return any(column in group and hidden & group for group in near)


def of_table(rows: Sequence[Row], whole: Shown, near: Sequence[Columns] = ()) -> tuple[Shown, ...] | None:
    """What may be shown of each row of a table whose rows add up to a whole of which `whole` is shown.

    None where nothing but the whole may be shown. Of several ways the one that shows most rows is taken, and of those
    the one that says most about each.
    """
    if not rows or not whole.classes:
        return None
    totals = [sum(column) for column in zip(*rows, strict=True)]
    empty = frozenset(frozenset((column,)) for column, total in enumerate(totals) if not total)
    finest = whole.classes - empty
    best: tuple[int, frozenset[Columns], frozenset[int]] | None = None
    for classes in _levels(finest, near):
        open_rows = _open_rows(rows, classes)
        if open_rows and (best is None or len(open_rows) > best[0]):
            best = (len(open_rows), classes, open_rows)
    if best is None:
        return None
    _, classes, open_rows = best
    return tuple(Shown(empty | _classes_of(at, rows, classes, finest, open_rows)) for at in range(len(rows)))


def of_overlapping(rows: Sequence[Row], whole: Shown, near: Sequence[Columns] = ()) -> Shown | None:
    """What may be shown of every row of a table whose rows overlap, at the finest level at which none must be hidden.

    None where a row would have to be hidden at each level: with so few, the other rows and the whole would tell it.
    """
    for classes in _levels(whole.classes, near):
        if classes and not any(is_small(_sum(row, columns)) for row in rows for columns in classes):
            return Shown(classes)
    return None


def _levels(finest: frozenset[Columns], near: Sequence[Columns]) -> Iterable[frozenset[Columns]]:
    """The levels of detail at which a table may be told, the finest first, totals alone last."""
    yield finest
    yield _merged(finest, near)
    yield _merged(finest, (frozenset(chain.from_iterable(finest)),))


def _merged(classes: frozenset[Columns], groups: Sequence[Columns]) -> frozenset[Columns]:
    """The classes, those that touch the same group put together."""
    merged = set(classes)
    for group in groups:
        touched = {columns for columns in merged if columns & group}
        merged = (merged - touched) | {frozenset(chain.from_iterable(touched))} if touched else merged
    return frozenset(merged)


def _open_rows(rows: Sequence[Row], classes: Iterable[Columns]) -> frozenset[int]:
    """The rows that hold something and may be shown with the sums of these classes."""
    filled = [at for at, row in enumerate(rows) if sum(row)]
    hidden = {at for at in filled if any(is_small(_sum(rows[at], columns)) for columns in classes)}
    rest = sorted((at for at in filled if at not in hidden), key=lambda at: (sum(rows[at]), at))
    while hidden and not _rows_safe_together(rows, hidden):
        if not rest:
            return frozenset()
        hidden.add(rest.pop(0))
    return frozenset(rest)


def _rows_safe_together(rows: Sequence[Row], hidden: set[int]) -> bool:
    together = sum(sum(rows[at]) for at in hidden)
    return len(hidden) > 1 and together >= SMALL and together > len(hidden)


def _sum(row: Row, columns: Columns) -> int:
    return sum(row[column] for column in columns)


def _classes_of(
    at: int, rows: Sequence[Row], classes: frozenset[Columns], finest: frozenset[Columns], open_rows: frozenset[int]
) -> frozenset[Columns]:
    """The classes that may be shown of row `at`: of a hidden row those alone that are plainly 0."""
    row = rows[at]
    if sum(row) and at not in open_rows:
        hidden = [other for place, other in enumerate(rows) if sum(other) and place not in open_rows]
        nobody = [columns for columns in classes if not any(_sum(other, columns) for other in hidden)]
        return frozenset(chain.from_iterable(map(_alone, nobody)))
    shown: set[Columns] = set()
    for columns in classes:
        if not _sum(row, columns):
            shown |= _alone(columns)
        elif any(_sum(other, columns) for place, other in enumerate(rows) if place != at):
            shown.add(columns)
        else:
            shown |= {smaller for smaller in finest if smaller <= columns}
    return frozenset(shown)


def _alone(columns: Columns) -> set[Columns]:
    return {frozenset((column,)) for column in columns}


def of_counts(count: int, of: int) -> bool:
    """Whether "count of `of`" may be shown by itself: neither it nor what is left of it is small."""
    return not (is_small(of) or is_small(count) or is_small(of - count))


def whole_months(since: date, until: date) -> tuple[date, date] | None:
    """The whole months that lie inside a period (first and last day included); None where there is not one."""
    first = since if since.day == 1 else _month_after(since)
    last = until if (until + timedelta(days=1)).day == 1 else until.replace(day=1) - timedelta(days=1)
    return (first, last) if first <= last else None


def _month_after(day: date) -> date:
    return (day.replace(day=1) + timedelta(days=32)).replace(day=1)
