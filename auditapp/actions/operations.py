"""Writing actions: drafted with an audit, agreed on its submission, done by their owner, seen by somebody else."""

from __future__ import annotations

from datetime import date, datetime

from sqlalchemy import select

from auditapp import journal
from auditapp.actions import queries
from auditapp.actions.models import Action, Outcome
from auditapp.actions.stages import Stage
from auditapp.db import db, take


class NotAllowedNow(ValueError):
    """This person may not do this, or not at this stage; the message is a sentence for them."""


def draft(
    *,
    case_id: int,
    origin_kind: str,
    origin_id: int,
    team_id: int | None,
    what: str = "",
    owner_id: int | None = None,
    due_on: date | None = None,
    theme_key: str = "",
    domain_key: str = "",
    by: int | None,
    at: datetime,
) -> Action:
    """Write down an action that takes effect when what it came from is submitted; parts may still be missing."""
    action = Action(
        case_id=case_id,
        origin_kind=origin_kind,
        origin_id=origin_id,
        team_id=team_id,
        what=what,
        owner_id=owner_id,
        due_on=due_on,
        theme_key=theme_key,
        domain_key=domain_key,
        drafted_at=at,
        drafted_by=by,
    )
    db.session.add(action)
    db.session.flush()
    return action


def redraft(action: Action, *, what: str, owner_id: int | None, due_on: date | None, theme_key: str) -> None:
    """Change a drafted action. Raises NotAllowedNow once it was agreed."""
    _only(action, Stage.DRAFTED, "This action was agreed and can no longer be changed.")
    action.what, action.owner_id, action.due_on, action.theme_key = what, owner_id, due_on, theme_key


def drop_draft(action: Action) -> None:
    """Take a drafted action away. Raises NotAllowedNow once it was agreed."""
    _only(action, Stage.DRAFTED, "This action was agreed and can no longer be taken away.")
    db.session.delete(action)


def take_effect(origin_kind: str, origin_id: int, *, by: int | None, at: datetime, team_id: int | None = None) -> int:
    """Let everything that was drafted at an origin take effect, and give how many actions that were.

    `team_id`: the team that the origin turned out to belong to, where it was not known when they were drafted.
    """
    drafted = db.session.scalars(
        select(Action).where(
            Action.origin_kind == origin_kind, Action.origin_id == origin_id, Action.agreed_at.is_(None)
        )
    ).all()
    for action in drafted:
        action.agreed_at, action.team_id = at, team_id or action.team_id
    db.session.flush()
    for action in drafted:
        told = {"owner": action.owner_id, "due": str(action.due_on), "digest": queries.agreed_digest(action)}
        journal.write("agreed", "action", action.id, **told, by=by)
    return len(drafted)


def say_done(action: Action, words: str, *, by: int, at: datetime, expected: int | None = None) -> None:
    """The owner says that it is done. Raises NotAllowedNow for anybody else or at another stage, Conflict."""
    if action.owner_id != by:
        raise NotAllowedNow("Only the person who took this action on can say that it is done.")
    _only(action, Stage.AGREED, "This action is not waiting to be done.")
    _claim(action, expected)
    action.done_at, action.done_words = at, words
    journal.write("said to be done", "action", action.id)


def see_in_record(action: Action, words: str, *, by: int, at: datetime, expected: int | None = None) -> None:
    """Somebody other than the owner has seen it in the record, which ends it. Raises NotAllowedNow, Conflict."""
    if action.owner_id == by:
        raise NotAllowedNow("Somebody other than its owner has to see this action in the record.")
    _only(action, Stage.DONE, "This action has not been said to be done.")
    _claim(action, expected)
    action.seen_at, action.seen_by, action.seen_words, action.ended_at, action.ended_by = at, by, words, at, by
    journal.write("seen in the record", "action", action.id)


def not_seen(action: Action, words: str, *, by: int, at: datetime, expected: int | None = None) -> None:
    """Somebody other than the owner did not find it: it is to be done again, and `words` say what is missing.

    Raises NotAllowedNow, Conflict.
    """
    if action.owner_id == by:
        raise NotAllowedNow("Somebody other than its owner has to look for this action in the record.")
    _only(action, Stage.DONE, "This action has not been said to be done.")
    _claim(action, expected)
    action.done_at, action.seen_words = None, words
    journal.write("not seen in the record", "action", action.id, at=at.isoformat())


def not_needed(
    action: Action,
    why: str,
    *,
    by: int | None,
    at: datetime,
    outcome: Outcome = Outcome.NOT_NEEDED,
    expected: int | None = None,
) -> None:
    """End an action without its being done. Raises NotAllowedNow, Conflict, ValueError without a reason."""
    if not why:
        raise ValueError("Say why this action is not needed any more.")
    if action.stage not in (Stage.AGREED, Stage.DONE):
        raise NotAllowedNow("This action has already ended.")
    _claim(action, expected)
    action.outcome, action.outcome_words, action.ended_at, action.ended_by = outcome, why, at, by
    journal.write("ended", "action", action.id, outcome=outcome.value)


def _only(action: Action, wanted: Stage, else_say: str) -> None:
    if action.stage is not wanted:
        raise NotAllowedNow(else_say)


def _claim(action: Action, expected: int | None) -> None:
    take(action, action.version if expected is None else expected)
