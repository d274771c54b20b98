"""Writing the population: previewing an extract, taking it, and placing the names it uses onto teams and people."""

from __future__ import annotations

import hashlib
from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import date, datetime
from typing import Any

from sqlalchemy import insert, text, update

from auditapp import journal
from auditapp.cases import queries
from auditapp.cases.annex_a import guess_pointing
from auditapp.cases.episodes import match, name_episode
from auditapp.cases.models import Case, Involvement, PendingImport, PopulationImport, TeamAlias, Worker, WorkerAlias
from auditapp.cases.population import (
    Change,
    Extract,
    NothingFound,
    compare,
    fingerprint,
    held_by_case,
    read_extract,
)
from auditapp.cases.rows import Entry
from auditapp.db import db, today
from auditapp.db import take as claim
from auditapp.people.models import Person, Team
from auditapp.people.queries import running_teams
from auditapp.sheets.reading import open_table, plain_name

Say = Callable[[str], None]
AT_ONCE = 500
SURE = 3
"""So many columns guessed by their headings make a list of open cases without anybody pointing at them."""


class PopulationHasChanged(Exception):
    """Another extract was taken after this one was previewed; nothing was taken."""


def read(
    data: bytes, name: str, as_at: date, pointing: Mapping[str, str] | None = None
) -> tuple[Extract, dict[str, str]]:
    """Read a file as at a day, as Annex A or else as a council's own list; give also the pointing that was used.

    Without a pointing the last one is used where it fits, else what the headings suggest where they leave no doubt.
    Touches the database only to look up the last pointing. Raises Unreadable, and NothingFound when its columns have to
    be pointed at.
    """
    book = open_table(data, name)
    if pointing:
        return read_extract(book, as_at, pointing), dict(pointing)
    try:
        return read_extract(book, as_at), {}
    except NothingFound as nothing:
        suggested = suggested_pointing(nothing.titles)
        is_plain = "reference" in suggested and len(suggested) >= SURE
        if not suggested or (not is_plain and suggested != queries.last_pointing()):
            raise
        return read_extract(book, as_at, suggested), suggested


def preview(
    extract: Extract, pointing: Mapping[str, str], *, data: bytes, name: str, by: int | None, at: datetime
) -> PendingImport:
    """Keep what an extract would change, so that it can be looked at and then taken.

    `by`: a person; None: the operator. Only what may be kept waits here; what the same person had waiting is dropped.
    """
    held = queries.held_population()
    change = compare(held_by_case(extract.entries), held, extract.list_keys)
    _drop_waiting(by)
    waiting = PendingImport(
        person_id=by,
        as_at=extract.as_at,
        file_name=plain_name(name),
        file_digest=hashlib.sha256(data).hexdigest(),
        population_digest=fingerprint(held),
        made_at=at,
        summary=summary(extract, change) | {"pointing": dict(pointing), "list_keys": sorted(extract.list_keys)},
        rows=[entry.as_json() for entry in extract.entries],
    )
    db.session.add(waiting)
    db.session.flush()
    journal.write("previewed", "population import", waiting.id, **change.as_json())
    return waiting


def _drop_waiting(by: int | None) -> None:
    """Empty what somebody had waiting. The row stays, so that a page still open on it can never take another file."""
    db.session.execute(
        update(PendingImport)
        .where(PendingImport.person_id == by, PendingImport.taken_import_id.is_(None))
        .values(rows=[], summary={}, population_digest="")
    )


def wait_for_pointing(titles: Sequence[str], *, name: str, as_at: date, by: int | None, at: datetime) -> PendingImport:
    """Keep the headings of a list that is no Annex A list, so that its columns can be pointed at; no row of it."""
    waiting = PendingImport(
        person_id=by,
        as_at=as_at,
        file_name=plain_name(name),
        file_digest="",
        population_digest="",
        made_at=at,
        summary={"titles": [title[:200] for title in titles], "lists": [], "list_keys": []},
        rows=[],
    )
    db.session.add(waiting)
    db.session.flush()
    return waiting


def suggested_pointing(titles: Sequence[str]) -> dict[str, str]:
    """Suggest which column is what: as it was pointed at last, else by the headings."""
    last = queries.last_pointing()
    return last if last and set(last.values()) <= set(titles) else guess_pointing(titles)


def summary(extract: Extract, change: Change) -> dict[str, Any]:
    """Give what the command and the preview say of an extract."""
    return {
        "lists": [report.as_json() for report in extract.reports],
        "cases": change.as_json(),
        "passed_over": extract.passed_over,
    }


