"""A whole audit through its pages, as each of those who take part; nothing here needs a script."""

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from threading import Barrier

import pytest
from sqlalchemy import select

from auditapp.actions.models import Action
from auditapp.audits import operations, queries
from auditapp.audits.models import Audit
from auditapp.audits.recorded import DomainPage, Drafted, Judged
from auditapp.db import db, now, today
from auditapp.journal.models import Entry
from auditapp.journal.verifying import verify
from auditapp.people.roles import Role
from tests.browser import Browser

KEY = "management_oversight"
NASTY = "<script>alert(1)</script> =1+1 “quotes” ’ \u202e ünïcode {{ 7 * 7 }}"


@pytest.fixture
def people(made):
    """Give everybody around one audit, and the audit."""

    class Around:
        team = made.team("Locality North 1")
        worker = made.person(Role.WORKER, name="Wil Ash", team=team)
        manager = made.person(Role.TEAM_MANAGER, name="Mo Byrne", team=team)
        auditor = made.person(Role.AUDITOR, name="Ada Cole")
        lead = made.person(Role.QA_LEAD, name="Quin Day")
        leader = made.person(Role.SENIOR_LEADER, name="Lee East")
        administrator = made.person(Role.ADMINISTRATOR)
        member = made.person(Role.LEAD_MEMBER)
        elsewhere = made.person(Role.TEAM_MANAGER, team=made.team())
        stranger = made.person(Role.AUDITOR, name="Zoe Stranger")

        @property
        def id(self):
            return self.audit_id

    around = Around()
    around.audit = made.audit(team=around.team, worker=made.worker(around.worker), auditor=around.auditor)
    around.audit_id = around.audit.id
    return around


def everyone(people):
    names = ("worker", "manager", "auditor", "lead", "leader", "administrator", "member", "elsewhere", "stranger")
    return {name: getattr(people, name) for name in names}


def stored(audit_id):
    return db.session.get(Audit, audit_id)


def fields(mark="good"):
    return {"mark": mark, "evidence": "Supervision of 3 March.", "effect": "She waits no longer."}


def test_the_task_list_says_how_far_each_section_is_and_what_next(people, browser):
    page = browser.as_(people.auditor).follow(browser.as_(people.auditor).get(f"/audits/{people.id}"))
    assert "Management oversight and supervision" in page.heading
    assert "Not yet started" in page.words
    assert "Check your answers" in page.words


def test_a_domain_is_saved_and_its_text_comes_back(people, browser):
    auditor = browser.as_(people.auditor)
    url = f"/audits/{people.id}/domains/{KEY}"
    assert auditor.submit(url, "Save and go back", evidence=NASTY, q_supervision_interval="partly").status == 303
    page = auditor.get(url)
    assert page.tree.cssselect("#evidence")[0].text.strip() == NASTY
    assert page.tree.cssselect("input[name=q_supervision_interval][value=partly][checked]")
    assert "In progress" in auditor.get(f"/audits/{people.id}/tasks").words


def test_no_grade_is_chosen_beforehand_and_each_says_what_it_looks_like_here(people, browser):
    page = browser.as_(people.auditor).get(f"/audits/{people.id}/domains/{KEY}")
    marks = page.tree.cssselect("input[name=mark]")
    assert [mark.get("value") for mark in marks] == ["outstanding", "good", "requires_improvement", "inadequate"]
    assert not any(mark.get("checked") for mark in marks)
    assert "A stranger sees" in page.words


def test_several_findings_and_actions_are_added_without_script(people, browser):
    auditor, url = browser.as_(people.auditor), f"/audits/{people.id}/domains/{KEY}"
    answer = auditor.submit(url, "Add a strength")
    assert "add=strength#strength-0-words" in answer.location
    answer = auditor.submit(
        answer.location, "Add a strength", strength__0__words="Kind.", strength__0__theme="supervision"
    )
    answer = auditor.submit(answer.location, "Add an area for learning", strength__1__words="Prompt.")
    answer = auditor.submit(answer.location, "Add an action", learning__0__words="No dates.")
    owner = str(people.worker.id)
    day = {"action__0__due__day": "1", "action__0__due__month": "12", "action__0__due__year": "2030"}
    auditor.submit(answer.location, "Save and continue", action__0__what="Date the plan", action__0__owner=owner, **day)
    kept = queries.recorded_in(stored(people.id).versions[0])
    assert [one.words for one in kept.findings[KEY]] == ["Kind.", "Prompt.", "No dates."]
    assert [(one.what, one.owner_id, one.due_on.year) for one in kept.actions[KEY]] == [
        ("Date the plan", people.worker.id, 2030)
    ]
    auditor.submit(url, "Save and continue", strength__0__drop="y")
    kept = queries.recorded_in(stored(people.id).versions[0])
    assert [one.words for one in kept.findings[KEY]] == ["Prompt.", "No dates."]


