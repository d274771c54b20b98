"""Trouble is answered in plain words, in a whole page (or JSON for a script), and nothing typed is lost."""

from __future__ import annotations

import sqlite3
from datetime import UTC, datetime
from types import SimpleNamespace

import pytest
from flask import Flask, abort, g, redirect, request
from lxml import html as parser
from sqlalchemy.exc import OperationalError

from auditapp.db import Conflict, prepare
from auditapp.settings import PACKAGE, Settings
from auditapp.web import errors, pages, security, session
from auditapp.web.errors import SAID, conflict
from auditapp.web.forms import Choose, Form, LongText, choices
from auditapp.web.pages import page
from tests.page_rules import faults

NARRATIVE = "Her mother said: “it is better now”.\nSeen alone on 3 March."
SAME_ORIGIN = {"Sec-Fetch-Site": "same-origin"}


class Answers(Form):
    """What two people answered at once."""

    why = LongText("Why?")
    seen = Choose("Was she seen?", choices=choices([("yes", "Yes"), ("no", "No, not yet")]))
    kept = Choose("Was it kept?", choices=choices([("yes", "Yes"), ("no", "No, not yet")]))


def made_app(folder, https=False):
    settings = Settings(instance=folder, database_url=f"sqlite:///{folder / 'x.sqlite'}", https=https)
    app = Flask("trouble", static_folder=str(PACKAGE / "static"), static_url_path="/static")
    app.extensions["auditapp.settings"] = settings
    app.secret_key = "x"
    prepare(app, settings)
    security.set_up(app, settings)
    pages.set_up(app)
    errors.set_up(app)
    app.register_blueprint(session.bp)

    @app.before_request
    def somebody():
        g.viewer = (
            SimpleNamespace(name="Priya Raman", person_id=1, may=lambda act: True) if "in" in request.cookies else None
        )

    app.before_request(security.check_token)

    @app.post("/sign-out", endpoint="people.sign_out")
    @app.route("/sign-in", endpoint="people.sign_in")
    def elsewhere():
        return redirect("/")

    @app.route("/abort/<int:status>", methods=["GET", "POST"])
    def refuse(status):
        abort(status)

    @app.post("/raise/<name>")
    def trouble(name):
        Form()
        raise {
            "conflict": Conflict(),
            "full": OperationalError(
                "INSERT", {"text": NARRATIVE}, sqlite3.OperationalError("database or disk is full")
            ),
            "locked": OperationalError("INSERT", {"text": NARRATIVE}, sqlite3.OperationalError("database is locked")),
            "bug": ValueError(NARRATIVE),
        }[name]

    @app.post("/overtaken")
    def overtaken():
        return conflict(
            {"why": "Their <b>words</b>", "seen": "yes", "kept": "no"},
            version=8,
            by="Tom Hale",
            at=datetime(2026, 7, 1, 13, 2, tzinfo=UTC),
            form=Answers(),
            back="/back",
        )

    return app


@pytest.fixture
def trouble(tmp_path):
    return made_app(tmp_path)


@pytest.fixture
def client(trouble):
    client = trouble.test_client()
    client.set_cookie("in", "1")
    return client


def token(client):
    return client.get("/session/token").json["csrf_token"]


def post(client, address, headers=None, **data):
    return client.post(address, data={"csrf_token": token(client), **data}, headers={**SAME_ORIGIN, **(headers or {})})


@pytest.mark.parametrize("status", sorted(status for status in SAID if status != 507))
def test_every_trouble_has_a_whole_page_in_plain_words(client, status):
    answer = client.get(f"/abort/{status}") if status != 507 else None
    assert answer.status_code == status
    assert SAID[status].heading in answer.text
    assert faults(answer.text) == []


@pytest.mark.parametrize("status", [401, 404, 409, 413, 500, 503])
def test_a_script_is_answered_in_json(client, status):
    answer = client.get(f"/abort/{status}", headers={"X-Autosave": "1"})
    assert answer.status_code == status
    assert answer.json["error"] == SAID[status].heading


