"""The library: what audits ask. Templates in versions that never change once published, themes, scales.

A published version is one document, kept as JSON and parsed once into frozen values (`template.Definition`). Answers
and judgements elsewhere are rows that name its keys, which are council-wide: results compare by key.
"""

from __future__ import annotations

from flask import Flask


def register(app: Flask) -> None:
    """Add the library's pages, commands, menu word, and what the journal protects."""
    from auditapp import journal
    from auditapp.library.commands import group
    from auditapp.library.operations import KIND, digest_now, published_ids
    from auditapp.library.views import bp
    from auditapp.people.roles import Act
    from auditapp.web import menu

    app.register_blueprint(bp)
    app.cli.add_command(group)
    menu.entry(app, 60, "Templates", "library.index", Act.READ_TEMPLATES)
    journal.protect("published", KIND, digest_now, published_ids)
