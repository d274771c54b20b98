"""Long work tells how far it is, what came of it, and never hangs unnoticed."""

from __future__ import annotations

import threading

from sqlalchemy import select

from auditapp.db import db, now
from auditapp.jobs import operations
from auditapp.jobs.models import Job, State
from auditapp.people.models import Service
from auditapp.people.roles import Role


def carried_out(app, work, by=None):
    """Start work, wait for its end, and give the job's row as it then stands."""
    job = operations.start("test", work, by=by, words="Beginning")
    db.session.commit()
    job_id = job.id
    app.extensions.pop("auditapp.jobs").shutdown(wait=True)
    db.session.remove()
    return db.session.get_one(Job, job_id)


def test_work_begins_only_once_its_job_is_kept(app):
    began = threading.Event()

    def work(progress):
        began.set()
        return {}

    operations.start("test", work, by=None, words="")
    assert not began.is_set()
    db.session.rollback()
    db.session.commit()
    assert not began.is_set()


def test_a_job_that_ends_gives_its_result_and_what_it_wrote(app):
    def work(progress):
        progress.say("Half", 1, 2)
        db.session.add(Service(name="made by a job"))
        db.session.commit()
        return {"said": "Done"}

    job = carried_out(app, work)
    assert (job.state, job.result, job.done, job.total) == (State.DONE, {"said": "Done"}, 1, 2)
    assert db.session.scalar(select(Service.name)) == "made by a job"


def test_a_refusal_is_kept_in_its_own_words(app):
    def work(progress):
        raise operations.Unworkable("The file has no sheet.")

    job = carried_out(app, work)
    assert (job.state, job.why) == (State.FAILED, "The file has no sheet.")


def test_a_fault_of_ours_is_told_without_its_details(app):
    def work(progress):
        db.session.add(Service(name="half done"))
        db.session.flush()
        raise ZeroDivisionError("secret")

    job = carried_out(app, work)
    assert job.state == State.FAILED
    assert "secret" not in job.why
    assert db.session.scalar(select(Service.name)) is None


def test_a_restart_marks_what_was_running_as_failed_and_says_so(app):
    db.session.add(Job(kind="test", server=operations.server(), state=State.RUNNING, began_at=now(), result={}))
    db.session.commit()
    assert operations.fail_those_left_running(at=now()) == 1
    db.session.commit()
    assert "restarted" in db.session.scalars(select(Job)).one().why


def test_a_job_is_shown_to_whoever_asked_for_it_and_to_nobody_else(app, made, browser):
    asker, other = made.person(Role.QA_LEAD), made.person(Role.QA_LEAD)
    job = made.keep(
        Job(
            kind="test",
            person_id=asker.id,
            server="x",
            state=State.FAILED,
            why="No sheet.",
            began_at=now(),
            ended_at=now(),
            result={},
        )
    )
    page = browser.as_(asker).get(f"/jobs/{job.id}")
    assert page.status == 200
    assert "No sheet." in page.words
    assert browser.as_(other).get(f"/jobs/{job.id}").status == 404
    assert browser.as_(asker).get(f"/jobs/{job.id}.json").json["state"] == "failed"
