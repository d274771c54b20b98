"""Lists: filters that stay in the address, an allow-list of sortings, paging by key.

Paging by key stays right while rows come and go, and costs the same on the hundredth page as on the first. The place in
the list is signed, so that nobody can hand the database a value of another type.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from enum import Enum
from typing import Any, cast

from flask import current_app, request, url_for
from itsdangerous import BadSignature, URLSafeSerializer
from sqlalchemy import ColumnElement, Select, and_, case, func, or_, select

from auditapp.db import db
from auditapp.web.forms import clean, unkeepable
from auditapp.web.words import plural

LONGEST_FILTER = 200
PAGE = 50
EXPORT_PAGE = 500
OURS = frozenset({"sort", "place"})


@dataclass(frozen=True, slots=True)
class Column:
    """One column: its name in the address, its title, and what it sorts by (None: it does not sort)."""

    name: str
    title: str
    sort: Any = None
    numeric: bool = False


@dataclass(frozen=True, slots=True)
class Filter:
    """One filter: its name in the address, its label, and how it narrows the query by a value.

    With `choices` [(value, label)] only those values are taken and a drop-down list is shown (`anything` is its first
    line); without, it is a line of text.
    """

    name: str
    title: str
    narrow: Callable[[Select[Any], str], Select[Any]]
    choices: Sequence[tuple[str, str]] = ()
    anything: str = "All"

    def take(self, typed: str) -> str:
        """Give the value as it is used; nothing when it is none of ours."""
        value = clean(typed)[:LONGEST_FILTER]
        if self.choices:
            return value if value in dict(self.choices) else ""
        return "" if unkeepable(value) else value

    def words(self, value: str) -> str:
        """Give a value as a chip says it."""
        return f"{self.title}: {dict(self.choices).get(value, value)}"


@dataclass(frozen=True, slots=True)
class Chip:
    """One filter in force, and the address without it."""

    words: str
    without: str


@dataclass(frozen=True, slots=True)
class Sorting:
    """By which column, in which direction."""

    column: Column
    descending: bool

    @property
    def name(self) -> str:
        """Give the sorting as it stands in the address."""
        return ("-" if self.descending else "") + self.column.name


@dataclass(frozen=True)
class Listing:
    """One list as its page shows it."""

    query: Select[Any]
    columns: Sequence[Column]
    filters: Sequence[Filter]
    chosen: Mapping[str, str]
    sorting: Sorting
    key: ColumnElement[Any]
    noun: tuple[str, str]
    rows: Sequence[Any]
    total: int
    next: str
    previous: str

    @classmethod
    def of(
        cls,
        query: Select[Any],
        args: Mapping[str, str],
        *,
        columns: Sequence[Column],
        key: Any,
        usual: str,
        filters: Sequence[Filter] = (),
        noun: str = "row",
        nouns: str = "",
        size: int = PAGE,
    ) -> Listing:
        """Read the address and fetch one page of a query.

        `usual`: the sorting without a choice, “-opened” for descending; `key`: a unique column; `noun`, `nouns`: what
        is counted; `size`: rows a page. The query must not be ordered. Rows are entities where it selects one thing.
        """
        chosen = {item.name: value for item in filters if (value := item.take(args.get(item.name, "")))}
        for item in filters:
            if item.name in chosen:
                query = item.narrow(query, chosen[item.name])
        sorting = _sorting(columns, args.get("sort", ""), usual)
        place = _read_place(args.get("place", ""), sorting)
        found, forward = _fetch(query, sorting, key, place, size)
        page = found[:size] if forward else found[:size][::-1]
        more = len(found) > size
        return cls(
            query=query,
            columns=columns,
            filters=filters,
            chosen=chosen,
            sorting=sorting,
            key=key,
            noun=(noun, nouns or noun + "s"),
            rows=[_plain(row) for row in page],
            total=_count(query, key),
            next=_place("after", page[-1], sorting) if page and (more if forward else place) else "",
            previous=_place("before", page[0], sorting) if page and (place if forward else more) else "",
        )

    @property
    def said(self) -> str:
        """Give the count in words: “1,204 cases”."""
        return plural(self.total, *self.noun)

    @property
    def chips(self) -> list[Chip]:
        """Give the filters in force, each with the address without it."""
        return [
            Chip(item.words(self.chosen[item.name]), self.address(**{item.name: None}))
            for item in self.filters
            if item.name in self.chosen
        ]

    def address(self, **changed: str | None) -> str:
        """Give this list's address with its filters and sorting, some changed; the place is left out unless given."""
        values: dict[str, Any] = {**self._kept(), "sort": self.sorting.name, **changed}
        given = {name: value for name, value in values.items() if value is not None}
        return url_for(str(request.endpoint), **{**(request.view_args or {}), **given})

    def cleared(self) -> str:
        """Give the address without any filter."""
        return self.address(**dict.fromkeys(self.chosen))

    def by(self, column: Column) -> str:
        """Give the address that sorts by a column, the other way round where it already does."""
        again = self.sorting.column.name == column.name and not self.sorting.descending
        return self.address(sort=("-" if again else "") + column.name)

    def direction(self, column: Column) -> str:
        """Give `aria-sort` of a column."""
        if self.sorting.column.name != column.name:
            return "none"
        return "descending" if self.sorting.descending else "ascending"

    def every(self) -> Iterator[Any]:
        """Give all rows, filtered and sorted, fetched in short pages so that no reader stands in a writer's way."""
        place: tuple[str, list[Any]] | None = None
        while True:
            found, _ = _fetch(self.query, self.sorting, self.key, place, EXPORT_PAGE)
            yield from (_plain(row) for row in found[:EXPORT_PAGE])
            if len(found) <= EXPORT_PAGE:
                return
            place = ("after", _values(found[EXPORT_PAGE - 1]))

    def _kept(self) -> dict[str, str]:
        ours = OURS | {item.name for item in self.filters}
        others = {name: value for name, value in request.args.items() if name not in ours}
        return {**others, **self.chosen}


