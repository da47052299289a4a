"""`crossquote export`: what the database holds, for other programs."""

from __future__ import annotations

from dataclasses import asdict

import typer

from crossquote.cli.options import Database
from crossquote.cli.stored import connected

app = typer.Typer(help="Write out what the database holds, as JSON lines.", no_args_is_help=True)


@app.callback()
def group() -> None:
    """Write out what the database holds, as JSON lines."""


@app.command()
def pairs(db: Database = None) -> None:
    """Every pair that a person has judged, in the form that `evaluate pairs` and the training of verdict models read."""
    from crossquote.cli.console import print_json, warn
    from db.exports import judged_pairs

    count = 0
    with connected(db) as connection:
        for pair in judged_pairs(connection):
            print_json(asdict(pair))
            count += 1
    if not count:
        warn("no pair has been judged yet; judge some, then export them")