def test_the_worker_and_the_manager_stand_first_among_the_owners_of_an_action(people, browser):
    page = browser.as_(people.auditor).get(f"/audits/{people.id}/domains/{KEY}?add=action")
    options = [one.text_content().strip() for one in page.tree.cssselect("select[name=action-0-owner] option")]
    assert options[1:3] == ["Wil Ash (the case’s worker)", "Mo Byrne (team manager)"]


def test_a_number_that_is_none_is_refused_and_everything_typed_is_kept(people, browser):
    auditor, url = browser.as_(people.auditor), f"/audits/{people.id}/domains/{KEY}"
    page = auditor.submit(url, "Save and continue", evidence="Kept.", q_supervision_longest_gap="often")
    assert page.status == 422
    assert page.title.startswith("Error: ")
    assert page.errors
    assert page.tree.cssselect("#evidence")[0].text.strip() == "Kept."
    assert page.tree.cssselect("#q_supervision_longest_gap")[0].get("value") == "often"


def test_of_two_windows_saving_one_domain_the_second_sees_both_texts(people, browser):
    auditor, url = browser.as_(people.auditor), f"/audits/{people.id}/domains/{KEY}"
    shown = auditor.get(url).tree.cssselect("input[name=version]")[0].get("value")
    auditor.submit(url, "Save and continue", evidence="From the first window.")
    page = auditor.post(url, {"version": shown, "evidence": "From the second window.", "then": "next"})
    assert page.status == 409
    assert "From the first window." in page.words
    assert "From the second window." in page.words
    assert queries.recorded_in(stored(people.id).versions[0]).judged[KEY].evidence == "From the first window."


def test_two_windows_at_the_conversation_and_the_overall_page_see_both_texts_too(made, browser):
    person = made.person(Role.AUDITOR)
    audit_id, auditor = made.audit(template="whole_case", auditor=person).id, browser.as_(person)
    for page, first, second in (
        ("conversation", {"held": "no", "not_held": "declined"}, {"held": "no", "not_held": "worker_left"}),
        ("overall", {"so_what": "She is safe."}, {"so_what": "She waits."}),
    ):
        url = f"/audits/{audit_id}/{page}"
        shown = auditor.get(url).tree.cssselect("input[name=version]")[0].get("value")
        assert auditor.post(url, {"version": shown, **first}).status == 303
        late = auditor.post(url, {"version": shown, **second})
        assert late.status == 409
    assert "She is safe." in late.words
    assert "She waits." in late.words
    shown = auditor.get(f"/audits/{audit_id}/overall").tree.cssselect("input[name=version]")[0].get("value")
    saved = auditor.post(f"/audits/{audit_id}/overall/autosave", {"version": shown}, headers={"X-Autosave": "1"})
    assert saved.status == 200
    stale = auditor.post(f"/audits/{audit_id}/overall/autosave", {"version": shown}, headers={"X-Autosave": "1"})
    assert stale.status == 409


def test_a_page_saves_itself_while_it_is_written(people, browser):
    auditor, url = browser.as_(people.auditor), f"/audits/{people.id}/domains/{KEY}"
    shown = auditor.get(url).tree.cssselect("input[name=version]")[0].get("value")
    half = {"version": shown, "evidence": "Half a", "q_supervision_longest_gap": "4x"}
    first = auditor.post(f"{url}/autosave", half, headers={"X-Autosave": "1"})
    assert (first.status, first.json["version"]) == (200, int(shown) + 1)
    again = auditor.post(f"{url}/autosave", half, headers={"X-Autosave": "1"})
    assert again.status == 409
    assert again.json["theirs"]["evidence"] == "Half a"
    too_long = {"version": first.json["version"], "evidence": "x" * 10_001}
    refused = auditor.post(f"{url}/autosave", too_long, headers={"X-Autosave": "1"})
    assert refused.status == 422
    assert "10,000" in refused.json["said"]


