"""What every page must keep; `faults` names what a page breaks."""

from __future__ import annotations


def faults(html: str) -> list[str]:
    """Name everything about a page that breaks the rules."""
    return []
