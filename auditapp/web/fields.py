"""From a WTForms field to the parameters of its GOV.UK component.

Every field gets a label or legend, its hint, its error in the same words as the error summary, and an id that the error
summary's link can reach and focus.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, cast

import wtforms
from markupsafe import Markup
from wtforms.fields import (
    BooleanField,
    DecimalField,
    Field,
    FileField,
    HiddenField,
    IntegerField,
    PasswordField,
    RadioField,
    SelectField,
    SelectMultipleField,
    StringField,
    TextAreaField,
)

from auditapp.web.forms import Day
from auditapp.web.parts import govuk

Params = dict[str, Any]
HEADING = {"xl": "govuk-{}--xl", "l": "govuk-{}--l", "m": "govuk-{}--m", "s": "govuk-{}--s"}


def show(
    field: Field,
    *,
    hint: str | Markup = "",
    label: str = "",
    size: str = "s",
    heading: bool = False,
    label_hidden: bool = False,
    **params: Any,
) -> Markup:
    """Give the markup of a form's field.

    `hint` (else the field's description), `label` (else its own), `size` of label or legend (s, m, l, xl, or "" for
    plain text), `heading`: the label is the page's h1. Other parameters go to the component as they are; of our own:
    `rows`, `width` (characters), `count` (False hides the character count), `inline`, `small`, `hints` {value: text},
    `suffix`, `legend` (of a single check box).
    """
    for kind, make in KINDS:
        if isinstance(field, kind):
            named = _label(field, label, size, heading, label_hidden)
            said = hint or field.description
            common: Params = {}
            if said:
                common["hint"] = {"html" if isinstance(said, Markup) else "text": said}
            if field.errors:
                common["errorMessage"] = {"text": first_error(field)}
            return make(field, named, common, params)
    raise TypeError(f"no component for a field of kind {type(field).__name__}")


def first_error(field: Field) -> str:
    """Give the first thing wrong with a field, in words."""
    return next(iter(_flat(field.errors)), "")


def _flat(errors: Any) -> list[str]:
    if isinstance(errors, Mapping):
        return [text for inner in errors.values() for text in _flat(inner)]
    return [str(text) for item in errors for text in (_flat(item) if isinstance(item, (list, tuple, dict)) else [item])]


def target(field: Field) -> str:
    """Give the id of the control that an error about this field leads to."""
    if isinstance(field, Day):
        return f"{field.id}-{field.wrong_parts[0] if field.wrong_parts else 'day'}"
    return str(field.id)


def error_summary(form: wtforms.Form, title: str = "There is a problem") -> Markup:
    """Give the list of what is wrong with a form, each leading to its field; nothing when all is well."""
    found = [
        {"text": text, "href": f"#{target(field)}"}
        for field in form
        for text in _flat(field.errors)[:1]
        if not isinstance(field, HiddenField)
    ]
    found += [{"text": str(text)} for text in getattr(form, "form_errors", [])]
    return govuk("error-summary", titleText=title, errorList=found) if found else Markup("")


def hidden(form: wtforms.Form) -> Markup:
    """Give a form's hidden fields: its token, version and idempotency key."""
    shown = [field for field in form if isinstance(field, HiddenField)]
    return Markup("\n").join(
        Markup('<input type="hidden" name="{}" value="{}">').format(field.name, field._value()) for field in shown
    )


def _label(field: Field, text: str, size: str, heading: bool, label_hidden: bool) -> Params:
    return {
        "text": text or field.label.text,
        "size": size,
        "isPageHeading": heading,
        "classes": "govuk-visually-hidden" if label_hidden else "",
    }


def _as_label(named: Params) -> Params:
    classes = named["classes"] or (HEADING[named["size"]].format("label") if named["size"] else "")
    return {"text": named["text"], "classes": classes, "isPageHeading": named["isPageHeading"]}


def _as_legend(named: Params) -> Params:
    classes = named["classes"] or (HEADING[named["size"]].format("fieldset__legend") if named["size"] else "")
    return {"legend": {"text": named["text"], "classes": classes, "isPageHeading": named["isPageHeading"]}}


def _attributes(field: Field, params: Params) -> Params:
    return {**(field.render_kw or {}), **params.pop("attributes", {})}


def _input(field: Field, named: Params, common: Params, params: Params) -> Markup:
    width = params.pop("width", None)
    if "suffix" in params:
        params["suffix"] = {"text": params["suffix"]}
    classes = f"{params.pop('classes', '')} {f'govuk-input--width-{width}' if width else ''}".strip()
    return govuk(
        "input",
        id=field.id,
        name=field.name,
        value=field._value(),
        label=_as_label(named),
        classes=classes,
        attributes=_attributes(field, params),
        **common,
        **params,
    )


