"""What the library holds, for pages and for later rooms. Nothing here writes."""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache
from typing import TYPE_CHECKING, Any

from sqlalchemy import func, select
from sqlalchemy.orm import selectinload

from auditapp.db import db
from auditapp.library.models import KeyKind, KnownKey, Template, TemplateVersion, Theme
from auditapp.people.models import Person
from auditapp.people.roles import Act, Viewer

if TYPE_CHECKING:
    from auditapp.library.reading import Council
    from auditapp.library.template import Definition

HELD = 256
"""Definitions kept parsed: far more than a council's versions in use."""


class _Document:
    """A document that is looked up by its digest alone, so that a version is parsed once."""

    def __init__(self, digest: str, content: dict[str, Any]) -> None:
        self.digest, self.content = digest, content

    def __hash__(self) -> int:
        return hash(self.digest)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, _Document) and other.digest == self.digest


@lru_cache(maxsize=HELD)
def _parsed(document: _Document) -> Definition:
    from auditapp.library.template import Definition

    return Definition.model_validate(document.content)


def definition(version: TemplateVersion) -> Definition:
    """What a version asks; parsed once and kept."""
    return _parsed(_Document(version.digest, version.document))


def templates() -> Sequence[Template]:
    """Every template with its versions, by title; those withdrawn from use come last."""
    return db.session.scalars(
        select(Template)
        .options(selectinload(Template.versions))
        .order_by(Template.withdrawn_at.is_not(None), func.lower(Template.title), Template.id)
    ).all()


def listed(viewer: Viewer) -> list[Template]:
    """The templates that a viewer may read: drafts that were never published only for those who keep templates."""
    keeps = viewer.may(Act.KEEP_TEMPLATES)
    return [template for template in templates() if keeps or published(template)]


def template(viewer: Viewer, key: str) -> Template | None:
    """One template, unless it has nothing that this viewer may read."""
    return next((one for one in listed(viewer) if one.key == key), None)


def version(viewer: Viewer, key: str, number: int) -> TemplateVersion | None:
    """One version; a draft only for those who keep templates."""
    found = by_number(key, number)
    return found if found and (found.published_at or viewer.may(Act.KEEP_TEMPLATES)) else None


def draft(viewer: Viewer, key: str, number: int) -> TemplateVersion | None:
    """One version that is not published yet."""
    found = version(viewer, key, number)
    return found if found and found.published_at is None else None


def by_key(key: str) -> Template | None:
    """The template of this key."""
    return db.session.scalar(select(Template).where(Template.key == key))


def by_number(key: str, number: int) -> TemplateVersion | None:
    """The version of this number of the template of this key."""
    return db.session.scalar(
        select(TemplateVersion).join(Template).where(Template.key == key, TemplateVersion.number == number)
    )


def published(template: Template) -> list[TemplateVersion]:
    """The published versions of a template, newest first."""
    return [one for one in reversed(template.versions) if one.published_at]


def draft_of(template: Template) -> TemplateVersion | None:
    """The version that waits to be published, if there is one."""
    return next((one for one in template.versions if one.published_at is None), None)


def in_use(key: str) -> TemplateVersion | None:
    """The version that an audit opened now would follow: the newest published one, unless withdrawn from use."""
    found = by_key(key)
    versions = published(found) if found and found.withdrawn_at is None else []
    return versions[0] if versions else None


def usable() -> list[TemplateVersion]:
    """The version in use of every template that audits may be opened with, by title."""
    return [published(one)[0] for one in templates() if one.withdrawn_at is None and published(one)]


def themes(*, ended: bool = False) -> Sequence[Theme]:
    """The council's list of themes in its order; with those no longer used where `ended`."""
    wanted = select(Theme).order_by(Theme.place, Theme.id)
    return db.session.scalars(wanted if ended else wanted.where(Theme.ended_on.is_(None))).all()


def theme(viewer: Viewer, key: str) -> Theme | None:
    """One theme in use."""
    return db.session.scalar(select(Theme).where(Theme.key == key, Theme.ended_on.is_(None)))


def theme_names() -> dict[str, str]:
    """The name of every theme by key, those no longer used included."""
    return {one.key: one.name for one in themes(ended=True)}


def templates_by_theme() -> dict[str, list[str]]:
    """For each theme, the titles of the templates in use that speak to it."""
    found: dict[str, list[str]] = {}
    for one in usable():
        for key in definition(one).themes:
            found.setdefault(key, []).append(one.template.title)
    return found


def who(person_id: int | None) -> str:
    """The name of whoever made or published a version; the operator where it was done by a command."""
    person = db.session.get(Person, person_id) if person_id else None
    return person.name if person else "the operator"


def known_keys(kind: KeyKind) -> dict[str, KnownKey]:
    """The council-wide register: every domain or question key that a published version ever used."""
    return {one.key: one for one in db.session.scalars(select(KnownKey).where(KnownKey.kind == kind))}


def council() -> Council:
    """What a new definition is read against: themes in use, domains in use, what each question key is answered by."""
    from auditapp.library.reading import Council

    return Council(
        themes={one.key for one in themes()},
        domains={domain.key: domain for one in reversed(usable()) for domain in definition(one).domains},
        measures={key: known.answer for key, known in known_keys(KeyKind.QUESTION).items()},
    )
