"""A user's own query on SQLite: the file opened read-only, and an authorizer that lets nothing pass but reading.

`mode=ro` and `query_only` alone would let `ATTACH` and `VACUUM INTO` make files (measured on SQLite 3.40).
"""

from __future__ import annotations

import json
import re
import sqlite3
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import closing, contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Final

from db import refused
from db.names import visible
from verifier.errors import BrokenSetup, CrossquoteError, Unavailable

MAX_BYTES: Final = 64 * 1024 * 1024
"""The longest value that a query may make."""
STEPS: Final = 20_000
"""Steps of SQLite's machine between two looks at the clock: some milliseconds."""

_READING: Final = {sqlite3.SQLITE_SELECT, sqlite3.SQLITE_READ, sqlite3.SQLITE_FUNCTION, sqlite3.SQLITE_RECURSIVE}
_PRAGMAS: Final = frozenset(
    "table_info table_xinfo table_list index_list index_info foreign_key_list data_version user_version".split()
)
_NAMES: Final = """
SELECT m.name, c.name FROM sqlite_master m JOIN pragma_table_info(m.name) c
WHERE m.type IN ('table', 'view') AND m.name NOT LIKE 'sqlite%'
"""


def fetch(file: Path, sql: str, limit: int, seconds: float) -> tuple[Sequence[str], list[tuple[Any, ...]]]:
    """The columns and at most `limit` rows. BadInput as `db.asking.ask` says; BrokenSetup where the file is none."""
    with _opened(file) as connection:
        end = time.monotonic() + seconds
        connection.set_progress_handler(lambda: time.monotonic() > end, STEPS)
        connection.set_authorizer(_authorize)
        try:
            cursor = connection.execute(sql)
            rows = cursor.fetchmany(limit)
        except (sqlite3.Error, sqlite3.Warning) as error:
            connection.set_progress_handler(None, 0)
            raise _told(error, file, seconds, sql, lambda: _names(connection)) from error
        return [name for name, *_ in cursor.description or ()], rows


@contextmanager
def _opened(file: Path) -> Iterator[sqlite3.Connection]:
    if not file.is_file():
        raise BrokenSetup(f"there is no database {visible(str(file))}: check --db, or make it by `crossquote run`")
    for name, convert in (("JSON", json.loads), ("DATETIME", _time), ("BOOLEAN", lambda value: bool(int(value)))):
        sqlite3.register_converter(name, _or_text(convert))
    try:
        found = sqlite3.connect(f"{file.absolute().as_uri()}?mode=ro", uri=True, detect_types=sqlite3.PARSE_DECLTYPES)
    except sqlite3.Error as error:
        raise BrokenSetup(f"the database {file} cannot be opened ({error}): check who may read it") from error
    with closing(found) as connection:
        connection.execute("PRAGMA query_only = ON")
        connection.setlimit(sqlite3.SQLITE_LIMIT_LENGTH, MAX_BYTES)
        yield connection


def _time(value: bytes) -> datetime:
    return datetime.fromisoformat(value.decode()).replace(tzinfo=UTC)


def _or_text(convert: Callable[[bytes], Any]) -> Callable[[bytes], Any]:
    """A converter of a declared type that leaves alone what is not of it: SQLite holds columns to nothing."""

    def converted(value: bytes) -> Any:
        try:
            return convert(value)
        except ValueError:
            return value.decode(errors="replace")

    return converted


def _authorize(action: int, first: str | None, *_: str | None) -> int:
    """Reading, looking at the schema, and what a full-text table does when it is opened."""
    allowed = (
        action in _READING
        or (action == sqlite3.SQLITE_PRAGMA and first in _PRAGMAS)
        or (action == sqlite3.SQLITE_UPDATE and first == "sqlite_master")
    )
    return sqlite3.SQLITE_OK if allowed else sqlite3.SQLITE_DENY


def _names(connection: sqlite3.Connection) -> dict[str, list[str]]:
    connection.set_authorizer(None)
    found: dict[str, list[str]] = {}
    for table, column in connection.execute(_NAMES):
        found.setdefault(table, []).append(column)
    return found


def _told(
    error: Exception, file: Path, seconds: float, sql: str, names: Callable[[], refused.Names]
) -> CrossquoteError:
    """What went wrong, as this project's error."""
    words = str(error)
    if missing := re.search(r"no such (table|column): (.+)", words):
        return refused.unknown(missing[1], missing[2], names(), sql)
    if "one statement at a time" in words:
        return refused.several()
    if "interrupted" in words:
        return refused.too_long(seconds)
    if "not authorized" in words or "prohibited" in words or "readonly" in words:
        return refused.writes()
    if "not a database" in words or "malformed" in words:
        return BrokenSetup(f"the database {file} is damaged or no database ({words}): restore a backup")
    if "unable to open" in words:
        return BrokenSetup(f"the database {file} cannot be opened: check who may read it and write in its folder")
    if "locked" in words:
        return Unavailable(f"the database {file} is locked by another process: try again when that is done")
    return refused.not_understood(words)
