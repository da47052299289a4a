"""`crossquote run` where it must not start: another run is on, or a model's file is not as shipped."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from db.lease import alone
from models.cards import card
from tests.crossquote.commands import Command


@pytest.fixture
def article(tmp_path: Path) -> Path:
    file = tmp_path / "a.txt"
    file.write_text("The bridge was inspected in March, the minister said on Monday.\n", encoding="utf-8")
    return file


def test_a_second_run_on_a_database_is_told_of_the_first(
    command: Command, article: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("CROSSQUOTE_RUNS__WAIT_SECONDS", "0.1")
    database = tmp_path / "a.db"
    with alone(f"sqlite:///{database}", 0, print):
        code, out, err = command("run", article, "--db", database, "--direct")
    assert (code, out) == (1, "")
    *said, last = err.splitlines()
    assert all("waiting up to" in line for line in said)
    assert "another run is at work" in last
    assert "runs.wait_seconds" in last


def test_an_altered_model_is_refused_before_anything_is_stored(
    command: Command, article: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = tmp_path / "weights" / card("nli").folder
    folder.mkdir(parents=True)
    (folder / "model.safetensors").write_bytes(b"altered")
    monkeypatch.setattr("models.cards.WEIGHTS", tmp_path / "weights")
    code, out, err = command("run", article, "--db", tmp_path / "a.db", "--direct")
    assert (code, out) == (1, "")
    (line,) = err.splitlines()
    assert "model.safetensors has not the sha256 of its card; reinstall it" in line
    with closing(sqlite3.connect(tmp_path / "a.db")) as connection:
        assert connection.execute("SELECT count(*) FROM articles").fetchone() == (0,)
