"""The tables of the library: templates, their versions (each one immutable document), themes, council-wide keys."""

from __future__ import annotations

from datetime import date, datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import CheckConstraint, ForeignKey, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from auditapp.db import Model


class Template(Model):
    """An audit template: what is asked. Its words stand in its versions."""

    __tablename__ = "template"
    __table_args__ = (UniqueConstraint("key", name="key"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    key: Mapped[str]
    title: Mapped[str]
    shipped: Mapped[bool]
    withdrawn_at: Mapped[datetime | None]

    versions: Mapped[list[TemplateVersion]] = relationship(back_populates="template", order_by="TemplateVersion.number")


class TemplateVersion(Model):
    """One version: a document with its digest. From publication on it never changes (a trigger refuses it)."""

    __tablename__ = "template_version"
    __table_args__ = (
        UniqueConstraint("template_id", "number", name="number"),
        CheckConstraint("number > 0", name="counted_from_one"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    template_id: Mapped[int] = mapped_column(ForeignKey("template.id"))
    number: Mapped[int]
    document: Mapped[dict[str, Any]]
    digest: Mapped[str]
    note: Mapped[str] = mapped_column(default="")
    made_at: Mapped[datetime]
    made_by: Mapped[int | None]
    published_at: Mapped[datetime | None]
    published_by: Mapped[int | None]

    template: Mapped[Template] = relationship(back_populates="versions")


class KeyKind(StrEnum):
    """What a council-wide key names."""

    DOMAIN = "domain"
    QUESTION = "question"


class KnownKey(Model):
    """A domain's or question's key, the same in every template, so that results can be compared by it."""

    __tablename__ = "known_key"

    kind: Mapped[KeyKind] = mapped_column(primary_key=True)
    key: Mapped[str] = mapped_column(primary_key=True)
    title: Mapped[str]
    answer: Mapped[str] = mapped_column(default="")
    theme_key: Mapped[str] = mapped_column(default="")


class Theme(Model):
    """One line of the council's own short list of what learning is about."""

    __tablename__ = "theme"
    __table_args__ = (UniqueConstraint("key", name="key"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    key: Mapped[str]
    name: Mapped[str]
    meaning: Mapped[str] = mapped_column(default="")
    place: Mapped[int] = mapped_column(default=0)
    ended_on: Mapped[date | None]
