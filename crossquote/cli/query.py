"""`crossquote query`: one SQL query of the user's own, read-only."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING, Annotated

import typer

from crossquote.cli.options import Database, Json

if TYPE_CHECKING:
    from db.asking import Answer

STDIN = "-"


def query(
    sql: Annotated[str, typer.Argument(metavar="SQL", help="One statement that reads, or - to read it from stdin.")],
    limit: Annotated[int, typer.Option(metavar="N", min=1, help="At most so many rows.")] = 1000,
    timeout: Annotated[float, typer.Option(metavar="S", min=0.001, help="At most so many seconds.")] = 30,
    db: Database = None,
    json: Json = False,
    csv: Annotated[
        bool, typer.Option("--csv", help="CSV; cells a spreadsheet would take for formulas are defused.")
    ] = False,
) -> None:
    """Ask the database in SQL: read-only, within a time and a number of rows; a table, JSON lines or CSV."""
    from crossquote.cli.console import warn
    from crossquote.settings import read_settings
    from db.asking import ask
    from verifier.errors import BadInput

    if json and csv:
        raise BadInput("--json and --csv are two forms: choose one")
    answer = ask(read_settings(db).db, _standard_input() if sql == STDIN else sql, limit, timeout)
    _show(answer, "json" if json else "csv" if csv else "table")
    if answer.cut:
        warn(f"there are more rows than {limit}: raise --limit to see them")


def _standard_input() -> str:
    from verifier.errors import BadInput

    try:
        return sys.stdin.read()
    except UnicodeDecodeError:
        raise BadInput("the question on standard input is not UTF-8; save it in that encoding") from None


def _show(answer: Answer, form: str) -> None:
    from crossquote.cli.console import print_json, print_table
    from crossquote.exports.tables import write_csv
    from crossquote.exports.values import cell_text, plain

    if form == "json":
        for row in answer.rows:
            print_json({name: plain(value) for name, value in zip(answer.columns, row, strict=True)})
    elif form == "csv":
        sys.stdout.reconfigure(errors="backslashreplace", newline="")  # type: ignore[union-attr]
        write_csv(sys.stdout, answer.columns, answer.rows)
    else:
        shown = [[cell_text(value) for value in row] for row in answer.rows]
        print_table("", answer.columns, shown)
