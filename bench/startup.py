"""How long the application takes to start, against importing flask and flask_sqlalchemy alone.

Whole processes, in turn (A B C A B C …), after one warm-up; ratios are medians of the rounds. `create_app()` is what a
start waits for (bound 1.30). Opening all rooms, which `auditapp serve` does once before it listens, is shown beside it.
"""

from __future__ import annotations

import os
import statistics
import subprocess
import sys
import tempfile
import time

ROUNDS = 15
BASE = "import flask, flask_sqlalchemy"
STARTED = "from auditapp import create_app; create_app()"
OPEN = "from auditapp import create_app; create_app().open_rooms()"


def run() -> None:
    """Print the medians and the ratios."""
    with tempfile.TemporaryDirectory() as instance:
        environment = {**os.environ, "AUDITAPP_INSTANCE": instance, "PYTHONDONTWRITEBYTECODE": ""}
        codes = (BASE, STARTED, OPEN)
        rounds = [[_once(code, environment) for code in codes] for _ in range(ROUNDS + 1)][1:]
    base, started, opened = (statistics.median(times) * 1000 for times in zip(*rounds, strict=True))
    ratio, ratio_open = (statistics.median(times[which] / times[0] for times in rounds) for which in (1, 2))
    print(f"flask and flask_sqlalchemy imported   {base:5.0f} ms")
    print(f"auditapp started                      {started:5.0f} ms   ratio {ratio:.2f} (bound 1.30)")
    print(f"auditapp with every room open         {opened:5.0f} ms   ratio {ratio_open:.2f}")


def _once(code: str, environment: dict[str, str]) -> float:
    began = time.perf_counter()
    subprocess.run([sys.executable, "-c", code], env=environment, check=True, capture_output=True)
    return time.perf_counter() - began
