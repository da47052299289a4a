from __future__ import annotations

import pickle
import sqlite3
from contextlib import closing
from datetime import UTC, datetime, timedelta, timezone
from pathlib import Path

import pytest
from sqlalchemy import Engine, insert, select, text
from sqlalchemy.exc import IntegrityError, StatementError

from db import migrate
from db.engine import open_engine, parse_url
from db.store import SqlStore
from db.tables import Runs
from db.transaction import chunks
from tests.db.samples import article
from verifier.errors import BrokenSetup, Unavailable


@pytest.mark.parametrize(
    ("url", "driver"),
    [
        ("sqlite:///x.db", "sqlite"),
        ("sqlite+pysqlite:///x.db", "sqlite"),
        ("postgresql://me@host/x", "postgresql+psycopg"),
        ("postgres://me@host/x", "postgresql+psycopg"),
        ("postgresql+psycopg://me@host/x", "postgresql+psycopg"),
    ],
)
def test_addresses(url: str, driver: str) -> None:
    assert parse_url(url).drivername == driver


@pytest.mark.parametrize(
    "url",
    [
        "x.db",
        "",
        "sqlite://",
        "sqlite:///:memory:",
        "mysql://me:secret@host/x",
        "postgresql+psycopg2://me:secret@host/x",
        "postgresql://me:secret@host:port/x",
    ],
)
def test_bad_addresses_name_the_form_and_hide_the_password(url: str) -> None:
    with pytest.raises(BrokenSetup, match="use sqlite:///path/to/file") as caught:
        open_engine(url)
    assert "secret" not in caught.value.message


def test_sqlite_settings(sqlite_url: str) -> None:
    engine = open_engine(sqlite_url, wait_seconds=7)
    with engine.connect() as connection:
        values = [connection.execute(text(f"PRAGMA {name}")).scalar() for name in ("journal_mode", "foreign_keys")]
        assert values == ["wal", 1]
        assert connection.execute(text("PRAGMA busy_timeout")).scalar() == 7000
    engine.dispose()


def test_a_locked_database_is_unavailable(sqlite_url: str) -> None:
    engine = open_engine(sqlite_url, wait_seconds=0.05)
    with closing(sqlite3.connect(sqlite_url.removeprefix("sqlite:///"), isolation_level=None)) as other:
        other.execute("BEGIN IMMEDIATE")
        with SqlStore(engine).unit_of_work() as work:
            assert work.sides("any") == []  # readers wait for nobody
            with pytest.raises(Unavailable, match="locked by another process: try again") as caught:
                work.start_run([], "p")
    assert pickle.loads(pickle.dumps(caught.value)).message == caught.value.message  # noqa: S301
    with SqlStore(engine).unit_of_work() as work:
        assert work.start_run([], "p") == 1
    engine.dispose()


def test_a_reader_does_not_hinder_a_writer_who_began_as_reader(sqlite_url: str) -> None:
    """SQLite refuses at once to turn a reader into a writer when somebody wrote meanwhile."""
    engine = open_engine(sqlite_url, wait_seconds=5)
    store = SqlStore(engine)
    with store.unit_of_work() as work:
        assert work.versions_to_extract("any") == []
        with store.unit_of_work() as other:
            other.add_article(other.start_run([], "p"), article())
            other.commit()
        work.add_article(work.start_run([], "p"), article())
        work.commit()
    engine.dispose()


def _no_folder(folder: Path) -> str:
    return f"sqlite:///{folder / 'missing' / 'x.db'}"


def _no_database(folder: Path) -> str:
    (folder / "x.db").write_text("not a database, but some text that is long enough to be looked at" * 20)
    return f"sqlite:///{folder / 'x.db'}"


def _no_tables(folder: Path) -> str:
    return f"sqlite:///{folder / 'x.db'}"


