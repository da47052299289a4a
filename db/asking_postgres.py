"""A user's own query on PostgreSQL: in a transaction that is READ ONLY from its first snapshot on, and rolled back."""

from __future__ import annotations

import re
from collections.abc import Sequence
from contextlib import closing
from itertools import islice
from typing import Any, Final

import psycopg
from psycopg.abc import Query

from db import refused
from db.engine import open_engine
from verifier.errors import CrossquoteError, Unavailable

_NAMES: Final = "SELECT table_name, column_name FROM information_schema.columns WHERE table_schema = current_schema()"
_READ_ONLY, _CANCELLED, _NO_TABLE, _NO_COLUMN = "25006", "57014", "42P01", "42703"


def fetch(url: str, sql: str, limit: int, seconds: float) -> tuple[Sequence[str], list[tuple[Any, ...]]]:
    """The columns and at most `limit` rows. BadInput as `db.asking.ask` says."""
    engine = open_engine(url)
    try:
        with engine.connect() as borrowed:
            connection: Any = borrowed.connection.driver_connection
            connection.rollback()
            try:
                return _read(connection, sql, limit, seconds)
            except psycopg.Error as error:
                raise _told(error, connection, seconds, sql) from error
            finally:
                if not connection.closed:
                    connection.rollback()
    finally:
        engine.dispose()


def _read(
    connection: psycopg.Connection[Any], sql: str, limit: int, seconds: float
) -> tuple[Sequence[str], list[tuple[Any, ...]]]:
    """Streamed, so that no more rows come than are asked for; the extended protocol takes one statement only."""
    connection.execute("SET TRANSACTION READ ONLY")
    connection.execute("SELECT set_config('statement_timeout', %s, true)", (str(max(1, int(seconds * 1000))),))
    query: Query = sql  # the words are the user's: the transaction holds them to reading
    with connection.cursor() as cursor:
        stream: Any = cursor.stream(query)
        with closing(stream):
            rows = list(islice(stream, limit))
        if cursor.description is None:  # the driver forgets the columns where no row came
            return _described(connection, sql), rows
        return [column.name for column in cursor.description], rows


def _described(connection: psycopg.Connection[Any], sql: str) -> list[str]:
    """The columns that a statement would have; it is not run."""
    connection.pgconn.prepare(b"asked", sql.encode())
    found = connection.pgconn.describe_prepared(b"asked")
    return [(found.fname(number) or b"").decode() for number in range(found.nfields)]


def _told(error: psycopg.Error, connection: psycopg.Connection[Any], seconds: float, sql: str) -> CrossquoteError:
    """What went wrong, as this project's error."""
    state, words = error.sqlstate, (error.diag.message_primary or str(error))
    if connection.closed:
        return Unavailable("the connection to the database was lost: try again")
    if state == _READ_ONLY:
        return refused.writes()
    if state == _CANCELLED:
        return refused.too_long(seconds)
    if "multiple commands" in words:
        return refused.several()
    if state in (_NO_TABLE, _NO_COLUMN) and (missing := re.search(r"(?:relation|column) (.+) does not exist", words)):
        kind = "table" if state == _NO_TABLE else "column"
        return refused.unknown(kind, missing[1].strip('"'), _names(connection), sql)
    return refused.not_understood(words)


def _names(connection: psycopg.Connection[Any]) -> dict[str, list[str]]:
    connection.rollback()
    found: dict[str, list[str]] = {}
    for table, column in connection.execute(_NAMES):
        found.setdefault(table, []).append(column)
    return found
