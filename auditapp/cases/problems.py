"""What an import has to tell, put so that somebody can act on it: kinds of note with their rows, and a flat table."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

HEADINGS = ("List", "Sheet", "Row", "Kind", "What")
ROWS_NAMED = 12


@dataclass(frozen=True, slots=True)
class Group:
    """The same thing said of several rows of one sheet."""

    what: str
    rows: tuple[int, ...]

    @property
    def where(self) -> str:
        """Name the rows; of many only the first."""
        if len(self.rows) == 1:
            return f"row {self.rows[0]}"
        named = ", ".join(str(row) for row in self.rows[:ROWS_NAMED])
        more = len(self.rows) - ROWS_NAMED
        return f"{len(self.rows):,} rows: {named}" + (f" and {more:,} more" if more > 0 else "")


def doubts(cases: Mapping[str, int], as_at: date, newest: date | None) -> list[str]:
    """Say what looks like the wrong file: it shows an earlier day than one taken, or more children gone than stayed.

    `cases`: how many children are changed, gone and unchanged. `newest`: the latest day that an extract taken shows.
    """
    told = []
    if newest is not None and as_at < newest:
        told.append(f"An extract that shows a later day was taken already ({newest.day} {newest:%B %Y}).")
    if cases["gone"] > cases["changed"] + cases["unchanged"]:
        told.append("More children are gone than have stayed. Is this the right file?")
    return told


def grouped(told: Sequence[Mapping[str, Any]], key: str) -> list[Group]:
    """Group refusals (`why`) or notes (`what`) by their words, those about most rows first."""
    rows: dict[str, list[int]] = {}
    for one in told:
        rows.setdefault(one[key], []).append(one["row"])
    groups = [Group(what, tuple(found)) for what, found in rows.items()]
    return sorted(groups, key=lambda group: (-len(group.rows), group.rows[0]))


def table(lists: Sequence[Mapping[str, Any]]) -> Iterator[tuple[str, str, int, str, str]]:
    """Give every refusal and note as a row of a table, under HEADINGS."""
    for report in lists:
        for one in report["refused"]:
            yield report["list"], report["sheet"], one["row"], "refused", one["why"]
        for one in report["notes"]:
            yield report["list"], report["sheet"], one["row"], "note", one["what"]
