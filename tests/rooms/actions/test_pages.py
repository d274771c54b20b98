"""An action's page and lists: each viewer finds the buttons they may press, and no others."""

from datetime import timedelta

import pytest

from auditapp.actions import operations
from auditapp.actions.models import Action
from auditapp.actions.stages import Stage
from auditapp.db import db, now, today
from auditapp.people.roles import Role


@pytest.fixture
def around(made):
    class Around:
        team = made.team("Locality North 1")
        owner = made.person(Role.WORKER, name="Wil Ash", team=team)
        manager = made.person(Role.TEAM_MANAGER, name="Mo Byrne", team=team)
        stranger = made.person(Role.TEAM_MANAGER, team=made.team())
        lead = made.person(Role.QA_LEAD)

    case = made.involvement(team=Around.team).case
    action = operations.draft(
        case_id=case.id,
        origin_kind="audit",
        origin_id=1,
        team_id=Around.team.id,
        what="Date every step of the plan",
        owner_id=Around.owner.id,
        due_on=today() - timedelta(days=14),
        by=None,
        at=now(),
    )
    operations.take_effect("audit", 1, by=None, at=now())
    db.session.commit()
    Around.id = action.id
    return Around


def stage(action_id):
    found = db.session.get(Action, action_id).stage
    db.session.remove()
    return found


def buttons(page):
    return {" ".join(one.text_content().split()) for one in page.tree.cssselect("main form[method=post] button")}


def test_each_viewer_finds_only_the_buttons_they_may_press(around, browser):
    url = f"/actions/{around.id}"
    assert buttons(browser.as_(around.owner).get(url)) == {"Say that it is done"}
    assert buttons(browser.as_(around.manager).get(url)) == {"End this action"}
    assert browser.as_(around.stranger).get(url).status == 404


def test_from_done_to_seen_in_the_record_by_somebody_else(around, browser):
    url = f"/actions/{around.id}"
    browser.as_(around.owner).submit(url, "Say that it is done", words="Plan of 3 March.")
    assert stage(around.id) is Stage.DONE
    assert buttons(browser.as_(around.owner).get(url)) == set()
    assert "1 action" in browser.as_(around.manager).get("/actions/to-check").words
    manager = browser.as_(around.manager)
    assert manager.submit(url, "Save", form=0).status == 422
    page = manager.follow(manager.submit(url, "Save", form=0, found="yes", words="In the plan."))
    assert stage(around.id) is Stage.SEEN
    assert "Plan of 3 March." in page.words
    assert "In the plan." in page.words


def test_what_is_not_found_goes_back_to_its_owner(around, browser):
    url = f"/actions/{around.id}"
    browser.as_(around.owner).submit(url, "Say that it is done", words="Plan of 3 March.")
    browser.as_(around.manager).submit(url, "Save", form=0, found="no", words="No date in the plan.")
    assert stage(around.id) is Stage.AGREED
    assert "Not found in the record yet: No date in the plan." in browser.as_(around.owner).get(url).words


def test_ending_an_action_takes_a_reason(around, browser):
    manager, url = browser.as_(around.manager), f"/actions/{around.id}"
    assert manager.submit(url, "End this action", outcome="not_needed").errors == ["Say why this action ends"]
    manager.submit(url, "End this action", outcome="case_closed", why="The family moved.")
    assert "The family moved." in manager.get(url).words
    assert stage(around.id) is Stage.ENDED


def test_nobody_moves_an_action_that_is_not_theirs_to_move(around, browser):
    owner, manager, stranger = (browser.as_(one) for one in (around.owner, around.manager, around.stranger))
    assert manager.post(f"/actions/{around.id}/done", {"version": "1", "words": "x"}).status == 422
    assert owner.post(f"/actions/{around.id}/end", {"outcome": "not_needed", "why": "x"}).status == 404
    for verb in ("done", "seen", "end"):
        assert stranger.post(f"/actions/{around.id}/{verb}", {}).status == 404
    owner.submit(f"/actions/{around.id}", "Say that it is done", words="Plan of 3 March.")
    assert owner.post(f"/actions/{around.id}/seen", {"found": "yes"}).status == 422
    assert stage(around.id) is Stage.DONE


def test_an_overdue_action_is_on_the_homes_of_owner_manager_and_in_the_lists(around, browser):
    own = browser.as_(around.owner).get("/").words
    assert "1 of your actions to do overdue by" in own
    assert "still in time" not in own
    assert "colleagues’ actions to do" in browser.as_(around.manager).get("/").words
    assert "working days overdue" in browser.as_(around.owner).get("/actions/?stage=overdue").words
    assert "1 action" in browser.as_(around.lead).get("/actions/all").words
    assert "0 actions" in browser.as_(around.stranger).get("/actions/all").words


def test_the_list_as_csv(around, browser):
    assert "Date every step of the plan" in browser.as_(around.manager).get("/actions/list.csv").text


def test_what_is_still_in_time_is_told_apart_from_what_is_overdue_and_says_what_comes_next(around, browser):
    first = db.session.get(Action, around.id)
    for days in (0, 30):
        operations.draft(
            case_id=first.case_id, origin_kind="audit", origin_id=2, team_id=first.team_id, what="Ring the school",
            owner_id=first.owner_id, due_on=today() + timedelta(days=days), by=None, at=now(),
        )  # fmt: skip
    operations.take_effect("audit", 2, by=None, at=now())
    db.session.commit()
    home = browser.as_(around.owner).get("/").words
    assert "1 of your actions to do overdue by" in home
    assert "2 of your actions still in time the next is due" in home
