"""An extract is previewed, taken whole or not at all, and never overwrites what an audit may be tied to."""

import io
import json
import threading
from concurrent.futures import ThreadPoolExecutor
from datetime import date

import pytest
from openpyxl import Workbook
from sqlalchemy import func, select

from auditapp import journal
from auditapp.cases import operations, queries
from auditapp.cases.models import Case, Involvement, PendingImport, PopulationImport, TeamAlias, WorkerAlias
from auditapp.db import db, now, writing
from tests import extracts, hostile

AS_AT = extracts.AS_AT
NEED = extracts.HEADINGS["6"]
REFERRALS = extracts.HEADINGS["3"]


def workbook(**sheets):
    """A workbook from lists of rows, each a dictionary of heading to value."""
    book = Workbook()
    book.remove(book.active)
    for name, (headings, rows) in sheets.items():
        sheet = book.create_sheet(name)
        sheet.append(headings)
        for row in rows:
            sheet.append([row.get(heading) for heading in headings])
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def need(reference, team="North", worker="A. Shah", **more):
    more = {name.replace("_", " "): value for name, value in more.items()}
    return {"Child Unique ID": reference, "Allocated Team": team, "Allocated Worker": worker, **more}


def referral(reference, day, team="Duty"):
    return {"Child Unique ID": reference, "Date of referral": day, "Allocated Team": team}


def take(data, as_at=AS_AT, name="extract.xlsx"):
    extract, pointing = operations.read(data, name, as_at)
    waiting = operations.preview(extract, pointing, data=data, name=name, by=None, at=now())
    taken = operations.take(waiting, by=None, at=now())
    db.session.commit()
    return taken


def counts(taken):
    return tuple(taken.summary["cases"][name] for name in ("new", "changed", "gone", "unchanged"))


def test_taking_the_same_extract_twice_changes_nothing(app):
    data = extracts.dirty(60).data
    first, second = take(data), take(data)
    children = len(extracts.dirty(60).children)
    assert counts(first) == (children, 0, 0, 0)
    assert counts(second) == (0, 0, 0, children)
    assert first.population_digest == second.population_digest


def test_counts_of_what_was_taken_are_those_of_the_workbook(app):
    made = extracts.dirty(150, 4)
    take(made.data)
    for key, expected in made.lists.items():
        counted = queries.count_open(key)
        assert counted.total == sum(expected.open_by_team.values())
        assert dict(counted.rows) == expected.open_by_team


def test_a_child_with_two_open_events_is_counted_once_with_the_latest(app):
    rows = [
        referral("1", "01/08/2026", "Duty"),
        referral("1", "01/09/2026", "Night"),
        referral("2", "01/09/2026", None),
    ]
    take(workbook(a=(REFERRALS, rows)))
    counted = queries.count_open("3")
    assert (counted.total, counted.rows) == (2, (("Night", 1), (None, 1)))


def test_new_changed_and_gone_children_are_kept_as_such(app):
    take(workbook(a=(NEED, [need("1"), need("2"), need("3")])))
    taken = take(workbook(a=(NEED, [need("1"), need("2", team="South"), need("4")])))
    assert counts(taken) == (1, 1, 1, 1)
    gone = db.session.scalar(select(Involvement).join(Case).where(Case.reference == "3"))
    assert (gone.gone_import_id, gone.open_then) == (taken.id, False)
    back = take(workbook(a=(NEED, [need("3")])))
    assert counts(back) == (1, 0, 3, 0)
    db.session.refresh(gone)
    assert (gone.gone_import_id, gone.open_then) == (None, True)


def test_lists_that_are_not_in_the_file_stay_as_they_were(app):
    take(workbook(a=(NEED, [need("1")]), b=(REFERRALS, [referral("2", "01/09/2026")])))
    assert counts(take(workbook(a=(NEED, [need("1")])))) == (0, 0, 0, 1)
    assert queries.count_open("3").total == 1


def test_a_new_episode_is_a_new_involvement_and_the_old_one_stays(app):
    take(workbook(a=(NEED, [need("1", CIN_Start_Date="01/02/2026")])))
    taken = take(workbook(a=(NEED, [need("1", CIN_Start_Date="01/08/2026")])))
    kept = db.session.scalars(select(Involvement).order_by(Involvement.id)).all()
    assert [(one.started_on, one.gone_import_id) for one in kept] == [
        (date(2026, 2, 1), taken.id),
        (date(2026, 8, 1), None),
    ]


