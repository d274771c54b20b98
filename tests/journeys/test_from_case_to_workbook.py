"""The line around the audit by keyboard alone: from a case to an open audit, and from audits to the workbook."""

from __future__ import annotations

import re
import zipfile

import pytest
from playwright.sync_api import expect

from auditapp.people.roles import Role
from tests.journeys.keyboard import fill_in, press, reach

pytestmark = pytest.mark.browser


@pytest.mark.parametrize("script", [True, False], ids=["with script", "without script"])
def test_an_audit_is_opened_from_a_case(council, enter, script):
    page = enter(Role.QA_LEAD, java_script_enabled=script)
    page.goto("/cases")
    press(page, "40")
    press(page, "Open an audit")
    fill_in(page, "", "Continue")
    fill_in(page, "", "Open the audit")
    expect(page.locator(".govuk-notification-banner")).to_contain_text("Audit opened for")


def test_the_report_becomes_a_workbook(enter):
    page = enter(Role.QA_LEAD)
    page.goto("/reports")
    press(page, "Excel")
    press(page, "Make the workbook")
    expect(page.get_by_role("button", name="Download the workbook")).to_be_visible(timeout=60_000)
    reach(page, "Download the workbook")
    with page.expect_download() as kept:
        page.keyboard.press("Enter")
    assert re.fullmatch(r".+\.xlsx", kept.value.suggested_filename)
    with zipfile.ZipFile(kept.value.path()) as workbook:
        assert "xl/workbook.xml" in workbook.namelist()
        assert any(name.startswith("xl/charts/") for name in workbook.namelist())
