"""How fast passwords may be guessed, and how an owner still gets in while somebody guesses.

A browser from which a person signed in before carries a cookie and is counted apart (OWASP, "device cookies"): however
much somebody guesses elsewhere, that browser stays open. All others share the counts of a person and of an address.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from datetime import timedelta

WINDOW = timedelta(minutes=5)
PER_PERSON_AND_ADDRESS = 10
PER_PERSON = 30
PER_ADDRESS = 100
PER_DEVICE = 10
LINKS_PER_ADDRESS = 20


@dataclass(frozen=True, slots=True)
class Count:
    """One count that a guess adds to, and how many guesses it may hold within the window."""

    name: str
    most: int


def counts(email: str, address: str, device: str = "") -> tuple[Count, ...]:
    """Give the counts of one sign-in attempt.

    `device`: the digest of a cookie known to belong to this very person, else nothing. The counts are kept under
    digests: what somebody typed into the address field may be anything.
    """
    if device:
        return (Count(f"device {device}", PER_DEVICE),)
    person = _short(email)
    return (
        Count(f"person {person} at {_short(address)}", PER_PERSON_AND_ADDRESS),
        Count(f"person {person}", PER_PERSON),
        Count(f"address {_short(address)}", PER_ADDRESS),
    )


def link_counts(address: str) -> tuple[Count, ...]:
    """Give the counts of one attempt to use a set-up link."""
    return (Count(f"link at {_short(address)}", LINKS_PER_ADDRESS),)


def _short(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()[:32]
