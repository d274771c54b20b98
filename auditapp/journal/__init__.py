"""The journal: the append-only record of who did and who looked at what.

Entries are gathered while a transaction runs and written just before it commits, all or none with the change they
tell of. Each carries the digest of everything before it; `verify` walks the chain, asks each room whether the rows it
protects still are what was written down when they became final, and compares the head with anchors kept elsewhere.
"""

from __future__ import annotations

from flask import Flask

from auditapp.journal.writing import act_for, protect, write

__all__ = ["act_for", "protect", "register", "write"]


def register(app: Flask) -> None:
    """Add the journal's commands."""
    from auditapp.journal.commands import group

    app.cli.add_command(group)
