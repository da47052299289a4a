"""`crossquote run` where it must not start: another run is on, or a model's file is not as shipped."""

from __future__ import annotations

import os
import shutil
import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from db.lease import alone
from models.cards import WEIGHTS, card
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


def test_an_altered_model_is_refused_and_the_next_run_goes_on(
    command: Command, article: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    article.write_text(
        "“The Orsk bridge is safe,” Ann Orr said.\n\n“The Orsk bridge is not safe,” Bo Lind said.\n", encoding="utf-8"
    )
    kept, altered = WEIGHTS, tmp_path / "weights"
    shutil.copytree(kept, altered, copy_function=os.symlink)
    file = altered / card("nli").folder / "model.safetensors"
    file.unlink()
    file.write_bytes(b"altered")
    monkeypatch.setattr("models.cards.WEIGHTS", altered)
    code, out, err = command("run", article, "--db", tmp_path / "a.db", "--direct")
    assert (code, out) == (1, "")
    assert "model.safetensors has not the sha256 of its card; reinstall it" in err.splitlines()[-1]
    monkeypatch.setattr("models.cards.WEIGHTS", kept)
    code, out, _ = command("run", article, "--db", tmp_path / "a.db", "--direct", "--json")
    assert code == 0
    assert '"articles": 0' in out.splitlines()[-1]
    with closing(sqlite3.connect(tmp_path / "a.db")) as connection:
        assert connection.execute("SELECT count(*) FROM verdicts").fetchone() == (1,)
