"""The database page is right: each query on it runs, and it names every table and view."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from sqlalchemy import Engine, inspect, text

PAGE = (Path(__file__).parents[1] / "docs" / "database.md").read_text(encoding="utf-8")
QUERIES = re.findall(r"```sql\n(.*?)```", PAGE, re.DOTALL)


@pytest.mark.parametrize("query", QUERIES, ids=lambda query: query.split("FROM ")[1].split()[0])
def test_a_query_on_the_page_runs(engine: Engine, query: str) -> None:
    with engine.connect() as connection:
        assert connection.execute(text(query)).all() == []


def test_every_view_has_a_query(engine: Engine) -> None:
    asked = set(re.findall(r"FROM (v_[a-z_]+)", " ".join(QUERIES)))
    assert set(inspect(engine).get_view_names()) - asked == {"v_current_statements"}


def test_the_page_lists_the_tables(engine: Engine) -> None:
    listed = PAGE.split("## Tables")[1]
    tables = set(inspect(engine).get_table_names()) - {"alembic_version"}
    assert set(re.findall(r"^\| `([a-z_]+)` \|", listed, re.MULTILINE)) == tables


def test_the_page_describes_the_views(engine: Engine) -> None:
    headings = " ".join(line for line in PAGE.splitlines() if line.startswith("### "))
    assert set(re.findall(r"`(v_[a-z_]+)`", headings)) == set(inspect(engine).get_view_names())
