"""What changes the library: shipped templates come in, a council adds its own, a draft is published for good."""

from __future__ import annotations

import hashlib
import json
from datetime import date, datetime

from sqlalchemy import func, select

from auditapp import journal
from auditapp.db import db
from auditapp.library import queries
from auditapp.library.keys import key_of
from auditapp.library.models import KeyKind, KnownKey, Template, TemplateVersion, Theme

KIND = "template_version"


class Refusal(ValueError):
    """The library does not do this; the sentence says why."""


def load_shipped(*, at: datetime) -> int:
    """Bring in the shipped themes and templates that are not here yet; returns how many versions were new.

    Does nothing twice. A template that the council has changed for itself is its own and is left alone; themes come in
    only while the council has none at all.
    """
    from auditapp.library import shipped

    if db.session.scalar(select(func.count()).select_from(Theme)) == 0:
        for place, theme in enumerate(shipped.themes()):
            db.session.add(Theme(key=theme.key, name=theme.name, meaning=theme.meaning, place=place))
    new = 0
    for definition in shipped.definitions().values():
        template = queries.by_key(definition.key) or _begin(definition.key, definition.title, shipped=True)
        if template.shipped and definition.sha256 not in {version.digest for version in template.versions}:
            version = _next_version(template, definition.as_document(), definition.sha256, by=None, at=at)
            version.note = "As shipped"
            _freeze(version, by=None, at=at)
            new += 1
    return new


def add(content: bytes | str, file: str, *, by: int | None, at: datetime, note: str = "") -> TemplateVersion:
    """Take a definition in as a draft: a new template, or the next version of the one with its key.

    A draft that is still waiting is replaced. `by`: a person's id, None for the operator; `note`: what changed, in the
    council's words. Raises `reading.FaultyFileError` with every fault, and Refusal where nothing would change.
    """
    from auditapp.library.reading import read

    definition = read(content, file, queries.council())
    template = queries.by_key(definition.key) or _begin(definition.key, definition.title, shipped=False)
    newest = queries.published(template)[:1]
    if newest and newest[0].digest == definition.sha256:
        raise Refusal(f"Version {newest[0].number} of “{template.title}” already asks exactly this.")
    version = queries.draft_of(template)
    if version is None:
        version = _next_version(template, definition.as_document(), definition.sha256, by=by, at=at)
    version.document, version.digest = definition.as_document(), definition.sha256
    version.made_by, version.made_at, version.note = by, at, note
    db.session.flush()
    journal.write("drafted", KIND, version.id, template=template.key, number=version.number, digest=version.digest)
    return version


def publish(version: TemplateVersion, *, by: int | None, at: datetime) -> None:
    """Freeze a draft: from now on new audits follow it, and it never changes.

    Its domain and question keys enter the council-wide register, and the template is the council's own. Raises Refusal
    where it is published already or where a key has meanwhile been published with another kind of answer.
    """
    if version.published_at is not None:
        raise Refusal(f"Version {version.number} is published already.")
    _freeze(version, by=by, at=at)
    version.template.shipped = False


def discard(version: TemplateVersion) -> None:
    """Throw a draft away; with it a template that was never published. Raises Refusal for a published version."""
    if version.published_at is not None:
        raise Refusal("A published version stays: audits may have followed it.")
    template = version.template
    journal.write("discarded", KIND, version.id, template=template.key, number=version.number)
    template.versions.remove(version)
    db.session.delete(version)
    if not template.versions:
        db.session.delete(template)


def withdraw(template: Template, *, at: datetime) -> None:
    """Take a template out of use: no new audit follows it; running ones keep their version."""
    if template.withdrawn_at is not None:
        raise Refusal(f"“{template.title}” is out of use already.")
    template.withdrawn_at = at
    journal.write("withdrew", "template", template.id, template=template.key)


def bring_back(template: Template) -> None:
    """Bring a withdrawn template back into use."""
    if template.withdrawn_at is None:
        raise Refusal(f"“{template.title}” is in use.")
    template.withdrawn_at = None
    journal.write("brought back", "template", template.id, template=template.key)