def take(waiting: PendingImport, *, by: int | None, at: datetime) -> PopulationImport:
    """Take a previewed extract, whole, provided that the population is still the one it was compared with.

    Raises PopulationHasChanged otherwise. Nothing is overwritten: what is no longer in the lists of the file is marked
    as gone, and an audit that is tied to it stays so. Taking the same preview once more changes nothing.
    """
    db.session.refresh(waiting, with_for_update=True)
    if waiting.taken_import_id is not None:
        return db.session.get_one(PopulationImport, waiting.taken_import_id)
    _lock()
    if fingerprint(queries.held_population()) != waiting.population_digest:
        raise PopulationHasChanged
    taken = PopulationImport(
        as_at=waiting.as_at,
        file_name=waiting.file_name,
        file_digest=waiting.file_digest,
        population_digest="",
        taken_at=at,
        taken_by=by,
        summary=waiting.summary,
    )
    db.session.add(taken)
    db.session.flush()
    entries = [Entry.of_json(kept) for kept in waiting.rows]
    _keep(entries, frozenset(waiting.summary["list_keys"]), taken)
    taken.population_digest = fingerprint(queries.held_population())
    waiting.taken_import_id, waiting.rows = taken.id, []
    journal.write(
        "took",
        "population import",
        taken.id,
        as_at=taken.as_at.isoformat(),
        file=taken.file_digest,
        before=waiting.population_digest,
        after=taken.population_digest,
        **waiting.summary["cases"],
    )
    return taken


def _lock() -> None:
    """Let one extract be taken at a time; SQLite's writers already stand in line."""
    if db.engine.dialect.name == "postgresql":
        db.session.execute(text("LOCK TABLE population_import IN SHARE ROW EXCLUSIVE MODE"))


# ---- keeping entries ----


def _keep(entries: Sequence[Entry], list_keys: frozenset[str], taken: PopulationImport) -> None:
    cases = _keep_cases(entries, taken)
    teams = _keep_spellings(TeamAlias, {entry.team for entry in entries if entry.team})
    workers = _keep_spellings(WorkerAlias, {entry.worker for entry in entries if entry.worker})
    _place_known_teams()
    found: dict[tuple[str, int], list[dict[str, Any]]] = defaultdict(list)
    for entry in entries:
        case_id = cases[entry.reference]
        found[entry.list_key, case_id].append({"case_id": case_id, **_values(entry, teams, workers)})
    _keep_involvements(found, list_keys, taken.id)


def _keep_cases(entries: Sequence[Entry], taken: PopulationImport) -> dict[str, int]:
    """Keep each child's case; give reference → id. What the extract does not say of a child stays as it was."""
    facts: dict[str, dict[str, str]] = defaultdict(dict)
    for entry in entries:
        said = {"age_band": entry.age_band, "gender": entry.gender, "ethnicity": entry.ethnicity}
        facts[entry.reference] |= {name: value for name, value in said.items() if value}
    known = queries.case_ids(facts)
    nothing_said = {"age_band": "", "gender": "", "ethnicity": "", "last_import_id": taken.id}
    fresh = [
        {"reference": reference, **nothing_said, **said} for reference, said in facts.items() if reference not in known
    ]
    _in_parts(insert(Case), fresh)
    alike: dict[frozenset[str], list[dict[str, Any]]] = defaultdict(list)
    for reference, said in facts.items():
        if reference in known:
            alike[frozenset(said)].append({"id": known[reference], **said, "last_import_id": taken.id})
    for rows in alike.values():
        _in_parts(update(Case), rows)
    return queries.case_ids(facts)


def _keep_spellings(alias: type[TeamAlias] | type[WorkerAlias], spellings: Iterable[str]) -> dict[str, int]:
    """Keep each spelling of a name once, whatever its capitals; give spelling → id of the alias."""
    folded = {spelling: spelling.casefold() for spelling in sorted(spellings)}
    known = queries.alias_ids(alias)
    fresh = {fold: spelling for spelling, fold in reversed(folded.items()) if fold not in known}
    _in_parts(insert(alias), [{"spelling": spelling, "folded": fold} for fold, spelling in sorted(fresh.items())])
    known = queries.alias_ids(alias)
    return {spelling: known[fold] for spelling, fold in folded.items()}


def _place_known_teams() -> None:
    """Place what is spelt exactly like one of the council's teams: that is no unknown spelling."""
    waiting = {alias.folded: alias for alias in queries.waiting_teams()}
    for team in running_teams(today()):
        if alias := waiting.get(team.name.casefold()):
            alias.team_id = team.id
    db.session.flush()


