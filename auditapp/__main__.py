"""The operator's command line: `auditapp …` or `python -m auditapp …`."""

from __future__ import annotations

import json
import sys
from typing import NoReturn

import click


def main(arguments: list[str] | None = None) -> None:
    """Run one command with the application around it.

    Exit codes: 0 done, 1 nothing could be done (a sentence on standard error, and as `why` where JSON was asked for),
    2 wrong usage. Never a traceback.
    """
    from sqlalchemy.exc import OperationalError, ProgrammingError

    from auditapp import create_app
    from auditapp.journal import act_for
    from auditapp.journal.writing import operator
    from auditapp.settings import UnusableSettings

    words = sys.argv[1:] if arguments is None else arguments
    try:
        app = create_app()
        with app.app_context(), act_for(None, operator()):
            app.cli.main(args=words, prog_name="auditapp", standalone_mode=False)
    except click.exceptions.Exit as ended:
        sys.exit(ended.exit_code)
    except click.ClickException as refused:
        refused.show()
        sys.exit(refused.exit_code)
    except click.Abort:
        sys.exit("Stopped.")
    except UnusableSettings as unusable:
        _end(str(unusable), words)
    except (OperationalError, ProgrammingError) as failed:
        cause = str(failed.orig).splitlines()[0]
        _end(f"The database could not be used ({cause}). Has 'auditapp upgrade' been run?", words)
    except OSError as failed:
        _end(f"{failed.strerror or failed}: {failed.filename or 'a file'}", words)


def _end(why: str, words: list[str]) -> NoReturn:
    if "--json" in words:
        click.echo(json.dumps({"why": why}, ensure_ascii=False))
    click.echo(why, err=True)
    sys.exit(1)


if __name__ == "__main__":
    main()
