from __future__ import annotations

import sqlite3
import stat
from contextlib import closing
from pathlib import Path

import pytest

from db import migrate
from db.backup import backup, restore
from db.checking import examine
from db.engine import open_engine
from db.queries import VerdictFilter, verdict_rows
from db.store import SqlStore
from tests.db.samples import VERDICT, article, with_pair
from tests.dumps import dump
from verifier.errors import BadInput, BrokenSetup


def test_the_copy_of_a_file_in_use_is_a_database(sqlite_url: str, tmp_path: Path) -> None:
    engine = open_engine(sqlite_url)
    with_pair(SqlStore(engine), VERDICT)
    with SqlStore(engine).unit_of_work() as work:
        work.add_article(work.start_run([], "p"), article("https://x.example/uncommitted"))
        target = backup(sqlite_url, tmp_path / "copy.db")
    engine.dispose()
    copy = open_engine(f"sqlite:///{target}")
    assert [row.verdict for row in verdict_rows(copy, VerdictFilter())] == [VERDICT]
    migrate.check(f"sqlite:///{target}")
    copy.dispose()
    assert stat.S_IMODE(target.stat().st_mode) == 0o600


def test_never_overwrites(database_url: str, tmp_path: Path) -> None:
    (tmp_path / "copy").write_text("mine")
    with pytest.raises(BadInput, match="never overwrites"):
        backup(database_url, tmp_path / "copy")
    assert (tmp_path / "copy").read_text() == "mine"


def test_no_folder(database_url: str, tmp_path: Path) -> None:
    with pytest.raises(BadInput, match="cannot be written"):
        backup(database_url, tmp_path / "missing" / "copy")


def test_no_database(tmp_path: Path) -> None:
    with pytest.raises(BrokenSetup, match="there is no database"):
        backup(f"sqlite:///{tmp_path / 'none.db'}", tmp_path / "copy.db")
    assert list(tmp_path.iterdir()) == []


def test_a_damaged_database_leaves_no_copy(sqlite_url: str, tmp_path: Path) -> None:
    file = Path(sqlite_url.removeprefix("sqlite:///"))
    with closing(sqlite3.connect(file)) as connection:
        connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    content = bytearray(file.read_bytes())
    content[4096 * 3 : 4096 * 40] = b"\xff" * (4096 * 37)
    file.write_bytes(bytes(content[: 4096 * 45]))
    with pytest.raises(BrokenSetup):
        backup(sqlite_url, tmp_path / "copy.db")
    assert not (tmp_path / "copy.db").exists()


@pytest.mark.postgres
def test_an_archive_of_a_server(postgres_url: str, tmp_path: Path) -> None:
    engine = open_engine(postgres_url)
    with_pair(SqlStore(engine), VERDICT)
    engine.dispose()
    target = backup(postgres_url, tmp_path / "copy.dump")
    assert target.read_bytes().startswith(b"PGDMP")


@pytest.mark.postgres
def test_an_unreachable_server_leaves_no_copy(postgres_url: str, tmp_path: Path) -> None:
    with pytest.raises(BrokenSetup, match="cannot be reached"):
        backup("postgresql://me:secret@127.0.0.1:1/x", tmp_path / "copy.dump")
    assert not (tmp_path / "copy.dump").exists()


def test_a_restored_file_says_the_same(sqlite_url: str, tmp_path: Path) -> None:
    engine = open_engine(sqlite_url)
    with_pair(SqlStore(engine), VERDICT)
    engine.dispose()
    saved = backup(sqlite_url, tmp_path / "copy.db")
    restored = f"sqlite:///{tmp_path / 'restored.db'}"
    restore(saved, restored)
    assert dump(restored) == dump(sqlite_url)
    assert not list(tmp_path.glob("*.part"))


@pytest.mark.postgres
def test_a_restored_server_says_the_same(postgres_url: str, empty_postgres_url: str, tmp_path: Path) -> None:
    engine = open_engine(postgres_url)
    with_pair(SqlStore(engine), VERDICT)
    engine.dispose()
    saved = backup(postgres_url, tmp_path / "copy.dump")
    restore(saved, empty_postgres_url)
    assert dump(empty_postgres_url) == dump(postgres_url)
    assert [str(one) for one in examine(empty_postgres_url) if one.broken and "scores" not in one.rule] == []
    with pytest.raises(BadInput, match="has tables already"):
        restore(saved, empty_postgres_url)


def test_restoring_overwrites_nothing_and_wants_a_backup(sqlite_url: str, tmp_path: Path) -> None:
    saved = backup(sqlite_url, tmp_path / "copy.db")
    with pytest.raises(BadInput, match="is there already"):
        restore(saved, sqlite_url)
    other = tmp_path / "notes.txt"
    other.write_text("no backup")
    for wrong, words in ((other, "is no backup"), (tmp_path / "none", "is not there")):
        with pytest.raises(BadInput, match=words):
            restore(wrong, f"sqlite:///{tmp_path / 'new.db'}")
    assert not (tmp_path / "new.db").exists()


def test_a_backup_that_was_cut_off_leaves_no_database(sqlite_url: str, tmp_path: Path) -> None:
    saved = backup(sqlite_url, tmp_path / "copy.db")
    saved.write_bytes(saved.read_bytes()[:9000])
    with pytest.raises(BrokenSetup):
        restore(saved, f"sqlite:///{tmp_path / 'new.db'}")
    assert not list(tmp_path.glob("new.db*"))
