"""Starting long work, telling how far it is, ending it."""

from __future__ import annotations

import os
import socket
import traceback
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextvars import copy_context
from datetime import datetime
from typing import Any

from flask import Flask, current_app
from sqlalchemy import event, select, update
from sqlalchemy.orm import Session

from auditapp import journal
from auditapp.db import db, now, writing
from auditapp.jobs.models import Job, State

Work = Callable[["Progress"], dict[str, Any]]
AT_ONCE = 2
BEGINNING = "jobs that begin with the commit"


class Unworkable(Exception):
    """The work cannot be done; the message is a sentence for the person who asked, `back` where they try again."""

    def __init__(self, sentence: str, *, back: str = "") -> None:
        super().__init__(sentence)
        self.back = back


class Progress:
    """How a piece of work tells how far it is. Speaks only between transactions: inside one its word waits."""

    def __init__(self, job_id: int) -> None:
        self.job_id = job_id

    def say(self, words: str, done: int = 0, total: int = 0) -> None:
        """Show `words` and, where the amount is known, `done` of `total`."""
        if not db.session().in_transaction():
            db.session.execute(update(Job).where(Job.id == self.job_id).values(words=words, done=done, total=total))
            db.session.commit()


def start(kind: str, work: Work, *, by: int | None, words: str) -> Job:
    """Note a job and begin it as soon as the present transaction is committed.

    `work` runs in another thread with the application around it. What it wrote is committed with the job's end, or not
    at all. It returns plain values, with `url` for where the outcome stands and `said` for one sentence, and
    raises Unworkable to refuse.
    """
    job = Job(kind=kind, person_id=by, server=server(), state=State.RUNNING, words=words, began_at=now(), result={})
    db.session.add(job)
    db.session.flush()
    app: Flask = current_app._get_current_object()  # type: ignore[attr-defined]  # the proxy has it, its stubs do not
    beginning = (copy_context().run, _carry_out, app, job.id, work, by)
    db.session.info.setdefault(BEGINNING, []).append((_threads(app), beginning))
    return job


@event.listens_for(Session, "after_commit")
def _begin(session: Session) -> None:
    for threads, beginning in session.info.pop(BEGINNING, []):
        threads.submit(*beginning)


@event.listens_for(Session, "after_soft_rollback")
def _forget(session: Session, _previous: object) -> None:
    session.info.pop(BEGINNING, None)


def server() -> str:
    """Name this server process."""
    return f"{socket.gethostname()}/{os.getpid()}"


def fail_those_left_running(at: datetime) -> int:
    """Mark what a stopped server of this machine left unfinished as failed, and give how many that were."""
    left = db.session.scalars(
        select(Job).where(Job.state == State.RUNNING, Job.server.startswith(f"{socket.gethostname()}/"))
    ).all()
    for job in left:
        _end(
            job,
            State.FAILED,
            at,
            why="The server was restarted while this was running. Nothing was taken; start it again.",
        )
    return len(left)


def _threads(app: Flask) -> ThreadPoolExecutor:
    pool: ThreadPoolExecutor = app.extensions.setdefault("auditapp.jobs", ThreadPoolExecutor(AT_ONCE, "job"))
    return pool


def _carry_out(app: Flask, job_id: int, work: Work, by: int | None) -> None:
    with app.app_context(), journal.act_for(by), writing():
        try:
            result = work(Progress(job_id))
            outcome, why = State.DONE, ""
        except Unworkable as refusal:
            db.session.rollback()
            result, outcome, why = {"back": refusal.back} if refusal.back else {}, State.FAILED, str(refusal)
        except Exception as fault:
            # Places in the code only: the words of an exception may hold a row's values.
            places = "\n".join(
                f"  {at.filename}:{at.lineno} {at.name}" for at in traceback.extract_tb(fault.__traceback__)
            )
            app.logger.error("job %s failed: %s\n%s", job_id, type(fault).__name__, places)
            db.session.rollback()
            result, outcome, why = {}, State.FAILED, "Something went wrong on our side. Nothing was taken; try again."
        job = db.session.get_one(Job, job_id)
        job.result = result
        _end(job, outcome, now(), why=why)
        db.session.commit()


def _end(job: Job, state: State, at: datetime, why: str = "") -> None:
    job.state, job.ended_at, job.why = state, at, why
