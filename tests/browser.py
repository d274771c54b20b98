"""A browser for tests: signs in without a password, checks every page it fetches, fills in forms as they stand.

It fails on a page that breaks the page rules and on work that a request flushed but did not commit.
"""

from __future__ import annotations

import secrets
from contextvars import copy_context
from dataclasses import dataclass
from typing import Any

from flask import Flask
from itsdangerous import URLSafeTimedSerializer
from lxml import html
from sqlalchemy import event
from sqlalchemy.orm import Session
from werkzeug.test import TestResponse

from auditapp.db import db, now, writing
from tests import page_rules


@event.listens_for(Session, "after_flush")
def _flushed(session: Session, _context: object) -> None:
    session.info["flushed"] = True


@event.listens_for(Session, "after_commit")
def _committed(session: Session) -> None:
    session.info["flushed"] = False


@dataclass(frozen=True)
class Page:
    """One answer: its status, text and, for a page, its tree."""

    response: TestResponse

    @property
    def status(self) -> int:
        return self.response.status_code

    @property
    def text(self) -> str:
        return self.response.get_data(as_text=True)

    @property
    def tree(self) -> Any:
        return html.fromstring(self.text)

    @property
    def words(self) -> str:
        """What a reader reads: the text of the page with its spaces folded."""
        return " ".join(self.tree.text_content().split())

    @property
    def heading(self) -> str:
        return " ".join(self.tree.findtext(".//h1").split()) if self.tree.find(".//h1") is not None else ""

    @property
    def title(self) -> str:
        return " ".join((self.tree.findtext(".//title") or "").split())

    @property
    def errors(self) -> list[str]:
        """The sentences of the error summary."""
        return [" ".join(link.text_content().split()) for link in self.tree.cssselect(".govuk-error-summary__list li")]

    @property
    def location(self) -> str:
        return self.response.headers.get("Location", "")

    @property
    def json(self) -> Any:
        return self.response.get_json()


class Browser:
    """A signed-in (or not) client of the application."""

    def __init__(self, app: Flask) -> None:
        self.app = app
        self.client = app.test_client()

    def as_(self, person: Any) -> Browser:
        """Give a browser in which `person` is signed in."""
        from auditapp.people import operations

        other = Browser(self.app)
        with self.app.app_context(), writing():
            token = operations.begin_session(person.id, browser="tests", at=now())
            db.session.commit()
            db.session.remove()
        with other.client.session_transaction() as session:
            session["_user_id"], session["_fresh"] = token, True
        return other

    def get(self, url: str, **kwargs: Any) -> Page:
        """Fetch a page and check it."""
        page = self._open("GET", url, **kwargs)
        if page.response.mimetype == "text/html" and not 300 <= page.status < 400:
            broken = page_rules.faults(page.text)
            assert not broken, f"{url} breaks the page rules: {broken}"
        return page

    def fetch(self, url: str, **kwargs: Any) -> Page:
        """Fetch a page without looking at how it is made."""
        return self._open("GET", url, **kwargs)

    def post(self, url: str, data: Any = None, *, token: bool = True, **kwargs: Any) -> Page:
        """Send a form as it is given here, without reading the page first; its token comes along unless left out."""
        headers = {**({"X-CSRFToken": self.token()} if token else {}), **kwargs.pop("headers", {})}
        return self._open("POST", url, data=data or {}, headers=headers, **kwargs)

    def token(self) -> str:
        """Give the token that a form of this browser would carry."""
        with self.client.session_transaction() as session:
            raw = session.setdefault("csrf_token", secrets.token_hex(20))
        return str(URLSafeTimedSerializer(str(self.app.secret_key), salt="wtf-csrf-token").dumps(raw))

    def follow(self, page: Page) -> Page:
        """Go where an answer sends the browser."""
        while 300 <= page.status < 400:
            page = self.get(page.location)
        return page

    def submit(self, url: str, button: str = "", form: int | None = None, **fields: Any) -> Page:
        """Fetch a page, fill its (main) form in as it stands there, press a button and give the answer.

        `fields` are the names of form fields (`__` stands for a hyphen); None leaves one out. `form`: which of several.
        """
        page = self.get(url)
        assert page.status == 200, f"{url} answered {page.status}"
        forms = [
            one for one in page.tree.forms if (one.method or "GET").upper() == "POST" and one.xpath("ancestor::main")
        ]
        assert forms, f"{url} has no form"
        chosen = forms[form or 0]
        multiple: dict[str, Any] = {}
        for name, value in chosen.form_values():
            multiple.setdefault(name, []).append(value)
        values = {name: found if len(found) > 1 else found[0] for name, found in multiple.items()}
        values |= {name.replace("__", "-"): value for name, value in fields.items()}
        values = {name: value for name, value in values.items() if value is not None}
        if button:
            pressed = next(one for one in chosen.cssselect("button") if " ".join(one.text_content().split()) == button)
            if pressed.get("name"):
                values[pressed.get("name")] = pressed.get("value", "")
            url = pressed.get("formaction") or chosen.action or url
        else:
            url = chosen.action or url
        return self.post(url, values)

    def _open(self, method: str, url: str, **kwargs: Any) -> Page:
        # The request has its own context, as it would in a server: nothing of the test's own session may help it, and
        # what it declares of its transaction and its actor does not reach the test.
        db.session.remove()
        return copy_context().run(self._answer, method, url, kwargs)

    def _answer(self, method: str, url: str, kwargs: dict[str, Any]) -> Page:
        with self.app.app_context():
            response = self.client.open(url, method=method, buffered=True, **kwargs)
            if response.status_code < 400:
                assert not db.session.info.get("flushed"), f"{method} {url} flushed work that it did not commit"
            db.session.remove()
        return Page(response)
