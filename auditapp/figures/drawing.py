"""From a chart specification to an SVG that may stand in a page: safe under our content rules, and drawn once.

The library that draws weighs 84 MB and takes a second to wake: it is imported when the first chart is wanted, and each
drawing is kept in a folder of the instance under the hash of its specification. The SVG stands in the page itself, not
behind an address of its own: one request, one decision who may see the numbers, and text that can be enlarged,
searched and printed sharp. To a screen reader it is one image with a sentence; its table stands beside it.
"""

from __future__ import annotations

import hashlib
import json
import re
import tempfile
from html import escape
from pathlib import Path

from auditapp.figures.charts import COLOURS, Spec, hatch_name

_VERSION = "1"
"""Changed whenever the same specification would be drawn differently."""

KEPT_AT_MOST = 2000
"""So many drawings are kept; when there are more, the oldest quarter goes."""

_INNER_ROLES = re.compile(r' (?:role|aria-[a-z]+|class)="[^"]*"')
_OPENING = re.compile(r"<svg [^>]*>")
_SIZE = re.compile(r'viewBox="0 0 ([0-9.]+) ([0-9.]+)"')


def svg(spec: Spec, sentence: str, folder: Path) -> str:
    """The chart as SVG markup for a page, `sentence` being what a screen reader says in its place.

    Drawings are kept in `folder`, which is made where it is missing. A kept drawing that cannot be read is drawn anew.
    """
    name = hashlib.sha256(f"{_VERSION}\n{sentence}\n{json.dumps(spec, sort_keys=True)}".encode()).hexdigest()
    kept = folder / f"{name}.svg"
    try:
        return kept.read_text(encoding="utf-8")
    except OSError:
        drawn = _dressed(_draw(spec), sentence, name[:12])
        _keep(kept, drawn)
        return drawn


def _draw(spec: Spec) -> str:
    import vl_convert  # 84 MB: only where a chart is drawn.

    return str(vl_convert.vegalite_to_svg(spec))


def _dressed(drawn: str, sentence: str, name: str) -> str:
    """The bare drawing with its patterns, one role and one label, and ids that no other chart of the page has."""
    size = _SIZE.search(drawn)
    if size is None:
        raise ValueError("the drawing has no size")
    width, height = size.groups()
    opening = (
        f'<svg xmlns="http://www.w3.org/2000/svg" class="app-chart__drawing" role="img" focusable="false" '
        f'aria-label="{escape(sentence)}" viewBox="0 0 {width} {height}" width="{width}" height="{height}">'
    )
    body = _INNER_ROLES.sub("", _OPENING.sub("", drawn, count=1))
    used = [word for word in COLOURS if f"url(#{hatch_name(word)})" in body]
    patterns = "".join(_pattern(word, name) for word in used)
    for word in used:
        body = body.replace(f"url(#{hatch_name(word)})", f"url(#{hatch_name(word)}-{name})")
    return f"{opening}<defs>{patterns}</defs>{body}"


def _pattern(word: str, name: str) -> str:
    colour = COLOURS[word]
    hatch = f'<path d="{colour.hatch}" stroke="{colour.hatch_colour}" stroke-width="1.5"/>' if colour.hatch else ""
    return (
        f'<pattern id="{hatch_name(word)}-{name}" width="8" height="8" patternUnits="userSpaceOnUse">'
        f'<rect width="8" height="8" fill="{colour.fill}"/>{hatch}</pattern>'
    )


def _keep(path: Path, drawn: str) -> None:
    """Write whole or not at all: another request may be reading."""
    path.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.NamedTemporaryFile("w", encoding="utf-8", dir=path.parent, suffix=".part", delete=False) as part:
        part.write(drawn)
    Path(part.name).replace(path)
    _make_room(path.parent)


def _make_room(folder: Path) -> None:
    kept = list(folder.glob("*.svg"))
    if len(kept) > KEPT_AT_MOST:
        oldest = sorted((path.stat().st_mtime, path) for path in kept if path.exists())
        for _, path in oldest[: KEPT_AT_MOST // 4]:
            path.unlink(missing_ok=True)