def test_saving_twice_by_a_double_click_has_one_effect(people, browser):
    auditor, url = browser.as_(people.auditor), f"/audits/{people.id}/domains/{KEY}"
    shown = auditor.get(url).tree.cssselect("input[name=version]")[0].get("value")
    twice = {"version": shown, "evidence": "Once.", "then": "back", "idempotency_key": "the-same-key"}
    assert [auditor.post(url, twice).status for _ in range(2)] == [303, 303]
    assert queries.section(stored(people.id).versions[0], KEY).version == int(shown) + 1


def test_a_domain_that_is_not_called_for_says_so(made, browser):
    auditor = made.person(Role.AUDITOR)
    audit_id = made.audit(template="whole_case", auditor=auditor).id
    page = browser.as_(auditor).get(f"/audits/{audit_id}/domains/permanence")
    assert "not asked here" in page.words
    assert browser.as_(auditor).get(f"/audits/{audit_id}/domains/nonsense").status == 404


def test_the_check_names_what_is_missing_and_leads_to_the_very_field(people, browser):
    auditor = browser.as_(people.auditor)
    untouched = auditor.get(f"/audits/{people.id}/check").words
    assert "Management oversight and supervision is not yet started." in untouched
    auditor.submit(f"/audits/{people.id}/domains/{KEY}", "Save and go back", q_supervision_interval="yes")
    page = auditor.submit(f"/audits/{people.id}/check", "Submit audit")
    assert page.status == 422
    links = {one.get("href") for one in page.tree.cssselect("[data-missing] a")}
    assert f"/audits/{people.id}/domains/{KEY}?back=check#mark" in links
    assert auditor.submit(
        f"/audits/{people.id}/domains/{KEY}?back=check", "Save and continue", **fields()
    ).location == (f"/audits/{people.id}/check")


def test_every_missing_field_that_is_named_is_there_on_its_page(people, browser):
    auditor = browser.as_(people.auditor)
    auditor.submit(f"/audits/{people.id}/domains/{KEY}?add=action", "Save and go back", action__0__what="Half.")
    auditor.submit(f"/audits/{people.id}/conversation", "Save and go back", held="yes", took_part="worker")
    links = auditor.get(f"/audits/{people.id}/check").tree.cssselect("[data-missing] a")
    assert len(links) > 10
    for link in links:
        address, _, anchor = link.get("href").partition("#")
        page = auditor.get(address).tree
        assert page.xpath(f"//*[@id='{anchor}']") if anchor else page.find(".//h1") is not None, link.get("href")


def test_the_conversation_needs_a_reason_where_there_was_none(people, browser):
    auditor, url = browser.as_(people.auditor), f"/audits/{people.id}/conversation"
    assert auditor.submit(url, "Save and continue", held="no").status == 422
    assert auditor.submit(url, "Save and continue", held="no", not_held="worker_left").status == 303
    assert queries.recorded_in(stored(people.id).versions[0]).conversation.not_held == "worker_left"


def test_a_yes_to_the_conversation_is_never_lost_without_a_word(people, browser):
    url = f"/audits/{people.id}/conversation"
    page = browser.as_(people.auditor).submit(url, "Save and continue", held="yes")
    assert (page.status, page.errors) == (422, ["Enter the day of the conversation"])


def test_an_action_is_not_promised_for_a_day_gone_by(people, browser):
    auditor, url = browser.as_(people.auditor), f"/audits/{people.id}/domains/{KEY}"
    parts = {"action__0__due__day": "1", "action__0__due__month": "1", "action__0__due__year": "2020"}
    page = auditor.submit(f"{url}?add=action", "Save and go back", action__0__what="Look.", **parts)
    assert page.errors == ["The day it will be done by must be today or later"]


