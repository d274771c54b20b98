"""Annex A as data: what each list is, which headings tell it apart, what is kept of it, and when a row is open.

Headings, their other spellings and the known codes stand in `annex_a.json`, because Ofsted changes them and councils
vary them. Nothing here knows a file or a database.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum
from functools import cache, lru_cache
from pathlib import Path
from typing import Any

DATA = Path(__file__).with_name("annex_a.json")
HEADER_WITHIN = 10
TOTAL_FIRST = re.compile(r"(grand|sub|overall)?[\s-]*totals?\b", re.I)
LETTERED = re.compile(r"^\(?[a-z0-9]{1,4}[).:]\s*|^[a-z]{0,4}[0-9]{0,2}\s+[-–:]\s+", re.I)


class Kind(StrEnum):
    """What a row of a list is: something that happened, somebody being worked with, or an adopter (never kept)."""

    EVENT = "event"
    INVOLVEMENT = "involvement"
    ADOPTERS = "adopters"


class Open(StrEnum):
    """How a list says that a row is open at the as-at date."""

    RECENT = "recent"
    DATES = "dates"
    ALWAYS = "always"
    NEVER = "never"


@dataclass(frozen=True, slots=True)
class Heading:
    """A column of a list. `starred`: a blank in it is noted. `spellings`: folded, the official one first."""

    name: str
    starred: bool
    is_date: bool
    spellings: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Shape:
    """A list: its headings, and which of them hold what is kept (`roles`, `dates`: from a meaning to its heading)."""

    key: str
    title: str
    kind: Kind
    opens: Open
    headings: tuple[Heading, ...]
    roles: Mapping[str, str]
    ends: tuple[str, ...] = ()
    dates: Mapping[str, str] = field(default_factory=dict)
    closed_statuses: frozenset[str] = frozenset()
    status_when_closed: str = ""

    @property
    def name(self) -> str:
        """The list as people say it."""
        return f"List {self.key}: {self.title}" if self.key.isdecimal() else self.title


@dataclass(frozen=True, slots=True)
class Found:
    """Where a list's headings stand in a sheet: heading to column (from 0); columns that belong to no heading."""

    shape: Shape
    header_row: int
    columns: Mapping[str, int]
    others: tuple[str, ...]


def fold(text: str) -> str:
    """Fold a heading or a code to its letters and digits in lower case, so that only its words count."""
    return "".join(filter(str.isalnum, text.casefold()))


@cache
def _data() -> dict[str, Any]:
    data: dict[str, Any] = json.loads(DATA.read_text(encoding="utf-8"))
    return data


@cache
def shapes() -> tuple[Shape, ...]:
    """Give the eleven lists, in order."""
    return tuple(_shape(entry) for entry in _data()["lists"])


@cache
def shape(key: str) -> Shape | None:
    """Give a list by its key ("6"; "open" for a council's own list of open cases), or None."""
    return next((shape for shape in (*shapes(), plain({})) if shape.key == key), None)


def _shape(entry: dict[str, Any]) -> Shape:
    headings = tuple(_heading(written) for written in entry["headings"])
    names = {heading.name for heading in headings}
    shared = {role: name for role, name in _data()["shared"].items() if name in names}
    own: dict[str, str] = {role: entry[role] for role in ("reference", "status", "category") if role in entry}
    return Shape(
        key=entry["list"],
        title=entry["title"],
        kind=Kind(entry["kind"]),
        opens=Open(entry["open"]),
        headings=headings,
        roles={**shared, **own, **({"start": entry["start"]} if "start" in entry else {})},
        ends=tuple(entry.get("ends", ())),
        dates=entry.get("dates", {}),
        closed_statuses=frozenset(entry.get("closed_statuses", ())),
        status_when_closed=entry.get("status_when_closed", ""),
    )


def _heading(written: str) -> Heading:
    name = written.rstrip("*")
    spellings = dict.fromkeys(fold(text) for text in (name, *_data()["aliases"].get(name, ())))
    return Heading(name, written.endswith("*"), "date" in name.casefold().split(), tuple(spellings))


EARLIEST = date(2000, 1, 1)
"""No extract shows an earlier day."""


