"""What every page must keep; `faults` names what a page breaks.

axe finds much of what is wrong with a page, but not all: it passes a group of radios without a legend. These are our
own rules, and the test browser holds every page of every test to them.
"""

from __future__ import annotations

import itertools
import re
from collections import Counter
from collections.abc import Iterator
from typing import Any

from lxml import html as parser

CONTROLS = "//input[not(@type='hidden') and not(@type='submit') and not(@type='button')] | //select | //textarea"
REFERENCES = ("aria-describedby", "aria-labelledby", "aria-controls", "for")


def faults(html: str) -> list[str]:
    """Name everything about a page that breaks the rules; an empty list for a good page."""
    tree = parser.document_fromstring(html)
    return [f"{rule.__name__.strip('_').replace('_', ' ')}: {found}" for rule in RULES for found in rule(tree)]


def _words(element: Any) -> str:
    return " ".join(str(element.text_content()).split())


def _shown(element: Any) -> str:
    return str(parser.tostring(element, encoding="unicode", with_tail=False))[:120]


def _one_heading_of_the_first_level(tree: Any) -> Iterator[str]:
    headings = tree.xpath("//h1")
    if len(headings) != 1:
        yield f"{len(headings)} h1"
    for empty in (heading for heading in tree.xpath("//h1|//h2|//h3|//h4") if not _words(heading)):
        yield f"nothing in {_shown(empty)}"


def _headings_do_not_skip(tree: Any) -> Iterator[str]:
    levels = [int(heading.tag[1]) for heading in tree.xpath("//main//*[self::h1 or self::h2 or self::h3 or self::h4]")]
    # An error summary or an outcome stands above the h1 with a heading of its own.
    begun = levels[levels.index(1) :] if 1 in levels else []
    for before, after in itertools.pairwise(begun):
        if after > before + 1:
            yield f"h{after} after h{before}"


def _a_title(tree: Any) -> Iterator[str]:
    title = tree.findtext(".//title") or ""
    first = title.split("–")[0].strip()
    if not first:
        yield f"“{title}” does not begin with the page's own words"
    if tree.cssselect(".govuk-error-summary") and not title.startswith("Error: "):
        yield f"“{title}” does not begin with “Error: ” although the page has errors"


def _a_language(tree: Any) -> Iterator[str]:
    if not tree.get("lang"):
        yield "html has no lang"


def _ids_are_unique(tree: Any) -> Iterator[str]:
    for name, times in Counter(tree.xpath("//@id")).items():
        if times > 1:
            yield f"{name} stands {times} times"


def _what_is_referred_to_is_there(tree: Any) -> Iterator[str]:
    ids = set(tree.xpath("//@id"))
    for attribute in REFERENCES:
        for value in tree.xpath(f"//@{attribute}"):
            for name in value.split():
                if name not in ids:
                    yield f"{attribute}={name}"
    for address in tree.xpath("//a[starts-with(@href, '#') and string-length(@href) > 1]/@href"):
        if address[1:] not in ids:
            yield f"link to {address}"


def _error_links_reach_a_control(tree: Any) -> Iterator[str]:
    for address in tree.cssselect(".govuk-error-summary__list a"):
        found = tree.xpath("//*[@id=$name]", name=address.get("href", "")[1:])
        if not found or found[0].tag not in {"input", "select", "textarea", "button", "a"}:
            yield address.get("href", "")


def _every_control_has_a_label(tree: Any) -> Iterator[str]:
    for control in tree.xpath(CONTROLS):
        labels = tree.xpath("//label[@for=$name]", name=control.get("id", ""))
        named = control.get("aria-label") or control.get("aria-labelledby") or any(_words(label) for label in labels)
        if not named:
            yield _shown(control)


def _every_group_has_a_legend(tree: Any) -> Iterator[str]:
    for control in tree.xpath("//input[@type='radio' or @type='checkbox']"):
        legends = control.xpath("ancestor::fieldset[1]/legend")
        if not legends or not _words(legends[0]):
            yield _shown(control)


