"""GOV.UK Frontend's components, through the published macros of govuk-frontend-jinja.

The macros rely on missing names being nothing, so they live in a lenient environment of their own.
"""

from __future__ import annotations

import functools
from pathlib import Path
from typing import Any

import govuk_frontend_jinja
from jinja2 import Environment, FileSystemLoader, PrefixLoader
from markupsafe import Markup


@functools.cache
def _lenient() -> Environment:
    folder = Path(govuk_frontend_jinja.__file__).parent / "templates"
    loader = PrefixLoader({"govuk_frontend_jinja": FileSystemLoader(folder)})
    return Environment(loader=loader, autoescape=True, trim_blocks=True, lstrip_blocks=True)


@functools.cache
def _macro(component: str) -> Any:
    module = _lenient().get_template(f"govuk_frontend_jinja/components/{component}/macro.html").module
    return getattr(module, "govuk" + "".join(part.capitalize() for part in component.split("-")))


def govuk(component: str, /, **params: Any) -> Markup:
    """Give the markup of a GOV.UK Frontend component; `params` are its published macro options (camelCase)."""
    return Markup(_macro(component)(params).strip())  # noqa: S704 (the macros escape what they are given as text)
