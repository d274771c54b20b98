"""The pages of the population, as each role finds them."""

import io

import pytest
from sqlalchemy import select

from auditapp.cases import operations, views
from auditapp.cases.models import Case, PendingImport, TeamAlias, Worker, WorkerAlias
from auditapp.db import db, today
from auditapp.people.models import RoleGrant
from auditapp.people.roles import Role
from auditapp.sheets.book import Limits
from tests import extracts, hostile
from tests.made import LONG_AGO
from tests.rooms.cases.test_importing import NEED, REFERRALS, need, referral, take, workbook


@pytest.fixture
def lead(made):
    return made.person(Role.QA_LEAD)


@pytest.fixture
def work(app):
    """Let the jobs that were started come to their end."""

    def end():
        pool = app.extensions.pop("auditapp.jobs", None)
        if pool:
            pool.shutdown(wait=True)

    yield end
    end()


SHOWN = {"as_at-day": "30", "as_at-month": "9", "as_at-year": "2026"}


def send(browser, work, data, name="annex.xlsx", url="/cases/import", **fields):
    page = browser.get(url)
    form = next(one for one in page.tree.forms if one.xpath("ancestor::main"))
    values = {**dict(form.form_values()), "file": (io.BytesIO(data), name), **SHOWN, **fields}
    answer = browser.post(url, values, content_type="multipart/form-data")
    if answer.status != 303:
        return answer
    work()
    return browser.follow(answer)


def go_on(browser, page):
    """Press the job's button that leads to its outcome."""
    button = page.tree.cssselect("main a.govuk-button")[0]
    return button.get("href"), browser.follow(browser.get(button.get("href")))


def case_id(reference):
    return one(select(Case.id).where(Case.reference == reference))


def every(query):
    """Read rows, and let go of the database: the browser's requests have their own transactions."""
    found = db.session.scalars(query).all()
    db.session.commit()
    return found


def one(query):
    return every(query)[0]


def test_an_extract_goes_from_the_file_to_the_list_of_cases(browser, lead, work):
    me = browser.as_(lead)
    made = extracts.dirty(60, 2)
    read = send(me, work, made.data)
    assert read.heading == "The file was read"
    url, preview = go_on(me, read)
    assert preview.heading == "Check what the file holds"
    assert f"New{len(made.children)}not held until now" in preview.words
    assert "This is a total or a remark, not a child." in preview.words
    problems = me.get(f"{url}/problems.csv").text
    assert problems.startswith("\ufeffList,Sheet,Row,Kind,What")
    assert problems.count(",refused,") == sum(len(one.refused) for one in made.lists.values())
    answer = me.submit(url, "Take this extract")
    work()
    _, taken = go_on(me, me.follow(answer))
    assert taken.heading == "Extract as at 30 September 2026"
    assert me.get("/cases/population").words.count("30 September 2026") == 1
    held = me.get("/cases")
    assert "involvements" in held.words
    assert me.get("/cases?open=yes&list=6").words.count("Children in need") >= 2


def test_an_extract_previewed_before_another_was_taken_is_not_taken(browser, made, lead, work):
    me = browser.as_(lead)
    url, _ = go_on(me, send(me, work, workbook(a=(NEED, [need("1")]))))
    take(workbook(a=(NEED, [need("2")])))
    answer = me.submit(url, "Take this extract")
    work()
    failed = me.follow(answer)
    assert failed.heading == "This could not be done"
    assert "Somebody took another extract" in failed.words


@pytest.mark.parametrize(
    ("rows", "month", "box"),
    [
        ([need("1")], "9", "Yes, these 2 children are gone"),
        ([need("1"), need("2")], "8", "Yes, this child is gone"),
        ([need("1"), need("2"), need("3")], "8", "Yes, this is the right file"),
    ],
)
def test_what_may_be_the_wrong_file_is_taken_only_with_a_tick(browser, lead, work, rows, month, box):
    take(workbook(a=(NEED, [need("1"), need("2"), need("3")])))
    me = browser.as_(lead)
    url, preview = go_on(me, send(me, work, workbook(a=(NEED, rows)), **{"as_at-month": month}))
    assert box in preview.words
    refused = me.submit(url, "Take this extract")
    assert refused.status == 422
    assert refused.errors[0].startswith("Tick the box to say that")
    answer = me.submit(url, "Take this extract", sure="y")
    work()
    assert "The extract was taken" in me.follow(answer).words


@pytest.mark.parametrize("what", ["macros", "a zip cut short", "an old workbook", "entities that multiply"])
def test_a_hostile_file_gets_a_sentence_and_a_way_back(browser, lead, work, what):
    name, make = hostile.FILES[what]
    failed = send(browser.as_(lead), work, make(), name)
    assert (failed.status, failed.heading) == (200, "This could not be done")
    assert "Try again" in failed.words


