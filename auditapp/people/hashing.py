"""Hashing passwords with Argon2id; imported only when a password is at hand, because the library slows start-up."""

from __future__ import annotations

import functools

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerifyMismatchError

from auditapp.people.passwords import as_kept

# OWASP's second choice (19 MiB, 2 passes) doubled: some 40 ms on a small server, and 8 threads stay under 320 MiB.
_HASHER = PasswordHasher(time_cost=2, memory_cost=38 * 1024, parallelism=1)


def hashed(password: str) -> str:
    """Give the hash to keep of a password."""
    return _HASHER.hash(as_kept(password))


def matches(kept: str, password: str) -> bool:
    """Tell whether a password belongs to a hash; the same work is done where there is no hash at all."""
    try:
        return _HASHER.verify(kept or _nobodys(), as_kept(password)) and bool(kept)
    except (VerifyMismatchError, InvalidHashError):
        return False


@functools.cache
def _nobodys() -> str:
    return _HASHER.hash("the hash of nobody's password")
