"""The pages are the same on both dialects: they are tested on SQLite, the queries behind them on both."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import Engine

from db.engine import open_engine
from tests.crossquote.web.desks import desk, fill


@pytest.fixture(scope="session")
def filled_template(sqlite_template: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A file with the desk's users and articles."""
    file = tmp_path_factory.mktemp("desk") / "filled.db"
    shutil.copy(sqlite_template, file)
    made = open_engine(f"sqlite:///{file}")
    fill(made)
    desk(made)
    made.dispose()
    return file


@pytest.fixture
def engine(filled_template: Path, tmp_path: Path) -> Iterator[Engine]:
    """A SQLite database with users and articles."""
    shutil.copy(filled_template, tmp_path / "desk.db")
    made = open_engine(f"sqlite:///{tmp_path / 'desk.db'}")
    yield made
    made.dispose()


@pytest.fixture
def empty_engine(sqlite_url: str) -> Iterator[Engine]:
    """A SQLite database with the schema."""
    made = open_engine(sqlite_url)
    yield made
    made.dispose()