def test_a_form_without_file_or_with_a_future_day_is_refused(browser, lead, work, monkeypatch):
    me = browser.as_(lead)
    assert "Choose the file to import" in me.submit("/cases/import").errors
    late = send(me, work, b"a,b", "a.csv", **{"as_at-year": "2099"})
    assert late.status == 422
    assert late.errors == ["The day the extract shows must be today or in the past"]
    early = send(me, work, b"a,b", "a.csv", **{"as_at-year": "1999"})
    assert early.errors == ["The day the extract shows must be 1 January 2000 or later"]
    monkeypatch.setattr(views, "LIMITS", Limits(packed=100))
    assert send(me, work, b"x" * 101, "a.csv").errors == ["The file must be smaller than 5 MB"]


def test_the_day_an_extract_shows_is_asked_and_never_assumed(browser, lead):
    page = browser.as_(lead).get("/cases/import")
    assert [box.get("value") or "" for box in page.tree.cssselect("input[name^=as_at]")] == [""] * 3


def test_a_file_without_headings_is_refused_and_nothing_of_it_is_kept(browser, lead, work):
    data = b"Zoe Zebra;07/03/2015;AB1 2CD;Team\nYan Yak;08/03/2016;AB1 2CE;Team\n"
    failed = send(browser.as_(lead), work, data, "open.csv")
    assert failed.heading == "This could not be done"
    assert "The first rows hold no headings" in failed.words
    assert "Zebra" not in failed.words
    assert every(select(PendingImport)) == []


def test_a_list_of_ones_own_is_pointed_at_and_the_pointing_is_remembered(browser, lead, work):
    me = browser.as_(lead)
    data = "Nummer;Team;Von\n0012;North;01/02/2026\n".encode("utf-16")
    url, columns = go_on(me, send(me, work, data, "eigene.csv"))
    assert columns.heading == "Point at the columns"
    wrong = send(me, work, data, "eigene.csv", url, reference="")
    assert wrong.errors == ["Choose the column that holds the reference of the child"]
    pointed = {"reference": "Nummer", "team": "Team", "opened": "Von"}
    preview_url, preview = go_on(me, send(me, work, data, "eigene.csv", url, **pointed))
    assert "Open cases" in preview.words
    me.submit(preview_url, "Take this extract")
    work()
    _, again = go_on(me, send(me, work, data, "eigene.csv"))
    assert again.heading == "Check what the file holds"
    assert "Unchanged1as" in again.words


def test_a_preview_is_for_whoever_made_it(browser, made, lead, work):
    url, _ = go_on(browser.as_(lead), send(browser.as_(lead), work, workbook(a=(NEED, [need("1")]))))
    assert browser.as_(made.person(Role.QA_LEAD)).get(url).status == 404


def test_each_role_sees_the_cases_within_its_scope(browser, made, lead):
    north, south = made.team("North"), made.team("South")
    worker, manager = made.person(Role.WORKER), made.person(Role.TEAM_MANAGER, team=north)
    take(workbook(a=(NEED, [need("N1", "North", "A"), need("S1", "South", "B"), need("X1", None, "C")])))
    alias = one(select(WorkerAlias).where(WorkerAlias.spelling == "B"))
    operations.place_worker(alias, operations.worker_of(worker))
    db.session.commit()
    ids = {reference: case_id(reference) for reference in ("N1", "S1", "X1")}
    seen = {
        lead: {"N1", "S1", "X1"},
        manager: {"N1"},
        worker: {"S1"},
        made.person(Role.TEAM_MANAGER, team=south): {"S1"},
        made.person(Role.QA_LEAD, team=south): {"S1"},
        made.person(Role.AUDITOR): set(),
        made.person(Role.MODERATOR): set(),
    }
    for person, references in seen.items():
        me = browser.as_(person)
        words = me.get("/cases").words
        assert {reference for reference in ids if reference in words} == references
        csv = me.get("/cases/list.csv").text
        assert {reference for reference in ids if reference in csv} == references
        for reference, id in ids.items():
            assert me.get(f"/cases/{id}").status == (200 if reference in references else 404)


def test_only_what_a_viewers_own_lines_hold_is_offered_to_narrow_them(browser, made):
    north, south = made.team("North"), made.team("South")
    take(
        workbook(
            a=(NEED, [need("N1", "North", Case_Status="CIN"), need("S1", "South", Case_Status="Purple")]),
            b=(REFERRALS, [referral("S1", "01/09/2026", "South")]),
        )
    )
    found = {}
    for name, team in (("north", north), ("south", south)):
        page = browser.as_(made.person(Role.TEAM_MANAGER, team=team)).get("/cases")
        found[name] = {
            what: {option.get("value") for option in page.tree.cssselect(f"#filter-{what} option")} - {""}
            for what in ("list", "status", "team", "service")
        }
    assert found["north"] == {
        "list": {"6"}, "status": {"c) Child in need plan"}, "team": {"North"}, "service": {str(north.service_id)},
    }  # fmt: skip
    assert found["south"]["list"] == {"3", "6"}
    assert (found["south"]["team"], found["south"]["service"]) == ({"South"}, {str(south.service_id)})