@pytest.mark.parametrize(("name", "status"), [("conflict", 409), ("full", 507), ("locked", 503), ("bug", 500)])
def test_what_was_typed_stands_on_the_page_and_can_be_sent_again(client, name, status):
    answer = post(client, f"/raise/{name}", why=NARRATIVE, version="7", idempotency_key="abc")
    assert answer.status_code == status
    assert faults(answer.text) == []
    form = parser.document_fromstring(answer.text).xpath("//main//form")[0]
    assert dict(form.form_values())["why"].replace("\r\n", "\n") == NARRATIVE
    assert dict(form.form_values())["version"] == "7"
    assert dict(form.form_values())["idempotency_key"] == "abc"
    assert form.getparent().xpath(".//textarea")[0].value.strip() == NARRATIVE


def test_a_form_of_another_site_is_not_offered_to_be_sent_with_our_token(client):
    answer = client.post("/raise/bug", data={"why": NARRATIVE}, headers={"Sec-Fetch-Site": "cross-site"})
    assert answer.status_code == 400
    assert NARRATIVE.split("\n", maxsplit=1)[0] not in answer.text


def test_a_password_is_never_shown_again(client):
    answer = post(client, "/raise/bug", password="a long pass phrase", email="priya@council.example")
    assert "pass phrase" not in answer.text
    assert "priya@council.example" not in answer.text


def test_a_form_sent_after_the_session_ended_is_kept_while_its_owner_signs_in_again(trouble):
    answer = trouble.test_client().post("/raise/bug", data={"why": NARRATIVE}, headers=SAME_ORIGIN)
    assert answer.status_code == 401
    assert faults(answer.text) == []
    page = parser.document_fromstring(answer.text)
    assert page.xpath("//a[@target='_blank']/@href") == ["/sign-in"]
    assert page.xpath("//main//form//input[@name='why']/@value")[0].split("\n")[0] in NARRATIVE


def test_a_form_with_the_token_of_the_last_session_can_be_sent_again_with_a_new_one(client):
    answer = client.post("/overtaken", data={"why": NARRATIVE, "csrf_token": "stale"}, headers=SAME_ORIGIN)
    assert answer.status_code == 400
    assert "You signed in again while this page was open" in answer.text
    form = parser.document_fromstring(answer.text).xpath("//main//form")[0]
    assert client.post("/overtaken", data=dict(form.form_values()), headers=SAME_ORIGIN).status_code == 409


def test_the_log_gets_a_reference_and_the_places_never_the_words(client, caplog):
    answer = post(client, "/raise/bug", why=NARRATIVE)
    logged = caplog.text
    reference = parser.document_fromstring(answer.text).xpath("//p[contains(., 'Reference')]/strong")[0].text
    assert reference in logged
    assert "ValueError" in logged
    assert "test_trouble.py" in logged
    assert "mother" not in logged


def test_someone_else_changed_this_shows_both_texts_and_the_choice(client):
    answer = post(client, "/overtaken", why="My words", seen="yes", kept="yes", version="7")
    assert answer.status_code == 409
    assert faults(answer.text) == []
    tree = parser.document_fromstring(answer.text)
    shown = [" ".join(voice.text_content().split()) for voice in tree.cssselect(".app-voice")]
    assert shown == ["Yours My words", "Theirs Their <b>words</b>", "Yours Yes", "Theirs No, not yet"]
    assert "Tom Hale saved this page on 1 July 2026 at 14:02" in " ".join(tree.text_content().split())
    values = dict(tree.xpath("//main//form")[0].form_values())
    assert (values["why"], values["version"]) == ("My words", "8")
    assert values["idempotency_key"]