def test_an_autosave_keeps_nothing_that_was_not_offered(people, browser):
    auditor, url = browser.as_(people.auditor), f"/audits/{people.id}/domains/{KEY}"
    auditor.submit(url, "Save and go back", mark="good")
    sent = {"version": "2", "mark": "splendid", "action-0-what": "Look.", "action-0-owner": "999999",
            "learning-0-words": "x", "learning-0-theme": "bogus"}  # fmt: skip
    answer = auditor.post(f"{url}/autosave", sent, headers={"X-Autosave": "1"})
    assert answer.status == 200
    kept = queries.recorded_in(stored(people.id).versions[0])
    assert kept.judged[KEY].mark == "good"
    assert [(one.what, one.owner_id) for one in kept.actions[KEY]] == [("Look.", None)]
    assert [one.theme_key for one in kept.findings[KEY]] == [""]


def test_a_conversation_was_not_held_tomorrow(people, browser):
    late = today() + timedelta(days=1)
    parts = {"on__day": str(late.day), "on__month": str(late.month), "on__year": str(late.year)}
    page = browser.as_(people.auditor).submit(
        f"/audits/{people.id}/conversation", "Save and continue", held="yes", **parts
    )
    assert page.errors == ["The day of the conversation must be today or in the past"]


def test_what_looks_like_a_name_is_pointed_out_and_never_blocks(people, browser, made):
    audit = stored(people.id)
    made.answered(audit)
    held = queries.recorded_in(audit.versions[0])
    judged = Judged("good", "The worker wrote that Maya was frightened.", "Safer.")
    operations.answer(audit.versions[0], KEY, DomainPage(held.answers, held.comments, judged), by=None, at=now())
    db.session.commit()
    auditor = browser.as_(people.auditor)
    assert "“Maya” looks like a name" in auditor.get(f"/audits/{people.id}/check").words
    assert auditor.submit(f"/audits/{people.id}/check", "Submit audit").status == 303


def test_a_submitted_audit_is_read_by_those_it_concerns_and_by_nobody_else(people, browser, made):
    made.submitted(stored(people.id))
    url = f"/audits/{people.id}/record"
    statuses = {name: browser.as_(person).get(url).status for name, person in everyone(people).items()}
    assert {name for name, status in statuses.items() if status == 200} == {"worker", "manager", "auditor", "lead"}
    assert {status for status in statuses.values() if status != 200} == {404}


def test_an_audit_that_is_being_written_is_seen_by_its_auditor_alone(people, browser):
    pages = ("tasks", f"domains/{KEY}", "conversation", "check", "record", "print")
    for name, person in everyone(people).items():
        for page in pages:
            status = browser.as_(person).get(f"/audits/{people.id}/{page}").status
            expected = 200 if name == "auditor" and page not in ("record", "print") else 404
            assert status == expected, (name, page)


def test_an_absent_audit_and_a_hidden_one_answer_alike(people, browser):
    stranger = browser.as_(people.stranger)
    hidden, absent = stranger.get(f"/audits/{people.id}/record"), stranger.get("/audits/999999/record")
    assert (hidden.status, hidden.words) == (absent.status, absent.words)


def test_each_opening_of_a_submitted_audit_is_one_line_of_the_journal(people, browser, made):
    made.submitted(stored(people.id))
    browser.as_(people.manager).get(f"/audits/{people.id}/record")
    lines = db.session.scalars(select(Entry).where(Entry.verb == "opened", Entry.kind == "audit")).all()
    assert [(line.person_id, line.object_id) for line in lines] == [(people.manager.id, str(people.id))]


def test_a_senior_leader_says_why_first_and_the_reason_is_kept(people, browser, made):
    made.submitted(stored(people.id))
    leader = browser.as_(people.leader)
    asked = leader.follow(leader.get(f"/audits/{people.id}"))
    assert asked.heading == "Open an audit in your scope"
    assert leader.submit(f"/audits/{people.id}/reason", "Open the audit", reason="").status == 422
    answer = leader.submit(f"/audits/{people.id}/reason", "Open the audit", reason="The inspectors asked.")
    assert leader.follow(answer).status == 200
    assert "The inspectors asked." in browser.as_(people.lead).get(f"/audits/{people.id}/opened").words
    another = made.submitted(team=people.team)
    assert leader.get(f"/audits/{another.id}/record").status == 404


def test_who_opened_an_audit_is_shown_without_its_content(people, browser, made):
    made.submitted(stored(people.id))
    browser.as_(people.manager).get(f"/audits/{people.id}/record")
    for reader in (people.lead, people.administrator):
        page = browser.as_(reader).get(f"/audits/{people.id}/opened")
        assert "Mo Byrne" in page.words
        assert "Supervision of 3 March" not in page.words
    assert browser.as_(people.administrator).get(f"/audits/{people.id}/record").status == 404
    assert browser.as_(people.manager).get(f"/audits/{people.id}/opened").status == 404


