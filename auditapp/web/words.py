"""Numbers as words on a page."""

from __future__ import annotations

from decimal import ROUND_HALF_UP, Decimal


def count(number: int | None) -> str:
    """Print a count with its thousands, “1,234”; an unknown one as nothing."""
    return "" if number is None else f"{number:,}"


def percent(share: float | None) -> str:
    """Print a share of 0–1 as a whole per cent, “62%”, halves up; an unknown one as nothing."""
    if share is None:
        return ""
    return f"{(Decimal(str(share)) * 100).quantize(Decimal(1), ROUND_HALF_UP)}%"


def plural(number: int, one: str, many: str = "") -> str:
    """Print a number with its noun: “1 audit”, “2 audits”; `many` where adding an s is wrong."""
    return f"{count(number)} {one if number == 1 else many or one + 's'}"


def join(items: list[str], last: str = "and") -> str:
    """Join words as a sentence does: “a, b and c”."""
    return items[0] if len(items) == 1 else f"{', '.join(items[:-1])} {last} {items[-1]}" if items else ""
