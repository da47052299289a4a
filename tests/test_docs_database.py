"""The database page is right: each query on it runs, and it names every table and view."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest
from sqlalchemy import Engine, inspect, text

DOCS = Path(__file__).parents[1] / "docs"
PAGE = (DOCS / "database.md").read_text(encoding="utf-8")
DATASETTE = json.loads((DOCS / "datasette-metadata.json").read_text(encoding="utf-8"))["databases"]["crossquote"]
DESCRIBED = DATASETTE["tables"]
INSIDE = {  # what Alembic and FTS5 keep for themselves
    "alembic_version",
    *(
        f"{table}_search_{part}"
        for table in ("article", "statement")
        for part in "config content data docsize idx".split()
    ),
}
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
    tables = set(inspect(engine).get_table_names()) - INSIDE
    assert set(re.findall(r"^\| `([a-z_]+)` \|", listed, re.MULTILINE)) == tables


def test_the_page_describes_the_views(engine: Engine) -> None:
    headings = " ".join(line for line in PAGE.splitlines() if line.startswith("### "))
    assert set(re.findall(r"`(v_[a-z_]+)`", headings)) == set(inspect(engine).get_view_names())


def test_the_datasette_file_describes_every_table_and_view(engine: Engine) -> None:
    found = inspect(engine)
    views = set(found.get_view_names())
    assert set(DESCRIBED) == views | set(found.get_table_names()) - INSIDE
    for name, about in DESCRIBED.items():
        columns = [column["name"] for column in found.get_columns(name)]
        assert about["description"], name
        assert list(about.get("columns", {})) == (columns if name in views else []), name
        assert {about[key] for key in ("sort", "sort_desc") if key in about} <= set(columns), name


def test_the_datasette_file_carries_the_queries_of_the_page() -> None:
    assert [one["sql"].strip() for one in DATASETTE["queries"].values()] == [query.strip() for query in QUERIES]