def add_theme(name: str, meaning: str = "") -> Theme:
    """Add a theme at the end of the council's list; its key is made from its name and stays whatever happens.

    Raises Refusal where a theme in use has the name.
    """
    held = queries.themes(ended=True)
    if any(theme.name.casefold() == name.casefold() and theme.ended_on is None for theme in held):
        raise Refusal(f"“{name}” is in the list already.")
    key = key_of(name, {theme.key for theme in held})
    last = db.session.scalar(select(func.max(Theme.place)))
    theme = Theme(key=key, name=name, meaning=meaning, place=0 if last is None else last + 1)
    db.session.add(theme)
    db.session.flush()
    journal.write("added", "theme", theme.id, key=key)
    return theme


def end_theme(theme: Theme, *, on: date) -> None:
    """Offer a theme no longer; findings that have it keep it. Raises Refusal while a template in use speaks to it."""
    users = [one.template.title for one in queries.usable() if theme.key in queries.definition(one).themes]
    if users:
        raise Refusal(f"Templates in use speak to “{theme.name}”: {', '.join(users)}.")
    theme.ended_on = on
    journal.write("ended", "theme", theme.id, key=theme.key)


def _begin(key: str, title: str, *, shipped: bool) -> Template:
    template = Template(key=key, title=title, shipped=shipped, versions=[])
    db.session.add(template)
    db.session.flush()
    return template


def _next_version(
    template: Template, document: dict[str, object], digest: str, *, by: int | None, at: datetime
) -> TemplateVersion:
    number = max((version.number for version in template.versions), default=0) + 1
    version = TemplateVersion(number=number, document=document, digest=digest, note="", made_at=at, made_by=by)
    template.versions.append(version)
    db.session.flush()
    return version


def _freeze(version: TemplateVersion, *, by: int | None, at: datetime) -> None:
    _register(version)
    version.published_at, version.published_by = at, by
    version.template.title = queries.definition(version).title
    db.session.flush()
    journal.write(
        "published", KIND, version.id, template=version.template.key, number=version.number, digest=version.digest
    )


def _register(version: TemplateVersion) -> None:
    definition = queries.definition(version)
    domains, questions = queries.known_keys(KeyKind.DOMAIN), queries.known_keys(KeyKind.QUESTION)
    for question in definition.questions:
        known = questions.get(question.key)
        if known and known.answer != question.measured_as:
            raise Refusal(
                f"“{question.key}” is meanwhile answered by “{known.answer}” in a published template, here by "
                f"“{question.measured_as}”. Give the question a key of its own."
            )
        _keep_key(known, KeyKind.QUESTION, question.key, question.text, question.measured_as, question.theme or "")
    for domain in definition.domains:
        _keep_key(domains.get(domain.key), KeyKind.DOMAIN, domain.key, domain.title, "", "")


def _keep_key(known: KnownKey | None, kind: KeyKind, key: str, title: str, answer: str, theme_key: str) -> None:
    if known is None:
        db.session.add(KnownKey(kind=kind, key=key, title=title, answer=answer, theme_key=theme_key))
    elif kind is KeyKind.QUESTION:
        known.title, known.theme_key = title, theme_key


def digest_now(version_id: str) -> str | None:
    """The digest of a published version's document as it stands in the database now, for the journal to check."""
    published = (TemplateVersion.id == int(version_id), TemplateVersion.published_at.is_not(None))
    document = db.session.scalar(select(TemplateVersion.document).where(*published))
    if document is None:
        return None
    text = json.dumps(document, sort_keys=True, separators=(",", ":"), ensure_ascii=False)
    return hashlib.sha256(text.encode()).hexdigest()


def published_ids() -> list[str]:
    """Name every published version: each must stand in the journal."""
    published = select(TemplateVersion.id).where(TemplateVersion.published_at.is_not(None))
    return [str(one) for one in db.session.scalars(published)]
