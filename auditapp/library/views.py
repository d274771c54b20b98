"""The library's pages: templates with their versions, themes, scales; adding, publishing, withdrawing for QA leads."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, Response, request, url_for
from werkzeug.wrappers import Response as Answer

from auditapp.db import now, today
from auditapp.library import operations, queries
from auditapp.library.forms import AddForm, PublishForm, ThemeForm
from auditapp.library.models import Template, TemplateVersion, Theme
from auditapp.library.scales import SCALES
from auditapp.people.roles import Act
from auditapp.web.access import needs, viewer
from auditapp.web.done import done
from auditapp.web.forms import Form
from auditapp.web.pages import page

bp = Blueprint("library", __name__, url_prefix="/library")


@bp.get("/")
@needs(Act.READ_TEMPLATES)
def index() -> Answer:
    """List the templates."""
    return page("library/index.html", listed=[_shown(one) for one in queries.listed(viewer())], keeps=_keeps())


@bp.get("/templates/<key>")
@needs(Act.READ_TEMPLATES, on=queries.template)
def template(template: Template) -> Answer:
    """Show one template with its versions."""
    return page("library/template.html", **_shown(template))


@bp.get("/templates/<key>/<int:number>")
@needs(Act.READ_TEMPLATES, on=queries.version)
def version(version: TemplateVersion) -> Answer:
    """Show one version in full, as an auditor would meet it."""
    definition = queries.definition(version)
    return page(
        "library/version.html",
        version=version,
        definition=definition,
        theme_names=queries.theme_names(),
        made_by=queries.who(version.published_by if version.published_at else version.made_by),
        form=Form(),
        keeps=_keeps(),
        keys=[
            pair
            for domain in definition.domains
            for pair in ((domain.title, domain.key), *((asked.text, asked.key) for asked in domain.questions))
        ],
    )


@bp.get("/templates/<key>/<int:number>.yaml")
@needs(Act.READ_TEMPLATES, on=queries.version)
def export(version: TemplateVersion) -> Answer:
    """Give one version as a definition file, to copy and change."""
    from auditapp.library.reading import export as as_yaml

    name = f"{version.template.key}-{version.number}.yaml"
    answer = Response(as_yaml(queries.definition(version)), mimetype="application/yaml")
    answer.headers.set("Content-Disposition", "attachment", filename=name)
    return answer


@bp.route("/add", methods=["GET", "POST"])
@needs(Act.KEEP_TEMPLATES)
def add() -> Answer:
    """Take a definition file in as a draft, or name every fault in it."""
    form = AddForm()
    faults: list[tuple[int, str, str]] = []
    if request.method == "POST" and form.validate():
        from auditapp.library.reading import FaultyFileError

        try:
            draft = operations.add(
                form.file.data.read(),
                form.file.data.filename,
                by=viewer().person_id,
                at=now(),
                note=form.note.data or "",
            )
        except FaultyFileError as faulty:
            faults = [(fault.line, fault.key, fault.why) for fault in faulty.faults]
            form.refuse(form.file, _cannot_be_taken(len(faults)))
        except operations.Refusal as refusal:
            form.refuse(form.file, str(refusal))
        else:
            return done(_address(draft), said="The draft is here. Read it through, then publish it.")
    return page("library/add.html", 422 if form.refused else 200, form=form, faults=faults)


@bp.route("/templates/<key>/<int:number>/publish", methods=["GET", "POST"])
@needs(Act.KEEP_TEMPLATES, on=queries.draft)
def publish(draft: TemplateVersion) -> Answer:
    """Ask once more, then freeze a draft for good."""
    form = PublishForm()
    if request.method == "POST" and form.validate():
        try:
            operations.publish(draft, by=viewer().person_id, at=now())
        except operations.Refusal as refusal:
            form.refuse(form.sure, str(refusal))
        else:
            return done(
                url_for("library.template", key=draft.template.key),
                said=f"Version {draft.number} is published. Audits opened from now on follow it.",
            )
    return page("library/publish.html", 422 if form.refused else 200, form=form, draft=draft, **_changes(draft))


@bp.post("/templates/<key>/<int:number>/discard")
@needs(Act.KEEP_TEMPLATES, on=queries.draft)
def discard(draft: TemplateVersion) -> Answer:
    """Throw a draft away."""
    operations.discard(draft)
    return done(url_for("library.index"), said="The draft is thrown away.")


@bp.route("/templates/<key>/use", methods=["GET", "POST"])
@needs(Act.KEEP_TEMPLATES, on=queries.template)
def use(template: Template) -> Answer:
    """Take a template out of use, or bring it back, after asking once more."""
    form = Form()
    if request.method == "POST" and form.validate():
        if template.withdrawn_at is None:
            operations.withdraw(template, at=now())
            said = "Taken out of use. Running audits keep their version."
        else:
            operations.bring_back(template)
            said = "Back in use."
        return done(url_for("library.template", key=template.key), said=said)
    return page("library/use.html", 422 if form.refused else 200, form=form, template=template)


@bp.get("/themes")
@needs(Act.READ_TEMPLATES)
def themes() -> Answer:
    """List the council's themes."""
    held = queries.themes()
    return page(
        "library/themes.html",
        themes=held,
        spoken_to=queries.templates_by_theme(),
        keeps=_keeps(),
        keys=[(theme.name, theme.key) for theme in held],
    )