def test_a_script_gets_both_texts_too(client):
    answer = post(client, "/overtaken", {"X-Autosave": "1"}, why="My words", seen="no")
    assert answer.status_code == 409
    assert answer.json["theirs"] == {"why": "Their <b>words</b>", "seen": "yes", "kept": "no"}
    assert answer.json["labels"]["seen"] == "Was she seen?"
    assert (answer.json["version"], answer.json["by"], answer.json["at"]) == (8, "Tom Hale", "1 July 2026 at 14:02")


def test_too_much_text_is_refused_in_words(client):
    answer = post(client, "/raise/bug", why="x" * (security.LARGEST_BODY + 1))
    assert answer.status_code == 413
    assert "up to 5 MB" in answer.text
    assert faults(answer.text) == []


def test_a_page_that_breaks_while_trouble_is_told_still_answers(client, trouble, monkeypatch):
    monkeypatch.setattr(errors, "page", lambda *args, **kwargs: 1 / 0)
    answer = post(client, "/raise/bug")
    assert (answer.status_code, answer.mimetype) == (500, "text/plain")


@pytest.mark.parametrize("address", ["/abort/404", "/council.css", "/static/app.css", "/session/token"])
def test_every_answer_carries_the_headers(client, address):
    with client.get(address) as answer:
        assert {name: answer.headers.get(name) for name in security.HEADERS} == security.HEADERS


def test_nothing_inline_and_nothing_from_outside_may_run():
    assert "unsafe" not in security.POLICY
    assert security.POLICY.startswith("default-src 'none'")


def test_pages_are_not_kept_by_the_browser(client, trouble):
    assert client.get("/abort/404").headers["Cache-Control"] == "no-store"
    assert trouble.test_client().get("/sign-in").headers["Cache-Control"] == "no-store"


def test_a_static_file_is_kept_only_under_its_fingerprint(client):
    with client.get("/static/app.css?v=1") as kept, client.get("/static/app.css") as asked_again:
        assert "immutable" in kept.headers["Cache-Control"]
        assert asked_again.headers["Cache-Control"] == "no-cache"
    assert client.get("/static/absent.css?v=1").headers["Cache-Control"] == "no-cache"


def test_an_address_with_a_nul_is_refused(client):
    assert client.get("/abort/404?q=a%00b").status_code == 400
    assert client.get("/abort/404%00").status_code == 400


def test_only_trusted_names_are_answered(client):
    assert client.get("/abort/404", headers={"Host": "evil.example"}).status_code == 400
    assert client.get("/abort/404", headers={"Host": "127.0.0.1:8000"}).status_code == 404


def test_the_cookie_is_hardened_where_browsers_come_over_https(tmp_path, trouble):
    hardened = made_app(tmp_path, https=True)
    hardened_client = hardened.test_client()
    hardened_client.set_cookie("in", "1")
    answer = hardened_client.get("/session/token", base_url="https://localhost")
    cookie = answer.headers["Set-Cookie"]
    assert cookie.startswith("__Host-auditapp=")
    assert {"Secure", "HttpOnly", "Path=/", "SameSite=Lax"} <= set(cookie.split("; "))
    assert answer.headers["Strict-Transport-Security"].startswith("max-age=")
    client = trouble.test_client()
    client.set_cookie("in", "1")
    plain = client.get("/session/token").headers["Set-Cookie"]
    assert plain.startswith("auditapp=")
    assert "HttpOnly" in plain


def test_a_token_is_for_those_who_are_signed_in(trouble):
    assert trouble.test_client().get("/session/token").status_code == 401


def test_staying_signed_in_needs_the_token(client):
    assert client.post("/session/stay", headers=SAME_ORIGIN).status_code == 400
    answer = client.post("/session/stay", headers={"X-CSRFToken": token(client), "Accept": "application/json"})
    assert answer.json["seconds"] == 20 * 60


def test_a_misspelt_value_fails_instead_of_printing_nothing(trouble):
    with trouble.test_request_context("/"):
        g.viewer = None
        with pytest.raises(Exception, match="undefined"):
            page("web/error.html", status_code=404)
