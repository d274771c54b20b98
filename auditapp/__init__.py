"""auditapp: case file audits for English children's services.

One street of rooms; an audit walks along it once (docs/decisions/0001-one-street-of-rooms.md). A room imports only what
stands before it: the corridor (settings, db, schema, commands, journal, web, sheets, jobs), then

people → council → library → cases → figures → actions → audits → reports → home → demo.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from auditapp.application import Application
    from auditapp.settings import Settings


def create_app(settings: Settings | None = None) -> Application:
    """Build the application for an installation, by default the one that the environment names.

    Raises UnusableSettings when the environment makes no sense.
    """
    from auditapp.application import Application
    from auditapp.settings import Settings

    return Application(settings or Settings.read())
