"""What makes a password too easy to guess.

Length counts, composition rules do not (NIST SP 800-63B-4, section 3.1.1.2).
"""

from __future__ import annotations

import functools
import re
import unicodedata
from collections.abc import Iterable
from pathlib import Path

LEAST = 15
MOST = 256
LEAST_OF_ITS_OWN = 6
"""What must be left of a password when all that others would try first is taken out: a letter counts one, a digit or
sign half, because years and exclamation marks are put behind words so often."""

_LIKE = str.maketrans("0134578@$!|€", "oieastbasiie")
_ROWS = ("qwertyuiop", "asdfghjkl", "zxcvbnm", "1234567890", "abcdefghijklmnopqrstuvwxyz", "azertyuiop", "qwertzuiop")
_SHORTEST_RUN = 4


def as_kept(password: str) -> str:
    """Give a password as it is hashed: the same characters however a keyboard composes them."""
    return unicodedata.normalize("NFKC", password)


def weakness(password: str, about: Iterable[str] = ()) -> str:
    """Say why a new password cannot be used; nothing when it can.

    `about`: words close to the person and the place (name, work address, council), which count as known to everybody.
    """
    kept = as_kept(password)
    if len(kept) < LEAST:
        return f"Password must be {LEAST} characters or more"
    if len(kept) > MOST:
        return f"Password must be {MOST} characters or fewer"
    if _repeats(kept.casefold()):
        return "Password must not be the same characters again and again"
    left = of_its_own(kept, about)
    letters = sum(character.isalpha() for character in left)
    if len(set(left)) < 4 or letters + (len(left) - letters) / 2 < LEAST_OF_ITS_OWN:
        return (
            "Password is too easy to guess: it is made of common words, your name, the council's name or a row of keys."
            " Choose three or four unrelated words"
        )
    return ""


def of_its_own(password: str, about: Iterable[str] = ()) -> str:
    """Give what is left of a password without common words, words about the person, runs of keys and blanks."""
    left = password.casefold()
    near = {word for text in about for word in _words(text) if len(word) >= 3}
    for word in sorted({*common(), *near}, key=len, reverse=True):
        left = _without(left, word)
    return "".join(_without_runs(left).split())


@functools.cache
def common() -> frozenset[str]:
    """Give the words and phrases that are tried first."""
    lines = Path(__file__).with_name("common_passwords.txt").read_text(encoding="utf-8").splitlines()
    return frozenset(line.strip() for line in lines if line.strip() and not line.startswith("#"))


def _words(text: str) -> list[str]:
    folded = text.casefold()
    words = re.findall(r"[^\W\d_]+", folded)
    return [*words, "".join(words)]


def _without(text: str, word: str) -> str:
    """Take a word out, also where 0 stands for o, 3 for e and so on; positions stay because one character is one."""
    plain = text.translate(_LIKE)
    while (at := plain.find(word)) >= 0:
        text = text[:at] + " " + text[at + len(word) :]
        plain = plain[:at] + " " + plain[at + len(word) :]
    return text


def _without_runs(text: str) -> str:
    kept: list[str] = []
    at = 0
    while at < len(text):
        length = max(_run(text[at:]), 1)
        kept.append(" " if length >= _SHORTEST_RUN else text[at : at + length])
        at += length
    return "".join(kept)


def _run(text: str) -> int:
    """Count how many characters from the start lie side by side on a keyboard row or in the alphabet, either way."""
    longest = 0
    for row in (*_ROWS, *(row[::-1] for row in _ROWS)):
        start = row.find(text[:1]) if text else -1
        if start >= 0:
            same = 0
            while same < len(text) and start + same < len(row) and text[same] == row[start + same]:
                same += 1
            longest = max(longest, same)
    return longest


def _repeats(text: str) -> bool:
    """Tell whether a text is one piece of at most a third of its length, again and again (a cut last one included)."""
    return any(text == (text[:size] * (len(text) // size + 1))[: len(text)] for size in range(1, len(text) // 3 + 1))
