"""What homes and case pages show of audits."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import date
from typing import Any

from flask import render_template, url_for

from auditapp.actions.deadlines import late_in_words
from auditapp.actions.queries import due_in_words, late_before, overdue_by
from auditapp.audits import lists, queries
from auditapp.audits.models import Audit
from auditapp.cases.models import Case
from auditapp.db import today
from auditapp.library import queries as library
from auditapp.people.roles import Act, Viewer


def today_items(who: Viewer) -> list[dict[str, Any]]:
    """Give the viewer's tasks about audits, for “For you today”; each leads to the first of them."""
    if not who.may(Act.SEE_AUDITS):
        return []
    on = today()
    due = lists.to_do(who)
    talks = lists.conversations_to_arrange(who)
    invited, own, team = lists.about_me(who), lists.to_read(who), lists.of_team_unopened(who)
    lines: list[tuple[Sequence[Audit], str, str, str, str, Callable[[Sequence[Audit], date], str] | None]] = [
        (due, "audit to carry out", "audits to carry out", "Continue", "tasks", _due),
        (talks, "conversation to arrange", "conversations to arrange", "Open", "conversation", _with),
        (
            invited,
            "audit of your work is being done",
            "audits of your work are being done",
            "Take part",
            "my_view",
            None,
        ),
        (own, "audit of your work to read", "audits of your work to read", "Read", "record", None),
        (team, "audit of your team to read", "audits of your team to read", "Read", "record", None),
    ]
    items = [
        _item(found, one if len(found) == 1 else many, following, page, note(found, on) if note else "", on)
        for found, one, many, following, page, note in lines
        if found
    ]
    return items + _in_scope(who, on)


def _in_scope(who: Viewer, on: date) -> list[dict[str, Any]]:
    """Give what whoever allocates audits must see: those overdue, and those under way with what this month brought."""
    if not who.may(Act.OPEN_AUDITS):
        return []
    stands = lists.progress(who, on)
    items = []
    if stands.first_due:
        items.append(
            {
                "number": stands.late,
                "text": "audit not submitted in time" if stands.late == 1 else "audits not submitted in time",
                "href": url_for("audits.index", due="overdue", sort="day"),
                "next": "See who needs help",
                "note": late_in_words(stands.late, overdue_by(stands.first_due, on)),
                "late": True,
            }
        )
    if stands.under_way:
        items.append(
            {
                "number": stands.under_way,
                "text": "audit under way, in time" if stands.under_way == 1 else "audits under way, in time",
                "href": url_for("audits.index", due="in_time", sort="day"),
                "next": "See how far",
                "note": f"{stands.done} done this month" if stands.done else "none done this month yet",
            }
        )
    return items


def _item(found: Sequence[Audit], text: str, following: str, page: str, note: str, on: date) -> dict[str, Any]:
    late = page == "tasks" and found[0].due_on < late_before(on)
    return {
        "number": len(found),
        "text": text,
        "href": url_for(f"audits.{page}", audit_id=found[0].id),
        "next": f"{following}: case {found[0].case.reference}",
        **({"note": note, "late": late} if note else {}),
    }


def _due(audits: Sequence[Audit], on: date) -> str:
    said = due_in_words(audits[0].due_on, on)
    return said if len(audits) == 1 else f"the first is {said}"


def _with(audits: Sequence[Audit], _on: date) -> str:
    return f"with the worker of case {audits[0].case.reference}"


def to_do_panel(who: Viewer) -> str | None:
    """Show the audits that somebody carries out now, with how far each is."""
    audits = lists.to_do(who) if who.may(Act.DO_AUDITS) else []
    if not audits:
        return None
    return render_template("audits/to_do.html", lines=[_progress(audit) for audit in audits[:6]], more=len(audits) - 6)


def _progress(audit: Audit) -> dict[str, Any]:
    working = queries.Working(audit.versions[-1])
    steps = [step for step in working.steps if not step.waits_for]
    done = sum(step.state == "Completed" for step in steps)
    going = next((step for step in steps if step.state != "Completed"), None)
    return {
        "audit": audit,
        "title": library.definition(audit.template_version).title,
        "done": done,
        "of": len(steps),
        "next": going,
        "due": due_in_words(audit.due_on, today()),
        "late": audit.due_on < late_before(today()),
    }


def about_me_panel(who: Viewer) -> str | None:
    """Show a worker the audits of their own work: those being done, and those to read."""
    invited, to_read = lists.about_me(who), lists.to_read(who)
    if not invited and not to_read:
        return None
    return render_template("audits/about_me.html", invited=invited, to_read=to_read)


def case_panel(who: Viewer, case: Case) -> str | None:
    """Show the audits of a case that somebody knows of, and where a new one is opened."""
    found = lists.of_case(who, case) if who.may(Act.SEE_AUDITS) else []
    may_open = who.may(Act.OPEN_AUDITS)
    if not found and not may_open:
        return None
    return render_template("audits/of_case.html", audits=found, may_open=may_open, case=case)
