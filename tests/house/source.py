"""Reading the project's own source for the house's rules."""

from __future__ import annotations

import ast
import sys
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
PACKAGE = ROOT / "auditapp"
CORRIDOR = ("journal", "web", "sheets", "jobs")
ROOMS = ("people", "council", "library", "cases", "figures", "actions", "audits", "reports", "home", "demo")
DOORS = frozenset({"__init__", "models", "queries", "operations", "forms", "views", "commands"})


@dataclass(frozen=True)
class Module:
    """One file of ours, read as a tree."""

    path: Path

    @cached_property
    def tree(self) -> ast.Module:
        return ast.parse(self.path.read_text(encoding="utf-8"))

    @property
    def name(self) -> str:
        return ".".join(self.path.relative_to(ROOT).with_suffix("").parts).removesuffix(".__init__")

    @property
    def room(self) -> str:
        parts = self.path.relative_to(PACKAGE).parts
        return parts[0] if len(parts) > 1 else ""

    @property
    def stem(self) -> str:
        return self.path.stem

    def imports(self) -> set[str]:
        """Name every module imported anywhere in the file, except for type checking."""
        found: set[str] = set()
        checked_only = {
            id(inside)
            for node in ast.walk(self.tree)
            if isinstance(node, ast.If) and "TYPE_CHECKING" in ast.unparse(node.test)
            for inside in ast.walk(node)
        }
        for node in ast.walk(self.tree):
            if id(node) in checked_only:
                continue
            if isinstance(node, ast.Import):
                found |= {alias.name for alias in node.names}
            elif isinstance(node, ast.ImportFrom) and node.module:
                found |= {f"{node.module}.{alias.name}" for alias in node.names}
        return found

    def calls(self) -> list[ast.Call]:
        """List every call in the file."""
        return [node for node in ast.walk(self.tree) if isinstance(node, ast.Call)]


def modules(*rooms: str) -> list[Module]:
    """List the files of these rooms, or of the whole package."""
    folders = [PACKAGE / room for room in rooms] if rooms else [PACKAGE]
    return [Module(path) for folder in folders for path in sorted(folder.rglob("*.py"))]


def standard(name: str) -> bool:
    """Tell whether an import is of Python's own library."""
    return name.split(".")[0] in sys.stdlib_module_names
