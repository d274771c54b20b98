"""Making pages: our own strict ones, and GOV.UK Frontend's parts behind one function `govuk`.

Our Jinja environment refuses a name that is not there: a misspelt value fails in a test and never prints nothing.
"""

from __future__ import annotations

import functools
import importlib.metadata
import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from flask import Flask, current_app, g, make_response, render_template, request, url_for
from jinja2 import FileSystemLoader, StrictUndefined
from markupsafe import Markup
from sqlalchemy.exc import SQLAlchemyError
from werkzeug.wrappers import Response

from auditapp.settings import PACKAGE, beside_or_inside
from auditapp.web import access, dates, fields, look, menu, words
from auditapp.web.parts import govuk

STATIC = PACKAGE / "static"
FOOTER = (
    ("Guide", "help.index_of_help"),
    ("Accessibility", "help.accessibility"),
    ("Privacy", "help.privacy"),
    ("About this version", "help.about"),
)
GRADE_STYLES = {
    "outstanding": ("outstanding",),
    "good": ("good",),
    "requires-improvement": ("requires improvement", "adequate"),
    "inadequate": ("inadequate",),
}


@dataclass(frozen=True, slots=True)
class Council:
    """What every page says of the council: its name, its colour (“#17494d”), whether all is invented."""

    name: str = "Your council"
    colour: str = look.USUAL
    demo: bool = False


def set_up(app: Flask) -> None:
    """Give an application our pages: folder, strictness, functions and filters.

    Until `tell_of_council` is called, they speak of “Your council”.
    """
    app.jinja_options = {**app.jinja_options, "undefined": StrictUndefined, "trim_blocks": True, "lstrip_blocks": True}
    app.jinja_loader = FileSystemLoader(beside_or_inside("templates"))  # type: ignore[assignment, unused-ignore]
    app.jinja_env.globals.update(
        govuk=govuk,
        field=fields.show,
        hidden=fields.hidden,
        error_summary=fields.error_summary,
        static=static_address,
        here=here,
        navigation=_navigation,
        viewer_or_none=_viewer_or_none,
        has_page=has_page,
        viewer=access.viewer,
        council=council,
        session_ends=session_ends,
        footer_links=_footer_links,
        grade_key=grade_key,
        app_version=_version(),
    )
    app.jinja_env.filters.update(
        day=dates.day,
        day_time=dates.day_time,
        count=words.count,
        percent=words.percent,
        plural=words.plural,
        rows=table_rows,
        choice_items=choice_items,
    )
    app.jinja_env.tests.update(has_time=lambda value: isinstance(value, datetime))


def page(name: str, status: int = 200, **values: Any) -> Response:
    """Make the page `name` (room/page.html) with its values."""
    return make_response(render_template(name, **values), status)


@functools.cache
def _digests() -> Mapping[str, str]:
    digests: Mapping[str, str] = json.loads((STATIC / "manifest.json").read_text())
    return digests


def static_address(name: str) -> str:
    """Give the address of one of our static files; it changes when the file does, so that it may be kept for a year."""
    return url_for("static", filename=name, v=_digests()[name][:12])


def here(**changed: Any) -> str:
    """Give this page's address with some of its parameters changed (None removes one)."""
    values: dict[str, Any] = {**request.args.to_dict(flat=False), **changed}
    return url_for(
        str(request.endpoint), **{**(request.view_args or {}), **{k: v for k, v in values.items() if v is not None}}
    )


def tell_of_council(app: Flask, of_council: Callable[[], Council]) -> None:
    """Let pages ask `of_council` for the council's name and colour, once a request."""
    app.extensions["auditapp.council"] = of_council


def _demo() -> bool:
    settings = current_app.extensions.get("auditapp.settings")
    return bool(settings and settings.demo)


def council() -> Council:
    """Give what pages say of the council; the usual where the database cannot be asked, as on a page of trouble."""
    if "council" not in g:
        try:
            g.council = current_app.extensions.get("auditapp.council", lambda: Council(demo=_demo()))()
        except SQLAlchemyError:
            return Council(demo=_demo())
    found: Council = g.council
    return found


def grade_key(word: str) -> str:
    """Give the style name of a grade's printed word; “Adequate” counts as requires improvement."""
    lowered = word.lower()
    for key, beginnings in GRADE_STYLES.items():
        if lowered.startswith(beginnings):
            return key
    return "none"


def session_ends() -> int:
    """Give the seconds until the login session ends when nothing more is done; 0 when nobody is signed in.

    The people room sets `g.session_seconds` from the session's idle and longest times.
    """
    if not access.signed_in():
        return 0
    return int(getattr(g, "session_seconds", current_app.config.get("IDLE_SECONDS", 20 * 60)))


def _footer_links() -> list[tuple[str, str]]:
    return [(text, url_for(endpoint)) for text, endpoint in FOOTER if has_page(endpoint)]


def _version() -> str:
    try:
        return importlib.metadata.version("auditapp")
    except importlib.metadata.PackageNotFoundError:
        return "from a checkout"


def has_page(endpoint: str) -> bool:
    """Tell whether this application has a page of that name."""
    return endpoint in current_app.view_functions


def _viewer_or_none() -> Any:
    return access.viewer() if access.signed_in() else None


def _navigation() -> list[dict[str, Any]]:
    if not access.signed_in():
        return []
    entries = [(entry, menu.address(entry)) for entry in menu.of(current_app).words(access.viewer())]
    inside = [address for _, address in entries if address != "/" and _within(request.path, address)]
    best = max(inside, key=len, default="/" if request.path == "/" else "")
    return [
        {"text": entry.text, "href": address, "active": address == best, "current": address == request.path}
        for entry, address in entries
    ]


def _within(path: str, address: str) -> bool:
    return path == address or path.startswith(address.rstrip("/") + "/")


def choice_items(pairs: Sequence[tuple[str, str]], chosen: str) -> list[dict[str, Any]]:
    """Turn (value, label) pairs into the items of GOV.UK's select."""
    return [{"value": value, "text": label, "selected": value == chosen} for value, label in pairs]


def table_rows(rows: Sequence[Sequence[Any]], numeric: Sequence[int] = ()) -> list[list[dict[str, Any]]]:
    """Turn plain rows into the rows of GOV.UK's table; `numeric` names the columns of numbers, from 0."""
    return [[_cell(value, "numeric" if index in numeric else None) for index, value in enumerate(row)] for row in rows]


def _cell(value: Any, form: str | None) -> dict[str, Any]:
    kind = "html" if isinstance(value, Markup) else "text"
    if isinstance(value, datetime):
        value = dates.day_time(value)
    elif isinstance(value, date):
        value = dates.day(value)
    return {
        kind: "" if value is None else value if kind == "html" else str(value),
        **({"format": form} if form else {}),
    }
