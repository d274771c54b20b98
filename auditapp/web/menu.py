"""What rooms register at start-up so that rooms before them can show it: menu entries and panels.

A room that imports only rooms before it can still stand on the home page and on a case's page this way.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from flask import Flask, url_for
from markupsafe import Markup

from auditapp.web.access import SIGNED_IN


@dataclass(frozen=True, slots=True)
class Entry:
    """One word of the service navigation: its order, page and the act that its reader must be allowed."""

    order: int
    text: str
    endpoint: str
    act: Any


@dataclass(frozen=True, slots=True)
class Panel:
    """A piece of another room's page: `make` gives its markup for a viewer (and a row), or None for nothing."""

    order: int
    make: Callable[..., Markup | str | None]


class Menu:
    """Everything that was registered with one application."""

    def __init__(self) -> None:
        self.entries: list[Entry] = []
        self.home: list[Panel] = []
        self.case: list[Panel] = []

    def words(self, viewer: Any) -> list[Entry]:
        """Give the navigation of one viewer, in order; at most six."""
        own = [entry for entry in self.entries if entry.act == SIGNED_IN or viewer.may(entry.act)]
        return sorted(own, key=lambda entry: entry.order)[:6]

    def shown(self, panels: list[Panel], *about: Any) -> list[Markup]:
        """Make the panels that have something to say about a viewer (and a row)."""
        made = (panel.make(*about) for panel in sorted(panels, key=lambda panel: panel.order))
        return [Markup(text) for text in made if text]  # noqa: S704 (panels are rendered by our own escaping pages)


def of(app: Flask) -> Menu:
    """Give the application's menu."""
    menu: Menu = app.extensions.setdefault("auditapp.menu", Menu())
    return menu


def entry(app: Flask, order: int, text: str, endpoint: str, act: Any) -> None:
    """Add a word to the service navigation of everybody who may do `act`."""
    of(app).entries.append(Entry(order, text, endpoint, act))


def home_panel(app: Flask, order: int, make: Callable[..., Markup | str | None]) -> None:
    """Add a panel to the home page: `make(viewer)`."""
    of(app).home.append(Panel(order, make))


def case_panel(app: Flask, order: int, make: Callable[..., Markup | str | None]) -> None:
    """Add a panel to a case's page: `make(viewer, case)`."""
    of(app).case.append(Panel(order, make))


def address(item: Entry) -> str:
    """Give an entry's address."""
    return url_for(item.endpoint)
