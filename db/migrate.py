"""The schema's versions (Alembic): upgrade, where a database stands, and whether this program can use it.

Alembic is loaded only where there is something to change: most runs find the database as it should be.
"""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Final, TypeVar

from sqlalchemy import Connection, inspect, text

from db.engine import open_engine, sqlite_file
from db.transaction import take_writer_lock
from verifier.errors import BrokenSetup

if TYPE_CHECKING:
    from alembic.config import Config

T = TypeVar("T")
VERSIONS: Final = Path(__file__).with_name("migrations") / "versions"


def config(connection: Connection | None = None) -> Config:
    """Alembic's configuration, in code: the migrations ship inside the package. Its own logging stays unconfigured."""
    from alembic.config import Config

    made = Config()
    made.set_main_option("script_location", "db:migrations")
    made.set_main_option("path_separator", "os")
    if connection is not None:
        made.attributes["connection"] = connection
    return made


def upgrade(url: str, revision: str = "head") -> None:
    """Bring the database to a revision, in one transaction: an empty one from nothing, one that is there by no change.

    Safe to call from several processes at once: the later ones wait and find it done.
    """
    if revision == "head" and _stored(url) == head():
        return
    _connected(url, lambda connection: _upgrade(connection, revision))


def _upgrade(connection: Connection, revision: str) -> None:
    """SQLite's foreign keys are off meanwhile, because batch mode drops and remakes tables; checked before the end."""
    sqlite = connection.dialect.name == "sqlite"
    if sqlite:
        connection.connection.driver_connection.execute("PRAGMA foreign_keys = OFF")  # type: ignore[union-attr]
    else:
        _require_utf8(connection)
    connection.execution_options(crossquote_writes=True)
    take_writer_lock(connection)
    _known_revision(connection)
    from alembic import command

    command.upgrade(config(connection), revision)
    if sqlite and (broken := connection.execute(text("PRAGMA foreign_key_check")).first()) is not None:
        raise BrokenSetup(f"the upgrade would leave rows of {broken[0]} without what they refer to: restore a backup")
    connection.commit()


def _require_utf8(connection: Connection) -> None:
    encoding = connection.execute(text("SHOW server_encoding")).scalar_one()
    if encoding != "UTF8":
        raise BrokenSetup(f"the database's encoding is {encoding}: create it again with ENCODING 'UTF8'")


def revision(url: str) -> str | None:
    """The database's revision; None if it has none yet (a SQLite file that is not there is not made)."""
    return _stored(url)


def _stored(url: str) -> str | None:
    file = sqlite_file(url)
    if file is not None and not file.exists():
        return None
    return _connected(url, _revision_of)


def head() -> str:
    """The revision that this program works with: the last file's. Alembic would load every file to say so."""
    found = sorted(file.name.partition("_")[0] for file in VERSIONS.glob("[0-9]*.py"))
    if not found:
        raise BrokenSetup("the migrations are missing from the installation: install crossquote again")
    return found[-1]


def check(url: str) -> None:
    """BrokenSetup with the remedy unless the database is at `head()`."""
    found = revision(url)
    if found == head():
        return
    if found is not None:
        _require_known(found)
    raise BrokenSetup(f"the database is at revision {found or 'none'}, not {head()}: run `crossquote db upgrade`")


def _known_revision(connection: Connection) -> None:
    if (found := _revision_of(connection)) is not None:
        _require_known(found)


def _require_known(found: str) -> None:
    from alembic.script import ScriptDirectory
    from alembic.util import CommandError

    try:
        ScriptDirectory.from_config(config()).get_revision(found)
    except CommandError:
        raise BrokenSetup(
            f"the database is at revision {found}, which this version does not know: install a newer crossquote"
        ) from None


def _revision_of(connection: Connection) -> str | None:
    if not inspect(connection).has_table("alembic_version"):
        return None
    return connection.execute(text("SELECT version_num FROM alembic_version")).scalar()


def _connected(url: str, act: Callable[[Connection], T]) -> T:
    """Act on a connection of an engine of its own, which leaves nothing behind."""
    engine = open_engine(url)
    try:
        with engine.connect() as connection:
            return act(connection)
    finally:
        engine.dispose()
