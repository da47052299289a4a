"""`crossquote export`: what the database holds, for other programs."""

from __future__ import annotations

import sys
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from crossquote.cli.options import Apart, Database, Kind, Label, Output, Since, SpeakerName, date_of, filter_of, word_of
from crossquote.cli.stored import connected

if TYPE_CHECKING:
    from crossquote.exports.formats import Format

app = typer.Typer(help="Write out what the database holds, for other programs.", no_args_is_help=True)

FormatName = Annotated[
    str | None,
    typer.Option("--format", metavar="F", help="csv, jsonl or parquet; default: by the ending of FILE, or jsonl."),
]
Limit = Annotated[int | None, typer.Option(metavar="N", min=1, help="At most so many; default: all.")]


@app.callback()
def group() -> None:
    """Write out what the database holds, for other programs."""


@app.command()
def pairs(output: Output = None, db: Database = None) -> None:
    """Every pair that a person has judged, in the form that `evaluate pairs` and the training of verdict models read."""
    from dataclasses import asdict

    from db.exports import judged_pairs

    with connected(db) as connection:
        count = _json_lines(output, (asdict(pair) for pair in judged_pairs(connection)))
    _tell_if_none(count, "no pair has been judged yet; judge some, then export them")


@app.command()
def verdicts(
    form: FormatName = None,
    output: Output = None,
    label: Label = None,
    kind: Kind = None,
    between: Apart = None,
    speaker: SpeakerName = None,
    since: Since = None,
    limit: Limit = None,
    db: Database = None,
) -> None:
    """Current verdicts, best first, with both sides and the judgement that holds; docs/database.md names the columns."""
    from db.export_lines import VerdictLine, verdict_lines

    wanted = filter_of(label, kind, between, speaker, since, limit)
    chosen = _format(form, output)
    with connected(db) as connection:
        _write(output, chosen, VerdictLine, verdict_lines(connection, wanted))


@app.command()
def statements(
    form: FormatName = None,
    output: Output = None,
    kind: Annotated[str | None, typer.Option(metavar="K", help="direct, indirect, mixed or narrated.")] = None,
    speaker: Annotated[str | None, typer.Option(metavar="S", help="A speaker's name.")] = None,
    since: Since = None,
    limit: Limit = None,
    db: Database = None,
) -> None:
    """Current statements, article by article; docs/database.md names the columns."""
    from db.export_lines import StatementFilter, StatementLine, statement_lines
    from verifier.values import StatementKind

    wanted = StatementFilter(
        kind=word_of(StatementKind, kind, "--kind"), speaker=speaker, since=date_of(since), limit=limit
    )
    chosen = _format(form, output)
    with connected(db) as connection:
        _write(output, chosen, StatementLine, statement_lines(connection, wanted))


@app.command()
def claimreview(
    site: Annotated[
        str, typer.Option(metavar="URL", help="Where you publish: pair 7 is at URL/verdicts/7, as on the desk.")
    ],
    publisher: Annotated[str, typer.Option(metavar="NAME", help="Who publishes the reviews.")],
    comments: Annotated[bool, typer.Option("--comments", help="Put the reviewers' comments in.")] = False,
    output: Output = None,
    db: Database = None,
) -> None:
    """schema.org ClaimReview, one JSON-LD object a line, of pairs that a person has found to agree or to conflict."""
    from crossquote.exports.claimreview import Publisher, claim_reviews
    from db.reviewed import reviewed_pairs

    by = Publisher(publisher, site)
    with connected(db) as connection:
        found = (one for pair in reviewed_pairs(connection) for one in claim_reviews(pair, by, comments=comments))
        count = _json_lines(output, found, in_pages=True)
    _tell_if_none(count, "no pair has been judged to agree or to conflict yet; only those are published")


def _json_lines(output: Path | None, objects: Iterable[dict[str, Any]], *, in_pages: bool = False) -> int:
    import json

    from crossquote.exports.files import as_text, destination
    from crossquote.harmless import in_script, json_line

    escaped, count = in_script if in_pages else json_line, 0
    with destination(output) as stream, as_text(stream) as text:
        for count, one in enumerate(objects, 1):  # noqa: B007 - the last one is the number of objects
            text.write(escaped(json.dumps(one, ensure_ascii=False)) + "\n")
    return count


def _format(name: str | None, output: Path | None) -> Format:
    from crossquote.exports.formats import Format, format_of
    from verifier.errors import BadInput

    try:
        chosen = format_of(name, output)
    except ValueError:
        raise BadInput(f"--format {name!r}: use one of {', '.join(Format)}") from None
    if chosen is Format.PARQUET and output is None and sys.stdout.isatty():
        raise BadInput("Parquet is not for a terminal: name a file with --output")
    return chosen


def _write(output: Path | None, form: Format, line: type[Any], rows: Iterator[Any]) -> None:
    from crossquote.exports.files import destination
    from crossquote.exports.formats import write_lines

    with destination(output) as stream:
        count = write_lines(stream, form, line, rows)
    _tell_if_none(count, "nothing in the database meets these conditions; only the columns were written")


def _tell_if_none(count: int, words: str) -> None:
    from crossquote.cli.console import warn

    if not count:
        warn(words)
