"""The journal: every change stands in it, nothing of it can be altered unnoticed."""

from __future__ import annotations

import json

import pytest
from sqlalchemy import select, text

from auditapp import journal
from auditapp.db import db
from auditapp.journal.models import Entry, Head
from auditapp.journal.verifying import verify


def some_entries(count: int) -> None:
    for number in range(count):
        journal.write("counted", "test", number, place=number)
    db.session.commit()


def disarm() -> None:
    """Take the triggers away, as somebody with the database's own password could."""
    if db.engine.dialect.name == "sqlite":
        db.session.execute(text("DROP TRIGGER journal_entry_stays"))
        db.session.execute(text("DROP TRIGGER journal_entry_is_kept"))
    else:
        db.session.execute(text("ALTER TABLE journal_entry DISABLE TRIGGER ALL"))


def test_an_untouched_journal_is_sound(app):
    some_entries(5)
    verdict = verify()
    assert verdict.findings == ()
    assert verdict.entries == db.session.scalar(select(Head.number))


def test_an_entry_stands_only_if_the_change_it_tells_of_stands(app):
    before = db.session.scalar(select(Head.number)) or 0
    journal.write("changed its mind", "test", 1)
    db.session.rollback()
    some_entries(1)
    assert db.session.scalar(select(Head.number)) == before + 1


def test_entries_name_the_actor(app):
    with journal.act_for(42):
        some_entries(1)
    entry = db.session.scalars(select(Entry).order_by(Entry.number.desc())).first()
    assert (entry.person_id, entry.account) == (42, "")


@pytest.mark.parametrize(
    ("harm", "words"),
    [
        ("UPDATE journal_entry SET verb = 'overlooked' WHERE number = :n", "not what was written"),
        ("UPDATE journal_entry SET person_id = 7 WHERE number = :n", "not what was written"),
        ("DELETE FROM journal_entry WHERE number = :n", "missing"),
    ],
)
def test_a_changed_or_missing_entry_is_noticed(app, harm, words):
    some_entries(6)
    number = db.session.scalar(select(Head.number)) - 3
    disarm()
    db.session.execute(text(harm), {"n": number})
    db.session.commit()
    assert any(words in finding.what for finding in verify().findings)


def test_a_cut_off_end_is_noticed_by_the_head(app):
    some_entries(6)
    last = db.session.scalar(select(Head.number))
    disarm()
    db.session.execute(text("DELETE FROM journal_entry WHERE number = :n"), {"n": last})
    db.session.commit()
    assert any("head" in finding.what for finding in verify().findings)


def test_a_journal_rewritten_from_the_start_is_noticed_by_an_anchor_kept_elsewhere(app):
    some_entries(3)
    head = db.session.scalar(select(Head))
    assert verify([(head.number, head.digest)]).findings == ()
    assert any("anchor" in finding.what for finding in verify([(head.number, "0" * 64)]).findings)
    assert any("gone" in finding.what for finding in verify([(head.number + 50, head.digest)]).findings)


def test_the_command_says_that_all_is_sound(app):
    some_entries(2)
    answer = app.test_cli_runner().invoke(args=["journal", "verify", "--json"])
    assert answer.exit_code == 0
    assert json.loads(answer.stdout)["sound"] is True


def test_the_command_ends_with_1_and_a_sentence_when_something_was_altered(app):
    some_entries(4)
    disarm()
    db.session.execute(text("UPDATE journal_entry SET kind = 'other' WHERE number = 2"))
    db.session.commit()
    answer = app.test_cli_runner().invoke(args=["journal", "verify"])
    assert answer.exit_code == 1
    assert "not sound" in answer.stderr


def test_the_export_holds_every_entry(app, tmp_path):
    some_entries(3)
    file = tmp_path / "journal.jsonl"
    assert app.test_cli_runner().invoke(args=["journal", "export", str(file)]).exit_code == 0
    lines = [json.loads(line) for line in file.read_text().splitlines()]
    assert [line["number"] for line in lines] == list(range(1, len(lines) + 1))


def test_a_row_that_no_entry_tells_of_is_noticed(app):
    disarm()
    db.session.execute(text("DELETE FROM journal_entry WHERE kind = 'template_version'"))
    db.session.commit()
    assert any("no entry tells of it" in finding.what for finding in verify().findings)


def test_a_damaged_entry_is_a_finding_and_the_rest_is_still_read(app):
    some_entries(4)
    number = db.session.scalar(select(Head.number)) - 1
    disarm()
    damage = "details = 'rubbish'" if db.engine.dialect.name == "sqlite" else "details = '{}'"
    db.session.execute(text(f"UPDATE journal_entry SET {damage} WHERE number = :n"), {"n": number})
    db.session.commit()
    found = [finding for finding in verify().findings if finding.number in (number, number + 1)]
    assert found
    assert verify().entries == number + 1


def test_a_person_and_an_account_of_the_same_name_stay_apart(app):
    with journal.act_for(42):
        some_entries(1)
    number = db.session.scalar(select(Head.number))
    disarm()
    db.session.execute(
        text("UPDATE journal_entry SET person_id = NULL, account = '42' WHERE number = :n"), {"n": number}
    )
    db.session.commit()
    assert any("not what was written" in finding.what for finding in verify().findings)