def wrong_as_at(as_at: date, today: date) -> str:
    """Say what is wrong with the day an extract is to show, or nothing."""
    if as_at > today:
        return "The day the extract shows must be today or in the past"
    return "" if as_at >= EARLIEST else "The day the extract shows must be 1 January 2000 or later"


PLAIN_ROLES = ("reference", "team", "worker", "status", "opened", "closed")


def plain(pointing: Mapping[str, str]) -> Shape:
    """Give a council's own list of open cases as a shape; `pointing` leads from a role to the heading of its column."""
    entry = _data()["plain"]
    names = {role: pointing[role] for role in PLAIN_ROLES if pointing.get(role)}
    headings = tuple(
        Heading(name, role in ("team", "worker"), role in ("opened", "closed"), (fold(name),))
        for role, name in names.items()
    )
    roles: dict[str, str] = {role: names[role] for role in ("reference", "team", "worker", "status") if role in names}
    if "opened" in names:
        roles["start"] = names["opened"]
    ends = (names["closed"],) if "closed" in names else ()
    return Shape(entry["list"], entry["title"], Kind(entry["kind"]), Open(entry["open"]), headings, roles, ends)


def guess_pointing(titles: Sequence[str]) -> dict[str, str]:
    """Guess which heading is the reference, team, worker, status, opened and closed, by the known spellings."""
    data = _data()
    guessed: dict[str, str] = {}
    for role, name in data["plain"]["columns"].items():
        spellings = [name, *data["aliases"].get(name, ()), *data["plain"]["aliases"].get(role, ())]
        free = {fold(title): title for title in reversed(titles) if title and title not in guessed.values()}
        match = next((free[fold(spelling)] for spelling in spellings if fold(spelling) in free), None)
        if match:
            guessed[role] = match
    return guessed


A_VALUE = re.compile(r"\d[\d/.,\s-]*\d{2}|\b[A-Z]{1,2}\d[A-Z\d]?\s*\d[A-Z]{2}\b", re.IGNORECASE)
"""What references, postcodes and longer numbers look like: no heading looks so."""


@cache
def _spellings() -> frozenset[str]:
    data = _data()
    of_lists = {spelling for shape in shapes() for heading in shape.headings for spelling in heading.spellings}
    of_plain = {fold(said) for spellings in data["plain"]["aliases"].values() for said in spellings}
    return frozenset(of_lists | of_plain | {fold(name) for name in data["plain"]["columns"].values()})


def headings_known(titles: Sequence[str]) -> int:
    """Count the known spellings in a row that may be headings; 0 where any cell of it looks like a value.

    What is taken for headings is shown and kept, so a row of somebody's data must never pass.
    """
    known = [title for title in titles if fold(title) in _spellings()]
    strange = (title for title in titles if title and fold(title) not in _spellings())
    return 0 if any(A_VALUE.search(title) for title in strange) else len(known)


@cache
def _tells() -> dict[str, frozenset[str]]:
    """Give, for each list, the headings that no other list has: they are what a sheet is recognised by."""
    among = [heading.name for shape in shapes() for heading in shape.headings]
    return {shape.key: frozenset(h.name for h in shape.headings if among.count(h.name) == 1) for shape in shapes()}


def find(number: int, titles: Sequence[str]) -> Found | None:
    """Say which list has its headings in this row, or None; columns may be in any order, with others between."""
    best = max((find_shape(shape, number, titles) for shape in shapes()), key=_strength)
    own, share = _strength(best)
    return best if (own >= 2 and share >= 0.4) or (own >= 1 and share >= 0.7) else None


def _strength(found: Found) -> tuple[int, float]:
    own = len(_tells()[found.shape.key] & found.columns.keys())
    return own, len(found.columns) / len(found.shape.headings)


