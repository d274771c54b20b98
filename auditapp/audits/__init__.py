"""Audits: one reading of one child's involvement against one template, done together with the worker.

The doors of pages are three, by who comes: `views` (the list, one row, what was submitted), `answering` (the
auditor's own pages until submission) and `part` (the worker's own view, reading, disagreeing). One file would be too long
to keep in mind.
"""

from __future__ import annotations

from flask import Flask

from auditapp import journal


def register(app: Flask) -> None:
    """Add this room to the application."""
    from auditapp.audits import queries

    journal.protect("submitted", "audit_version", queries.digest_now)
    journal.protect("read", "reading", queries.reading_digest_now)