def _no_radio_is_alone(tree: Any) -> Iterator[str]:
    names = Counter(tree.xpath("//input[@type='radio']/@name"))
    for name, times in names.items():
        if times == 1:
            yield name


def _nothing_inline(tree: Any) -> Iterator[str]:
    for element in tree.xpath("//*[@style] | //style | //script[not(@src)]"):
        yield _shown(element)
    for element in tree.iter():
        for name in element.attrib if isinstance(element.tag, str) else ():
            if name.startswith("on"):
                yield f"{name} in {_shown(element)}"


def _nothing_from_outside(tree: Any) -> Iterator[str]:
    for address in tree.xpath("//@src | //link/@href | //form/@action | //@formaction"):
        if re.match(r"(?i)[a-z][a-z0-9+.-]*:|//", address):
            yield address
    for address in tree.xpath("//a/@href"):
        if re.match(r"(?i)(?!https?:|mailto:|tel:)[a-z][a-z0-9+.-]*:|//", address):
            yield address


def _the_skip_link_comes_first(tree: Any) -> Iterator[str]:
    first = next(iter(tree.xpath("//body//a | //body//button | //body//input")), None)
    if first is None or "govuk-skip-link" not in first.get("class", ""):
        yield "the first thing to reach is not the skip link"
    if len(tree.xpath("//main")) != 1:
        yield "there is not exactly one main"


def _links_and_buttons_say_something(tree: Any) -> Iterator[str]:
    for element in tree.xpath("//a | //button"):
        if not (_words(element) or element.get("aria-label")):
            yield _shown(element)
    for element in tree.xpath("//a[not(@href)]"):
        yield f"a link that leads nowhere: {_shown(element)}"


def _pictures_have_words(tree: Any) -> Iterator[str]:
    for image in tree.xpath("//img[not(@alt)]"):
        yield _shown(image)
    for drawing in tree.xpath("//*[local-name()='svg']"):
        inside = drawing.xpath("ancestor-or-self::*[@aria-hidden='true' or @role='img']")
        if not inside:
            yield _shown(drawing)


def _tables_have_captions_and_headers(tree: Any) -> Iterator[str]:
    for table in tree.xpath("//table"):
        captions = table.xpath("./caption")
        if not captions or not _words(captions[0]):
            yield f"no caption: {_shown(table)}"
        if not table.xpath(".//th"):
            yield f"no headers: {_shown(table)}"
        for header in table.xpath(".//th[not(@scope)]"):
            yield f"a header without scope: {_shown(header)}"


def _every_form_that_changes_something_has_its_token(tree: Any) -> Iterator[str]:
    for form in tree.xpath("//form"):
        if (form.get("method") or "get").lower() == "post" and not form.xpath(".//input[@name='csrf_token']"):
            yield _shown(form)


def _nothing_unfinished(tree: Any) -> Iterator[str]:
    for text in (text.strip() for text in tree.xpath("//body//text()[not(ancestor::textarea)]")):
        if text == "None" or re.search(r"[:(] None\b|\bundefined\b|[Ll]orem ipsum|<[\w.]+ object at|\{\{|\{%", text):
            yield f"“{text[:80]}”"


RULES = (
    _one_heading_of_the_first_level,
    _headings_do_not_skip,
    _a_title,
    _a_language,
    _ids_are_unique,
    _what_is_referred_to_is_there,
    _error_links_reach_a_control,
    _every_control_has_a_label,
    _every_group_has_a_legend,
    _no_radio_is_alone,
    _nothing_inline,
    _nothing_from_outside,
    _the_skip_link_comes_first,
    _links_and_buttons_say_something,
    _pictures_have_words,
    _tables_have_captions_and_headers,
    _every_form_that_changes_something_has_its_token,
    _nothing_unfinished,
)
