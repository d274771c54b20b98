"""A whole warm audit in the browser: by keyboard alone, with and without script, and with trouble on the way."""

from __future__ import annotations

import io
import re

import pytest
from playwright.sync_api import Page, expect
from pypdf import PdfReader

from auditapp.people.roles import Role
from tests.journeys.keyboard import fill_in, press

pytestmark = pytest.mark.browser
WORDS = "Seen alone on 3 March."
MOST_PAGES = 12
UNDER_THE_BAR = """() => {
  const held = document.activeElement, bar = document.querySelector(".app-save");
  if (bar.contains(held)) return "";
  const a = held.getBoundingClientRect(), b = bar.getBoundingClientRect();
  return a.top < b.bottom && a.bottom > b.top ? held.outerHTML.slice(0, 120) : "";
}"""


@pytest.mark.parametrize("script", [True, False], ids=["with script", "without script"])
def test_a_whole_warm_audit_by_keyboard_alone(council, enter, script):
    audit = council.open_audit()
    page = enter(Role.AUDITOR, java_script_enabled=script)
    page.goto(f"/audits/{audit}")
    expect(page).to_have_url(re.compile(f"/audits/{audit}/tasks$"))
    page.goto(first_domain(page))
    for _ in range(MOST_PAGES):
        if page.url.endswith("/check"):
            break
        fill_in(page, WORDS, "Save and continue", ticks=("took_part",))
        assert not page.locator(".govuk-error-summary").count(), page.locator(".govuk-error-summary").inner_text()
    press(page, "Submit audit")
    expect(page.get_by_text("Submitted").first).to_be_visible()

    worker = enter(Role.WORKER, java_script_enabled=script)
    worker.goto(f"/audits/{audit}")
    fill_in(worker, "I see it the same way.", "I have read this")
    expect(worker.locator("main")).to_contain_text("I see it the same way.")


def test_what_is_typed_is_saved_without_a_button(council, enter):
    page, box = writing(council, enter)
    box.fill(WORDS)
    expect(page.locator("[data-saved]")).to_have_text(re.compile(r"Saved \d\d:\d\d"))
    page.reload()
    expect(page.locator("#evidence")).to_have_value(WORDS)


def test_what_is_typed_before_the_saving_module_has_arrived_is_saved_too(council, enter):
    held = []
    page = enter(Role.AUDITOR)
    page.route("**/autosave.js*", lambda route: held.append(route))
    page.goto(f"/audits/{council.open_audit()}/tasks")
    with page.expect_request("**/autosave.js*"):
        page.goto(first_domain(page))
    page.locator("#evidence").fill(WORDS)
    held[0].continue_()
    expect(page.locator("[data-saved]")).to_have_text(re.compile(r"Saved \d\d:\d\d"))


def test_two_who_save_one_page_both_keep_their_words_and_the_second_chooses(council, enter):
    page, box = writing(council, enter)
    other = enter(Role.AUDITOR)
    other.goto(page.url)
    box.fill("The first to save.")
    expect(page.locator("[data-saved]")).to_contain_text("Saved")
    other.locator("#evidence").fill("The second to save.")
    overtaken = other.get_by_role("region", name="Someone else changed this")
    expect(overtaken).to_contain_text("The first to save.")
    expect(overtaken).to_contain_text("The second to save.")
    overtaken.get_by_role("button", name="Save mine in place of theirs").click()
    expect(other.locator("[data-saved]")).to_have_text(re.compile(r"Saved \d\d:\d\d"))
    page.reload()
    expect(page.locator("#evidence")).to_have_value("The second to save.")


def test_two_who_save_one_page_without_script_see_both_texts_too(council, enter):
    page, box = writing(council, enter, java_script_enabled=False)
    other = enter(Role.AUDITOR, java_script_enabled=False)
    other.goto(page.url)
    box.fill("The first to save.")
    page.get_by_role("button", name="Save and go back").click()
    other.locator("#evidence").fill("The second to save.")
    overtaken = other.url
    other.get_by_role("button", name="Save and go back").click()
    expect(other.get_by_role("heading", level=1)).to_have_text("Someone else changed this")
    expect(other.locator("main")).to_contain_text("The first to save.")
    expect(other.locator("main")).to_contain_text("The second to save.")
    other.get_by_role("button", name="Save mine in place of theirs").click()
    other.goto(overtaken)
    expect(other.locator("#evidence")).to_have_value("The second to save.")


