"""The table of actions: what one named person will do by a date, and how it went."""

from __future__ import annotations

from datetime import date, datetime
from enum import StrEnum

from sqlalchemy import CheckConstraint, ForeignKey, Index
from sqlalchemy.orm import Mapped, mapped_column, relationship

from auditapp.actions.stages import Stage, stage
from auditapp.cases.models import Case
from auditapp.db import Model, Versioned
from auditapp.people.models import Person


class Outcome(StrEnum):
    """How an action ended other than by being seen in the record."""

    NOT_NEEDED = "not_needed"
    CASE_CLOSED = "case_closed"
    TRANSFERRED = "transferred"


class Action(Versioned, Model):
    """What one named person will do for a child by a date.

    Drafted while auditing (`agreed_at` empty; its owner and day may still be missing), in force from submission on,
    said to be done by its owner, and ended when somebody else has seen it in the record. Each stage is the date that
    tells of it. Where it came from is opaque here: `origin_kind` and `origin_id`.
    """

    __tablename__ = "action"
    __table_args__ = (
        CheckConstraint(
            "agreed_at IS NULL OR (what != '' AND owner_id IS NOT NULL AND due_on IS NOT NULL)", name="agreed_in_full"
        ),
        CheckConstraint("done_at IS NULL OR agreed_at IS NOT NULL", name="agreed_before_done"),
        CheckConstraint("seen_at IS NULL OR done_at IS NOT NULL", name="done_before_seen"),
        CheckConstraint("seen_by IS NULL OR seen_by != owner_id", name="seen_by_someone_else"),
        Index("ix_action_origin", "origin_kind", "origin_id"),
        Index("ix_action_owner_open", "owner_id", "seen_at", "due_on"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    case_id: Mapped[int] = mapped_column(ForeignKey("case.id"), index=True)
    origin_kind: Mapped[str]
    origin_id: Mapped[int]
    team_id: Mapped[int | None] = mapped_column(ForeignKey("team.id"), index=True)
    theme_key: Mapped[str] = mapped_column(default="")
    domain_key: Mapped[str] = mapped_column(default="")
    what: Mapped[str] = mapped_column(default="")
    owner_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    due_on: Mapped[date | None]
    drafted_at: Mapped[datetime]
    drafted_by: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    agreed_at: Mapped[datetime | None]
    done_at: Mapped[datetime | None]
    done_words: Mapped[str] = mapped_column(default="")
    seen_at: Mapped[datetime | None]
    seen_by: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    seen_words: Mapped[str] = mapped_column(default="")
    outcome: Mapped[Outcome | None]
    outcome_words: Mapped[str] = mapped_column(default="")
    ended_at: Mapped[datetime | None]
    ended_by: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    version: Mapped[int] = mapped_column(default=1)

    case: Mapped[Case] = relationship()
    owner: Mapped[Person | None] = relationship(foreign_keys=[owner_id])

    @property
    def stage(self) -> Stage:
        """How far it is."""
        return stage(self.agreed_at, self.done_at, self.seen_at, self.ended_at)
