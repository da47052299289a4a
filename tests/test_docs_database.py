"""The database page is right: each query on it runs, and it names every table and view."""

from __future__ import annotations

import re
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest

from db.migrate import upgrade

PAGE = (Path(__file__).parents[1] / "docs" / "database.md").read_text(encoding="utf-8")
QUERIES = re.findall(r"```sql\n(.*?)```", PAGE, re.DOTALL)


@pytest.fixture(scope="module")
def database(tmp_path_factory: pytest.TempPathFactory) -> Iterator[sqlite3.Connection]:
    file = tmp_path_factory.mktemp("docs") / "empty.db"
    upgrade(f"sqlite:///{file}")
    with closing(sqlite3.connect(file)) as connection:
        yield connection


def names(database: sqlite3.Connection, kind: str) -> set[str]:
    found = database.execute("SELECT name FROM sqlite_schema WHERE type = ? AND name NOT LIKE 'sqlite_%'", [kind])
    return {name for (name,) in found} - {"alembic_version"}


@pytest.mark.parametrize("query", QUERIES, ids=lambda query: query.split("FROM ")[1].split()[0])
def test_a_query_on_the_page_runs(database: sqlite3.Connection, query: str) -> None:
    assert database.execute(query).fetchall() == []


def test_each_view_has_a_query() -> None:
    for view in ("v_conflicts", "v_agreements", "v_speaker_statements", "v_runs"):
        assert any(f"FROM {view}" in query for query in QUERIES), view


def test_the_page_lists_the_tables(database: sqlite3.Connection) -> None:
    assert set(re.findall(r"^\| `([a-z_]+)` \|", PAGE, re.MULTILINE)) - {"similarity"} == names(database, "table")


def test_the_page_describes_the_views(database: sqlite3.Connection) -> None:
    headings = " ".join(line for line in PAGE.splitlines() if line.startswith("### "))
    assert set(re.findall(r"`(v_[a-z_]+)`", headings)) == names(database, "view")
