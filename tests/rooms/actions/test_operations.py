"""From drafted to seen in the record: who may move an action, and who sees it."""

from datetime import date

import pytest
from sqlalchemy import select

from auditapp.actions import operations, queries
from auditapp.actions.models import Action, Outcome
from auditapp.actions.operations import NotAllowedNow
from auditapp.actions.stages import Stage
from auditapp.db import Conflict, db, now, today
from auditapp.people.queries import viewer_of
from auditapp.people.roles import Role


@pytest.fixture
def agreed(made):
    """Give a function that makes an action in force."""

    def make(owner, team=None, due=date(2026, 1, 5)):
        case = made.involvement(team=team).case
        action = operations.draft(
            case_id=case.id,
            origin_kind="audit",
            origin_id=made.number(),
            team_id=team.id if team else None,
            what="Update the chronology",
            owner_id=owner.id,
            due_on=due,
            by=None,
            at=now(),
        )
        operations.take_effect("audit", action.origin_id, by=None, at=now())
        db.session.commit()
        return action

    return make


def seen_by(person, select_of=queries.seen_by):
    return db.session.scalars(select_of(viewer_of(person))).all()


def test_a_draft_may_be_half_written_and_nobody_sees_it(made):
    owner = made.person(Role.WORKER)
    case = made.involvement().case
    draft = operations.draft(case_id=case.id, origin_kind="audit", origin_id=1, team_id=None, by=owner.id, at=now())
    draft.owner_id = owner.id
    db.session.commit()
    assert draft.stage is Stage.DRAFTED
    assert seen_by(owner) == []


def test_the_owner_says_done_and_somebody_else_sees_it_in_the_record(made, agreed):
    owner, other = made.person(Role.WORKER), made.person(Role.TEAM_MANAGER)
    action = agreed(owner)
    operations.say_done(action, "On the file.", by=owner.id, at=now())
    assert action.stage is Stage.DONE
    operations.see_in_record(action, "Seen, 3 March.", by=other.id, at=now())
    db.session.commit()
    assert (action.stage, action.seen_by) == (Stage.SEEN, other.id)


def test_nobody_sees_their_own_action_in_the_record(made, agreed):
    owner = made.person(Role.WORKER, Role.TEAM_MANAGER)
    action = agreed(owner)
    operations.say_done(action, "", by=owner.id, at=now())
    with pytest.raises(NotAllowedNow, match="other than its owner"):
        operations.see_in_record(action, "", by=owner.id, at=now())


def test_nobody_says_done_for_somebody_else(made, agreed):
    action = agreed(made.person(Role.WORKER))
    with pytest.raises(NotAllowedNow, match="Only the person"):
        operations.say_done(action, "", by=made.person(Role.WORKER).id, at=now())


def test_an_action_not_found_in_the_record_is_to_be_done_again(made, agreed):
    owner, other = made.person(Role.WORKER), made.person(Role.TEAM_MANAGER)
    action = agreed(owner)
    operations.say_done(action, "", by=owner.id, at=now())
    operations.not_seen(action, "No date yet.", by=other.id, at=now())
    assert action.stage is Stage.AGREED


def test_stages_are_not_skipped(made, agreed):
    action = agreed(made.person(Role.WORKER))
    with pytest.raises(NotAllowedNow):
        operations.see_in_record(action, "", by=made.person(Role.TEAM_MANAGER).id, at=now())
    with pytest.raises(NotAllowedNow):
        operations.drop_draft(action)


def test_an_action_that_is_not_needed_any_more_says_why(made, agreed):
    action = agreed(made.person(Role.WORKER))
    with pytest.raises(ValueError, match="Say why"):
        operations.not_needed(action, "", by=None, at=now())
    operations.not_needed(action, "The family moved.", by=None, at=now(), outcome=Outcome.TRANSFERRED)
    db.session.commit()
    assert (action.stage, action.outcome) == (Stage.ENDED, Outcome.TRANSFERRED)


def test_of_two_who_move_an_action_one_wins(made, agreed):
    owner = made.person(Role.WORKER)
    action = agreed(owner)
    shown = action.version
    operations.say_done(action, "", by=owner.id, at=now(), expected=shown)
    db.session.commit()
    with pytest.raises(Conflict):
        operations.not_needed(action, "No.", by=owner.id, at=now(), expected=shown)
    db.session.rollback()


def test_owners_see_their_own_managers_their_teams_and_strangers_nothing(made, agreed):
    team = made.team()
    owner, stranger = made.person(Role.WORKER), made.person(Role.WORKER)
    manager, elsewhere = made.person(Role.TEAM_MANAGER, team=team), made.person(Role.TEAM_MANAGER, team=made.team())
    action = agreed(owner, team)
    assert seen_by(owner) == seen_by(manager) == seen_by(made.person(Role.QA_LEAD)) == [action]
    assert seen_by(stranger) == seen_by(elsewhere) == seen_by(made.person(Role.ADMINISTRATOR)) == []


def test_overdue_is_what_is_still_to_be_done_after_its_day(made, agreed):
    owner = made.person(Role.WORKER)
    late, due, done = agreed(owner), agreed(owner, due=today()), agreed(owner)
    operations.say_done(done, "", by=owner.id, at=now())
    db.session.commit()
    assert seen_by(owner, queries.overdue) == [late]
    assert {one.id for one in seen_by(owner, queries.mine)} == {late.id, due.id, done.id}


def test_what_is_to_check_waits_for_somebody_other_than_its_owner(made, agreed):
    team = made.team()
    owner, manager = made.person(Role.WORKER), made.person(Role.TEAM_MANAGER, team=team)
    action = agreed(owner, team)
    assert seen_by(manager, queries.to_check) == []
    operations.say_done(action, "", by=owner.id, at=now())
    db.session.commit()
    assert seen_by(manager, queries.to_check) == [action]
    assert seen_by(owner, queries.to_check) == []


def test_englands_holidays_are_no_working_days(app):
    assert queries.due_after(date(2026, 12, 24), 1) == date(2026, 12, 29)
    assert queries.overdue_by(date(2026, 12, 24), date(2026, 12, 28)) == 0


def test_an_action_in_force_has_an_owner_and_a_day(made, agreed):
    agreed(made.person(Role.WORKER))
    assert all(one.owner_id and one.due_on for one in db.session.scalars(select(Action)))


def test_over_a_weekend_nothing_becomes_late(made, agreed):
    action = agreed(made.person(Role.WORKER), due=date(2026, 11, 20))
    operations.take_effect("audit", action.origin_id, by=None, at=now())
    db.session.commit()

    def late(on):
        return db.session.scalars(select(Action.id).where(queries.late_on(on))).all()

    assert late(date(2026, 11, 22)) == []
    assert late(date(2026, 11, 23)) == [action.id]
