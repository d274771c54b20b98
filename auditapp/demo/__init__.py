"""The demo room."""

from __future__ import annotations

from flask import Flask


def register(app: Flask) -> None:
    """Add this room to the application."""
