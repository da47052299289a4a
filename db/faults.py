"""What the drivers report, in the project's errors."""

from __future__ import annotations

import sqlite3

from sqlalchemy import URL
from sqlalchemy.engine.interfaces import ExceptionContext

from verifier.errors import BrokenSetup, CrossquoteError, Unavailable

_UPGRADE = "run `crossquote db upgrade`"
# https://www.postgresql.org/docs/18/errcodes-appendix.html: connection lost, serialization, deadlock, lock timeout,
# too many connections, starting up or shutting down
_COMES_BACK = ("08", "40", "55P03", "53300", "57P")
# The same while connecting, where psycopg gives no code.
_WAITING = ("is starting up", "is shutting down", "too many clients", "remaining connection slots")


def translated(url: URL, context: ExceptionContext, *, known: bool = False) -> CrossquoteError | None:
    """The error to raise instead, or None where the driver's own is a defect of this program and should be seen.

    `known` says that the server has answered before.
    """
    error = context.original_exception
    place = url.render_as_string(hide_password=True)
    if isinstance(error, sqlite3.Error):
        return _sqlite(place, str(error))
    if not type(error).__module__.startswith("psycopg"):
        return None
    found = _postgres(place, getattr(error, "sqlstate", None), str(error), context)
    if known and context.connection is None and isinstance(found, BrokenSetup):
        return Unavailable(f"the database {place} went away ({_line(str(error))}): try again when it is back")
    return found


def _sqlite(place: str, words: str) -> CrossquoteError | None:
    if "locked" in words:
        return Unavailable(f"the database {place} is locked by another process: try again when that is done")
    if "no such table" in words or "no such column" in words:
        return BrokenSetup(f"the database {place} has not the tables of this version ({words}): {_UPGRADE}")
    if "unable to open" in words:
        return BrokenSetup(f"the database {place} cannot be opened: make its folder, or check who may write there")
    if "not a database" in words or "malformed" in words:
        return BrokenSetup(f"the database {place} is damaged or no database ({words}): restore a backup")
    if "readonly" in words:
        return BrokenSetup(f"the database {place} is read-only: check who may write the file and its folder")
    if "full" in words or "disk I/O" in words:
        return BrokenSetup(f"the database {place} cannot be written ({words}): make room on its disk, and run again")
    return None


def _postgres(place: str, state: str | None, words: str, context: ExceptionContext) -> CrossquoteError | None:
    if state is not None and state.startswith(_COMES_BACK):
        return Unavailable(f"the database {place} is busy or not ready ({_line(words)}): try again")
    if state == "53100":
        return BrokenSetup(f"the disk of the database {place} is full ({_line(words)}): make room, and run again")
    if state in ("42P01", "42703"):
        return BrokenSetup(f"the database {place} has not the tables of this version ({_line(words)}): {_UPGRADE}")
    if any(phrase in words for phrase in _WAITING):
        return Unavailable(f"the database {place} is busy or not ready ({_line(words)}): try again")
    if context.connection is None:
        return BrokenSetup(f"the database {place} cannot be reached ({_line(words)}): check server, name and password")
    if context.is_disconnect:
        return Unavailable(f"the connection to the database {place} was lost: try again")
    return None


def _line(words: str) -> str:
    """The first line of what the server says."""
    return words.strip().splitlines()[0] if words.strip() else "no answer"
