"""One transaction, begun for reading and turned to writing at the first write; one writer at a time."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from itertools import islice
from typing import Any, TypeVar

from sqlalchemy import Connection, Engine, text
from sqlalchemy.dialects import postgresql, sqlite

from db.base import Base
from db.engine import WAIT_SECONDS

T = TypeVar("T")

CHUNK = 400
"""Values in one IN list: older SQLite builds take 999 variables, and a key may be of two."""

WRITER_LOCK = 0x63726F7373
"""The key of PostgreSQL's advisory lock for writers of this application (`cross` in ASCII)."""


class Transaction:
    """A connection that knows whether it may write.

    Writers queue up (SQLite by BEGIN IMMEDIATE, PostgreSQL by an advisory lock until the end of the transaction), so
    what a writer has read after its first write does not change under it, and two writers cannot block each other
    for ever. Readers wait for nobody. What was read before the first write may have changed since:
    adds must not rely on it.
    """

    def __init__(self, engine: Engine) -> None:
        self._connection = engine.connect()
        self._writing = False

    @property
    def read(self) -> Connection:
        """For queries."""
        return self._connection

    @property
    def write(self) -> Connection:
        """For changes: waits for the other writer, and for the queries that these changes rest on."""
        if not self._writing:
            self._become_writer()
        return self._connection

    def commit(self) -> None:
        """Keep the changes; the next query begins anew."""
        self._connection.commit()
        self._end()

    def close(self) -> None:
        """Drop what was not committed and give the connection back."""
        try:
            self._connection.rollback()
        finally:
            self._end()
            self._connection.close()

    def _become_writer(self) -> None:
        self._connection.rollback()
        self._connection.execution_options(crossquote_writes=True)
        take_writer_lock(self._connection)
        self._writing = True

    def _end(self) -> None:
        self._writing = False
        self._connection.execution_options(crossquote_writes=False)


def written(engine: Engine, act: Callable[[Connection], T]) -> T:
    """What a change gives back, done in a transaction of its own: all of it or nothing."""
    work = Transaction(engine)
    try:
        found = act(work.write)
        work.commit()
    finally:
        work.close()
    return found


def take_writer_lock(connection: Connection) -> None:
    """Begin to write, or wait for who does: Unavailable after `WAIT_SECONDS` (SQLite: after the engine's own)."""
    if connection.dialect.name == "sqlite":
        connection.execute(text("SELECT 1"))  # begins the transaction, which takes SQLite's own lock
        return
    connection.execute(text(f"SET LOCAL lock_timeout = {int(WAIT_SECONDS * 1000)}"))
    connection.execute(text("SELECT pg_advisory_xact_lock(:key)"), {"key": WRITER_LOCK})


def insert_new(connection: Connection, table: type[Base], rows: Sequence[Mapping[str, Any]]) -> None:
    """Insert the rows whose keys are not there yet."""
    if rows:
        insert = sqlite.insert if connection.dialect.name == "sqlite" else postgresql.insert
        connection.execute(insert(table).on_conflict_do_nothing(), [dict(row) for row in rows])


def chunks(values: Sequence[T], size: int = CHUNK) -> Iterator[list[T]]:
    """The values in lists of at most `size`."""
    rest = iter(values)
    while part := list(islice(rest, size)):
        yield part
