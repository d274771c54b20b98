"""Which row of a new extract is which involvement already held: an event is a row, and never becomes another one."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Hashable, Mapping, Sequence
from datetime import date
from typing import Any, Protocol


class HeldRow(Protocol):
    """What is known of an involvement that is held: its words' fingerprint, its start, and whether it is gone."""

    @property
    def digest(self) -> str: ...

    @property
    def started_on(self) -> date | None: ...

    @property
    def gone_import_id(self) -> int | None: ...


def match(
    found: Sequence[Mapping[str, Any]], held: Sequence[HeldRow]
) -> tuple[list[tuple[Mapping[str, Any], Any]], list[Any]]:
    """Pair a child's rows of one list with what is held of it; give also the present ones that were not found again.

    The same words are the same involvement; else the same start is; of two that fit, one still present goes before one
    that is gone. A row without a partner is a new involvement.
    """
    in_order = sorted(held, key=lambda stands: stands.gone_import_id is not None)
    partners: dict[int, Any] = {}
    used: set[int] = set()
    for of_row, of_held in (
        (lambda row: row["digest"], lambda stands: stands.digest),
        (lambda row: row["started_on"], lambda stands: stands.started_on),
    ):
        _pair(found, [stands for stands in in_order if id(stands) not in used], of_row, of_held, partners)
        used = {id(partner) for partner in partners.values()}
    left = [stands for stands in held if id(stands) not in used and stands.gone_import_id is None]
    return [(row, partners.get(number)) for number, row in enumerate(found)], left


def _pair(
    found: Sequence[Mapping[str, Any]],
    free: Sequence[Any],
    of_row: Callable[[Mapping[str, Any]], Hashable],
    of_held: Callable[[Any], Hashable],
    partners: dict[int, Any],
) -> None:
    waiting: dict[Hashable, list[Any]] = defaultdict(list)
    for stands in reversed(free):
        waiting[of_held(stands)].append(stands)
    for number, row in enumerate(found):
        if number not in partners and waiting[of_row(row)]:
            partners[number] = waiting[of_row(row)].pop()


def name_episode(started_on: date | None, taken: set[str]) -> str:
    """Name an episode by its start, with a number where that name is taken, and take the name."""
    name = start = started_on.isoformat() if started_on else "no start"
    number = len(taken)
    while name in taken:
        number += 1
        name = f"{start} {number}"
    taken.add(name)
    return name