def find_shape(shape: Shape, number: int, titles: Sequence[str]) -> Found:
    """Place a list's headings on a row's titles.

    The official spelling goes before others, those before a likeness, the first column before a second of its name.
    """
    places: dict[str, int] = {}
    for column, title in enumerate(titles):
        places.setdefault(fold(title), column)
    columns: dict[str, int] = {}
    for rank in range(max((len(heading.spellings) for heading in shape.headings), default=0)):
        for heading in shape.headings:
            spelling = heading.spellings[rank] if rank < len(heading.spellings) else ""
            place = places.get(spelling) if spelling else None
            if place is not None and heading.name not in columns and place not in columns.values():
                columns[heading.name] = place
    for heading in shape.headings:
        free = (place for place in places.values() if place not in columns.values())
        if heading.name not in columns and (pattern := _pattern(heading.name)):
            found = next((place for place in free if pattern.fullmatch(fold(titles[place]))), None)
            columns |= {heading.name: found} if found is not None else {}
    others = tuple(title for column, title in enumerate(titles) if title and column not in columns.values())
    return Found(shape, number, columns, others)


@cache
def _pattern(heading: str) -> re.Pattern[str] | None:
    """Give what a heading looks like, folded, in councils that reword it; tried on columns nobody else claims."""
    pattern = _data()["patterns"].get(heading)
    return re.compile(pattern) if pattern else None


@cache
def _codes(heading: str) -> dict[str, str]:
    table = _data()["codes"].get(heading, {})
    return {fold(said): words for words, spellings in table.items() for said in (words, *spellings)}


def has_codes(heading: str) -> bool:
    """Tell whether the known answers of this column are listed."""
    return heading in _data()["codes"]


@lru_cache(10_000)
def code(heading: str, given: str) -> str | None:
    """Give the words of a known code however it was written ("F", "Female", "b) Female"), or None."""
    known = _codes(heading)
    tries = (given, LETTERED.sub("", given), given.split(")")[0], re.split(r"\s+[-–:]\s+|:", given)[0])
    return next((known[fold(text)] for text in tries if fold(text) in known), None)


def is_totals(text: str) -> bool:
    """Tell whether a cell says that its row adds others up ("Total", "Grand total:", "Total: 120")."""
    folded = fold(re.split(r"[:=\d(]", text)[0])
    return bool(folded) and folded in _totals()


def is_no_reference(text: str) -> bool:
    """Tell whether what stands where a reference should is a total or a remark: no child is called "Total children"."""
    if text.isdecimal():
        return False
    words = text.split()
    is_remark = len(words) > 2 and any(len(word) > 2 and word.isalpha() for word in words)
    return is_totals(text) or bool(TOTAL_FIRST.match(text)) or is_remark


@cache
def _totals() -> frozenset[str]:
    return frozenset(fold(words) for words in _data()["totals"])


def months_before(day: date, months: int) -> date:
    """Give the same day of the month so many months earlier, or that month's last day where it is shorter."""
    index = day.year * 12 + day.month - 1 - months
    year, month = divmod(index, 12)
    for last in range(day.day, 27, -1):
        try:
            return date(year, month + 1, last)
        except ValueError:
            continue
    return date(year, month + 1, day.day)


def is_open(shape: Shape, started_on: date | None, ended_on: date | None, status: str, as_at: date) -> bool:
    """Say whether a row is open at the as-at date; the dates decide, and a date after it counts as not yet.

    Lists 1 and 3: the row lies in the six months up to the as-at date, both days counted. List 9: every row. The
    others: begun (or no start given) and not ended; list 5 also not deemed unnecessary.
    """
    if shape.opens is Open.ALWAYS:
        return True
    if shape.opens is Open.RECENT:
        return started_on is not None and months_before(as_at, 6) <= started_on <= as_at
    if shape.opens is Open.NEVER or status in shape.closed_statuses:
        return False
    begun = started_on is None or started_on <= as_at
    return begun and (ended_on is None or ended_on > as_at)


AGE_BANDS = ("Unborn", "Under 1", "1 to 4", "5 to 9", "10 to 15", "16 and 17", "18 and over")
BAND_STARTS = (0, 1, 5, 10, 16, 18)


def age_band(born_on: date | None, age: float | None, as_at: date) -> str:
    """Give the age band at the as-at date: from the date of birth, else from the age given (below 0: unborn)."""
    if born_on is not None:
        had_birthday = (as_at.month, as_at.day) >= (born_on.month, born_on.day)
        years: float = -1 if born_on > as_at else as_at.year - born_on.year - (0 if had_birthday else 1)
    elif age is not None:
        years = age
    else:
        return ""
    return AGE_BANDS[sum(years >= start for start in BAND_STARTS)]
