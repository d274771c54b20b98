"""The demonstration: the invented council of Anyshire, made by calling the other rooms' operations only.

An instance with a file `demo` in its folder is a demonstration: every page says so; `auditapp serve`
and the sign-in page show the sign-ins.
"""

from __future__ import annotations

from flask import Flask


def register(app: Flask) -> None:
    """Add the commands, and the greeting of a demonstration."""
    from auditapp.demo.commands import group
    from auditapp.demo.place import FIXED, PASSWORD
    from auditapp.people.queries import SHOWN_SIGN_INS

    app.cli.add_command(group)
    if app.extensions["auditapp.settings"].demo:
        sign_ins = [f"  {one.email:<28} {one.role.words}" for one in FIXED]
        app.extensions[SHOWN_SIGN_INS] = (PASSWORD, [(one.email, one.role.words) for one in FIXED])
        app.extensions["auditapp.greeting"] = [
            "This is a demonstration; everything in it is invented. Sign in with one of these, password",
            f"  {PASSWORD}",
            *sign_ins,
        ]
