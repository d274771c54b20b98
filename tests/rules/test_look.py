"""The council's colour: readable, or refused with the reason."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from auditapp.web.look import LEAST_CONTRAST, USUAL, contrast, fault, mix, style

COLOURS = st.integers(0, 0xFFFFFF).map(lambda number: f"#{number:06x}")


def test_black_on_white_is_the_greatest_contrast():
    assert contrast("#000000", "#ffffff") == pytest.approx(21)
    assert contrast("#777777", "#ffffff") == pytest.approx(4.48, abs=0.005)


def test_the_colour_as_shipped_is_readable():
    assert fault(USUAL) == ""


def test_a_light_colour_is_refused_with_its_contrast():
    assert fault("#f2b84b") == "This colour is too light: its contrast with white is 1.7 to 1 and must be 4.5 to 1"


@pytest.mark.parametrize("text", ["", "teal", "#fff", "#17494d;", "#17494g", "#17494d\n", "17494d"])
def test_what_is_no_colour_is_refused_in_words(text):
    assert fault(text).startswith("Enter a colour as #")


@given(COLOURS)
def test_every_colour_that_is_taken_can_be_read_on_white_and_on_its_own_tint(colour):
    if not fault(colour):
        assert contrast(colour, "#ffffff") >= LEAST_CONTRAST
        assert contrast(colour, mix(colour, "#ffffff", 0.07)) >= LEAST_CONTRAST


@given(COLOURS, COLOURS)
def test_contrast_has_no_order(one, other):
    assert contrast(one, other) == contrast(other, one) >= 1


def test_the_style_sheet_names_the_colour_and_its_shades():
    assert "--govuk-brand-colour:#17494d;" in style("#17494d")
    assert "--govuk-link-hover-colour:#0e2c2e;" in style("#17494d")
