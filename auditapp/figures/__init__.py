"""Figures: from plain facts to shares with intervals, process control, suppression and charts.

The room knows no audit, no page and no table of the database. It has no routes and no commands, so nothing registers;
whatever computes or draws a number anywhere does it here.
"""

from __future__ import annotations

from flask import Flask


def register(app: Flask) -> None:
    """Nothing to add: this room is all craft."""
