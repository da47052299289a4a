"""Opens a database by its URL: SQLite (WAL, foreign keys, writers wait) or PostgreSQL (psycopg 3).

What goes wrong below is told as the project's errors, at one place: `Unavailable` where trying again helps,
`BrokenSetup` where only the user can mend it. A password is never part of a message.
"""

from __future__ import annotations

import json
import time
from pathlib import Path
from typing import Any

from sqlalchemy import URL, Connection, Engine, create_engine, event, make_url
from sqlalchemy.engine.interfaces import DBAPIConnection, ExceptionContext
from sqlalchemy.exc import ArgumentError, NoSuchModuleError

from db.faults import translated
from verifier.errors import BrokenSetup

WAIT_SECONDS = 30.0
"""How long a writer waits for another one before it is told that the database is locked."""

CACHE_KIB = 32 * 1024
"""Pages that a connection to SQLite keeps in memory; by default it would be 2 MB, less than the indexes of a large database."""

_FORMS = "use sqlite:///path/to/file.db or postgresql://user@host/name"


def parse_url(url: str) -> URL:
    """The address with its driver; BrokenSetup names the two forms that are understood."""
    try:
        parsed = make_url(url)
    except (ArgumentError, ValueError):
        raise BrokenSetup(f"the database address cannot be read: {_FORMS}") from None
    if parsed.drivername in ("postgresql", "postgres", "postgresql+psycopg"):
        return parsed.set(drivername="postgresql+psycopg")
    if parsed.drivername in ("sqlite", "sqlite+pysqlite"):
        if parsed.database in (None, "", ":memory:"):
            raise BrokenSetup("a database in memory is lost with the process: use sqlite:///path/to/file.db")
        return parsed.set(drivername="sqlite")
    raise BrokenSetup(f"no database of kind {parsed.drivername!r}: {_FORMS}")


def sqlite_file(url: str | URL) -> Path | None:
    """The file behind a SQLite address; None for PostgreSQL."""
    parsed = parse_url(url) if isinstance(url, str) else url
    if parsed.get_backend_name() != "sqlite" or parsed.database is None:
        return None
    return Path(parsed.database.removeprefix("file:"))


def open_engine(url: str, wait_seconds: float = WAIT_SECONDS) -> Engine:
    """An engine for the address; connects on first use. Dispose of it at the end.

    SQLite transactions begin deferred; one that is going to write says so with the execution option
    `crossquote_writes=True` (`db.transaction` does), because a reader that turns writer can fail at once.
    """
    parsed = parse_url(url)
    sqlite = parsed.get_backend_name() == "sqlite"
    try:
        engine = create_engine(
            parsed,
            json_serializer=lambda value: json.dumps(value, ensure_ascii=False),
            connect_args={"timeout": wait_seconds} if sqlite else {},
            pool_pre_ping=not sqlite,
        )
    except (ImportError, NoSuchModuleError) as error:
        raise BrokenSetup(f"the database driver is missing ({error}): pip install 'psycopg[binary]'") from error
    event.listen(engine, "handle_error", _tell(parsed, engine))
    if sqlite:
        event.listen(engine, "connect", _prepare_sqlite)
        event.listen(engine, "begin", _begin_sqlite)
    else:
        event.listen(engine, "connect", _prepare_postgres)
    return engine


def _tell(url: URL, engine: Engine) -> Any:
    """The listener that raises the project's error in place of the driver's, where there is one.

    A server that has answered once and cannot be reached now will come back; one that never did is a wrong address.
    """
    reached: set[bool] = set()
    event.listen(engine, "connect", lambda *_: reached.add(True))

    def tell(context: ExceptionContext) -> None:
        if context.is_pre_ping:
            return  # a connection that died in the pool: another is made
        if (error := translated(url, context, known=bool(reached))) is not None:
            raise error from context.original_exception

    return tell


def _prepare_sqlite(connection: DBAPIConnection, record: object) -> None:  # noqa: ARG001 - the event's signature
    """Transactions are begun by us (sqlite3 would begin them late and DDL outside of them)."""
    connection.isolation_level = None
    cursor = connection.cursor()
    cursor.execute("PRAGMA foreign_keys = ON")
    cursor.execute(f"PRAGMA cache_size = -{CACHE_KIB}")
    _use_wal(cursor)
    cursor.close()


def _use_wal(cursor: Any) -> None:
    """Switching to WAL does not wait for other connections by itself: two processes that open a new file meet here."""
    for pause in (0.02, 0.1, 0.5, 1.0, 2.0, None):
        try:
            if cursor.execute("PRAGMA journal_mode").fetchone()[0] != "wal":
                cursor.execute("PRAGMA journal_mode = WAL").fetchone()
        except Exception as error:
            if pause is None or "locked" not in str(error):
                raise
            time.sleep(pause)
        else:
            return


def _begin_sqlite(connection: Connection) -> None:
    writes = connection.get_execution_options().get("crossquote_writes", False)
    connection.exec_driver_sql("BEGIN IMMEDIATE" if writes else "BEGIN")


def _prepare_postgres(connection: DBAPIConnection, record: object) -> None:  # noqa: ARG001 - the event's signature
    """Times come back in UTC: in another zone the ends of the calendar would not fit."""
    connection.autocommit = True
    connection.execute("SET TIME ZONE 'UTC'")
    connection.autocommit = False