def test_the_workers_page_says_what_happens_and_keeps_their_words_to_themselves(people, browser):
    worker, url = browser.as_(people.worker), f"/audits/{people.id}/my-view"
    page = worker.get(url)
    assert "Nobody else can see it until you share it" in page.words
    worker.submit(url, "Save, keep it to myself", proud_of="Her drawing.")
    assert "Her drawing." not in browser.as_(people.auditor).get(f"/audits/{people.id}/conversation").words
    worker.submit(url, "Share with Ada Cole", **{f"grade_{KEY}": "outstanding"})
    shared = browser.as_(people.auditor).get(f"/audits/{people.id}/conversation").words
    assert "Her drawing." in shared
    assert "Outstanding" in shared
    for other in (people.auditor, people.manager, people.lead, people.stranger):
        assert browser.as_(other).get(url).status == 404


def test_the_workers_page_saves_itself_from_the_first_word(people, browser):
    worker, url = browser.as_(people.worker), f"/audits/{people.id}/my-view/autosave"
    first = worker.post(url, {"version": "0", "proud_of": "Her"}, headers={"X-Autosave": "1"})
    assert (first.status, first.json["version"]) == (200, 1)
    assert worker.post(url, {"version": "0", "proud_of": "Other"}, headers={"X-Autosave": "1"}).status == 409


def test_the_worker_says_that_they_have_read_it_and_where_they_see_it_differently(people, browser, made):
    made.submitted(stored(people.id))
    worker = browser.as_(people.worker)
    answer = worker.submit(f"/audits/{people.id}/record", "I have read this", disagreement="I saw her twice in May.")
    page = worker.follow(answer)
    assert "I saw her twice in May." in page.words
    assert "Have you read it?" not in page.words
    assert "I saw her twice in May." in browser.as_(people.manager).get(f"/audits/{people.id}/record").words
    assert browser.as_(people.manager).post(f"/audits/{people.id}/read", {}).status == 404
    assert not verify().findings


def test_a_form_sent_to_a_submitted_audit_changes_nothing_and_says_so(people, browser, made):
    made.submitted(stored(people.id))
    auditor = browser.as_(people.auditor)
    answer = auditor.post(f"/audits/{people.id}/domains/{KEY}", {"version": "2", "evidence": "Changed."})
    assert "has been submitted" in auditor.follow(answer).words
    late = auditor.post(f"/audits/{people.id}/domains/{KEY}/autosave", {"version": "2"}, headers={"X-Autosave": "1"})
    assert late.status == 422
    assert queries.recorded_in(stored(people.id).versions[0]).judged[KEY].evidence == "Supervision of 3 March."


def test_a_correction_keeps_the_old_version_readable(people, browser, made):
    made.submitted(stored(people.id))
    auditor = browser.as_(people.auditor)
    assert auditor.submit(f"/audits/{people.id}/correct", "Begin the correction", reason="").status == 422
    auditor.submit(f"/audits/{people.id}/correct", "Begin the correction", reason="The wrong month.")
    auditor.submit(f"/audits/{people.id}/domains/{KEY}", "Save and go back", **fields("requires_improvement"))
    answer = auditor.submit(f"/audits/{people.id}/check", "Submit correction")
    assert "Correction submitted" in auditor.follow(answer).words
    worker = browser.as_(people.worker)
    now_in_force = worker.get(f"/audits/{people.id}/record").words
    assert "The wrong month." in now_in_force
    assert "Requires improvement to be good" in now_in_force
    assert "kept as it was" in worker.get(f"/audits/{people.id}/versions/1").words
    assert browser.as_(people.stranger).get(f"/audits/{people.id}/versions/1").status == 404


def test_only_its_auditor_corrects_an_audit(people, browser, made):
    made.submitted(stored(people.id))
    for name, person in everyone(people).items():
        expected = 200 if name == "auditor" else 404
        assert browser.as_(person).get(f"/audits/{people.id}/correct").status == expected, name