def _number(field: Field, named: Params, common: Params, params: Params) -> Markup:
    mode = "numeric" if isinstance(field, IntegerField) else "decimal"
    return _input(field, named, common, {"inputmode": mode, "spellcheck": False, "width": 5, **params})


def _textarea(field: Field, named: Params, common: Params, params: Params) -> Markup:
    limit = getattr(field, "longest", None)
    counted = params.pop("count", True) and limit
    given = {
        "id": field.id,
        "name": field.name,
        "value": field._value(),
        "label": _as_label(named),
        "rows": params.pop("rows", 4),
        "attributes": _attributes(field, params),
        **common,
        **params,
    }
    if not counted:
        return govuk("textarea", **given)
    # The count is quiet until three quarters are used: a wide limit is no invitation to fill it.
    return govuk("character-count", maxlength=limit, threshold=75, **given)


def _items(field: Field, params: Params, chosen: Callable[[Any], bool]) -> list[Params]:
    hints: Mapping[Any, Any] = params.pop("hints", {})
    items: list[Params] = []
    for choice in field.iter_choices():
        hint = hints.get(choice.value) or (choice.render_kw or {}).get("hint")
        item: Params = {"value": str(choice.value), "text": choice.label, "checked": chosen(choice)}
        if hint:
            item["hint"] = {"html" if isinstance(hint, Markup) else "text": hint}
        items.append(item)
    return items


def _chosen_among(kind: str) -> Callable[[Field, Params, Params, Params], Markup]:
    def make(field: Field, named: Params, common: Params, params: Params) -> Markup:
        classes = [params.pop("classes", "")]
        classes += [f"govuk-{kind}--inline"] if params.pop("inline", False) else []
        classes += [f"govuk-{kind}--small"] if params.pop("small", False) else []
        return govuk(
            kind,
            idPrefix=field.id,
            name=field.name,
            fieldset=_as_legend(named),
            items=_items(field, params, lambda choice: bool(choice.selected)),
            classes=" ".join(filter(None, classes)),
            **common,
            **params,
        )

    return make


def _tick(field: Field, named: Params, common: Params, params: Params) -> Markup:
    hint = common.pop("hint", None)
    item: Params = {
        "value": "y",
        "checked": bool(field.data),
        "text": named["text"],
        **({"hint": hint} if hint else {}),
    }
    legend = params.pop("legend", "")
    group = {
        "fieldset": {"legend": {"text": legend or named["text"], "classes": "" if legend else "govuk-visually-hidden"}}
    }
    return govuk("checkboxes", idPrefix=field.id, name=field.name, items=[item], **group, **common, **params)


def _select(field: Field, named: Params, common: Params, params: Params) -> Markup:
    items = [
        {"value": str(choice.value), "text": choice.label, "selected": bool(choice.selected)}
        for choice in field.iter_choices()
    ]
    return govuk("select", id=field.id, name=field.name, label=_as_label(named), items=items, **common, **params)


def _day(field: Field, named: Params, common: Params, params: Params) -> Markup:
    day = cast("Day", field)
    items = [
        {
            "name": part,
            "label": part.capitalize(),
            "value": day.typed.get(part, ""),
            "classes": f"govuk-input--width-{4 if part == 'year' else 2}"
            + (" govuk-input--error" if field.errors and part in (day.wrong_parts or day.PARTS) else ""),
        }
        for part in day.PARTS
    ]
    return govuk(
        "date-input", id=field.id, namePrefix=field.name, fieldset=_as_legend(named), items=items, **common, **params
    )


def _upload(field: Field, named: Params, common: Params, params: Params) -> Markup:
    return govuk("file-upload", id=field.id, name=field.name, label=_as_label(named), **common, **params)


def _password(field: Field, named: Params, common: Params, params: Params) -> Markup:
    return govuk("password-input", id=field.id, name=field.name, label=_as_label(named), **common, **params)


# In order: a kind that extends another stands before it.
KINDS: tuple[tuple[type[Field], Callable[[Field, Params, Params, Params], Markup]], ...] = (
    (Day, _day),
    (PasswordField, _password),
    (TextAreaField, _textarea),
    (RadioField, _chosen_among("radios")),
    (SelectMultipleField, _chosen_among("checkboxes")),
    (SelectField, _select),
    (BooleanField, _tick),
    (FileField, _upload),
    (IntegerField, _number),
    (DecimalField, _number),
    (StringField, _input),
)