@pytest.mark.parametrize(
    ("make", "remedy"),
    [(_no_folder, "make its folder"), (_no_database, "restore a backup"), (_no_tables, "crossquote db upgrade")],
    ids=["no folder", "no database", "no tables"],
)
def test_a_broken_file_says_what_to_do(tmp_path: Path, make: object, remedy: str) -> None:
    assert callable(make)
    engine = open_engine(make(tmp_path))
    with pytest.raises(BrokenSetup, match=remedy), SqlStore(engine).unit_of_work() as work:
        work.versions_to_extract("any")
    engine.dispose()


@pytest.mark.postgres
def test_an_unreachable_server_says_what_to_do_without_the_password(empty_postgres_url: str) -> None:
    for url in (
        "postgresql://me:secret@127.0.0.1:1/x",
        empty_postgres_url.replace("postgres:@", "postgres:secret@").replace("/test_", "/none_"),
    ):
        engine = open_engine(url)
        with pytest.raises(BrokenSetup, match="cannot be reached") as caught:
            engine.connect()
        assert "secret" not in caught.value.message
        assert "\n" not in caught.value.message
        engine.dispose()


@pytest.mark.postgres
def test_a_server_without_tables_says_what_to_do(empty_postgres_url: str) -> None:
    engine = open_engine(empty_postgres_url)
    with SqlStore(engine).unit_of_work() as work, pytest.raises(BrokenSetup, match="crossquote db upgrade"):
        work.versions_to_extract("any")
    engine.dispose()


@pytest.mark.postgres
def test_a_lost_connection_is_unavailable(postgres_url: str) -> None:
    engine, killer = open_engine(postgres_url), open_engine(postgres_url)
    with pytest.raises(Unavailable), engine.connect() as connection:  # noqa: PT012
        process = connection.execute(text("SELECT pg_backend_pid()")).scalar_one()
        with killer.begin() as other:
            other.execute(text("SELECT pg_terminate_backend(:process, 5000)"), {"process": process})
        connection.execute(text("SELECT 1"))
    engine.dispose()
    killer.dispose()


def test_times_are_utc_whatever_the_zone(engine: Engine) -> None:
    here = datetime(2026, 3, 29, 1, 30, tzinfo=timezone(timedelta(hours=-7)))
    with engine.begin() as connection:
        connection.execute(insert(Runs).values(started_at=here, locations=[], profile="p"))
        back = connection.execute(select(Runs.started_at)).scalar_one()
    assert back == here
    assert back.tzinfo is UTC


def test_a_time_without_a_zone_is_refused(engine: Engine) -> None:
    row = {"started_at": datetime(2026, 3, 1), "locations": [], "profile": "p"}
    with engine.begin() as connection, pytest.raises(StatementError, match="has no time zone"):
        connection.execute(insert(Runs).values(row))


@pytest.mark.parametrize(
    "statement",
    [
        "INSERT INTO nli_scores VALUES ('a', 'b', 'm', 'r', {nan}, 0, 0)",
        "INSERT INTO nli_scores VALUES ('a', 'b', 'm', 'r', 2, 0, 0)",
    ],
    ids=["NaN", "over 1"],
)
def test_no_number_that_is_none(engine: Engine, statement: str) -> None:
    nan = "9e999 - 9e999" if engine.dialect.name == "sqlite" else "'NaN'"
    with engine.begin() as connection, pytest.raises(IntegrityError):
        connection.execute(text(statement.format(nan=nan)))


@pytest.mark.parametrize(
    ("count", "sizes"), [(0, []), (2, [2]), (3, [3]), (7, [3, 3, 1])], ids=["none", "one", "full", "rest"]
)
def test_chunks(count: int, sizes: list[int]) -> None:
    parts = list(chunks(range(count), 3))
    assert [len(part) for part in parts] == sizes
    assert [value for part in parts for value in part] == list(range(count))


def test_nothing_is_opened_before_it_is_used(tmp_path: Path) -> None:
    open_engine(f"sqlite:///{tmp_path / 'x.db'}").dispose()
    assert list(tmp_path.iterdir()) == []
    assert migrate.head()
