"""The thematic report's page and its other forms: who reads it, what it says, and that every number is the same."""

import csv
import io
import os
from datetime import date
from pathlib import Path

import pytest
from openpyxl import load_workbook
from sqlalchemy import select

from auditapp.audits.recorded import Found
from auditapp.db import db, is_writing, now
from auditapp.jobs.models import Job, State
from auditapp.journal.models import Entry
from auditapp.library.kinds import AuditKind
from auditapp.people.roles import Role
from auditapp.reports import queries, workbook
from tests.rooms.reports.judging import judged

QUARTER = "since=2026-07-01&until=2026-09-30"
THEMATIC = f"/reports/thematic?{QUARTER}"


@pytest.fixture
def council(made):
    """Five audits in two teams of two services, one of another quarter."""
    made.north = made.team("Oak", made.service("Family Safeguarding"))
    made.south = made.team("=Elm", made.service("Children in Care"))
    learning = (Found("learning", "direction", "=1+1 no dates"),)
    judged(made, 4, team=made.north)
    judged(made, 3, team=made.north, on=date(2026, 7, 6), findings=learning)
    judged(made, 2, team=made.south)
    judged(made, 1, team=made.south, on=date(2026, 9, 7))
    judged(made, 2)
    judged(made, 3, team=made.north, on=date(2026, 5, 4))
    return made


@pytest.fixture
def lead(made, browser):
    return browser.as_(made.person(Role.QA_LEAD, name="Priya"))


def finished(app):
    """Wait for the jobs that were begun."""
    pool = app.extensions.pop("auditapp.jobs", None)
    if pool is not None:
        pool.shutdown(wait=True)


def test_the_answer_comes_first_with_its_n_and_interval(council, lead):
    page = lead.get(THEMATIC)
    assert page.heading == "Thematic report"
    assert "2 of 5 (40%, 12–77%) were judged good or better." in page.words
    assert "5 audits were submitted" in page.words
    assert "In the period before it was 1 of 1" in page.words
    assert "Whole council · 1 July 2026 to 30 September 2026" in page.words
    assert "Family Safeguarding" in page.words
    assert "Not recorded" in page.words
    assert "=1+1 no dates" in page.words
    assert page.tree.cssselect("a[data-print]")


def test_every_chart_is_an_image_with_a_sentence_beside_its_table(council, lead):
    tree = lead.get(THEMATIC).tree
    charts = tree.cssselect("figure.app-chart")
    assert len(charts) == 4
    for chart in charts:
        says = chart.cssselect("figcaption")[0].text_content().strip()
        drawings = chart.cssselect("svg[role=img]")
        assert {one.get("aria-label") for one in drawings} == {says}
        assert len(drawings) == 2
        assert chart.cssselect("table caption")
        assert chart.cssselect("a[href*='.csv']")
    assert not tree.xpath("//*[@style]")


def test_page_json_csv_and_workbook_say_the_same(app, council, lead, made):
    page = lead.get(THEMATIC)
    answer = lead.get(f"/reports/thematic.json?{QUARTER}").json
    lines = list(csv.reader(io.StringIO(lead.get(f"/reports/thematic/team.csv?{QUARTER}").text.lstrip("\ufeff"))))
    lead.submit(f"/reports/thematic/workbook?{QUARTER}", "Make the workbook")
    finished(app)
    job = db.session.scalars(select(Job).where(Job.kind == queries.WORKBOOK)).one()
    sheet = load_workbook(io.BytesIO(lead.get(f"/reports/workbooks/{job.id}").response.data))["Teams"]
    teams = next(table for table in answer["by"] if table["by"] == "team")["rows"]
    from_json = [
        [row["name"], row["audits"], *(grade["n"] for grade in row["grades"]), row["good_or_better"]["of"]]
        for row in teams
    ]
    assert from_json == [
        ["=Elm", 2, 0, 0, 1, 1, 2],
        ["Oak", 2, 1, 1, 0, 0, 2],
        ["Not recorded", 1, 0, 0, 1, 0, 1],
    ]
    from_book = [[row[1], row[2], *row[4:8], row[10]] for row in sheet.iter_rows(min_row=2, values_only=True)]
    from_csv = [[row[1].lstrip("'"), *map(int, [row[2], *row[4:8], row[10]])] for row in lines[1:]]
    assert from_book == from_csv == from_json
    shown = [
        [
            row.cssselect("th")[0].text_content().strip(),
            int(row.cssselect("td")[0].text_content()),
            row.cssselect("td")[2].text_content().split(" (")[0].strip(),
        ]
        for row in page.tree.cssselect("#team-monthly ~ table tbody tr")
    ]
    assert shown == [["=Elm", 2, "0 of 2"], ["Oak", 2, "2 of 2"], ["Not recorded", 1, "0 of 1"]]