def test_the_population_is_kept_for_the_whole_council_or_not_at_all(browser, made, lead, work):
    team = made.team("North")
    own, _ = go_on(browser.as_(lead), send(browser.as_(lead), work, workbook(a=(NEED, [need("1")]))))
    taken = take(workbook(a=(NEED, [need("1", "Else")])))
    worker = operations.add_worker("A")
    operations.place_worker(one(select(WorkerAlias)), worker)
    db.session.commit()
    team_alias, worker_alias = one(select(TeamAlias.id)), one(select(WorkerAlias.id))
    pages = [
        "/cases/population", "/cases/import", "/cases/names", "/cases/names/placed", f"/cases/imports/{taken.id}",
        f"/cases/imports/{taken.id}/problems.csv", f"/cases/workers/{worker.id}/rename",
        f"/cases/workers/{worker.id}/merge",
    ]  # fmt: skip
    undone = [f"/cases/names/teams/{team_alias}/undo", f"/cases/names/workers/{worker_alias}/undo"]
    for scope in ({"team": team}, {"service": made.service()}):
        me = browser.as_(made.person(Role.QA_LEAD, **scope))
        assert {url: me.get(url).status for url in pages} == dict.fromkeys(pages, 404)
        assert [me.post(url).status for url in undone] == [404, 404]
        assert "Population" not in me.get("/cases").words
    for person in (lead, made.person(Role.ADMINISTRATOR)):
        me = browser.as_(person)
        assert {url: me.get(url).status for url in pages} == dict.fromkeys(pages, 200)
    for grant in every(select(RoleGrant).where(RoleGrant.person_id == lead.id)):
        grant.team_id = team.id
        db.session.commit()
    assert browser.as_(lead).get(own).status == 404


@pytest.mark.parametrize("role", [Role.ADMINISTRATOR, Role.LEAD_MEMBER, Role.SENIOR_LEADER])
def test_administrators_and_members_see_no_case(browser, made, role):
    take(workbook(a=(NEED, [need("N1")])))
    me = browser.as_(made.person(role))
    assert me.get("/cases").status == 404
    assert me.get(f"/cases/{case_id('N1')}").status == 404


def test_an_administrator_may_import_and_place_names(browser, made):
    me = browser.as_(made.person(Role.ADMINISTRATOR))
    for url in ("/cases/population", "/cases/import", "/cases/names", "/cases/names/placed"):
        assert me.get(url).status == 200


def test_filters_narrow_the_list(browser, made, lead):
    made.team("North")
    rows = [need("A1", "North", "Ann", Case_Status="CIN"), need("A2", "South", "Bob", CIN_Closure_Date="01/01/2026")]
    take(workbook(a=(NEED, rows), b=(REFERRALS, [referral("B1", "01/09/2026")])))
    me = browser.as_(lead)
    service = me.get("/cases").tree.cssselect("#filter-service option")[-1].get("value")
    for query, expected in {
        "": {"A1", "A2", "B1"},
        "q=a": {"A1", "A2"},
        "q=A1": {"A1"},
        "list=3": {"B1"},
        "status=c%29+Child+in+need+plan": {"A1"},
        "team=North": {"A1"},
        f"service={service}": {"A1"},
        "worker=bob": {"A2"},
        "open=no": {"A2"},
        "team=North&open=no": set(),
        "team=Nowhere&sort=nonsense": {"A1", "A2", "B1"},
    }.items():
        words = me.get(f"/cases?{query}").tree.cssselect("table")
        found = words[0].text_content() if words else ""
        assert {reference for reference in ("A1", "A2", "B1") if reference in found} == expected, query


def test_the_list_is_read_page_by_page(browser, lead):
    take(workbook(a=(NEED, [need(f"C{number:03d}") for number in range(120)])))
    me = browser.as_(lead)
    page, seen = me.get("/cases?sort=-case"), []
    while True:
        seen += [link.text for link in page.tree.cssselect("tbody th a")]
        following = page.tree.cssselect(".govuk-pagination__next a")
        if not following:
            break
        page = me.get(following[0].get("href"))
    assert seen == [f"C{number:03d}" for number in range(119, -1, -1)]