def test_the_print_holds_everything_that_was_submitted(people, browser, made):
    made.submitted(stored(people.id))
    page = browser.as_(people.worker).get(f"/audits/{people.id}/print")
    assert "Supervision of 3 March." in page.words
    assert "Fingerprint" in page.words


def test_the_qa_lead_opens_an_audit_and_sees_who_may_not_and_why(people, browser, made):
    case_id = made.involvement(team=people.team, worker=made.worker()).case_id
    lead = browser.as_(people.lead)
    involvement = lead.get(f"/audits/open/{case_id}").tree.cssselect("input[name=involvement]")[0].get("value")
    url = f"/audits/open/{case_id}?involvement={involvement}&template={KEY}&kind=monthly&days=15"
    page = lead.get(url)
    offered = [one.text_content().strip() for one in page.tree.cssselect("select[name=auditor] option")]
    assert "Ada Cole" in offered
    assert "Mo Byrne" not in offered
    assert "Mo Byrne belongs to the case’s own team, Locality North 1." in page.words
    answer = lead.submit(url, "Open the audit", auditor=str(people.auditor.id))
    assert "Audit opened for Ada Cole." in lead.follow(answer).words
    forged = lead.post(url, {"auditor": str(people.manager.id)})
    assert forged.status == 422


def test_a_kind_that_no_template_is_made_for_is_refused(people, browser, made):
    case_id = made.involvement().case_id
    lead = browser.as_(people.lead)
    involvement = lead.get(f"/audits/open/{case_id}").tree.cssselect("input[name=involvement]")[0].get("value")
    page = lead.get(f"/audits/open/{case_id}?involvement={involvement}&template={KEY}&kind=closure&days=15")
    assert page.errors == ["What kind of audit: choose one of the answers shown"]


def test_only_the_qa_lead_opens_allocates_and_withdraws(people, browser, made):
    case_id = made.involvement(team=people.team).case_id
    for name, person in everyone(people).items():
        for url in (f"/audits/open/{case_id}", f"/audits/{people.id}/allocation", f"/audits/{people.id}/withdraw"):
            assert browser.as_(person).get(url).status == (200 if name == "lead" else 404), (name, url)


def test_the_qa_lead_gives_an_audit_to_somebody_else_or_withdraws_it(people, browser):
    lead = browser.as_(people.lead)
    answer = lead.submit(f"/audits/{people.id}/allocation", "Allocate", auditor=str(people.stranger.id))
    assert "Allocated to Zoe Stranger." in lead.follow(answer).words
    assert browser.as_(people.auditor).get(f"/audits/{people.id}/tasks").status == 404
    answer = lead.submit(f"/audits/{people.id}/withdraw", "Withdraw audit", why="The family moved away.")
    assert "The family moved away." in lead.follow(answer).words
    assert browser.as_(people.stranger).get(f"/audits/{people.id}/tasks").status == 404


def test_the_list_shows_each_role_its_own_and_filters_stay_in_the_address(people, browser, made):
    made.submitted(stored(people.id))
    lead = browser.as_(people.lead)
    assert "1 audit" in lead.get("/audits/").words
    assert "0 audits" in lead.get("/audits/?state=Withdrawn").words
    assert "1 audit" in lead.get(f"/audits/?state=Submitted&team={people.team.id}&kind=monthly&sort=case").words
    assert "0 audits" in browser.as_(people.stranger).get("/audits/").words
    assert "1 audit" in browser.as_(people.manager).get("/audits/").words
    assert browser.as_(people.member).get("/audits/").status == 404


def test_the_list_as_csv_holds_what_the_list_holds(people, browser):
    answer = browser.as_(people.lead).get("/audits/list.csv?state=To+do")
    assert answer.status == 200
    assert "Locality North 1" in answer.text
    assert len(answer.text.strip().splitlines()) == 2


def test_nasty_addresses_and_forms_are_answered_plainly(people, browser):
    auditor = browser.as_(people.auditor)
    long = "x" * 20_000
    for data in (
        {"evidence": "a\x00b"},
        {"evidence": long},
        {"mark": "superb"},
        {"q_supervision_interval": "maybe"},
        {"action-0-owner": "999999", "action-0-what": "x"},
        {"action-99-what": "x", "strength-77-words": "y"},
        {"action-0-due-day": "99", "action-0-due-month": "x", "action-0-due-year": "-1", "action-0-what": "x"},
        {"q_supervision_longest_gap": "9" * 400},
        {"version": "999999999"},
    ):
        url = f"/audits/{people.id}/domains/{KEY}"
        assert auditor.post(url, {"version": "1", **data}).status in (409, 422, 303), data
    for url in ("/audits/?month=2026-13&sort=nonsense&team=x", "/audits/?case=%00", f"/audits/{people.id}/versions/9"):
        assert auditor.get(url).status in (200, 400, 404), url


