"""Every page that a role can reach by links from its home: axe, our own rules, narrow screens."""

from __future__ import annotations

import hashlib
from collections import Counter
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Error, Page, Response, ViewportSize

from auditapp.people.roles import Role
from tests.page_rules import faults

AXE = (Path(__file__).parent / "axe.min.js").read_text()
NARROW: ViewportSize = {"width": 375, "height": 700}
WIDE: ViewportSize = {"width": 1280, "height": 800}
NARROWEST = 320
ALIKE = 2
"""How many addresses of one route are looked at: the second may be in another state."""

RUN = """async () => {
  const tags = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"];
  const found = await axe.run(document, { runOnly: { type: "tag", values: tags }, resultTypes: ["violations"] });
  return found.violations.flatMap((rule) => rule.nodes.map((node) => `${rule.id}: ${node.html.slice(0, 160)}`));
}"""
SKELETON = (
    """() => [...document.querySelectorAll("body *")].map((one) => one.tagName + "." + one.className).join(" ")"""
)
TOO_WIDE = """() => [...document.querySelectorAll("body *")].filter((one) =>
  one.getBoundingClientRect().right > innerWidth + 1 && !one.closest(".app-wide, .govuk-visually-hidden"))
  .slice(0, 3).map((one) => one.outerHTML.slice(0, 120))"""


@pytest.fixture(scope="module")
def seen() -> set[str]:
    """Pages already looked at under another role, by the shape of what stands on them."""
    return set()


@pytest.mark.browser
@pytest.mark.parametrize("role", list(Role), ids=lambda role: role.value)
def test_every_page_within_reach_can_be_used_by_everyone(council, enter, seen, role):
    page = enter(role)
    wrong = [f"{address}: {fault}" for address, fault in walk(page, council.app, seen)]
    assert not wrong, "\n".join(wrong)


@pytest.mark.browser
def test_the_pages_before_signing_in_can_be_used_by_everyone(council, enter, seen):
    page = enter()
    wrong = [f"{address}: {fault}" for address, fault in walk(page, council.app, seen)]
    assert not wrong, "\n".join(wrong)


def walk(page: Page, app: Any, seen: set[str]) -> list[tuple[str, str]]:
    """Go to every page that links lead to, and give what is wrong on the way."""
    waiting, known, routes, wrong = ["/"], {"/"}, Counter[str](), []
    matcher = app.url_map.bind("127.0.0.1")
    while waiting:
        address = waiting.pop(0)
        answer = visit(page, address)
        if answer is None:
            continue
        if not answer.ok:
            wrong.append((address, f"a link leads to {answer.status}"))
            continue
        shape = hashlib.sha256(page.evaluate(SKELETON).encode()).hexdigest()
        if shape not in seen:
            seen.add(shape)
            wrong += [(address, fault) for fault in look(page)]
        for found in page.eval_on_selector_all("a[href]", "links => links.map((one) => one.getAttribute('href'))"):
            path = urlsplit(found).path
            if found.startswith("/") and path not in known and _is_page(matcher, path, routes):
                known.add(path)
                waiting.append(found)
    return wrong


def visit(page: Page, address: str) -> Response | None:
    """Go to an address; nothing for a file, which is not shown but kept."""
    try:
        answer = page.goto(address)
    except Error as kept:
        if "Download is starting" in kept.message:
            return None
        raise
    assert answer is not None
    return answer if "text/html" in answer.headers.get("content-type", "") else None


def _is_page(matcher: Any, path: str, routes: Counter[str]) -> bool:
    endpoint, _ = matcher.match(path, method="GET")
    routes[endpoint] += 1
    return routes[endpoint] <= ALIKE


def look(page: Page) -> list[str]:
    """Give everything wrong with the page that is shown."""
    found = faults(page.content())
    page.evaluate(AXE)
    found += [f"axe: {one}" for one in page.evaluate(RUN)]
    page.set_viewport_size(NARROW)
    found += [f"axe at {NARROW['width']} px: {one}" for one in page.evaluate(RUN)]
    page.set_viewport_size({"width": NARROWEST, "height": 700})
    width = page.evaluate("document.documentElement.scrollWidth")
    if width > NARROWEST:
        found.append(f"scrolls sideways at {NARROWEST} px ({width}): {page.evaluate(TOO_WIDE)}")
    page.set_viewport_size(WIDE)
    return found
