"""No page reads a large table from end to end: the plans of every query behind the main pages and routes.

Without statistics SQLite plans a small database as it does a large one. PostgreSQL is told to avoid reading whole tables, so that
it does so only where no index serves.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from sqlalchemy import Engine, event

from db.engine import open_engine
from db.migrate import upgrade
from tests.crossquote.web.desks import client, desk, fill

LARGE = (
    "statements|article_versions|articles|paragraphs|pairs|verdicts|judgements|story_articles|extractions|outlet_claims"
)
# what counts everything reads everything, from an index that holds all it needs
SCAN = re.compile(rf"^SCAN (?:\w*_)?(?:{LARGE}|statement|version|article)(?:_\d)?$", re.MULTILINE)
PAGES = (
    "/",
    "/?page=2",
    "/?label=all&reviewed=all",
    "/?reviewed=mine",
    "/?q=bridge+safe&reviewed=all",
    "/?story=1&reviewed=all",
    "/?outlet=North&since=2026-01-01&until=2026-12-01&speaker=Ortiz&least=10",
    "/?reviewed=yes&label=all&kind=numeric&run=1",
    "/?assigned=free&label=all",
    "/start",
    "/verdicts/1",
    "/verdicts/1?label=all&reviewed=all",
    "/verdicts/1/others",
    "/articles/1",
    "/stories",
    "/stories/1",
    "/speakers",
    "/speakers?q=ortiz",
    "/speakers/1",
    "/outlets",
    "/runs",
    "/search?q=bridge",
    "/audit",
    "/tokens",
    "/api/v1/verdicts",
    "/api/v1/verdicts?label=all&reviewed=all&limit=1",
    "/api/v1/verdicts/1",
    "/api/v1/statements",
    "/api/v1/statements?q=bridge",
    "/api/v1/articles?q=bridge",
    "/api/v1/stories",
    "/api/v1/stories/1",
    "/api/v1/counts",
    "/api/v1/verdicts/1/sides",
    "/api/v1/articles/1/verdicts",
    "/api/v1/speakers/1/statements",
    "/api/v1/speakers/1/changes",
    "/api/v1/bulk-decisions",
)


@contextmanager
def noted(engine: Engine) -> Iterator[list[tuple[str, Any]]]:
    """The queries that run meanwhile, with their parameters."""
    found: list[tuple[str, Any]] = []

    def note(_connection: Any, _cursor: Any, statement: str, parameters: Any, *_: Any) -> None:
        if statement.lstrip().upper().startswith("SELECT"):
            found.append((statement, parameters))

    event.listen(engine, "before_cursor_execute", note)
    try:
        yield found
    finally:
        event.remove(engine, "before_cursor_execute", note)


def scans(engine: Engine, queries: list[tuple[str, Any]], prefix: str) -> list[tuple[str, str]]:
    found = []
    with engine.connect() as connection:
        if prefix == "EXPLAIN (FORMAT JSON) ":
            connection.exec_driver_sql("SET enable_seqscan = off")
        for statement, parameters in queries:
            rows = connection.exec_driver_sql(prefix + statement, parameters).all()
            plan = "\n".join(
                _sequential(rows[0][0]) if engine.dialect.name == "postgresql" else [row[3] for row in rows]
            )
            found += [(line, statement) for line in SCAN.findall(plan)]
    return found


def _sequential(plan: Any) -> Iterator[str]:
    """PostgreSQL's plan in SQLite's words: the tables that are read whole."""
    if isinstance(plan, str):
        plan = json.loads(plan)
    if isinstance(plan, list):
        for one in plan:
            yield from _sequential(one)
    elif isinstance(plan, dict):
        if plan.get("Node Type") == "Seq Scan":
            yield f"SCAN {plan['Relation Name']}"
        for key in ("Plan", "Plans"):
            yield from _sequential(plan.get(key))


def check(engine: Engine, prefix: str) -> None:
    fill(engine)
    admin = client(desk(engine), "admin")
    bad = {}
    for page in PAGES:
        with noted(engine) as queries:
            assert admin.get(page).status_code in (200, 303), page
        if found := scans(engine, queries, prefix):
            bad[page] = found
    assert bad == {}


@pytest.mark.parametrize(
    "page", ["/", "/?label=all&reviewed=all", "/?since=2026-01-01&until=2026-12-01&least=10", "/verdicts/1"]
)
def test_the_queue_is_counted_and_read_in_order_from_one_index(engine: Engine, page: str) -> None:
    fill(engine)
    admin = client(desk(engine), "admin")
    with noted(engine) as queries:
        assert admin.get(page).status_code == 200
    ordered = [one for one in queries if "count(*)" in one[0] or "ORDER BY verdicts.queue_rank" in one[0]]
    assert len(ordered) >= 2
    with engine.connect() as connection:
        for statement, parameters in ordered:
            plan = [row[3] for row in connection.exec_driver_sql(f"EXPLAIN QUERY PLAN {statement}", parameters)]
            assert re.match(
                r"(SCAN|SEARCH) verdicts USING (COVERING )?INDEX (ix_verdicts_shown|\S+ \(pair_id=\?\))", plan[0]
            )
            assert "USE TEMP B-TREE FOR ORDER BY" not in plan


def test_sqlite(engine: Engine) -> None:
    check(engine, "EXPLAIN QUERY PLAN ")


@pytest.mark.postgres
def test_postgresql(empty_postgres_url: str) -> None:
    upgrade(empty_postgres_url)
    engine = open_engine(empty_postgres_url)
    try:
        check(engine, "EXPLAIN (FORMAT JSON) ")
    finally:
        engine.dispose()
