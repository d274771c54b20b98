"""The council's colour: whether text on it can be read, and the shades that follow from it."""

from __future__ import annotations

import re

LEAST_CONTRAST = 4.5
"""WCAG 2.2 AA for text."""
USUAL = "#17494d"
_SHAPE = re.compile(r"#[0-9a-f]{6}")

Rgb = tuple[float, float, float]


def fault(colour: str) -> str:
    """Say why a colour cannot be the council's; nothing when it can. `colour` as “#17494d”.

    White text stands on it (header, buttons) and it stands as text on white and on its own tint (links).
    """
    if not _SHAPE.fullmatch(colour.lower()):
        return "Enter a colour as # and 6 letters or numbers, like #17494d"
    tint = mix(colour, "#ffffff", 0.07)
    least = min(contrast(colour, "#ffffff"), contrast(colour, tint))
    if least < LEAST_CONTRAST:
        return (
            f"This colour is too light: its contrast with white is {least:.1f} to 1 and must be {LEAST_CONTRAST} to 1"
        )
    return ""


def contrast(one: str, other: str) -> float:
    """Give the contrast ratio of two colours, 1–21 (WCAG 2.2, relative luminance)."""
    light, dark = sorted((luminance(one), luminance(other)), reverse=True)
    return (light + 0.05) / (dark + 0.05)


def luminance(colour: str) -> float:
    """Give the relative luminance of a colour, 0–1 (WCAG 2.2)."""
    red, green, blue = (part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts(colour))
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def parts(colour: str) -> Rgb:
    """Give red, green and blue of “#17494d”, each 0–1."""
    red, green, blue = (int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5))
    return red, green, blue


def mix(colour: str, other: str, share: float) -> str:
    """Mix `share` (0–1) of a colour into another."""
    mixed = (share * a + (1 - share) * b for a, b in zip(parts(colour), parts(other), strict=True))
    return "#" + "".join(f"{round(255 * part):02x}" for part in mixed)


def style(colour: str) -> str:
    """Give the style sheet that puts a council's colour on every page."""
    return (
        ":root{"
        f"--govuk-brand-colour:{colour};--govuk-link-colour:{mix(colour, '#000000', 0.92)};"
        f"--govuk-link-hover-colour:{mix(colour, '#000000', 0.6)};"
        f"--govuk-surface-background-colour:{mix(colour, '#ffffff', 0.07)};"
        f"--govuk-surface-border-colour:{mix(colour, '#ffffff', 0.24)}"
        "}\n"
    )
