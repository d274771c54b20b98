"""Making submitted audits with the grades, days, findings and actions that a test of reports counts."""

from __future__ import annotations

import dataclasses
from datetime import date
from typing import Any

from auditapp.audits import operations as audits
from auditapp.audits import queries as audits_read
from auditapp.audits.recorded import DomainPage, Drafted, Found, Judged
from auditapp.db import db, now
from auditapp.library import queries as library

MARKS = {4: "outstanding", 3: "good", 2: "requires_improvement", 1: "inadequate"}
AUGUST = date(2026, 8, 3)


def judged(
    made: Any,
    rank: int,
    *,
    on: date = AUGUST,
    findings: tuple[Found, ...] = (),
    actions: tuple[Drafted, ...] = (),
    domains: dict[str, int] | None = None,
    **where: Any,
) -> Any:
    """Submit an audit judged `rank` overall on a day; `domains` gives some domains another rank.

    Findings and actions are written on the first domain.
    """
    audit = made.audit(**where)
    definition = library.definition(audit.template_version)
    known = audits_read.recorded_in(audit.versions[-1]).answers
    pages: dict[str, DomainPage] = {}
    for domain in definition.in_play(known):
        page = made.page(domain, MARKS[(domains or {}).get(domain.key, rank)], known)
        first = domain is definition.domains[0]
        pages[domain.key] = dataclasses.replace(
            page, findings=findings if first else (), actions=actions if first else ()
        )
    made.answered(audit, MARKS[rank], **pages)
    audits.submit(audit.versions[-1], by=audit.auditor_id, at=now(), audited_on=on)
    db.session.commit()
    return audit


def corrected(audit: Any, rank: int) -> None:
    """Correct an audit of a template whose one domain stands for the whole: another rank, the reason given."""
    version = audits.correct(audit, "The plan was found after all.", by=audit.auditor_id, at=now())
    definition = library.definition(audit.template_version)
    page = audits_read.recorded_in(version)
    (domain,) = definition.judged_domains
    audits.answer(
        version,
        domain.key,
        DomainPage(page.answers, page.comments, Judged(MARKS[rank], "The plan of 3 March.", "She is safer.")),
        by=audit.auditor_id,
        at=now(),
    )
    audits.submit(version, by=audit.auditor_id, at=now())
    db.session.commit()
