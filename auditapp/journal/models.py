"""The journal's two tables. Triggers (made by the migration) refuse any change or removal of an entry."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import CheckConstraint, Index
from sqlalchemy.orm import Mapped, mapped_column

from auditapp.db import Model


class Entry(Model):
    """One line: who did or looked at what, when. Holds ids, keys and counts, never a narrative or a name."""

    __tablename__ = "journal_entry"
    __table_args__ = (Index("ix_journal_entry_kind_object", "kind", "object_id"),)

    number: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    at: Mapped[datetime]
    person_id: Mapped[int | None] = mapped_column(index=True)
    account: Mapped[str] = mapped_column(default="")
    verb: Mapped[str]
    kind: Mapped[str]
    object_id: Mapped[str]
    details: Mapped[dict[str, Any]]
    digest: Mapped[str]


class Head(Model):
    """The newest entry's number and digest: one row, written last in each transaction, so that writers queue here."""

    __tablename__ = "journal_head"
    __table_args__ = (CheckConstraint("id = 1", name="only_one"),)

    id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    number: Mapped[int]
    digest: Mapped[str]
