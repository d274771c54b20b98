"""Page files hold the house's rules before any of them is rendered."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from auditapp.settings import PACKAGE

TEMPLATES = PACKAGE.parent / "templates"
PAGES = {path.relative_to(TEMPLATES).as_posix(): path.read_text() for path in sorted(TEMPLATES.rglob("*.html"))}
CODE = "\n".join(path.read_text() for path in PACKAGE.rglob("*.py"))
STYLES = (PACKAGE / "static" / "app.css").read_text()
OWN_SCRIPTS = "\n".join(path.read_text() for path in (PACKAGE.parent / "frontend" / "js").glob("*.js"))
SHARED = ("_layout.html", "_parts/")


def is_part(name: str) -> bool:
    """Tell a part (imported or included) from a page."""
    return name.startswith("_") or Path(name).name.startswith("_")


def is_page(name: str) -> bool:
    """Tell a whole page from what a room shows on another room's page."""
    return bool(re.search(rf'\bpage\(\s*"{re.escape(name)}"', CODE))


@pytest.mark.parametrize("name", [name for name in PAGES if is_page(name)])
def test_a_page_stands_in_the_layout_with_a_title(name):
    assert '{% extends "_layout.html" %}' in PAGES[name]
    assert re.search(r"{% block title %}.+?{% endblock %}", PAGES[name], re.DOTALL)


@pytest.mark.parametrize("name", PAGES)
def test_nothing_is_inline_trusted_or_from_outside(name):
    text = re.sub(r"{#.*?#}", "", PAGES[name], flags=re.DOTALL)
    assert not re.findall(r"\|\s*safe\b|\sstyle=|<style|<script(?![^>]*\ssrc=)|\son[a-z]+=|javascript:", text)
    assert not re.findall(r"""(?:src|action)=["'](?:https?:)?//""", text)


@pytest.mark.parametrize("name", [name for name in PAGES if not name.startswith(SHARED)])
def test_no_file_is_left_that_nothing_renders(name):
    others = "\n".join(text for other, text in PAGES.items() if other != name)
    assert f'"{name}"' in CODE or f'"{name}"' in others


@pytest.mark.parametrize("name", PAGES)
def test_every_form_that_sends_something_carries_its_token(name):
    for form in re.findall(r"<form\b.*?</form>", PAGES[name], re.DOTALL):
        if re.search(r'method="post"', form, re.IGNORECASE):
            assert "hidden(" in form or "csrf_token" in form, form[:120]


@pytest.mark.parametrize("name", [name for name in PAGES if is_part(name)])
def test_no_macro_is_left_that_nothing_uses(name):
    for macro in re.findall(r"{%-?\s*macro\s+(\w+)", PAGES[name]):
        uses = len(re.findall(rf"\b{macro}\(", "\n".join(PAGES.values()) + CODE))
        assert uses > 1, f"{macro} is never used"


def test_every_class_of_ours_that_a_page_names_is_in_the_style_sheet():
    named = set(re.findall(r"\bapp-[a-z][a-z0-9_-]*", "\n".join(PAGES.values())))
    styled = set(re.findall(r"\.(app-[a-z][a-z0-9_-]*)", STYLES))
    composed = {name for name in named if name.endswith("-")}
    assert not {name for name in named - composed - styled if not any(name.startswith(one) for one in composed)}


def test_every_class_of_ours_in_the_style_sheet_is_used_by_a_page():
    styled = {name for name in re.findall(r"\.(app-[a-z][a-z0-9_-]*)", STYLES) if not re.search(r"app-w-\d", name)}
    used = "\n".join(PAGES.values()) + CODE + OWN_SCRIPTS
    composed = re.findall(r"\bapp-[a-z][a-z0-9_-]*-(?={)", used)
    assert not {name for name in styled if name not in used and not any(name.startswith(one) for one in composed)}