def test_an_involvement_that_says_something_else_stays_itself(app):
    take(workbook(a=(NEED, [need("1", CIN_Start_Date="01/02/2026")])))
    before = db.session.scalar(select(Involvement.id))
    take(workbook(a=(NEED, [need("1", CIN_Start_Date="01/02/2026", team="South")])))
    assert [(one.id, one.team_alias.spelling) for one in db.session.scalars(select(Involvement))] == [(before, "South")]


def test_one_of_two_events_of_a_day_going_leaves_the_other_itself(app):
    both = [referral("1", "01/09/2026", "Duty"), referral("1", "01/09/2026", "Night")]
    for order in (both, both[::-1]):
        take(workbook(a=(REFERRALS, order)))
    before = {one.team_alias.spelling: one.id for one in db.session.scalars(select(Involvement))}
    assert len(before) == 2
    take(workbook(a=(REFERRALS, both[1:])))
    left = db.session.scalars(select(Involvement).where(Involvement.gone_import_id.is_(None))).one()
    assert (left.id, left.team_alias.spelling) == (before["Night"], "Night")


def test_what_an_extract_does_not_say_of_a_child_stays_as_it_was(app):
    take(
        workbook(
            a=(
                [*NEED, "Date of Birth"],
                [need("1", Gender="F", Ethnicity="WBRI", **{"Date of Birth": date(2015, 3, 7)})],
            )
        )
    )
    before = db.session.execute(select(Case.age_band, Case.gender, Case.ethnicity)).one()
    assert all(before)
    take(b"Case ID,Team,Worker,Opened\n1,North,A,01/02/2026\n2,North,A,01/02/2026\n", name="open.csv")
    assert db.session.execute(select(Case.age_band, Case.gender, Case.ethnicity).order_by(Case.id)).all() == [
        before,
        ("", "", ""),
    ]
    take(workbook(a=(NEED, [need("1", Gender="M"), need("2", Ethnicity="APKN")])))
    said = db.session.execute(select(Case.age_band, Case.gender, Case.ethnicity).order_by(Case.id)).all()
    assert said[0] == (before.age_band, "M", before.ethnicity)
    assert [bool(words) for words in said[1]] == [False, False, True]


def test_an_extract_is_not_taken_when_the_population_changed_meanwhile(app):
    first = workbook(a=(NEED, [need("1")]))
    extract, _ = operations.read(first, "a.xlsx", AS_AT)
    waiting = operations.preview(extract, {}, data=first, name="a.xlsx", by=None, at=now())
    db.session.commit()
    pending_id = waiting.id
    data = workbook(a=(NEED, [need("2")]))
    other, _ = operations.read(data, "b.xlsx", AS_AT)
    operations.take(operations.preview(other, {}, data=data, name="b.xlsx", by=7, at=now()), by=None, at=now())
    db.session.commit()
    with pytest.raises(operations.PopulationHasChanged):
        operations.take(db.session.get_one(PendingImport, pending_id), by=None, at=now())
    db.session.rollback()
    assert [one.reference for one in db.session.scalars(select(Case))] == ["2"]


def test_of_two_extracts_taken_at_the_same_time_one_is_taken(app):
    pending = []
    for by, reference in enumerate(("1", "2"), 1):
        data = workbook(a=(NEED, [need(reference)]))
        extract, _ = operations.read(data, "a.xlsx", AS_AT)
        pending.append(operations.preview(extract, {}, data=data, name="a.xlsx", by=by, at=now()).id)
    db.session.commit()
    together = threading.Barrier(2, timeout=60)

    def taken(pending_id):
        with app.app_context(), writing(), journal.act_for(None, "tester"):
            together.wait()
            try:
                operations.take(db.session.get_one(PendingImport, pending_id), by=None, at=now())
            except operations.PopulationHasChanged:
                db.session.rollback()
                return False
            db.session.commit()
            return True

    with ThreadPoolExecutor(2) as pool:
        outcomes = list(pool.map(taken, pending))
    assert sorted(outcomes) == [False, True]
    assert db.session.scalar(select(func.count()).select_from(Case)) == 1


def test_one_preview_taken_twice_at_the_same_time_is_taken_once_and_both_are_told(app):
    data = workbook(a=(NEED, [need("1")]))
    extract, _ = operations.read(data, "a.xlsx", AS_AT)
    pending_id = operations.preview(extract, {}, data=data, name="a.xlsx", by=1, at=now()).id
    db.session.commit()
    together = threading.Barrier(2, timeout=60)

    def taken():
        with app.app_context(), writing(), journal.act_for(None, "tester"):
            together.wait()
            extract_id = operations.take(db.session.get_one(PendingImport, pending_id), by=None, at=now()).id
            db.session.commit()
            return extract_id

    with ThreadPoolExecutor(2) as pool:
        outcomes = [waiting.result() for waiting in [pool.submit(taken), pool.submit(taken)]]
    assert outcomes == [db.session.scalars(select(PopulationImport.id)).one()] * 2


