"""The workbook as LibreOffice reads it: every sheet, every chart, every number, and text that stays text."""

import shutil
import subprocess
from datetime import date

import pytest
from openpyxl import load_workbook

from auditapp.figures.facts import Finding
from auditapp.reports.thematic import compile
from auditapp.reports.workbook import workbook
from tests.rules.test_thematic import MADE, NAMES, QUARTER, Council

HOSTILE = ("=1+1", "+1", "-1", "@SUM(1)")


@pytest.fixture(scope="module")
def opened(tmp_path_factory):
    """The workbook as written, the same as LibreOffice opened and saved it, and its printed pages."""
    folder = tmp_path_factory.mktemp("libreoffice")
    council = Council()
    for at, service in enumerate([*HOSTILE, *(f"Service {number}" for number in range(8))]):
        ranks = {"voice": at % 4 + 1, "plans": 3}
        audit = council.audit(3, day=date(2026, 7 + at % 3, 6), service=service, team=service, domains=ranks)
        council.found(audit, "direction", list(Finding)[at % 2], service)
    council.many(2, 3, kind="dip_sample")
    written = folder / "report.xlsx"
    written.write_bytes(workbook(compile(QUARTER, council.facts, NAMES, MADE), salt=b"salt"))
    for form in ("xlsx", "pdf"):
        run = ("--headless", f"-env:UserInstallation={(folder / 'profile').as_uri()}", "--convert-to", form)
        soffice = shutil.which("soffice")
        subprocess.run([soffice, *run, "--outdir", folder / form, written], check=True, capture_output=True)
    return load_workbook(written), load_workbook(folder / "xlsx" / "report.xlsx"), folder / "pdf" / "report.pdf"


def test_every_sheet_and_every_chart_is_there(opened):
    written, read, printed = opened
    assert read.sheetnames == written.sheetnames
    assert len(read["Summary"]._charts) == len(written["Summary"]._charts) > 4
    assert printed.read_bytes().startswith(b"%PDF")


def test_every_value_is_what_was_written(opened):
    written, read, _ = opened
    for sheet in written:
        for row in sheet.iter_rows():
            for cell in row:
                if cell.value is not None:
                    found = read[sheet.title][cell.coordinate].value
                    wanted = pytest.approx(cell.value) if isinstance(cell.value, float) else cell.value
                    assert found == wanted, (sheet.title, cell.coordinate)


def test_text_that_looks_like_a_formula_is_text(opened):
    _, read, _ = opened
    cells = [cell for sheet in read for row in sheet.iter_rows() for cell in row if cell.value in HOSTILE]
    assert {cell.value for cell in cells} == set(HOSTILE)
    assert all(cell.data_type == "s" for cell in cells)