def test_kinds_stand_side_by_side_and_each_can_be_read_in_full(council, lead):
    judged(council, 1, kind=AuditKind.THEMATIC)
    page = lead.get(THEMATIC)
    assert "6 audits of 2 kinds, each read by itself." in page.words
    assert "2 of 5 (40%, 12–77%) were judged good or better." in page.words
    assert "0 of 1 (0%, 0–79%) were judged good or better." in page.words
    assert "of 6" not in page.words
    assert "Outstanding 1 · Good 1 · Requires improvement 2 · Inadequate 1" in page.words
    alone = lead.get(f"{THEMATIC}&kind=thematic")
    assert [link.text for link in alone.tree.cssselect(".moj-sub-navigation a[aria-current]")] == ["Thematic audit"]
    assert "2 of 5" not in alone.words


def test_filters_stand_in_the_address_and_can_be_taken_away_one_by_one(council, lead):
    page = lead.get(f"{THEMATIC}&team=Oak&ungraded=count&stage=first")
    assert "2 of 2 (100%, 34–100%) were judged good or better." in page.words
    chips = {link.text_content().strip(): link.get("href") for link in page.tree.cssselect("a.app-chip")}
    assert "Remove the filter Team: Oak" in chips
    without = lead.get(chips["Remove the filter Team: Oak"])
    assert "2 of 5" in without.words
    assert "Not graded: counted in the shares" in without.words


@pytest.mark.parametrize(
    ("asked", "sentence"),
    [
        ("since=2026-13-01", "The first day must have a real month, like 11"),
        ("since=31/2/2026", "The first day must be a real date"),
        ("since=yesterday", "The first day must be a day, like 22/11/2026"),
        ("since=2026-09-30&until=2026-07-01", "The last day: choose a day on or after the first one"),
        ("since=1989-12-31&until=2000-07-01", "The first day: choose a day from 1 January 1990 to 31 December 2100"),
        (
            "since=9999-01-01&until=9999-12-31",
            "The first day must have a year from 1900 to 2100; The last day must have a year from 1900 to 2100",
        ),
        ("since=1990-01-01&until=2026-07-01", "The first day: choose a period of at most 20 years"),
        ("team=Nobody", "Team: choose one from the list"),
        ("kind=nonsense", "Kind of audit: choose one from the list"),
        ("stage=third", "Judgements: choose one from the list"),
        (
            "since=2026-07-02&until=2026-07-20&published=yes",
            "The last day: a published report needs at least one whole month",
        ),
        (
            f"{QUARTER}&team=Oak&published=yes",
            "Team: a published report is of the whole council: choose only its period and the kind of audit",
        ),
        (
            f"{QUARTER}&service=Family+Safeguarding&published=yes",
            "Service: a published report is of the whole council: choose only its period and the kind of audit",
        ),
    ],
)
def test_filters_that_make_no_sense_are_refused_in_a_sentence(council, lead, asked, sentence):
    page = lead.get(f"/reports/thematic?{asked}")
    assert (page.status, page.errors) == (422, sentence.split("; "))
    assert page.title.startswith("Error: ")
    for form in ("thematic.json", "thematic/team.csv", "thematic/workbook"):
        answer = lead.get(f"/reports/{form}?{asked}")
        assert (answer.status, answer.text) == (400, sentence)