def test_nothing_of_a_child_beyond_what_may_be_kept_is_stored(app):
    row = need("1", **{"Date of Birth": date(2015, 3, 7), "Reason for Closure": "SECRET-A", "Gender": "F"})
    headings = [*NEED, "UPN", "Placement postcode"]
    row |= {"UPN": "SECRET-B", "Placement postcode": "SECRET-C", "Does the Child have a Disability": "SECRET-D"}
    take(workbook(a=(headings, [row])))
    everything = " ".join(
        str(one.__dict__)
        for model in (Case, Involvement, PopulationImport, PendingImport, TeamAlias, WorkerAlias)
        for one in db.session.scalars(select(model))
    )
    assert "SECRET" not in everything
    assert "2015" not in everything
    assert "10 to 15" in everything


def test_spellings_wait_and_only_a_teams_own_name_is_placed(app, made):
    team = made.team("North")
    take(workbook(a=(NEED, [need("1", team="north"), need("2", team="Nrth")])))
    placed = {alias.spelling: alias.team_id for alias in db.session.scalars(select(TeamAlias))}
    assert placed == {"north": team.id, "Nrth": None}
    assert [alias.worker_id for alias in db.session.scalars(select(WorkerAlias))] == [None]


def test_a_worker_of_the_same_name_gets_no_right_by_it(app, made):
    from auditapp.people.queries import viewer_of
    from auditapp.people.roles import Role

    person = made.person(Role.WORKER, name="A. Shah")
    take(workbook(a=(NEED, [need("1")])))
    assert viewer_of(person).worker_ids == frozenset()
    operations.place_worker(db.session.scalars(select(WorkerAlias)).one(), operations.worker_of(person))
    db.session.commit()
    assert len(viewer_of(person).worker_ids) == 1


def test_two_workers_become_one_and_two_people_never(app, made):
    one, other = operations.add_worker("A"), operations.worker_of(made.person(name="B"))
    operations.merge_workers(one, other)
    assert one.person_id is not None
    third = operations.worker_of(made.person(name="C"))
    with pytest.raises(ValueError, match="cannot be one worker"):
        operations.merge_workers(one, third)


# ---- the command ----


@pytest.fixture
def run(app, capsys):
    def command(*arguments):
        db.session.commit()
        capsys.readouterr()
        result = app.test_cli_runner().invoke(args=["cases", *arguments])
        return result.exit_code, result.stdout, result.stderr

    return command


def test_the_command_says_what_it_read_and_takes_it_only_when_asked(run, tmp_path):
    made = extracts.dirty(80, 9)
    file = tmp_path / "annex.xlsx"
    file.write_bytes(made.data)
    code, out, _ = run("import", str(file), "--as-at", "2026-09-30", "--json")
    said = json.loads(out)
    assert (code, said["taken"], said["cases"]["new"]) == (0, False, len(made.children))
    assert db.session.scalar(select(func.count()).select_from(Case)) == 0
    for report in said["lists"]:
        assert set(report) == {"list", "sheet", "header_row", "read", "accepted", "refused", "notes"}
        assert report["read"] == made.lists[report["list"]].read == report["accepted"] + len(report["refused"])
        assert all(set(one) == {"row", "why"} for one in report["refused"])
        assert all(set(one) == {"row", "what"} for one in report["notes"])
    code, out, _ = run("import", str(file), "--as-at", "30/09/2026", "--json", "--take")
    assert (code, json.loads(out)["taken"]) == (0, True)
    code, out, _ = run("count", "--list", "6", "--open", "--json")
    expected = made.lists["6"].open_by_team
    assert json.loads(out)["total"] == sum(expected.values())
    assert {row["team"]: row["n"] for row in json.loads(out)["rows"]} == expected


def test_the_operator_takes_an_older_extract_and_is_told_that_it_is_one(run, tmp_path):
    file = tmp_path / "need.xlsx"
    file.write_bytes(workbook(a=(NEED, [need("1")])))
    assert run("import", str(file), "--as-at", "2026-09-30", "--take")[2] == ""
    code, out, err = run("import", str(file), "--as-at", "2026-08-31", "--json", "--take")
    assert (code, json.loads(out)["taken"]) == (0, True)
    assert err == "Note: An extract that shows a later day was taken already (30 September 2026).\n"


