"""What the council decided for itself: each decision is a row, so its history stays."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import Index
from sqlalchemy.orm import Mapped, mapped_column

from auditapp.db import Model


class Setting(Model):
    """One value from a moment on; the newest row of a key is in force."""

    __tablename__ = "setting"
    __table_args__ = (Index("ix_setting_key_id", "key", "id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    key: Mapped[str]
    value: Mapped[str]
    set_at: Mapped[datetime]
    set_by: Mapped[int | None]
