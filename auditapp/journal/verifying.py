"""Checking the journal: the chain, the head, the rows it protects, and anchors kept elsewhere."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from sqlalchemy import select

from auditapp.db import db
from auditapp.journal.chain import BEGINNING, digest
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
    newest: dict[tuple[str, str, str], Entry] = {}
    for entry in entries():
        count += 1
        if entry.number != count:
            findings.append(Finding(entry.number, f"entry {count} is missing"))
            count = entry.number
        actor = str(entry.person_id or entry.account)
        last = digest(last, entry.number, entry.at, actor, entry.verb, entry.kind, entry.object_id, entry.details)
        if last != entry.digest:
            findings.append(Finding(entry.number, "the entry is not what was written"))
            last = entry.digest
        if expected.pop(entry.number, last) != last:
            findings.append(Finding(entry.number, "the entry differs from the anchor kept elsewhere"))
        if (entry.verb, entry.kind) in PROTECTED:
            newest[entry.verb, entry.kind, entry.object_id] = entry
    findings += [Finding(number, "an anchored entry is gone") for number in expected]
    head = db.session.scalar(select(Head))
    if (head.number, head.digest) != (count, last) if head else count:
        findings.append(Finding(count, "the head does not match the last entry"))
    for entry in newest.values():
        now_is = PROTECTED[entry.verb, entry.kind](entry.object_id)
        if now_is != entry.details.get("digest"):
            what = "was changed after it became final" if now_is else "is gone"
            findings.append(Finding(entry.number, f"{entry.kind.replace('_', ' ')} {entry.object_id} {what}"))
    return Verdict(count, last, tuple(findings))


def entries() -> Iterator[Entry]:
    """Read all entries in order, page by page, so that no reader stays open."""
    after = 0
    while page := db.session.scalars(
        select(Entry).where(Entry.number > after).order_by(Entry.number).limit(PAGE)
    ).all():
        yield from page
        after = page[-1].number
        db.session.expunge_all()
