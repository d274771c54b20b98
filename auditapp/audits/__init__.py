"""Audits: one reading of one child's involvement against one template, done together with the worker.

Its pages are five files, by who comes and when: `opening` (the QA lead), `answering` and `checking` (the auditor until
submission; `domain_form` builds each domain's form), `part` (the worker), `views` (the list, what was submitted);
`showing` is what homes and case pages show. Reading has four: `reach` (who sees which audit), `queries` (one audit),
`lists` (many) and `around` (its case, its people). In one file each would be more than a reader keeps in mind.
"""

from __future__ import annotations

from flask import Flask

from auditapp import cases, journal
from auditapp.people.roles import Act


def register(app: Flask) -> None:
    """Add the pages, the menu entry, what homes and case pages show of audits, and what the journal protects."""
    # All pages hang on the room's one blueprint: importing them is enough.
    from auditapp.audits import answering, checking, lists, opening, part, queries, reach, showing, views  # noqa: F401
    from auditapp.web import menu

    app.register_blueprint(views.bp)
    menu.entry(app, 30, "Audits", "audits.index", Act.SEE_AUDITS)
    menu.entry(app, 90, "Readings", "audits.openings", Act.READ_WHO_OPENED)
    menu.home_panel(app, 15, showing.to_do_panel)
    menu.home_panel(app, 20, showing.about_me_panel)
    menu.case_panel(app, 40, showing.case_panel)
    app.extensions.setdefault("auditapp.today", []).insert(0, showing.today_items)
    cases.also_visible(app, reach.cases_to_audit)
    cases.tell_audited(app, lists.audited_cases)
    journal.protect("submitted", "audit_version", queries.digest_now, queries.submitted_ids)
    journal.protect("read", "reading", queries.reading_digest_now, queries.reading_ids)