@bp.route("/themes/add", methods=["GET", "POST"])
@needs(Act.KEEP_TEMPLATES)
def add_theme() -> Answer:
    """Add a theme to the list."""
    form = ThemeForm()
    if request.method == "POST" and form.validate():
        try:
            operations.add_theme(form.name.data, form.meaning.data)
        except operations.Refusal as refusal:
            form.refuse(form.name, str(refusal))
        else:
            return done(url_for("library.themes"), said=f"“{form.name.data}” is in the list.")
    return page("library/add_theme.html", 422 if form.refused else 200, form=form)


@bp.route("/themes/<key>/end", methods=["GET", "POST"])
@needs(Act.KEEP_TEMPLATES, on=queries.theme)
def end_theme(theme: Theme) -> Answer:
    """Stop offering a theme, after asking once more."""
    form = Form()
    if request.method == "POST" and form.validate():
        try:
            operations.end_theme(theme, on=today())
        except operations.Refusal as refusal:
            form.form_errors.append(str(refusal))
        else:
            return done(url_for("library.themes"), said=f"“{theme.name}” is no longer offered.")
    return page("library/end_theme.html", 422 if form.refused else 200, form=form, theme=theme)


@bp.get("/scales")
@needs(Act.READ_TEMPLATES)
def scales() -> Answer:
    """Show the scales that judgements and answers may use."""
    keys = [(scale.title, scale.key) for scale in SCALES.values()]
    return page("library/scales.html", scales=SCALES.values(), keeps=_keeps(), keys=keys)


def _keeps() -> bool:
    return bool(viewer().may(Act.KEEP_TEMPLATES))


def _shown(template: Template) -> dict[str, Any]:
    newest = next(iter(queries.published(template)), None)
    draft = queries.draft_of(template) if _keeps() else None
    shown = newest or draft
    return {
        "template": template,
        "newest": newest,
        "draft": draft,
        "definition": queries.definition(shown) if shown else None,
        "published": queries.published(template),
        "who": queries.who,
        "keeps": _keeps(),
    }


def _changes(draft: TemplateVersion) -> dict[str, Any]:
    from auditapp.library.differences import differences

    newest = next(iter(queries.published(draft.template)), None)
    now_asked = queries.definition(draft)
    return {
        "newest": newest,
        "definition": now_asked,
        "changes": differences(queries.definition(newest), now_asked) if newest else (),
    }


def _address(version: TemplateVersion) -> str:
    return url_for("library.version", key=version.template.key, number=version.number)


def _cannot_be_taken(faults: int) -> str:
    return f"The file cannot be taken: {'one fault is' if faults == 1 else f'{faults} faults are'} named below"
