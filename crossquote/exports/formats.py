"""The formats that verdicts and statements are exported in, by name and by a file's ending."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import fields
from enum import StrEnum
from pathlib import Path
from typing import Any, BinaryIO

from crossquote.exports.files import as_text
from crossquote.exports.tables import write_csv, write_jsonl


class Format(StrEnum):
    """How rows are written."""

    CSV = "csv"
    JSONL = "jsonl"
    PARQUET = "parquet"


def format_of(name: str | None, output: Path | None) -> Format:
    """The format by its name, or else by the file's ending, or else JSON lines; ValueError for a name that is none."""
    if name is not None:
        return Format(name.lower())
    ending = output.suffix.lower().lstrip(".") if output else ""
    return Format(ending) if ending in set(Format) else Format.JSONL


def write_lines(stream: BinaryIO, form: Format, line: type[Any], rows: Iterable[Any]) -> int:
    """Rows of a flat dataclass in a format; how many."""
    if form is Format.PARQUET:
        from crossquote.exports.parquet import write_parquet

        return write_parquet(stream, line, rows)
    names = [one.name for one in fields(line)]
    write = write_csv if form is Format.CSV else write_jsonl
    with as_text(stream) as text:
        return write(text, names, _values(names, rows))


def _values(names: list[str], rows: Iterable[Any]) -> Iterator[list[object]]:
    return ([getattr(row, name) for name in names] for row in rows)
