"""The application itself: Flask, with rooms that open when a request or a command first needs them.

Declaring the tables and pages of all rooms takes longer than starting Flask does. Whoever only imports the package need
not wait for it; `auditapp serve` opens all rooms before it listens, so that no reader ever does
(docs/decisions/0006-rooms-open-when-needed.md).
"""

from __future__ import annotations

import importlib
import threading
from collections.abc import Iterable
from typing import TYPE_CHECKING, Any

import click
from flask import Flask
from flask.cli import AppGroup
from werkzeug.middleware.proxy_fix import ProxyFix
from werkzeug.routing import IntegerConverter, Map

from auditapp import db, running
from auditapp.settings import PACKAGE, Settings

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIEnvironment

ROOMS = ("journal", "jobs", "people", "council", "library", "cases", "actions", "audits", "reports", "home", "demo")
"""In the street's order: what a room registers may rely on the rooms before it."""


class RowNumber(IntegerConverter):
    """A row's number in an address: one that no database can hold is no address of ours."""

    def __init__(self, map: Map) -> None:
        super().__init__(map, max=2**31 - 1)


class Commands(AppGroup):
    """The operator's commands, found by opening the rooms that hold them."""

    def __init__(self, application: Application) -> None:
        super().__init__()
        self.application = application

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """Find a command by name."""
        self.application.open_rooms()
        return super().get_command(ctx, cmd_name)

    def list_commands(self, ctx: click.Context) -> list[str]:
        """List every command."""
        self.application.open_rooms()
        return super().list_commands(ctx)


class Application(Flask):
    """Flask with a street of rooms."""

    def __init__(self, settings: Settings) -> None:
        super().__init__("auditapp", static_folder=str(PACKAGE / "static"), static_url_path="/static")
        self.cli = Commands(self)
        self._opening = threading.Lock()
        self._open = False
        self.extensions["auditapp.settings"] = settings
        self.config["SECRET_KEY"] = settings.secret_key()
        self.url_map.converters["int"] = RowNumber
        self._door = ProxyFix(super().wsgi_app, x_for=settings.proxies, x_proto=settings.proxies, x_host=0)
        db.prepare(self, settings)

    def open_rooms(self) -> None:
        """Let every room register its pages, commands and panels; once, whoever comes first."""
        if self._open:
            return
        with self._opening:
            if not self._open:
                self._register_rooms()
                self._open = True

    def _register_rooms(self) -> None:
        from auditapp import web

        web.open_door(self, self.extensions["auditapp.settings"])
        for room in ROOMS:
            importlib.import_module(f"auditapp.{room}").register(self)
        web.close_door(self)
        running.register(self)

    def wsgi_app(self, environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        """Answer one request."""
        self.open_rooms()
        return self._door(environ, start_response)

    def test_client(self, *args: Any, **kwargs: Any) -> Any:
        """Give a client for tests, with every room open."""
        self.open_rooms()
        return super().test_client(*args, **kwargs)
