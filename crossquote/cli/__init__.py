"""The command line: results to stdout, logs and progress to stderr; exit code 0 done, 1 failed, 2 bad input.

Commands import what they need when they are called, so that `--help` answers at once.
"""

from __future__ import annotations

import os
import sys

import typer

from crossquote.cli import (
    database,
    desk,
    doctor,
    evaluate,
    export,
    extract,
    fetch,
    judge,
    query,
    run,
    schedule,
    upkeep,
    users,
    verdicts,
)
from verifier.errors import BadInput, CrossquoteError

FAILED = 1
BAD_INPUT = 2
INTERRUPTED = 130

app = typer.Typer(
    name="crossquote",
    help="Find who said what in news articles, and where sources agree and conflict.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
)
app.command("run")(run.run)
app.command("fetch")(fetch.fetch)
app.command("extract")(extract.extract)
app.command("judge")(judge.judge)
app.command("verdicts")(verdicts.verdicts)
app.command("query")(query.query)
app.command("schedule")(schedule.schedule)
app.command("rescore")(upkeep.rescore)
app.command("watch")(upkeep.watch)
app.command("doctor")(doctor.doctor)
app.command("review")(desk.review)
app.command("serve")(desk.serve)
app.add_typer(database.app, name="db")
app.add_typer(evaluate.app, name="evaluate")
app.add_typer(export.app, name="export")
app.add_typer(users.app, name="users")


def main() -> None:
    """Run a command; our own errors are one line on stderr, and the exit code says whose fault it was."""
    try:
        app()
    except BadInput as error:
        _end(error.message, BAD_INPUT)
    except CrossquoteError as error:
        _end(error.message, FAILED)
    except KeyboardInterrupt:
        _end("interrupted; what was stored stays, and the next run goes on from there", INTERRUPTED)
    except BrokenPipeError:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        sys.exit(FAILED)


def _end(message: str, code: int) -> None:
    print(f"crossquote: {' '.join(message.split())}", file=sys.stderr)
    sys.exit(code)
