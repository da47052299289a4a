"""Rows of named columns as CSV, JSON lines or Parquet, one after the other as they come."""

from __future__ import annotations

import csv
import json
from collections.abc import Iterable, Sequence
from typing import TextIO

from crossquote.exports.values import cell, plain
from crossquote.harmless import json_line


def write_csv(stream: TextIO, columns: Sequence[str], rows: Iterable[Sequence[object]]) -> int:
    """CSV with a line of names (RFC 4180); how many rows."""
    writer = csv.writer(stream, lineterminator="\r\n")
    writer.writerow([cell(name) for name in columns])
    count = 0
    for count, row in enumerate(rows, 1):  # noqa: B007 - the last one is the number of rows
        writer.writerow([cell(value) for value in row])
    return count


def write_jsonl(stream: TextIO, columns: Sequence[str], rows: Iterable[Sequence[object]]) -> int:
    """One JSON object a line; how many."""
    count = 0
    for count, row in enumerate(rows, 1):  # noqa: B007
        line = {name: plain(value) for name, value in zip(columns, row, strict=True)}
        stream.write(json_line(json.dumps(line, ensure_ascii=False)) + "\n")
    return count
