"""The house's rules about structure; docs/decisions/0001-one-street-of-rooms.md says why each is there."""

from __future__ import annotations

import ast
import subprocess
import sys
from pathlib import Path

from tests.house.source import DOORS, PACKAGE, ROOMS, ROOT, Module, modules, standard

# Doors beside the usual ones: pages or rows, split off because one file grew past what a reader keeps in mind.
MORE_DOORS: dict[str, str] = {
    "auditapp.cases.placing": "the pages that place an extract's names, apart from cases and imports",
    "auditapp.people.keeping": "the administrator's pages, apart from signing in",
    "auditapp.audits.opening": "the QA lead's pages, apart from what everybody reads",
    "auditapp.audits.answering": "the auditor's pages until submission",
    "auditapp.audits.checking": "the auditor's last look before submission, and corrections",
    "auditapp.audits.domain_form": "the form that is built from a template, apart from the fixed ones",
    "auditapp.audits.part": "the worker's own pages",
    "auditapp.audits.showing": "what homes and case pages show of audits",
    "auditapp.audits.reach": "who sees which audit, said in one place",
    "auditapp.audits.lists": "reading many audits, apart from reading one",
    "auditapp.audits.around": "reading what stands around an audit",
}

# What a craft file may import beside Python's library and other craft, and the one place where it may.
LIBRARIES = {
    "pydantic": ("library",),
    "ruamel": ("library", "cases", "demo"),
    "openpyxl": ("sheets", "reports", "cases", "demo"),
    "defusedxml": ("sheets",),
    "vl_convert": ("figures",),
    "argon2": ("people",),
    "pydantic_core": ("library",),
    "markupsafe": ("figures", "reports"),
}


def craft_files() -> list[Module]:
    return [
        module for module in modules(*ROOMS, "sheets") if module.stem not in DOORS and module.name not in MORE_DOORS
    ]


def is_craft(name: str) -> bool:
    path = PACKAGE.parent.joinpath(*name.split("."))
    for candidate in (path.with_suffix(".py"), path.parent.with_suffix(".py")):
        if candidate.exists():
            return (
                candidate.stem not in DOORS and Module(candidate).name not in MORE_DOORS and candidate.parent != PACKAGE
            )
    return path.is_dir()


def test_a_room_imports_only_rooms_before_it():
    run = subprocess.run(
        [str(Path(sys.executable).with_name("lint-imports")), "--no-cache"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )
    assert run.returncode == 0, run.stdout + run.stderr


def test_craft_files_know_no_web_no_database_and_no_clock():
    wrong = []
    for module in craft_files():
        for name in module.imports():
            library = name.split(".")[0]
            if standard(name) or (library == "auditapp" and is_craft(name)):
                continue
            if module.room in LIBRARIES.get(library, ()):
                continue
            wrong.append(f"{module.name} imports {name}")
        for call in module.calls():
            if ast.unparse(call.func) in {
                "datetime.now",
                "date.today",
                "datetime.today",
                "time.time",
                "datetime.utcnow",
            }:
                wrong.append(f"{module.name} looks at the clock")
    assert not wrong


def test_only_operations_write_and_only_to_their_own_tables():
    writers = {"insert", "update", "delete", "upsert"}
    wrong = []
    for module in modules(*ROOMS):
        for call in module.calls():
            words = ast.unparse(call.func)
            if words in {"db.session.add", "db.session.add_all", "db.session.delete"} and module.stem != "operations":
                wrong.append(f"{module.name}:{call.lineno} {words}")
            if words in writers and module.stem not in {"operations"} and module.room != "web":
                wrong.append(f"{module.name}:{call.lineno} {words}")
    assert not wrong


def test_operations_build_rows_of_their_own_room_only():
    wrong = []
    for module in modules(*ROOMS):
        if module.stem != "operations":
            continue
        foreign = {
            name.split(".")[-1]: name
            for name in module.imports()
            if name.startswith("auditapp.") and ".models." in name and not name.startswith(f"auditapp.{module.room}.")
        }
        for call in module.calls():
            words = ast.unparse(call.func)
            if words in foreign and words[0].isupper() and not foreign[words].endswith(("Kind", "Stage", "State")):
                wrong.append(f"{module.name}:{call.lineno} makes {foreign[words]}")
            if words in {"insert", "update", "delete"} and call.args and ast.unparse(call.args[0]) in foreign:
                wrong.append(f"{module.name}:{call.lineno} writes {ast.unparse(call.args[0])}")
    assert not wrong


def test_only_the_door_of_the_web_and_commands_commit():
    may = {
        "auditapp.web.done": "the one place where a request commits",
        "auditapp.web.access": "a page whose opening is written down is committed before it is made",
        "auditapp.running": "commands that set up and serve",
        "auditapp.jobs.operations": "a job ends its own transactions, outside any request",
    }
    wrong = [
        f"{module.name}:{call.lineno}"
        for module in modules()
        for call in module.calls()
        if ast.unparse(call.func).endswith("session.commit") and module.stem != "commands" and module.name not in may
    ]
    assert not wrong


def test_no_room_is_an_attic():
    attics = {"utils", "helpers", "common", "services", "managers", "misc", "util", "helper"}
    assert not [module.name for module in modules() if attics & set(module.name.split("."))]


def test_every_room_says_what_it_holds():
    for room in ROOMS:
        words = ast.get_docstring(Module(PACKAGE / room / "__init__.py").tree) or ""
        assert len(words) > 60, f"auditapp/{room}/__init__.py should say what the room holds"


def test_public_functions_of_craft_and_operations_are_explained():
    silent = [
        f"{module.name}.{node.name}"
        for module in modules()
        if module.stem not in {"views"}
        for node in module.tree.body
        if isinstance(node, ast.FunctionDef | ast.ClassDef)
        and not node.name.startswith("_")
        and not ast.get_docstring(node)
    ]
    assert not silent


def test_nothing_is_left_for_later():
    marks = ("TO" + "DO", "FIX" + "ME", "XX" + "X")
    found = [
        f"{path.relative_to(ROOT)}:{number}"
        for folder in ("auditapp", "templates", "tests", "migrations", "bench")
        for path in sorted((ROOT / folder).rglob("*"))
        if path.suffix in {".py", ".html", ".js", ".yaml"}
        and "static" not in path.parts
        and not path.name.endswith(".min.js")
        for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), 1)
        if any(mark in line for mark in marks)
    ]
    assert not found