def _values(entry: Entry, teams: Mapping[str, int], workers: Mapping[str, int]) -> dict[str, Any]:
    facts = dict(entry.facts)
    if entry.status_given != entry.status:
        facts["status_given"] = entry.status_given
    return {
        "list_key": entry.list_key,
        "status": entry.status,
        "category": entry.category,
        "team_alias_id": teams.get(entry.team),
        "worker_alias_id": workers.get(entry.worker),
        "started_on": entry.started_on,
        "ended_on": entry.ended_on,
        "open_then": entry.is_open,
        "facts": facts,
        "digest": entry.digest,
    }


def _keep_involvements(
    found: Mapping[tuple[str, int], Sequence[dict[str, Any]]], list_keys: frozenset[str], import_id: int
) -> None:
    """Add what is new, change what says something else, mark what is no longer there; in the file's lists only."""
    held: dict[tuple[str, int], list[Any]] = defaultdict(list)
    for row in queries.involvement_rows(list_keys):
        held[row.list_key, row.case_id].append(row)
    added: list[dict[str, Any]] = []
    changed: list[dict[str, Any]] = []
    opened: list[dict[str, Any]] = []
    gone: list[dict[str, Any]] = []
    now_there = {"import_id": import_id, "gone_import_id": None}
    for key in [*found, *(key for key in held if key not in found)]:
        pairs, left = match(found.get(key, ()), held[key])
        episodes = {row.episode for row in held[key]}
        for row, stands in pairs:
            if stands is None:
                added.append({**row, **now_there, "episode": name_episode(row["started_on"], episodes)})
            elif stands.digest != row["digest"] or stands.gone_import_id is not None:
                changed.append({"id": stands.id, **row, **now_there})
            elif stands.open_then != row["open_then"]:
                opened.append({"id": stands.id, "open_then": row["open_then"]})
        gone += [{"id": row.id, "gone_import_id": import_id, "open_then": False} for row in left]
    _in_parts(insert(Involvement), added)
    for rows in (changed, opened, gone):
        _in_parts(update(Involvement), rows)
    for row in list(db.session):
        if isinstance(row, Case | Involvement):
            db.session.expire(row)


def _in_parts(statement: Any, rows: Sequence[dict[str, Any]]) -> None:
    for start in range(0, len(rows), AT_ONCE):
        # With nulls left out, rows would differ in their columns, and each difference would be a statement of its own.
        db.session.execute(statement, rows[start : start + AT_ONCE], execution_options={"render_nulls": True})


# ---- names ----


def place_team(alias: TeamAlias, team: Team | None) -> None:
    """Say which team a spelling means, or (None) that it waits again."""
    before, alias.team_id = alias.team_id, team.id if team else None
    journal.write("placed", "team spelling", alias.id, before=before, team=alias.team_id)


def place_worker(alias: WorkerAlias, worker: Worker | None) -> None:
    """Say which worker a spelling means, or (None) that it waits again."""
    before, alias.worker_id = alias.worker_id, worker.id if worker else None
    journal.write("placed", "worker spelling", alias.id, before=before, worker=alias.worker_id)


def worker_of(person: Person) -> Worker:
    """Give the worker that somebody who signs in is; made when they are placed for the first time."""
    worker = queries.worker_of(person.id)
    return worker or add_worker(person.name, person)


def add_worker(name: str, person: Person | None = None) -> Worker:
    """Add a worker; without a person they do not sign in here."""
    worker = Worker(name=name, person_id=person.id if person else None)
    db.session.add(worker)
    db.session.flush()
    journal.write("added", "worker", worker.id, person=worker.person_id)
    return worker


def rename_worker(worker: Worker, version: int, name: str) -> None:
    """Give a worker another name for lists and reports; the extract's spellings stay. Raises Conflict."""
    claim(worker, version)
    worker.name = name
    journal.write("renamed", "worker", worker.id)


def merge_workers(kept: Worker, other: Worker) -> None:
    """Make two workers one: the other's spellings become the kept one's. A person linked to the other is unlinked.

    Raises ValueError when both are people who sign in: then they are two people.
    """
    if kept.person_id and other.person_id:
        raise ValueError("Two people who sign in cannot be one worker")
    person_id, other.person_id = other.person_id, None
    db.session.flush()
    kept.person_id = kept.person_id or person_id
    for alias in list(other.aliases):
        alias.worker_id = kept.id
    journal.write("merged", "worker", kept.id, other=other.id)