def test_a_case_shows_its_audits_and_actions(people, browser, made):
    audit = stored(people.id)
    made.answered(audit)
    held = queries.recorded_in(audit.versions[0])
    page = DomainPage(
        held.answers, held.comments, held.judged[KEY], (), [Drafted("Date the plan", people.worker.id, today())]
    )
    operations.answer(audit.versions[0], KEY, page, by=None, at=now())
    operations.submit(audit.versions[0], by=people.auditor.id, at=now())
    db.session.commit()
    case_id = audit.case_id
    words = browser.as_(people.manager).get(f"/cases/{case_id}").words
    assert "Management oversight and supervision" in words
    assert "Date the plan" in words
    assert db.session.scalars(select(Action)).one().owner_id == people.worker.id


def test_home_says_what_is_asked_of_each(people, browser, made):
    assert "1 audit to carry out" in browser.as_(people.auditor).get("/").words.replace("1audit", "1 audit")
    assert "auditing case" in browser.as_(people.worker).get("/").words
    made.submitted(stored(people.id))
    assert "of your team to read" in browser.as_(people.manager).get("/").words
    browser.as_(people.manager).get(f"/audits/{people.id}/record")
    assert "of your team to read" not in browser.as_(people.manager).get("/").words


def test_of_six_windows_saving_at_once_exactly_one_wins_and_five_see_both_texts(people, app):
    url, by = f"/audits/{people.id}/domains/{KEY}", people.auditor
    windows = [Browser(app).as_(by) for _ in range(6)]
    version = queries.section(stored(people.id).versions[0], KEY).version
    db.session.remove()
    together = Barrier(6)

    def save(number: int) -> tuple[int, int]:
        together.wait(10)
        with app.app_context():
            return windows[number].post(url, {"version": version, "evidence": f"Window {number}."}).status, number

    with ThreadPoolExecutor(6) as threads:
        answers = sorted(threads.map(save, range(6)))
    assert [status for status, _ in answers] == [303, 409, 409, 409, 409, 409]
    assert queries.recorded_in(stored(people.id).versions[0]).judged[KEY].evidence == f"Window {answers[0][1]}."


def test_an_overdue_audit_is_on_the_qa_leads_home_and_in_the_list(people, browser):
    stored(people.id).due_on = today() - timedelta(days=5)
    db.session.commit()
    lead = browser.as_(people.lead)
    assert "audit not submitted in time" in lead.get("/").words
    assert "1 audit" in lead.get("/audits/?due=overdue").words


def test_who_read_which_audit_is_listed_by_number_and_no_case_is_named(people, browser, made):
    made.submitted(stored(people.id))
    reference = stored(people.id).case.reference
    db.session.remove()
    browser.as_(people.manager).get(f"/audits/{people.id}/record")
    for reader in (people.lead, people.administrator):
        words = browser.as_(reader).get("/audits/opened?who=byrne").words
        assert f"Mo Byrne Opened Audit {people.id}" in words
        assert reference not in words
    assert browser.as_(people.manager).get("/audits/opened").status == 404


def test_that_a_worker_writes_is_theirs_too(people, browser):
    browser.as_(people.worker).submit(f"/audits/{people.id}/my-view", "Save, keep it to myself", proud_of="Hers.")
    assert "rote own view" not in browser.as_(people.lead).get(f"/audits/{people.id}/opened").words


def test_a_page_sent_without_its_version_overwrites_nobody(people, browser):
    auditor, url = browser.as_(people.auditor), f"/audits/{people.id}/domains/{KEY}"
    auditor.submit(url, "Save and go back", evidence="What stands.")
    assert auditor.post(url, {"evidence": "What would overwrite it.", "then": "back"}).status == 409
    assert queries.recorded_in(stored(people.id).versions[0]).judged[KEY].evidence == "What stands."
