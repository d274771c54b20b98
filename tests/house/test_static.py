"""What browsers are given is what was built, with nothing from elsewhere in it."""

from __future__ import annotations

import hashlib
import importlib.metadata
import json
import re

import pytest

from auditapp.figures.charts import GRADE_COLOURS, LEARNING, STRENGTH, THEME_COLOURS
from auditapp.figures.facts import NOT_GRADED
from auditapp.settings import PACKAGE
from auditapp.web.pages import GRADE_STYLES, grade_key

STATIC = PACKAGE / "static"
MANIFEST = json.loads((STATIC / "manifest.json").read_text())
FRONTEND = PACKAGE.parent / "frontend"


def test_every_static_file_is_as_it_was_built():
    found = {
        path.relative_to(STATIC).as_posix(): hashlib.sha256(path.read_bytes()).hexdigest()
        for path in STATIC.rglob("*")
        if path.is_file() and path.name != "manifest.json"
    }
    assert found == MANIFEST


@pytest.mark.parametrize("folder", ["js", "images"])
def test_our_own_sources_were_built_since_they_changed(folder):
    for source in (FRONTEND / folder).iterdir():
        assert (STATIC / source.name).read_bytes() == source.read_bytes(), f"npm run build: {source.name} is newer"


def test_the_style_sheet_asks_for_nothing_from_outside_and_names_no_foreign_typeface():
    css = (STATIC / "app.css").read_text()
    assert not re.findall(r"url\(|@import|@font-face|GDS Transport", css)


def test_no_file_is_another_brands():
    assert not [name for name in MANIFEST if re.search(r"crown|crest|govuk-logo|gds|opengraph", name, re.IGNORECASE)]


def test_style_sheet_and_macros_are_of_one_release_of_govuk_frontend():
    # govuk-frontend-jinja 4.1.0 reproduces the fixtures of 6.3.0, and only of that release, without a difference.
    wanted = json.loads((FRONTEND / "package.json").read_text())["devDependencies"]["govuk-frontend"]
    styled = re.search(r'--govuk-frontend-version:\s*"([^"]+)"', (STATIC / "app.css").read_text())
    assert styled
    assert (styled.group(1), wanted, importlib.metadata.version("govuk-frontend-jinja")) == ("6.3.0", "6.3.0", "4.1.0")


def test_no_crown_is_drawn():
    assert "govuk-logotype" not in (STATIC / "app.css").read_text()


def test_what_is_others_work_has_its_licence_beside_it():
    for name in ("govuk-frontend", "moj-frontend"):
        assert "MIT" in (STATIC / "licences" / f"{name}.txt").read_text()


def test_each_grade_has_the_colour_of_the_charts():
    css = (STATIC / "app.css").read_text()
    drawn = {grade_key(word) if word != NOT_GRADED else "none": colour for word, colour in GRADE_COLOURS.items()}
    assert set(drawn) == {*GRADE_STYLES, "none"}
    for key, colour in drawn.items():
        assert _property(css, f"--grade-{key}") == _short(colour.fill)
        assert _property(css, f"--grade-{key}-text") == _short(colour.ink)


def test_strengths_and_learning_have_the_colours_of_the_charts():
    css = (STATIC / "app.css").read_text()
    for key, word in (("strength", STRENGTH), ("learning", LEARNING)):
        assert _property(css, f"--theme-{key}") == _short(THEME_COLOURS[word].fill)


def _property(css: str, name: str) -> str:
    found = re.search(re.escape(name) + r":\s*([^;}]+)", css)
    assert found, name
    return _short(found.group(1))


def _short(colour: str) -> str:
    return "#fff" if colour.lower() in {"#ffffff", "#fff", "white"} else colour.lower()
