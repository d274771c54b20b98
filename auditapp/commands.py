"""What every command of ours shares: who acts, when it may write, and how it refuses."""

from __future__ import annotations

import functools
import json
import sys
from collections.abc import Callable
from typing import IO, Any, ParamSpec, TypeVar

import click

from auditapp.db import writing

P = ParamSpec("P")
R = TypeVar("R")


class Refused(click.ClickException):
    """Nothing was done: a sentence on standard error, exit code 1, and `why` in the JSON where that was asked for."""

    exit_code = 1

    def __init__(self, why: str, *, as_json: bool = False, **details: Any) -> None:
        super().__init__(why)
        self.as_json = as_json
        self.details = details

    def show(self, file: IO[Any] | None = None) -> None:
        if self.as_json:
            click.echo(json.dumps({"why": self.message, **self.details}, ensure_ascii=False))
        click.echo(self.message, file=sys.stderr)


def writes(command: Callable[P, R]) -> Callable[P, R]:
    """Let a command's transactions write."""

    @functools.wraps(command)
    def declared(*args: P.args, **kwargs: P.kwargs) -> R:
        with writing():
            return command(*args, **kwargs)

    return declared
