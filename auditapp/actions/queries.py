"""Reading actions: mine, my team's, of a case, of what they came from; and the working days that they are due in."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime, timedelta
from functools import cache
from typing import Any

from sqlalchemy import ColumnElement, Select, Text, and_, case, cast, func, or_, select
from sqlalchemy.orm import contains_eager

from auditapp.actions import deadlines
from auditapp.actions.models import Action, Outcome
from auditapp.db import db, today
from auditapp.journal.chain import fingerprint
from auditapp.people.models import Person
from auditapp.people.roles import Role, Viewer

OPEN = and_(Action.agreed_at.is_not(None), Action.ended_at.is_(None))
TO_DO = and_(OPEN, Action.done_at.is_(None))
TO_CHECK = and_(OPEN, Action.done_at.is_not(None))

ENDED = {
    Outcome.NOT_NEEDED: "Not needed any more",
    Outcome.CASE_CLOSED: "Ended: the case was closed",
    Outcome.TRANSFERRED: "Ended: the case was transferred",
}


@cache
def _holidays(year: int) -> frozenset[date]:
    from holidays import country_holidays

    return frozenset(country_holidays("GB", subdiv="ENG", years=year))


def holidays(first: date, last: date) -> frozenset[date]:
    """Give England's public holidays of the years from one day's to another's."""
    years = range(min(first.year, last.year), max(first.year, last.year) + 1)
    return frozenset().union(*(_holidays(year) for year in years))


