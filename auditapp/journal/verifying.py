"""Checking the journal: the chain, the head, the rows it protects, and anchors kept elsewhere."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from sqlalchemy import select

from auditapp.db import db
from auditapp.journal.chain import BEGINNING, actor, digest
from auditapp.journal.models import Entry, Head
from auditapp.journal.writing import PROTECTED

PAGE = 2000


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing that is not as it was written: the entry's number and a sentence."""

    number: int
    what: str


@dataclass(frozen=True, slots=True)
class Verdict:
    """What a check found: how many entries were read, the head's digest, and every fault."""

    entries: int
    head: str
    findings: tuple[Finding, ...]


def verify(anchors: Iterable[tuple[int, str]] = ()) -> Verdict:
    """Read the whole journal and hold it against itself, the protected rows and `anchors` (number, digest)."""
    expected = dict(anchors)
    findings: list[Finding] = []
    last, count = BEGINNING, 0
    told: dict[tuple[str, str], dict[str, tuple[int, object]]] = {key: {} for key in PROTECTED}
    for number, entry in entries():
        count += 1
        if number != count:
            findings.append(Finding(number, f"entry {count} is missing"))
            count = number
        if entry is None:
            findings.append(Finding(number, "the entry cannot be read"))
            continue
        if _digest(last, entry) != entry.digest:
            findings.append(Finding(number, "the entry is not what was written"))
        last = entry.digest
        if expected.pop(number, last) != last:
            findings.append(Finding(number, "the entry differs from the anchor kept elsewhere"))
        if (entry.verb, entry.kind) in told:
            told[entry.verb, entry.kind][entry.object_id] = (number, entry.details.get("digest"))
    findings += [Finding(number, "an anchored entry is gone") for number in expected]
    head = db.session.scalar(select(Head))
    if (head.number, head.digest) != (count, last) if head else count:
        findings.append(Finding(count, "the head does not match the last entry"))
    for (verb, kind), rows in told.items():
        findings += _compare(verb, kind, rows, count)
    return Verdict(count, last, tuple(findings))


def _digest(last: str, entry: Entry) -> str:
    who = actor(entry.person_id, entry.account)
    return digest(last, entry.number, entry.at, who, entry.verb, entry.kind, entry.object_id, entry.details)


def _compare(verb: str, kind: str, told: dict[str, tuple[int, object]], end: int) -> Iterator[Finding]:
    """Hold the rows of one kind against the newest entry that told of each; look for rows that no entry tells of."""
    digest_now, all_now = PROTECTED[verb, kind]
    name = kind.replace("_", " ")
    for object_id, (number, written) in told.items():
        try:
            now_is = digest_now(object_id)
        except Exception:
            # Whatever a damaged cell raises, it is a finding, and the other rows must still be looked at.
            yield Finding(number, f"{name} {object_id} cannot be read any more")
            continue
        if now_is != written:
            what = "was changed after it became final" if now_is else "is gone, or no longer final"
            yield Finding(number, f"{name} {object_id} {what}")
    for object_id in all_now() if all_now else ():
        if object_id not in told:
            yield Finding(end, f"{name} {object_id} stands, but no entry tells of it")


def entries() -> Iterator[tuple[int, Entry | None]]:
    """Read all entries in order as (number, entry), None for one that cannot be read.

    Page by page, so that no reader stays open.
    """
    after = 0
    while numbers := db.session.scalars(
        select(Entry.number).where(Entry.number > after).order_by(Entry.number).limit(PAGE)
    ).all():
        try:
            page = db.session.scalars(select(Entry).where(Entry.number.in_(numbers)).order_by(Entry.number)).all()
            yield from ((entry.number, entry) for entry in page)
        except (ValueError, TypeError):
            yield from ((number, _entry(number)) for number in numbers)
        after = numbers[-1]
        db.session.expunge_all()


def _entry(number: int) -> Entry | None:
    try:
        return db.session.scalar(select(Entry).where(Entry.number == number))
    except (ValueError, TypeError):
        return None
