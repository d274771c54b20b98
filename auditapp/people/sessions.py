"""How long somebody stays signed in, what keeps them so, and where they may be sent afterwards."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from urllib.parse import urlsplit

TOUCH_EVERY = timedelta(minutes=1)
"""A session's last sign of life is written down at most this often."""


@dataclass(frozen=True, slots=True)
class Limits:
    """When a login session ends by itself: after this long without a sign of life, and after this long in any case."""

    idle: timedelta
    longest: timedelta

    def ends_at(self, began_at: datetime, seen_at: datetime) -> datetime:
        """Give the moment at which a session ends unless its owner does something."""
        return min(seen_at + self.idle, began_at + self.longest)

    def last(self, began_at: datetime, seen_at: datetime, at: datetime) -> bool:
        """Tell whether a session still lasts at a moment."""
        return at < self.ends_at(began_at, seen_at)


def is_activity(method: str, path: str, by_script: bool) -> bool:
    """Tell whether a request is a sign that somebody is there.

    Opening a page or sending a form (autosave included: somebody typed) is. What a page asks by itself, such as how far
    a job is, is not.
    """
    return method not in {"GET", "HEAD"} or not (by_script or path.endswith(".json"))


def own_path(address: str) -> str:
    """Give an address that was asked for if it lies within this application, else the home page.

    Only a path that begins with one slash is ours; browsers read `//`, `/\\` and control characters as other hosts.
    """
    if not address.startswith("/") or address[1:2] in {"/", "\\"} or "\\" in address:
        return "/"
    if any(ord(character) < 33 or ord(character) == 127 for character in address):
        return "/"
    try:
        parts = urlsplit(address)
    except ValueError:
        return "/"
    return "/" if parts.scheme or parts.netloc else address


BROWSERS = (("Edg", "Edge"), ("OPR", "Opera"), ("Firefox", "Firefox"), ("Chrome", "Chrome"), ("Safari", "Safari"))
MACHINES = (
    ("iPhone", "iPhone"),
    ("iPad", "iPad"),
    ("Android", "Android"),
    ("Windows", "Windows"),
    ("Mac OS", "Mac"),
    ("CrOS", "Chromebook"),
    ("Linux", "Linux"),
)


def browser_in_words(agent: str) -> str:
    """Name a browser as its owner would, “Edge on Windows”, from what it says of itself."""
    browser = next((name for mark, name in BROWSERS if mark in agent), "A browser")
    machine = next((name for mark, name in MACHINES if mark in agent), "")
    return f"{browser} on {machine}" if machine else browser
