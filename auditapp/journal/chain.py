"""How one journal entry is tied to the one before it."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

BEGINNING = "0" * 64


def digest(
    before: str, number: int, at: datetime, actor: str, verb: str, kind: str, object_id: str, details: Mapping[str, Any]
) -> str:
    """Give the SHA-256, in hex, that binds an entry to everything before it.

    Any change to this entry, its place or any earlier one gives another value.
    """
    line = [
        before,
        number,
        at.astimezone(UTC).isoformat(timespec="microseconds"),
        actor,
        verb,
        kind,
        object_id,
        details,
    ]
    return hashlib.sha256(canonical(line).encode()).hexdigest()


def actor(person_id: int | None, account: str) -> str:
    """Write who acted as one text: a person and an account of the same name stay apart."""
    return canonical([person_id, account])


def canonical(value: object) -> str:
    """Write a plain value as the one JSON text that stands for it."""
    return json.dumps(value, sort_keys=True, ensure_ascii=False, separators=(",", ":"), default=str)


def fingerprint(value: object) -> str:
    """Give the SHA-256, in hex, of a plain value."""
    return hashlib.sha256(canonical(value).encode()).hexdigest()