def _sorting(columns: Sequence[Column], asked: str, usual: str) -> Sorting:
    allowed = {column.name: column for column in columns if column.sort is not None}
    name = asked if asked.removeprefix("-") in allowed else usual
    return Sorting(allowed[name.removeprefix("-")], name.startswith("-"))


def _absent(sorting: Sorting) -> ColumnElement[int]:
    """Rows without a value come last, whichever the direction."""
    return case((sorting.column.sort.is_(None), 1), else_=0)


def _fetch(
    query: Select[Any], sorting: Sorting, key: Any, place: tuple[str, list[Any]] | None, size: int
) -> tuple[Sequence[Any], bool]:
    forward = place is None or place[0] == "after"
    sort = sorting.column.sort
    asked = query.add_columns(_absent(sorting).label("_absent"), sort.label("_sort"), key.label("_key"))
    if place:
        asked = asked.where(_beyond(sorting, key, place[1], forward))
    terms = [(_absent(sorting), False), (sort, sorting.descending), (key, sorting.descending)]
    order = [term.desc() if down == forward else term.asc() for term, down in terms]
    return db.session.execute(asked.order_by(*order).limit(size + 1)).all(), forward


def _beyond(sorting: Sorting, key: Any, values: list[Any], forward: bool) -> ColumnElement[bool]:
    absent, value, last = values
    sort, flag = sorting.column.sort, _absent(sorting)
    up = sorting.descending != forward
    further_key = key > last if up else key < last
    if absent:
        same = and_(flag == 1, further_key)
        return same if forward else or_(flag == 0, same)
    further = sort > value if up else sort < value
    same = and_(flag == 0, or_(further, and_(sort == value, further_key)))
    return or_(flag == 1, same) if forward else same


def _values(row: Any) -> list[Any]:
    return list(row[-3:])


def _plain(row: Any) -> Any:
    return row[0] if len(row) == 4 else row


def _count(query: Select[Any], key: Any) -> int:
    counted = query.with_only_columns(key, maintain_column_froms=True).order_by(None).subquery()
    return db.session.scalar(select(func.count()).select_from(counted)) or 0


def _serializer() -> URLSafeSerializer:
    return URLSafeSerializer(cast("str", current_app.secret_key), salt="place in a list")


def _place(way: str, row: Any, sorting: Sorting) -> str:
    written = _serializer().dumps([way, sorting.name, [_written(value) for value in _values(row)]])
    return written if isinstance(written, str) else written.decode()


def _written(value: Any) -> Any:
    if isinstance(value, datetime):
        return {"moment": value.isoformat()}
    if isinstance(value, date):
        return {"day": value.isoformat()}
    return value.value if isinstance(value, Enum) else value


def _read_place(text: str, sorting: Sorting) -> tuple[str, list[Any]] | None:
    if not text:
        return None
    try:
        way, name, values = _serializer().loads(text)
    except BadSignature:
        return None
    if name != sorting.name:
        return None
    kind = sorting.column.sort.type.python_type
    enum = kind if isinstance(kind, type) and issubclass(kind, Enum) else None
    return way, [_read(value, enum if at == 1 else None) for at, value in enumerate(values)]


def _read(value: Any, enum: type[Enum] | None) -> Any:
    if isinstance(value, dict):
        return datetime.fromisoformat(value["moment"]) if "moment" in value else date.fromisoformat(value["day"])
    return enum(value) if enum and value is not None else value