def test_the_command_counts_by_status(run, tmp_path):
    file = tmp_path / "need.xlsx"
    rows = [need("1", Case_Status="CIN"), need("2", Case_Status="c) Child in need plan"), need("3")]
    file.write_bytes(workbook(a=(NEED, rows)))
    run("import", str(file), "--as-at", "2026-09-30", "--take")
    _, out, _ = run("count", "--list", "6", "--open", "--by", "status", "--json")
    assert json.loads(out) == {
        "total": 3,
        "rows": [{"status": "c) Child in need plan", "n": 2}, {"status": None, "n": 1}],
    }


def test_the_command_speaks_to_people_too(run, tmp_path):
    file = tmp_path / "need.xlsx"
    file.write_bytes(workbook(a=(NEED, [need("1"), need(None)])))
    code, out, _ = run("import", str(file), "--as-at", "2026-09-30", "--take")
    assert code == 0
    assert "refused, row 3: Child Unique ID is blank." in out
    assert "1 new" in out
    assert "North" in run("count", "--list", "6", "--open")[1]


def test_a_list_of_ones_own_is_read_by_its_headings_or_by_pointing(run, tmp_path):
    file = tmp_path / "open.csv"
    file.write_text("Person ID;Team;Worker;Opened\n0012;North;A;01/02/2026\n", encoding="utf-8")
    code, out, _ = run("import", str(file), "--as-at", "2026-09-30", "--json", "--take")
    assert (code, json.loads(out)["lists"][0]["list"]) == (0, "open")
    assert run("count", "--list", "open", "--open")[1].split()[:2] == ["North", "1"]
    file.write_text("Nummer,Team\n0012,South\n", encoding="utf-8")
    code, out, _ = run("import", str(file), "--as-at", "2026-09-30", "--json")
    assert (code, json.loads(out)["headings"]) == (1, ["Nummer", "Team"])
    pointing = ("--column", "reference=Nummer", "--column", "team=Team")
    code, out, _ = run("import", str(file), "--as-at", "2026-09-30", *pointing, "--json", "--take")
    assert (code, json.loads(out)["cases"]) == (0, {"new": 0, "changed": 1, "gone": 0, "unchanged": 0})
    assert run("import", str(file), "--as-at", "2026-09-30", "--json")[0] == 0


def test_a_file_without_headings_is_refused_and_none_of_its_cells_repeated(run, tmp_path):
    file = tmp_path / "open.csv"
    file.write_text("Zoe Zebra;07/03/2015;AB1 2CD;Team\nYan Yak;08/03/2016;AB1 2CE;Team\n", encoding="utf-8")
    code, out, err = run("import", str(file), "--as-at", "2026-09-30", "--json")
    assert (code, json.loads(out)["headings"]) == (1, [])
    assert err.startswith("The first rows hold no headings")
    assert "Zebra" not in out + err


def test_a_file_that_cannot_be_read_is_a_sentence_and_exit_code_1(run, tmp_path):
    for name, make in (hostile.FILES["macros"], hostile.FILES["a zip cut short"]):
        file = tmp_path / name
        file.write_bytes(make())
        code, out, err = run("import", str(file), "--as-at", "2026-09-30", "--json")
        assert code == 1
        assert err.strip() == json.loads(out)["why"]
        assert json.loads(out)["taken"] is False
    assert run("import", str(tmp_path / "nothing.xlsx"), "--as-at", "2026-09-30")[0] == 1


@pytest.mark.parametrize(
    "arguments",
    [
        ("import", "x.xlsx", "--as-at", "31/02/2026"),
        ("import", "x.xlsx", "--as-at", "0001-01-01"),
        ("import", "x.xlsx", "--as-at", "1999-12-31"),
        ("import", "x.xlsx", "--as-at", "2999-01-01"),
        ("import", "x.xlsx"),
        ("import", "x.xlsx", "--as-at", "2026-09-30", "--column", "surname=Name"),
        ("count", "--list", "12"),
        ("count", "--list", "6", "--by", "colour"),
    ],
)
def test_a_wrong_use_is_exit_code_2(run, arguments):
    assert run(*arguments)[0] == 2


def test_counting_before_anything_was_imported_is_refused(run):
    code, _, err = run("count", "--list", "6", "--open")
    assert code == 1
    assert "Nothing was imported yet" in err
