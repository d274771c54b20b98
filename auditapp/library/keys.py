"""How something that people name gets its key, by which files and figures know it."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Collection
from itertools import count

LONGEST = 60


def key_of(name: str, taken: Collection[str]) -> str:
    """Make a key of a name: small letters, digits and underscores, beginning with a letter, and not taken yet."""
    plain = unicodedata.normalize("NFKD", name).encode("ascii", "ignore").decode().lower()
    stem = re.sub(r"[^a-z0-9]+", "_", plain.replace("'", "")).strip("_")
    stem = stem if stem[:1].isalpha() else f"theme_{stem}".rstrip("_")
    endings = ("" if number == 1 else f"_{number}" for number in count(1))
    return next(key for ending in endings if (key := stem[: LONGEST - len(ending)] + ending) not in taken)
