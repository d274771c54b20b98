"""Home: my work today, put together from what each room registered for it, and the help pages.

A room's list of tasks joins the one “For you today” (`TODAY`), its other pieces are panels (`web.menu.home_panel`).
"""

from __future__ import annotations

from flask import Flask

TODAY = "auditapp.today"
"""Where rooms leave functions `(viewer) -> list[dict]` of tasks: {number?, text, href, next, note?, late?}."""


def register(app: Flask) -> None:
    """Add the home page, the help pages and what homes show across rooms."""
    from auditapp.home import views
    from auditapp.web import menu
    from auditapp.web.access import SIGNED_IN

    app.register_blueprint(views.bp)
    app.register_blueprint(views.help_pages)
    menu.entry(app, 0, "Home", "home.index", SIGNED_IN)
    app.extensions.setdefault(TODAY, []).append(views.today_items)
    menu.home_panel(app, 40, views.population_panel)
    menu.home_panel(app, 50, views.figures_panel)
    menu.home_panel(app, 80, views.keeping_panel)
