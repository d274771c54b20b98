"""What every answer carries and every request is held to, so that no page must think of it."""

from __future__ import annotations

from collections.abc import Sequence

from flask import Flask, Response, abort, request
from flask_wtf.csrf import CSRFProtect

from auditapp.settings import Settings

LARGEST_BODY = 6_000_000
"""Bytes of one request: a workbook of 5 MB and its form."""
LARGEST_TEXTS = 3_000_000
"""Bytes of all the texts of one form."""
MOST_PARTS = 2_000
LOCAL_HOSTS = ("localhost", "127.0.0.1", "[::1]")
A_YEAR = 31_536_000
UNSAFE = frozenset({"POST", "PUT", "PATCH", "DELETE"})
_tokens = CSRFProtect()

POLICY = "; ".join(
    (
        "default-src 'none'",
        "style-src 'self'",
        "script-src 'self'",
        "img-src 'self'",
        "font-src 'self'",
        "connect-src 'self'",
        "form-action 'self'",
        "frame-ancestors 'none'",
        "base-uri 'none'",
    )
)
HEADERS = {
    "Content-Security-Policy": POLICY,
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "same-origin",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=(), payment=(), usb=(), browsing-topics=()",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
}


def set_up(app: Flask, settings: Settings) -> None:
    """Hold an application to the limits above."""
    app.config.update(
        MAX_CONTENT_LENGTH=LARGEST_BODY,
        MAX_FORM_MEMORY_SIZE=LARGEST_TEXTS,
        MAX_FORM_PARTS=MOST_PARTS,
        TRUSTED_HOSTS=list(trusted(settings.hosts)),
        SESSION_COOKIE_NAME="__Host-auditapp" if settings.https else "auditapp",
        SESSION_COOKIE_SECURE=settings.https,
        SESSION_COOKIE_HTTPONLY=True,
        SESSION_COOKIE_SAMESITE="Lax",
        SESSION_COOKIE_PATH="/",
        WTF_CSRF_TIME_LIMIT=None,
        WTF_CSRF_CHECK_DEFAULT=False,
        IDLE_SECONDS=settings.idle_minutes * 60,
    )
    _tokens.init_app(app)
    app.before_request(refuse_nul)
    app.after_request(guard if not settings.https else _guard_https)


def check_token() -> None:
    """Refuse a form without our token; once it is known who is signed in, so that the refusal can say what to do."""
    if request.method in UNSAFE:
        _tokens.protect()


def trusted(hosts: Sequence[str]) -> Sequence[str]:
    """Give the names that the server answers to; without a setting, only the machine itself."""
    return tuple(hosts) or LOCAL_HOSTS


def refuse_nul() -> None:
    """Refuse an address with a NUL in it: no database keeps one. (Forms say so in words, beside the field.)"""
    if "\x00" in request.path or any("\x00" in text for pair in request.args.items(multi=True) for text in pair):
        abort(400)


def guard(response: Response) -> Response:
    """Add the headers; nothing of a signed-in person's pages stays in the browser."""
    for name, value in HEADERS.items():
        response.headers.setdefault(name, value)
    if request.endpoint == "static":
        fingerprinted = response.status_code == 200 and "v" in request.args
        response.headers["Cache-Control"] = f"public, max-age={A_YEAR}, immutable" if fingerprinted else "no-cache"
    elif request.endpoint != "session.colour":
        response.headers["Cache-Control"] = "no-store"
    return response


def _guard_https(response: Response) -> Response:
    response.headers["Strict-Transport-Security"] = f"max-age={A_YEAR}"
    return guard(response)
