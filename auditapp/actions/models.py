"""The table of actions: what one named person will do by a date, and how it went."""

from __future__ import annotations

from datetime import date, datetime
from enum import StrEnum

from sqlalchemy import CheckConstraint, ForeignKey, Index
from sqlalchemy.orm import Mapped, mapped_column

from auditapp.db import Model, Versioned


class Outcome(StrEnum):
    """How an action ended other than by being seen in the record."""

    NOT_NEEDED = "not_needed"
    CASE_CLOSED = "case_closed"
    TRANSFERRED = "transferred"


class Action(Versioned, Model):
    """What one named person will do for a child by a date.

    Drafted while auditing (`agreed_at` empty), in force from submission on, said to be done by its owner, and ended when
    somebody else has seen it in the record. Each stage is the date that tells of it. Where it came from is opaque here:
    `origin_kind` and `origin_id`.
    """

    __tablename__ = "action"
    __table_args__ = (
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
    what: Mapped[str]
    difference: Mapped[str] = mapped_column(default="")
    owner_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    due_on: Mapped[date]
    drafted_at: Mapped[datetime]
    drafted_by: Mapped[int] = mapped_column(ForeignKey("person.id"))
    agreed_at: Mapped[datetime | None]
    done_at: Mapped[datetime | None]
    done_words: Mapped[str] = mapped_column(default="")
    seen_at: Mapped[datetime | None]
    seen_by: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    seen_words: Mapped[str] = mapped_column(default="")
    outcome: Mapped[Outcome | None]
    outcome_words: Mapped[str] = mapped_column(default="")
    ended_at: Mapped[datetime | None]
    version: Mapped[int] = mapped_column(default=1)
