"""Long work: one row a job, from start to its result or the reason why there is none."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import CheckConstraint
from sqlalchemy.orm import Mapped, mapped_column

from auditapp.db import Model


class State(StrEnum):
    """Where a job stands."""

    RUNNING = "running"
    DONE = "done"
    FAILED = "failed"


class Job(Model):
    """One piece of long work: who asked, how far it is, what came of it."""

    __tablename__ = "job"
    __table_args__ = (CheckConstraint("done <= total OR total = 0", name="not_more_than_all"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    kind: Mapped[str]
    person_id: Mapped[int | None] = mapped_column(index=True)
    server: Mapped[str]
    state: Mapped[State] = mapped_column(default=State.RUNNING)
    words: Mapped[str] = mapped_column(default="")
    done: Mapped[int] = mapped_column(default=0)
    total: Mapped[int] = mapped_column(default=0)
    began_at: Mapped[datetime]
    ended_at: Mapped[datetime | None]
    result: Mapped[dict[str, Any]] = mapped_column(default=dict)
    why: Mapped[str] = mapped_column(default="")
