"""Transactions are what they were declared to be, and one of several savers wins."""

from __future__ import annotations

import threading
from contextvars import Context

import pytest
from sqlalchemy import select, text, update
from sqlalchemy.exc import DatabaseError

from auditapp.db import Conflict, db, is_writing, take, wal_is_sound, writing
from auditapp.people.models import Service, Team

SAVERS = 6


def in_threads(app, work, count=SAVERS):
    """Run the same work at once in several threads, each with its own session."""
    ready = threading.Barrier(count)
    outcomes = []

    def one():
        with app.app_context(), writing():
            ready.wait()
            outcomes.append(work())
            db.session.remove()

    threads = [threading.Thread(target=one) for _ in range(count)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return outcomes


def test_a_reading_transaction_cannot_write(app):
    def write():
        with app.app_context():
            assert not is_writing()
            with pytest.raises(DatabaseError):
                db.session.execute(text("INSERT INTO service (name) VALUES ('by accident')"))
            db.session.remove()

    # An empty context knows nothing of what this test declared.
    Context().run(write)


def test_a_writing_transaction_may(app):
    db.session.add(Service(name="On purpose"))
    db.session.commit()
    assert db.session.scalar(select(Service.name)) == "On purpose"


def test_foreign_keys_are_kept(app):
    with pytest.raises(DatabaseError):
        db.session.execute(text("INSERT INTO team (service_id, name, version) VALUES (999, 'nowhere', 1)"))


def test_of_several_who_save_the_same_version_exactly_one_wins(app, made):
    team = made.team()
    db.session.remove()

    def save():
        try:
            row = db.session.get_one(Team, team.id)
            take(row, 1)
            row.name = f"changed by {threading.get_ident()}"
            db.session.commit()
        except Conflict:
            db.session.rollback()
            return "lost"
        return "won"

    outcomes = in_threads(app, save)
    assert sorted(outcomes) == ["lost"] * (SAVERS - 1) + ["won"]
    assert db.session.scalar(select(Team.version)) == 2


def test_no_update_is_lost_when_many_read_and_then_write(app, made):
    team = made.team()
    db.session.remove()
    times = 20

    def add():
        for _ in range(times):
            number = db.session.scalar(select(Team.version).where(Team.id == team.id).with_for_update())
            db.session.execute(update(Team).where(Team.id == team.id).values(version=number + 1))
            db.session.commit()
        return True

    in_threads(app, add)
    assert db.session.scalar(select(Team.version)) == 1 + SAVERS * times


@pytest.mark.parametrize(
    ("version", "sound"),
    [
        ((3, 40, 1), False),
        ((3, 44, 6), True),
        ((3, 45, 1), False),
        ((3, 50, 7), True),
        ((3, 51, 2), False),
        ((3, 51, 3), True),
        ((4, 0, 0), True),
    ],
)
def test_the_write_ahead_log_is_used_only_where_it_is_sound(version, sound):
    assert wal_is_sound(version) is sound
