"""The answers already given, so that a form sent twice has one effect."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy.orm import Mapped, mapped_column

from auditapp.db import Model


class Submission(Model):
    """One sent form: its key, who sent it where, and the answer that was given when it was carried out."""

    __tablename__ = "submission"

    key: Mapped[str] = mapped_column(primary_key=True)
    person_id: Mapped[int]
    path: Mapped[str]
    at: Mapped[datetime] = mapped_column(index=True)
    answer: Mapped[str] = mapped_column(default="")
    is_json: Mapped[bool] = mapped_column(default=False)
