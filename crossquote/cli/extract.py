"""`crossquote extract`: the statements of single files, without a database."""

from __future__ import annotations

import sys
from collections.abc import Iterator, Sequence
from itertools import islice
from typing import TYPE_CHECKING, Annotated, Any

import typer

from crossquote.cli.options import Json, ProfileName

if TYPE_CHECKING:
    from verifier.ports import ItemFailure
    from verifier.values import Article, Span, Statement

BATCH = 16
"""Articles that are read together."""


def extract(
    files: Annotated[list[str], typer.Argument(metavar="FILE…|-", help="Files or URLs; - reads standard input.")],
    profile: ProfileName = None,
    json: Json = False,
) -> None:
    """Print the statements of articles: who said what, at which offsets."""
    from crossquote.bootstrap import open_extractor
    from crossquote.cli.console import warn
    from crossquote.settings import read_settings
    from verifier.values import Article

    find, failed = open_extractor(read_settings(profile=profile)), 0
    items = _articles(files)
    while part := list(islice(items, BATCH)):
        named = [(name, found) for name, found in part if isinstance(found, Article)]
        for _, found in part:
            if not isinstance(found, Article):
                failed += 1
                warn(str(found))
        read = find.extract_all([article for _, article in named])
        for (name, _), statements in zip(named, read, strict=True):
            _show(name, statements, json)
    if failed:
        raise typer.Exit(2)


def _show(name: str, statements: Sequence[Statement], json: bool) -> None:
    from crossquote.cli.console import print_json, print_table

    if json:
        for statement in statements:
            print_json(statement_json(name, statement))
        return
    rows = [(s.kind, s.speaker.name if s.speaker else None, s.cue.text if s.cue else None, s.text) for s in statements]
    print_table(name, ("kind", "speaker", "cue", "content"), rows)


def _articles(files: list[str]) -> Iterator[tuple[str, Article | ItemFailure]]:
    """Each article with its name: the path as given (several articles of one file by their own URL)."""
    from crossquote.sources import SourceReader

    reader = SourceReader()
    for given in files:
        if given == "-":
            yield "-", _standard_input()
            continue
        items, failures = reader.expand([given])
        yield from ((given, failure) for failure in failures)
        for item in items:
            found = list(reader.read(item))
            one = len(items) == 1 and len(found) == 1
            yield from ((given if one else _name(article, item), article) for article in found)


def _standard_input() -> Article | ItemFailure:
    from crossquote.sources import read_text
    from crossquote.sources.checks import MOST_BYTES
    from verifier.errors import BadInput
    from verifier.ports import ItemFailure

    try:
        return read_text(sys.stdin.buffer.read(MOST_BYTES + 1), "-")
    except BadInput as error:
        return ItemFailure("extract", "-", error.message)


def _name(found: Article | ItemFailure, item: str) -> str:
    return getattr(found, "url", item)


def statement_json(article: str, statement: Statement) -> dict[str, Any]:
    """One statement in the contract's form."""
    return {
        "article": article,
        "id": statement.id,
        "kind": statement.kind.value,
        "speaker": statement.speaker.name if statement.speaker else None,
        "source": _span(statement.source),
        "cue": _span(statement.cue),
        "content": [{"start": span.start, "end": span.end} for span in statement.content],
        "text": statement.text,
        "claim": statement.claim,
        "nested_in": statement.nested_in,
        "confidence": statement.confidence,
        "cue_class": statement.cue_class.value if statement.cue_class else None,
        "speaker_reason": statement.speaker_reason,
    }


def _span(span: Span | None) -> dict[str, Any] | None:
    return {"start": span.start, "end": span.end, "text": span.text} if span else None
