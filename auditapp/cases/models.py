"""The tables of cases: the children known by reference, their involvements, and the names an extract uses.

No names of children, no dates of birth: a case is a reference and an age band.
"""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from sqlalchemy import ForeignKey, Index, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from auditapp.db import Model, Versioned
from auditapp.people.models import Team


class Case(Model):
    """A child (or a family, in early help) known by the council's own reference."""

    __tablename__ = "case"
    __table_args__ = (UniqueConstraint("reference", name="reference"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    reference: Mapped[str]
    age_band: Mapped[str] = mapped_column(default="")
    gender: Mapped[str] = mapped_column(default="")
    ethnicity: Mapped[str] = mapped_column(default="")
    restricted: Mapped[bool] = mapped_column(default=False)
    last_import_id: Mapped[int | None] = mapped_column(ForeignKey("population_import.id"))

    involvements: Mapped[list[Involvement]] = relationship(back_populates="case", order_by="Involvement.id")


class Involvement(Model):
    """One row of a case's story. Events (lists 1 to 5) are each their own; `episode` tells one from the next.

    `open_then`: whether it was open at the as-at date of its list's last import, by its dates. `import_id`: the import
    that last changed it; `gone_import_id`: the import in which it was no longer there. `facts`: the key dates
    that were kept, by name. `digest`: the fingerprint of what the extract said.
    """

    __tablename__ = "involvement"
    __table_args__ = (
        UniqueConstraint("case_id", "list_key", "episode", name="episode"),
        Index("ix_involvement_list_open", "list_key", "open_then"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    case_id: Mapped[int] = mapped_column(ForeignKey("case.id"))
    list_key: Mapped[str]
    episode: Mapped[str]
    status: Mapped[str] = mapped_column(default="")
    category: Mapped[str] = mapped_column(default="")
    team_alias_id: Mapped[int | None] = mapped_column(ForeignKey("team_alias.id"), index=True)
    worker_alias_id: Mapped[int | None] = mapped_column(ForeignKey("worker_alias.id"), index=True)
    started_on: Mapped[date | None]
    ended_on: Mapped[date | None]
    open_then: Mapped[bool]
    facts: Mapped[dict[str, Any]] = mapped_column(default=dict)
    digest: Mapped[str]
    import_id: Mapped[int] = mapped_column(ForeignKey("population_import.id"))
    gone_import_id: Mapped[int | None] = mapped_column(ForeignKey("population_import.id"))

    case: Mapped[Case] = relationship(back_populates="involvements")
    team_alias: Mapped[TeamAlias | None] = relationship()
    worker_alias: Mapped[WorkerAlias | None] = relationship()


class Worker(Versioned, Model):
    """Whoever holds an involvement, as extracts name them; may be linked to a person who signs in."""

    __tablename__ = "worker"
    __table_args__ = (UniqueConstraint("person_id", name="person"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str]
    person_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    version: Mapped[int] = mapped_column(default=1)

    aliases: Mapped[list[WorkerAlias]] = relationship(back_populates="worker", order_by="WorkerAlias.spelling")


class WorkerAlias(Model):
    """One spelling of a worker in an extract. Without a worker it waits to be placed and creates no right."""

    __tablename__ = "worker_alias"
    __table_args__ = (UniqueConstraint("folded", name="folded"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    spelling: Mapped[str]
    folded: Mapped[str]
    worker_id: Mapped[int | None] = mapped_column(ForeignKey("worker.id"), index=True)

    worker: Mapped[Worker | None] = relationship(back_populates="aliases")


class TeamAlias(Model):
    """One spelling of a team in an extract. Without a team it waits to be placed."""

    __tablename__ = "team_alias"
    __table_args__ = (UniqueConstraint("folded", name="folded"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    spelling: Mapped[str]
    folded: Mapped[str]
    team_id: Mapped[int | None] = mapped_column(ForeignKey("team.id"), index=True)

    team: Mapped[Team | None] = relationship()


class PopulationImport(Model):
    """One extract that was taken: which file, as at which day, what was in it."""

    __tablename__ = "population_import"

    id: Mapped[int] = mapped_column(primary_key=True)
    as_at: Mapped[date]
    file_name: Mapped[str]
    file_digest: Mapped[str]
    population_digest: Mapped[str]
    taken_at: Mapped[datetime]
    taken_by: Mapped[int | None]
    summary: Mapped[dict[str, Any]]


class PendingImport(Model):
    """A previewed extract that may still be taken: where its rows wait, and which population it was held against.

    `rows` holds only what may be kept; no date of birth is ever stored here.
    """

    __tablename__ = "pending_import"

    id: Mapped[int] = mapped_column(primary_key=True)
    person_id: Mapped[int | None] = mapped_column(index=True)
    as_at: Mapped[date]
    file_name: Mapped[str]
    file_digest: Mapped[str]
    population_digest: Mapped[str]
    made_at: Mapped[datetime]
    summary: Mapped[dict[str, Any]]
    rows: Mapped[list[Any]]
    taken_import_id: Mapped[int | None] = mapped_column(ForeignKey("population_import.id"))
