"""How long the application takes to start, against importing flask and flask_sqlalchemy alone.

Whole processes, in turn (A B A B …), after one warm-up; the ratio is the median of the pairs. Bound: 1.3.
"""

from __future__ import annotations

import os
import statistics
import subprocess
import sys
import tempfile
import time

PAIRS = 15
BASE = "import flask, flask_sqlalchemy"
OURS = "from auditapp import create_app; create_app()"


def run() -> None:
    """Print both medians and the ratio."""
    with tempfile.TemporaryDirectory() as instance:
        environment = {**os.environ, "AUDITAPP_INSTANCE": instance, "PYTHONDONTWRITEBYTECODE": ""}
        _once(BASE, environment), _once(OURS, environment)
        pairs = [(_once(BASE, environment), _once(OURS, environment)) for _ in range(PAIRS)]
    base, ours = (statistics.median(times) for times in zip(*pairs, strict=True))
    ratio = statistics.median(mine / theirs for theirs, mine in pairs)
    print(
        f"start-up: flask and flask_sqlalchemy {base * 1000:.0f} ms · auditapp {ours * 1000:.0f} ms · ratio {ratio:.2f} (bound 1.30)"
    )


def _once(code: str, environment: dict[str, str]) -> float:
    began = time.perf_counter()
    subprocess.run([sys.executable, "-c", code], env=environment, check=True, capture_output=True)
    return time.perf_counter() - began
