"""Long work: imports, exports, rebuilds. One row a job, its progress on a page that can be left and found again.

The work runs in a thread of the server. It holds no transaction while it thinks; a restart marks what was running as
failed and says so.
"""

from __future__ import annotations

from flask import Flask


def register(app: Flask) -> None:
    """Add the page on which a job can be followed."""
    from auditapp.jobs.views import bp

    app.register_blueprint(bp)
