"""Run every measurement: `python -m bench`, or only some: `python -m bench startup`."""

from __future__ import annotations

import importlib
import sys

MEASUREMENTS = ("startup",)

for name in sys.argv[1:] or MEASUREMENTS:
    importlib.import_module(f"bench.{name}").run()