def test_hostile_filters_are_refused_and_never_break_the_page(lead):
    for value in ("%00", "%3Cscript%3E", "x" * 5000, "%ff"):
        assert lead.get(f"/reports/thematic?team={value}").status in (400, 422)
    assert lead.get("/reports/thematic?since=2026-07-01&since=x&by=1").status == 200


def test_an_empty_selection_says_so_and_how_to_go_on(lead):
    page = lead.get(THEMATIC)
    assert "No audit was submitted in this selection." in page.words
    assert "Take a filter away, or choose a longer period." in page.words


def test_a_published_report_hides_what_is_small(council, lead):
    page = lead.get(f"{THEMATIC}&published=yes")
    assert "Figures by team are not part of a published report." in page.words
    assert "=1+1 no dates" not in page.words
    assert lead.get(f"/reports/thematic.json?{QUARTER}&published=yes").json["grades"][0]["n"] is None


def test_a_published_table_by_domain_that_would_tell_of_one_whole_case_says_that_it_is_withheld(council, lead):
    judged(council, 3, template="whole_case")
    page = lead.get(f"{THEMATIC}&published=yes")
    (domains,) = page.tree.cssselect("section[aria-labelledby=domain-monthly]")
    assert "Withheld: the numbers are so small" in domains.text_content()
    assert [row.text_content() for row in domains.cssselect("tbody th")] == ["Overall"]


def test_a_manager_sees_the_figures_of_their_team_alone(council, browser):
    manager = browser.as_(council.person(Role.TEAM_MANAGER, team=council.north))
    page = manager.get(THEMATIC)
    assert "2 of 2 (100%, 34–100%) were judged good or better." in page.words
    assert "Elm" not in page.text
    assert "Oak · 1 July 2026 to 30 September 2026" in page.words
    assert manager.get(f"{THEMATIC}&team=%3DElm").status == 422


@pytest.mark.parametrize("role", [Role.WORKER, Role.AUDITOR, Role.LEAD_MEMBER])
def test_everybody_else_is_told_that_nothing_is_published_yet(council, browser, role):
    assert "Nothing has been published yet" in browser.as_(council.person(role)).get("/reports").words


@pytest.mark.parametrize("role", [Role.WORKER, Role.AUDITOR, Role.LEAD_MEMBER, Role.ADMINISTRATOR])
def test_the_report_does_not_exist_for_whoever_reads_none(council, browser, role):
    reader = browser.as_(council.person(role))
    for form in ("thematic", "thematic.json", "thematic/team.csv", "thematic/workbook"):
        assert reader.get(f"/reports/{form}").status == 404


def test_who_reads_less_than_the_whole_council_prepares_nothing_for_publication(council, browser):
    manager = browser.as_(council.person(Role.TEAM_MANAGER, team=council.north))
    assert not manager.get(THEMATIC).tree.cssselect("select[name=published]")
    page = manager.get(f"{THEMATIC}&published=yes")
    assert (page.status, page.errors) == (422, ["Small numbers: choose one from the list"])


def test_days_may_be_typed_as_people_write_them(council, lead):
    for since, until in (("1/7/2026", "30/09/2026"), ("1 July 2026", "30 Sep 2026"), ("2026-07-01", "2026-09-30")):
        page = lead.get(f"/reports/thematic?since={since}&until={until}")
        assert "5 audits were submitted" in page.words
        assert [page.tree.cssselect(f"#{name}")[0].get("value") for name in ("since", "until")] == [
            "1/7/2026",
            "30/9/2026",
        ]


def test_a_table_that_does_not_exist_is_not_found(council, lead):
    assert lead.get("/reports/thematic/finding.csv").status == 404


