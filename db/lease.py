"""One run at a time on a database, whoever starts it and from where.

The lock belongs to an open file (SQLite) or to a connection (PostgreSQL), so it is gone the moment its holder dies: nothing
has to expire, and a clock that is set back or forward changes nothing.
"""

from __future__ import annotations

import fcntl
import os
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from sqlalchemy import text
from sqlalchemy.exc import SQLAlchemyError

from db.engine import open_engine, parse_url, sqlite_file
from verifier.errors import BrokenSetup, CrossquoteError, Unavailable

RUN_LOCK = 0x63726F7374
"""The key of PostgreSQL's advisory lock for runs, beside that of single writers."""
PAUSE_SECONDS = 0.25
Try = Callable[[], bool]


@contextmanager
def alone(url: str, wait_seconds: float, say: Callable[[str], None]) -> Iterator[None]:
    """Hold the database's run lock; waits for another run (`say` is told once), Unavailable after so many seconds."""
    file = sqlite_file(url)
    held = _file_lock(file) if file is not None else _server_lock(url)
    with held as attempt:
        _wait(attempt, parse_url(url).render_as_string(hide_password=True), wait_seconds, say)
        yield


def is_running(url: str) -> bool:
    """Whether a run is under way on the database."""
    file = sqlite_file(url)
    with _file_lock(file) if file is not None else _server_lock(url) as attempt:
        return not attempt()


def _wait(attempt: Try, place: str, wait_seconds: float, say: Callable[[str], None]) -> None:
    deadline = time.monotonic() + wait_seconds
    told = False
    while not attempt():
        if time.monotonic() >= deadline:
            raise Unavailable(f"another run is at work on {place}: let it end, or raise the setting runs.wait_seconds")
        if not told:
            say(f"Another run is at work on {place}; waiting up to {wait_seconds:.0f} s for it.")
            told = True
        time.sleep(PAUSE_SECONDS)


@contextmanager
def _file_lock(file: Path) -> Iterator[Try]:
    """A lock on a file beside the database; the file stays, because removing it could let two in."""
    place = file.with_name(f"{file.name}.run")
    try:
        descriptor = os.open(place, os.O_RDWR | os.O_CREAT, 0o600)
    except OSError as error:
        raise BrokenSetup(f"{place} cannot be written ({error.strerror}): check who may write in its folder") from error

    def attempt() -> bool:
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            return False
        return True

    try:
        yield attempt
    finally:
        os.close(descriptor)


@contextmanager
def _server_lock(url: str) -> Iterator[Try]:
    """A lock of the session: PostgreSQL lets go of it when the connection ends."""
    engine = open_engine(url)
    connection = engine.connect().execution_options(isolation_level="AUTOCOMMIT")
    query = text("SELECT pg_try_advisory_lock(:key)")
    try:
        yield lambda: bool(connection.execute(query, {"key": RUN_LOCK}).scalar_one())
    finally:
        with suppress(CrossquoteError, SQLAlchemyError):
            connection.invalidate()  # closed, not given back: a pooled connection would keep the lock
            connection.close()
        engine.dispose()
