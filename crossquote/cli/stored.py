"""The configured database, for commands that read it."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from sqlalchemy import Connection


@contextmanager
def connected(db: str | None) -> Iterator[Connection]:
    """A connection to the configured database; BrokenSetup if it is not there yet."""
    from crossquote.settings import read_settings
    from db.engine import open_engine
    from db.migrate import check

    url = read_settings(db).db
    check(url)
    engine = open_engine(url)
    try:
        with engine.connect() as connection:
            yield connection
    finally:
        engine.dispose()