def test_words_and_references_leave_for_a_purpose_only(app, council, lead):
    address = f"/reports/thematic/workbook?{QUARTER}"
    refused = lead.submit(address, "Make the workbook", references="y", words="y")
    assert refused.status == 422
    assert refused.errors == ["Enter what you need the words or references for"]
    lead.submit(address, "Make the workbook", references="y", words="y", purpose="Ofsted asked for case tracking")
    finished(app)
    job = db.session.scalars(select(Job).where(Job.kind == queries.WORKBOOK)).one()
    assert job.state is State.DONE
    book = load_workbook(io.BytesIO(lead.get(f"/reports/workbooks/{job.id}").response.data))
    references = {row[1] for row in book["Row data"].iter_rows(min_row=2, values_only=True)}
    assert all(reference.isdigit() for reference in references)
    assert book["Findings"]["D2"].value == "=1+1 no dates"
    told = db.session.scalars(select(Entry).where(Entry.verb == "exported")).one()
    assert told.details["purpose"] == "Ofsted asked for case tracking"
    assert (told.details["references"], told.details["words"]) == (True, True)
    assert db.session.scalars(select(Entry).where(Entry.verb == "fetched")).one().object_id == str(job.id)


def test_a_workbook_carries_neither_references_nor_words_unless_asked(app, council, lead, browser):
    lead.submit(f"/reports/thematic/workbook?{QUARTER}", "Make the workbook")
    finished(app)
    job = db.session.scalars(select(Job).where(Job.kind == queries.WORKBOOK)).one()
    assert "Download the workbook" in lead.get(f"/jobs/{job.id}").words
    answer = lead.get(f"/reports/workbooks/{job.id}").response
    assert answer.headers["Content-Disposition"].endswith('2026-07-01 to 2026-09-30.xlsx"')
    book = load_workbook(io.BytesIO(answer.data))
    assert "Findings" not in book.sheetnames
    assert all(row[1].startswith("C-") for row in book["Row data"].iter_rows(min_row=2, values_only=True))
    other = browser.as_(council.person(Role.QA_LEAD))
    assert other.get(f"/reports/workbooks/{job.id}").status == 404


def workbook_file(app):
    (file,) = (Path(app.extensions["auditapp.settings"].instance) / "workbooks").glob("*.xlsx")
    return file


def test_a_workbook_is_readable_by_the_server_alone_and_gone_after_a_day(app, council, lead):
    lead.submit(f"/reports/thematic/workbook?{QUARTER}", "Make the workbook")
    finished(app)
    file = workbook_file(app)
    assert file.stat().st_mode & 0o777 == 0o600
    assert lead.get(f"/reports/workbooks/{file.stem}").status == 200
    a_day_ago = now().timestamp() - 24 * 60 * 60 - 60
    os.utime(file, (a_day_ago, a_day_ago))
    gone = lead.get(f"/reports/workbooks/{file.stem}")
    assert gone.status == 410
    assert "A workbook is kept for one day, then it is deleted" in gone.words
    lead.submit(f"/reports/thematic/workbook?{QUARTER}", "Make the workbook")
    finished(app)
    assert workbook_file(app) != file
    assert lead.get(f"/reports/workbooks/{file.stem}").status == 410


def test_a_workbook_is_computed_and_written_while_others_may_write(app, council, lead, monkeypatch):
    computed, written = queries.report, workbook.workbook
    seen = []

    def computing(*given, **named):
        seen.append(is_writing())
        return computed(*given, **named)

    def writing_file(*given, **named):
        seen.append(db.session().in_transaction())
        return written(*given, **named)

    monkeypatch.setattr(queries, "report", computing)
    monkeypatch.setattr(workbook, "workbook", writing_file)
    lead.submit(f"/reports/thematic/workbook?{QUARTER}", "Make the workbook")
    finished(app)
    assert seen == [False, False]


def test_an_empty_selection_makes_no_workbook(app, lead):
    lead.submit(f"/reports/thematic/workbook?{QUARTER}", "Make the workbook")
    finished(app)
    job = db.session.scalars(select(Job).where(Job.kind == queries.WORKBOOK)).one()
    assert job.state is State.FAILED
    assert "No audit was submitted" in job.why
