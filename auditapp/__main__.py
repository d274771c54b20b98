"""The operator's command line: `auditapp …` or `python -m auditapp …`."""

from __future__ import annotations

import sys

import click


def main(arguments: list[str] | None = None) -> None:
    """Run one command with the application around it.

    Exit codes: 0 done, 1 nothing could be done (a sentence on standard error), 2 wrong usage. Never a traceback.
    """
    from sqlalchemy.exc import OperationalError, ProgrammingError

    from auditapp import create_app
    from auditapp.journal import act_for
    from auditapp.journal.writing import operator
    from auditapp.settings import UnusableSettings

    try:
        app = create_app()
        with app.app_context(), act_for(None, operator()):
            app.cli.main(args=arguments, prog_name="auditapp", standalone_mode=False)
    except click.exceptions.Exit as ended:
        sys.exit(ended.exit_code)
    except click.ClickException as refused:
        refused.show()
        sys.exit(refused.exit_code)
    except click.Abort:
        sys.exit("Stopped.")
    except UnusableSettings as unusable:
        sys.exit(str(unusable))
    except (OperationalError, ProgrammingError) as failed:
        sys.exit(
            f"The database could not be used ({str(failed.orig).splitlines()[0]}). Has 'auditapp upgrade' been run?"
        )
    except OSError as failed:
        sys.exit(f"{failed.strerror or failed}: {failed.filename or 'a file'}")


if __name__ == "__main__":
    main()