def due_after(start: date, working_days: int) -> date:
    """Give the day that lies so many of England's working days after another."""
    return deadlines.due_day(start, working_days, holidays(start, date(start.year + working_days // 200 + 1, 1, 1)))


def overdue_by(due: date, on: date) -> int:
    """Count by how many of England's working days something due is late on a day."""
    return deadlines.overdue_by(due, on, holidays(due, on))


def due_in_words(due: date, on: date) -> str:
    """Say how a due day stands to another: “due in 3 working days”, “2 working days overdue”."""
    return deadlines.in_words(due, on, holidays(due, on))


def agreed_digest(action: Action) -> str:
    """Give the digest of what was agreed: what, for whom, by when. How it goes on is told by entries of its own."""
    agreed = (action.case_id, action.origin_kind, action.origin_id, action.theme_key, action.what)
    return fingerprint([*agreed, action.owner_id, action.due_on])


def agreed_digest_now(action_id: str) -> str | None:
    """Give the digest of an agreed action as it stands now; None when it is gone."""
    action = db.session.get(Action, int(action_id))
    return agreed_digest(action) if action and action.agreed_at else None


def agreed_ids() -> list[str]:
    """Name every action that was agreed."""
    return [str(one) for one in db.session.scalars(select(Action.id).where(Action.agreed_at.is_not(None)))]


def visible(viewer: Viewer) -> ColumnElement[bool]:
    """Say which actions in force somebody sees: their own, and those of the teams they lead or answer for."""
    reach = viewer.scope(Role.TEAM_MANAGER, Role.QA_LEAD, Role.SENIOR_LEADER)
    theirs: list[ColumnElement[bool]] = [Action.owner_id == viewer.person_id, Action.drafted_by == viewer.person_id]
    if reach.everything:
        return Action.agreed_at.is_not(None)
    if reach.team_ids:
        theirs.append(Action.team_id.in_(reach.team_ids))
    return and_(Action.agreed_at.is_not(None), or_(*theirs))


def action(viewer: Viewer, action_id: int) -> Action | None:
    """Give one action that the viewer may see."""
    return db.session.scalar(select(Action).where(Action.id == action_id, visible(viewer)))


def mine(viewer: Viewer) -> Select[Action]:
    """Select the actions that somebody took on."""
    return select(Action).where(Action.agreed_at.is_not(None), Action.owner_id == viewer.person_id)


def seen_by(viewer: Viewer) -> Select[Action]:
    """Select every action that somebody sees."""
    return select(Action).where(visible(viewer))


def to_check(viewer: Viewer) -> Select[Action]:
    """Select the actions said to be done that this viewer, not being their owner, may look for in the record."""
    return select(Action).where(visible(viewer), TO_CHECK, Action.owner_id != viewer.person_id)


def overdue(viewer: Viewer, on: date | None = None) -> Select[Action]:
    """Select what a viewer sees that is still to be done though its day has passed."""
    return select(Action).where(visible(viewer), late_on(on or today()))


STAGE_THEN_DUE = case((TO_DO, "1"), (TO_CHECK, "2"), else_="3").concat(cast(Action.due_on, Text))
"""What is to be done first, what is to be seen next, what has ended last; the earliest due first in each."""


def late_before(on: date) -> date:
    """Give the day before which what was due is late on a day: over a weekend nothing becomes late."""
    return deadlines.last_working_day(on, holidays(on - timedelta(days=14), on))


def late_on(on: date) -> ColumnElement[bool]:
    """Say that an action is still to be done on a day though a working day has passed since its own."""
    return and_(TO_DO, Action.due_on < late_before(on))


def endable(viewer: Viewer, action_id: int) -> Action | None:
    """Give an action that the viewer may end without its being done: their own team's, or theirs as QA lead."""
    reach = viewer.scope(Role.TEAM_MANAGER, Role.QA_LEAD)
    found = action(viewer, action_id)
    return found if found and reach.holds(found.team_id) else None


def with_case_and_owner(chosen: Select[Action]) -> Select[Action]:
    """Add to a select of actions what a row of a list shows."""
    joined = chosen.join(Action.case).outerjoin(Person, Person.id == Action.owner_id)
    return joined.options(contains_eager(Action.case), contains_eager(Action.owner))


def count(chosen: Select[Action]) -> int:
    """Count what a select of actions finds."""
    return db.session.scalar(select(func.count()).select_from(chosen.with_only_columns(Action.id).subquery())) or 0


def count_and_first(chosen: Select[Action], day: ColumnElement[Any]) -> tuple[int, Any]:
    """Count what a select of actions finds, and give the earliest of their days."""
    found = chosen.with_only_columns(Action.id, day.label("day")).subquery()
    number, first = db.session.execute(select(func.count(), func.min(found.c.day)).select_from(found)).one()
    return number, first


def story(held: Action) -> list[tuple[datetime, str, str, str]]:
    """Give what happened to an action, as (when, what, by whom, in which words)."""
    ids = [person_id for person_id in (held.owner_id, held.seen_by, held.ended_by, held.drafted_by) if person_id]
    rows = db.session.execute(select(Person.id, Person.name).where(Person.id.in_(ids)))
    names = {row.id: row.name for row in rows}
    told = []
    if held.agreed_at:
        told.append((held.agreed_at, "Agreed", names.get(held.drafted_by or 0, ""), ""))
    if held.done_at:
        told.append((held.done_at, "Said to be done", names.get(held.owner_id or 0, ""), held.done_words))
    if held.seen_at:
        told.append((held.seen_at, "Seen in the record", names.get(held.seen_by or 0, ""), held.seen_words))
    elif held.ended_at and held.outcome:
        told.append((held.ended_at, ENDED[held.outcome], names.get(held.ended_by or 0, ""), held.outcome_words))
    return told


def of_case(viewer: Viewer, case_id: int) -> Sequence[Action]:
    """Give a case's actions that the viewer sees, those still open first."""
    chosen = select(Action).where(Action.case_id == case_id, visible(viewer))
    return db.session.scalars(chosen.order_by(Action.ended_at.is_not(None), Action.due_on, Action.id)).all()


def of_origin(kind: str, origin_id: int) -> Sequence[Action]:
    """Give all actions of what they came from, drafted ones too, in the order written."""
    chosen = select(Action).where(Action.origin_kind == kind, Action.origin_id == origin_id)
    return db.session.scalars(chosen.order_by(Action.id)).all()
