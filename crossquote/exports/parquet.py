"""Parquet with typed columns: texts, doubles, integers, times in UTC, lists of texts."""

from __future__ import annotations

import types
from collections.abc import Iterable, Iterator
from dataclasses import fields
from datetime import datetime
from itertools import islice
from typing import Any, BinaryIO, Final, get_args, get_type_hints

import pyarrow as pa
import pyarrow.parquet as pq

ROW_GROUP: Final = 5_000
"""Rows of one row group: what is in memory at a time."""

_TYPES: Final[dict[Any, Any]] = {
    str: pa.string(),
    int: pa.int64(),
    float: pa.float64(),
    bool: pa.bool_(),
    datetime: pa.timestamp("us", tz="UTC"),
    list[str]: pa.list_(pa.string()),
}


def write_parquet(stream: BinaryIO, line: type[Any], rows: Iterable[Any]) -> int:
    """Rows of a flat dataclass, its fields the columns; how many. The file has its columns even without a row."""
    schema, names, count = schema_of(line), [one.name for one in fields(line)], 0
    with pq.ParquetWriter(stream, schema, compression="zstd") as writer:
        for part in _parts(rows):
            columns = [pa.array([getattr(row, name) for row in part], schema.field(name).type) for name in names]
            writer.write_batch(pa.record_batch(columns, schema=schema))
            count += len(part)
    return count


def schema_of(line: type[Any]) -> Any:
    """The columns of a flat dataclass: what may be None is nullable."""
    return pa.schema([_field(name, hint) for name, hint in get_type_hints(line).items()])


def _field(name: str, hint: Any) -> Any:
    kinds = [one for one in get_args(hint) if one is not type(None)] if isinstance(hint, types.UnionType) else [hint]
    return pa.field(name, _TYPES[kinds[0]], nullable=isinstance(hint, types.UnionType))


def _parts(rows: Iterable[Any]) -> Iterator[list[Any]]:
    rest = iter(rows)
    while part := list(islice(rest, ROW_GROUP)):
        yield part