def test_text_written_while_offline_is_kept_and_sent_once(council, enter):
    page, box = writing(council, enter)
    page.context.set_offline(True)
    box.fill("Written on the train.")
    expect(page.locator("[data-saved]")).to_contain_text("You are offline. Your text is kept on this page")
    page.context.set_offline(False)
    expect(page.locator("[data-saved]")).to_have_text(re.compile(r"Saved \d\d:\d\d"))
    expect(box).to_have_value("Written on the train.")


def test_a_save_whose_answer_was_lost_is_sent_again_and_counts_once(council, enter):
    page, box = writing(council, enter)
    answers = []

    def lose_the_first(route):
        answer = route.fetch()
        answers.append(answer.json())
        if len(answers) == 1:
            route.abort()
        else:
            route.fulfill(response=answer)

    page.route("**/autosave", lose_the_first)
    box.fill(WORDS)
    expect(page.locator("[data-saved]")).to_have_text(re.compile(r"Saved \d\d:\d\d"))
    assert answers[0] == answers[1]


def test_nothing_is_lost_when_the_session_ends_in_the_middle(council, enter):
    page, box = writing(council, enter)
    page.context.clear_cookies()
    box.fill("Written after the session ended.")
    expect(page.locator("[data-saved]")).to_contain_text("You were signed out. Your text is kept on this page")
    cookie = council.cookie(council.people[Role.AUDITOR])
    page.context.add_cookies([{"name": "auditapp", "value": cookie, "url": council.address}])
    expect(page.locator("[data-saved]")).to_have_text(re.compile(r"Saved \d\d:\d\d"))
    page.reload()
    expect(page.locator("#evidence")).to_have_value("Written after the session ended.")


def test_a_page_sent_without_script_after_the_session_ended_is_kept_until_one_signed_in(council, enter):
    page, box = writing(council, enter, java_script_enabled=False)
    page.context.clear_cookies()
    box.fill("Written after the session ended.")
    page.get_by_role("button", name="Save and go back").click()
    expect(page.locator("main")).to_contain_text("What you typed is not lost.")
    expect(page.locator("textarea").first).to_have_value("Written after the session ended.")
    cookie = council.cookie(council.people[Role.AUDITOR])
    page.context.add_cookies([{"name": "auditapp", "value": cookie, "url": council.address}])
    page.get_by_role("button", name="Send again").click()
    if page.get_by_role("button", name="Send again").count():
        page.get_by_role("button", name="Send again").click()
    expect(page).to_have_url(re.compile("/tasks$"))


def test_the_printed_audit_holds_what_was_written_and_nothing_to_press(council, enter):
    page = enter(Role.AUDITOR)
    page.goto("/audits/1/print")
    paper = "\n".join(sheet.extract_text() for sheet in PdfReader(io.BytesIO(page.pdf(format="A4"))).pages)
    assert "As recorded." in paper
    assert "Sign out" not in paper
    assert "Skip to main content" not in paper


def test_nothing_that_has_the_focus_lies_under_the_save_bar(council, enter):
    page, _ = writing(council, enter)
    covered = page.evaluate("() => document.querySelector('.app-save').getBoundingClientRect().height")
    assert covered > 0
    for _ in range(80):
        page.keyboard.press("Tab")
        hidden = page.evaluate(UNDER_THE_BAR)
        assert not hidden, hidden
        if page.evaluate("() => !!document.activeElement.closest('footer')"):
            return
    raise AssertionError("the footer was not reached")


def writing(council, enter, **options) -> tuple[Page, object]:
    """Open a domain page of an audit of one's own, and give its box for the evidence."""
    audit = council.open_audit()
    page = enter(Role.AUDITOR, **options)
    page.goto(f"/audits/{audit}/tasks")
    page.goto(first_domain(page))
    return page, page.locator("#evidence")


def first_domain(page: Page) -> str:
    """Give the address of the first domain that the task list leads to."""
    return str(page.locator("main a[href*='/domains/']").first.get_attribute("href"))
