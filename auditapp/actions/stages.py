"""How far an action is: each stage follows from the days that tell of it."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum


class Stage(StrEnum):
    """The stages of an action, in the words of pages and reports."""

    DRAFTED = "drafted"
    AGREED = "agreed"
    DONE = "done"
    SEEN = "seen"
    ENDED = "ended"

    @property
    def words(self) -> str:
        """The stage as people say it."""
        return WORDS[self]


WORDS = {
    Stage.DRAFTED: "Being written",
    Stage.AGREED: "Agreed",
    Stage.DONE: "Done, to be seen in the record",
    Stage.SEEN: "Seen in the record",
    Stage.ENDED: "Not needed any more",
}


def stage(
    agreed_at: datetime | None, done_at: datetime | None, seen_at: datetime | None, ended_at: datetime | None
) -> Stage:
    """Give an action's stage: the furthest of the moments that were written down."""
    if seen_at:
        return Stage.SEEN
    if ended_at:
        return Stage.ENDED
    if done_at:
        return Stage.DONE
    return Stage.AGREED if agreed_at else Stage.DRAFTED
