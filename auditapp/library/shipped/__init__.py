"""The templates and themes that come with auditapp: definitions as YAML beside this file, to use and to copy.

The single-theme templates are read first, so that the whole-case template can take their domains in with the same keys.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from types import MappingProxyType
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from auditapp.library.template import Definition, Domain

IN_ORDER = ("management_oversight", "voice_of_the_child", "smart_plans", "chronology", "whole_case")
"""The shipped templates; a later one may take in domains of an earlier one."""


@dataclass(frozen=True, slots=True)
class Theme:
    """One entry of the council's own short list of what findings are about."""

    key: str
    name: str
    meaning: str


@cache
def themes() -> tuple[Theme, ...]:
    """The shipped list of themes, in the order in which pages offer them."""
    from ruamel.yaml import YAML

    listed = YAML(typ="safe", pure=True).load(_text("themes.yaml"))
    return tuple(Theme(**theme) for theme in listed)


@cache
def definitions() -> "Mapping[str, Definition]":
    """The shipped templates by key. Raises `reading.FaultyFileError` if a file beside this one is faulty."""
    from auditapp.library.reading import Council, read

    found: dict[str, Definition] = {}
    domains: dict[str, Domain] = {}
    keys = {theme.key for theme in themes()}
    for key in IN_ORDER:
        found[key] = read(_text(f"{key}.yaml"), f"{key}.yaml", Council(themes=keys, domains=domains))
        domains |= {domain.key: domain for domain in found[key].domains}
    return MappingProxyType(found)


def _text(name: str) -> str:
    return (files(__name__) / name).read_text(encoding="utf-8")