def test_a_cases_page_tells_its_story_and_that_it_was_opened(browser, lead):
    from auditapp.journal.models import Entry

    take(workbook(a=(NEED, [need("4417", CIN_Start_Date="05/04/2026", Date_Child_Was_Last_Seen="01/09/2026")])))
    take(workbook(a=(NEED, [need("4417", CIN_Start_Date="05/08/2026", team="+1+1")])))
    page = browser.as_(lead).get(f"/cases/{case_id('4417')}")
    assert page.heading == "Case 4417"
    assert "4417" not in page.title
    assert "5 April 2026" in page.words
    assert "1 September 2026" in page.words
    assert "No longer in the extract" in page.words
    opened = one(select(Entry).where(Entry.verb == "opened", Entry.kind == "case"))
    assert (opened.object_id, opened.person_id) == (str(case_id("4417")), lead.id)
    assert "'+1+1" in browser.as_(lead).get("/cases/list.csv").text


def test_names_are_placed_undone_renamed_and_joined(browser, made, lead):
    team, person = made.team("Locality North"), made.person(Role.WORKER, name="Priya Shah")
    rows = [
        need("1", "Locality Nort", "Shah, Priya"),
        need("2", "Elsewhere", "priya shah"),
        need("3", None, "Z. Unknown"),
    ]
    take(workbook(a=(NEED, rows)))
    me = browser.as_(lead)
    page = me.get("/cases/names")
    assert "Most like Locality North" in page.words
    assert "Most like Priya Shah" in page.words
    spelling = {alias.spelling: alias.id for alias in every(select(WorkerAlias))}
    teams = {alias.spelling: alias.id for alias in every(select(TeamAlias))}
    answer = me.submit(
        "/cases/names",
        **{
            f"team__{teams['Locality Nort']}": str(team.id),
            f"worker__{spelling['Shah, Priya']}": f"person {person.id}",
            f"worker__{spelling['Z. Unknown']}": "new",
        },
    )
    assert "4 placed." in me.follow(answer).words
    workers = {worker.name: worker for worker in every(select(Worker))}
    assert {alias.spelling for alias in workers["Priya Shah"].aliases} == {"Shah, Priya", "priya shah"}
    db.session.commit()
    assert "1 involvement" in browser.as_(person).get("/cases?q=1").words
    unknown = workers["Z. Unknown"]
    me.submit(f"/cases/workers/{unknown.id}/rename", name="Zed")
    assert "Zed" in me.get("/cases/names/placed").words
    stale = me.submit(f"/cases/workers/{unknown.id}/rename", name="Other", version="1")
    assert stale.status == 422
    assert "Zed" in stale.errors[0]
    me.submit(f"/cases/workers/{workers['Priya Shah'].id}/merge", other=str(unknown.id))
    placed = me.get("/cases/names/placed").words
    assert "Zed" not in placed
    assert me.post(f"/cases/names/workers/{spelling['Shah, Priya']}/undo").status == 303
    assert "Shah, Priya" in me.get("/cases/names").words


def test_a_place_that_was_not_offered_is_refused(browser, made, lead):
    take(workbook(a=(NEED, [need("1")])))
    alias = one(select(TeamAlias))
    refused = browser.as_(lead).submit("/cases/names", **{f"team__{alias.id}": "999"})
    assert refused.status == 422


def test_a_waiting_name_says_how_much_is_open_under_it_and_only_practice_is_offered(browser, made, lead):
    rows = [need("1"), need("2"), need("3", "South"), need("4", CIN_Closure_Date="01/01/2026")]
    take(workbook(a=(NEED, rows)))
    made.person(Role.WORKER, name="Wanda Worker")
    made.person(Role.SENIOR_LEADER, name="Lena Leader")
    gone = made.person(Role.WORKER, name="Gone Already")
    gone.ended_on = today()
    db.session.commit()
    page = browser.as_(lead).get("/cases/names")
    for words in ("2 waiting", "1 waiting", "2 open involvements.", "1 open involvement.", "3 open involvements."):
        assert words in page.words
    alias = one(select(WorkerAlias.id))
    offered = {option.text_content() for option in page.tree.cssselect(f"#worker-{alias} option")}
    assert "Wanda Worker" in offered
    assert not {"Lena Leader", "Gone Already"} & offered


def test_where_there_is_no_team_to_choose_it_says_who_adds_one(browser, made, lead):
    take(workbook(a=(NEED, [need("1")])))
    assert "An administrator adds services and teams." in browser.as_(lead).get("/cases/names").words
    keeper = browser.as_(made.person(Role.ADMINISTRATOR))
    assert [link.text for link in keeper.get("/cases/names").tree.cssselect(".govuk-inset-text a")] == [
        "Add services and teams"
    ]
    team = made.team("Long gone")
    team.ended_on = LONG_AGO
    db.session.commit()
    assert "There is no team yet" in keeper.get("/cases/names").words
    made.team("Here")
    assert "There is no team yet" not in keeper.get("/cases/names").words
