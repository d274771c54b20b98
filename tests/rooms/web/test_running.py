"""Setting up and serving refuse in a sentence what cannot work."""

from __future__ import annotations

import dataclasses

from flask import request
from sqlalchemy import text

from auditapp import create_app
from auditapp.db import db
from auditapp.people.roles import Role
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


def test_a_number_that_no_database_can_hold_is_no_address(app, browser, made):
    signed_in = browser.as_(made.person(Role.QA_LEAD))
    for number in (0, 2**31, 2**63, 2**70):
        assert signed_in.get(f"/audits/{number}").status == 404


def test_behind_a_web_server_of_ours_the_browsers_own_address_counts(app, prepared):
    seen = []
    behind = create_app(dataclasses.replace(prepared.settings, proxies=1))
    behind.open_rooms()
    behind.before_request(lambda: seen.append(request.remote_addr))
    behind.test_client().get("/healthz", headers={"X-Forwarded-For": "203.0.113.7, 198.51.100.9"})
    assert seen == ["198.51.100.9"]
    with behind.app_context():
        db.engine.dispose()
