"""Setting up and serving refuse in a sentence what cannot work."""

from __future__ import annotations

from sqlalchemy import text

from auditapp.db import db
from auditapp.schema import held_schema, newest_schema


def test_a_server_is_well_when_its_database_has_the_schema_of_this_release(app, browser):
    assert browser.get("/healthz").json == {"ok": True, "database": "ready"}


def test_a_server_says_so_when_its_database_waits_for_an_upgrade(app, browser):
    db.session.execute(text("UPDATE alembic_version SET version_num = '0001'"))
    db.session.commit()
    answer = browser.get("/healthz")
    assert (answer.status, answer.json["ok"]) == (503, False)


def test_serving_is_refused_while_the_database_waits_for_an_upgrade(app):
    db.session.execute(text("UPDATE alembic_version SET version_num = '0001'"))
    db.session.commit()
    answer = app.test_cli_runner().invoke(args=["serve"])
    assert answer.exit_code == 1
    assert "auditapp upgrade" in answer.stderr


def test_serving_is_refused_where_there_is_no_database_yet(app):
    db.session.execute(text("DROP TABLE alembic_version"))
    db.session.commit()
    assert held_schema() is None
    assert app.test_cli_runner().invoke(args=["serve"]).exit_code == 1


def test_upgrading_twice_changes_nothing(app):
    db.session.remove()
    answer = app.test_cli_runner().invoke(args=["upgrade"])
    assert answer.exit_code == 0, answer.output
    assert f"schema {newest_schema()}; 0 shipped" in answer.output
