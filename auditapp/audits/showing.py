"""What homes and case pages show of audits."""

from __future__ import annotations

from typing import Any

from flask import render_template, url_for

from auditapp.actions.queries import due_in_words
from auditapp.audits import queries
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
    due = queries.to_do(who)
    talks = queries.conversations_to_arrange(who)
    invited, own, team = queries.about_me(who), queries.to_read(who), queries.of_team_unopened(who)
    lines = [
        (due, "audit to carry out", "audits to carry out", "Continue", "tasks", _due(due, on)),
        (talks, "conversation to arrange", "conversations to arrange", "Open", "conversation", _with(talks)),
        (invited, "audit of your work is being done", "audits of your work are being done", "Take part", "my_view", ""),
        (own, "audit of your work to read", "audits of your work to read", "Read", "record", ""),
        (team, "audit of your team to read", "audits of your team to read", "Read", "record", ""),
    ]
    return [
        _item(found, one, many, following, page, note, on) for found, one, many, following, page, note in lines if found
    ]


def _item(found: Any, one: str, many: str, following: str, page: str, note: str, on: Any) -> dict[str, Any]:
    late = page == "tasks" and found[0].due_on < on
    return {
        "number": len(found),
        "text": one if len(found) == 1 else many,
        "href": url_for(f"audits.{page}", audit_id=found[0].id),
        "next": f"{following}: case {found[0].case.reference}",
        **({"note": note, "late": late} if note else {}),
    }


def _due(audits: Any, on: Any) -> str:
    return f"the first {due_in_words(audits[0].due_on, on)}" if audits else ""


def _with(audits: Any) -> str:
    return f"with the worker of case {audits[0].case.reference}" if audits else ""


def to_do_panel(who: Viewer) -> str | None:
    """Show the audits that somebody carries out now, with how far each is."""
    audits = queries.to_do(who) if who.may(Act.DO_AUDITS) else []
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
        "late": audit.due_on < today(),
    }


def about_me_panel(who: Viewer) -> str | None:
    """Show a worker the audits of their own work: those being done, and those to read."""
    invited, to_read = queries.about_me(who), queries.to_read(who)
    if not invited and not to_read:
        return None
    return render_template("audits/about_me.html", invited=invited, to_read=to_read)


def case_panel(who: Viewer, case: Case) -> str | None:
    """Show the audits of a case that somebody knows of, and where a new one is opened."""
    found = queries.of_case(who, case) if who.may(Act.SEE_AUDITS) else []
    may_open = who.may(Act.OPEN_AUDITS)
    if not found and not may_open:
        return None
    return render_template("audits/of_case.html", audits=found, may_open=may_open, case=case, state=queries.state)
