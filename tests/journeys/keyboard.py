"""Filling in a page with nothing but the keyboard, as somebody who cannot use a mouse does."""

from __future__ import annotations

from typing import Any

from playwright.sync_api import Page

MOST_STEPS = 400
HELD = """() => {
  const one = document.activeElement;
  return { tag: one.tagName, type: one.type ?? "", name: one.name ?? "", text: (one.textContent ?? "").trim(),
           value: one.value ?? "", id: one.id, chosen: !!(one.form && one.type === "radio"
             && [...one.form.elements].some((other) => other.name === one.name && other.checked)) };
}"""
DAY = {"day": "3", "month": "3", "year": "2026"}


def step(page: Page) -> dict[str, Any]:
    """Press Tab once and tell what has the focus."""
    page.keyboard.press("Tab")
    found: dict[str, Any] = page.evaluate(HELD)
    return found


def reach(page: Page, text: str) -> None:
    """Go on by Tab to the link or button with these words."""
    for _ in range(MOST_STEPS):
        held = step(page)
        if held["tag"] in {"A", "BUTTON"} and held["text"].startswith(text):
            return
    raise AssertionError(f"no way by Tab to “{text}”")


def press(page: Page, text: str) -> None:
    """Go on by Tab to the link or button with these words, press Enter and wait for the next page."""
    reach(page, text)
    with page.expect_navigation():
        page.keyboard.press("Enter")


def fill_in(page: Page, words: str, until: str, ticks: tuple[str, ...] = ()) -> None:
    """Fill in every control of a form as it gets the focus, and press the button `until`.

    Groups of radios get their first answer, texts get `words`, days 3 March 2026, numbers 3; check boxes named in
    `ticks` are ticked; lists get their next line.
    """
    done: set[str] = set()
    for _ in range(MOST_STEPS):
        held = step(page)
        if held["tag"] == "BUTTON" and held["text"].startswith(until):
            with page.expect_navigation():
                page.keyboard.press("Enter")
            return
        name = held["name"]
        if name in done:
            continue
        done.add(name)
        if (held["type"] == "radio" and not held["chosen"]) or (held["type"] == "checkbox" and name in ticks):
            page.keyboard.press("Space")
        elif held["tag"] == "SELECT" and not held["value"]:
            page.keyboard.press("ArrowDown")
        elif held["tag"] == "TEXTAREA" and not held["value"]:
            page.keyboard.type(words)
        elif held["type"] == "text" and not held["value"]:
            page.keyboard.type(DAY.get(name.rsplit("-", 1)[-1], "3"))
    raise AssertionError(f"no way by Tab to the button “{until}”")
