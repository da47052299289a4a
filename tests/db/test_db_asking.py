"""A user's own query: what it answers, and that it can do nothing but read. On both dialects."""

from __future__ import annotations

import time
from datetime import UTC, datetime
from pathlib import Path

import pytest
from sqlalchemy import text

from db.asking import Answer, ask
from db.engine import open_engine
from db.queries import totals
from db.store import SqlStore
from tests.db.samples import VERDICT, with_pair
from verifier.errors import BadInput, BrokenSetup

RECURSIVE = "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n) SELECT {} FROM n"


def asked(url: str, sql: str, limit: int = 10, seconds: float = 20.0) -> Answer:
    return ask(url, sql, limit, seconds)


def test_rows_are_the_same_on_both_dialects(store: SqlStore, database_url: str) -> None:
    with_pair(store, VERDICT)
    answer = asked(database_url, "SELECT kind, confidence, reasons, a_published_at FROM v_conflicts;  -- all\n")
    assert answer.columns == ("kind", "confidence", "reasons", "a_published_at")
    noon = datetime(2026, 3, 1, 12, tzinfo=UTC)
    assert answer.rows == (("contradiction", 0.7, ["“safe” against “not safe”", "same bridge"], noon),)
    assert not answer.cut
    (found,) = asked(database_url, "SELECT is_current FROM verdicts").rows
    assert found[0] is True


@pytest.mark.parametrize(("limit", "rows", "cut"), [(2, 2, True), (3, 3, False), (4, 3, False)])
def test_no_more_rows_than_asked_for(database_url: str, limit: int, rows: int, cut: bool) -> None:
    answer = asked(database_url, "SELECT 1 AS n UNION ALL SELECT 2 UNION ALL SELECT 3", limit)
    assert (len(answer.rows), answer.cut) == (rows, cut)


def test_endless_rows_end_with_the_limit(database_url: str) -> None:
    answer = asked(database_url, RECURSIVE.format("i"), 5)
    assert ([row[0] for row in answer.rows], answer.cut) == ([1, 2, 3, 4, 5], True)


def test_columns_of_one_name_get_names_of_their_own(database_url: str) -> None:
    answer = asked(database_url, "SELECT 1 AS a, 2 AS a, 3 AS a_2, '50%' AS b, ':x' AS c")
    assert answer.columns == ("a", "a_2", "a_2_2", "b", "c")
    assert answer.rows == ((1, 2, 3, "50%", ":x"),)


def test_no_rows_have_columns_too(database_url: str) -> None:
    assert asked(database_url, "SELECT pair_id, kind FROM v_conflicts") == Answer(("pair_id", "kind"), (), False)


WRITES = [
    "DELETE FROM verdicts",
    "INSERT INTO outlets (id, name) VALUES (7, 'x')",
    "/* hello */ -- SELECT\n UPDATE verdicts SET confidence = 0",
    "DROP VIEW v_conflicts",
    "CREATE TABLE x (a int)",
    "WITH gone AS (SELECT 1) DELETE FROM verdicts",
    "VACUUM",
    "BEGIN",
    "COMMIT",
    "not sql",
]


@pytest.mark.parametrize("sql", WRITES)
def test_it_only_reads(store: SqlStore, database_url: str, sql: str) -> None:
    with_pair(store, VERDICT)
    before = totals(store.engine)
    with pytest.raises(BadInput, match=r"only reads.*use SELECT"):
        asked(database_url, sql)
    assert totals(store.engine) == before


@pytest.mark.parametrize(
    "sql",
    [
        "ATTACH '{}' AS other",
        "VACUUM INTO '{}'",
        "PRAGMA journal_mode = DELETE",
        "PRAGMA query_only = OFF",
        "SELECT load_extension('{}')",
        "WITH x AS (SELECT 1) INSERT INTO outlets (name) VALUES ('{}')",
        "EXPLAIN DELETE FROM outlets",
    ],
)
def test_sqlite_makes_no_file_and_changes_no_setting(sqlite_url: str, tmp_path: Path, sql: str) -> None:
    target = tmp_path / "made.db"
    with pytest.raises(BadInput, match=r"only reads"):
        asked(sqlite_url, sql.format(target))
    assert not target.exists()


@pytest.mark.postgres
@pytest.mark.parametrize(
    "sql",
    [
        "WITH gone AS (DELETE FROM outlets RETURNING *) SELECT * FROM gone",
        "SELECT * FROM outlets FOR UPDATE",
        "EXPLAIN ANALYZE DELETE FROM outlets",
        "SELECT nextval('outlets_id_seq')",
        "SELECT lo_create(0)",
        "COPY (SELECT 1) TO PROGRAM 'true'",
        "DO $$ BEGIN SET TRANSACTION READ WRITE; DELETE FROM outlets; END $$",
    ],
)
def test_postgresql_refuses_writes_that_look_like_reading(postgres_url: str, sql: str) -> None:
    with pytest.raises(BadInput, match="only reads"):
        asked(postgres_url, sql)


@pytest.mark.postgres
def test_a_transaction_that_reads_cannot_be_turned(postgres_url: str) -> None:
    with pytest.raises(BadInput, match="read-write mode"):
        asked(postgres_url, "SELECT set_config('transaction_read_only', 'off', false)")


@pytest.mark.parametrize("sql", ["SELECT 1; SELECT 2", "SELECT 1; DELETE FROM verdicts", "SELECT 1;;SELECT 2"])
def test_several_statements(database_url: str, sql: str) -> None:
    with pytest.raises(BadInput, match="one at a time"):
        asked(database_url, sql)


@pytest.mark.parametrize(
    ("sql", "says"),
    [
        ("SELECT * FROM v_conflict", r"no table 'v_conflict': did you mean v_conflicts"),
        ("SELECT * FROM zzz", r"no table 'zzz': the views are v_agreements, .*v_wire_copies"),
        ("SELECT outlet FROM v_conflicts", r"no column 'outlet': did you mean .*_outlet"),
        ("SELECT c.konfidence FROM v_conflicts c", r"no column 'c.konfidence': did you mean confidence"),
        ("SELECT xyzzy FROM v_runs", r"no column 'xyzzy': there are .*started_at"),
        ("SELECT xyzzy", r"no column 'xyzzy': docs/database.md"),
        ("SELECT FROM WHERE", r"does not take the query .*docs/database.md"),
        ("SELECT nothing_like_it(1)", r"does not take the query .*nothing_like_it"),
        ("", "the query is empty"),
        (" -- nothing\n;", "the query is empty"),
        ("SELECT '\0'", r"holds the character \\x00"),
        ("SELECT '\udc80'", r"holds the character \\udc80"),
    ],
)
def test_a_wrong_query_is_one_line_with_a_remedy(database_url: str, sql: str, says: str) -> None:
    with pytest.raises(BadInput, match=says) as caught:
        asked(database_url, sql)
    assert "\n" not in caught.value.message


def test_a_query_that_takes_too_long(database_url: str) -> None:
    began = time.monotonic()
    with pytest.raises(BadInput, match=r"took longer than 0\.3 s: narrow it .* --timeout"):
        asked(database_url, RECURSIVE.format("count(*)"), seconds=0.3)
    assert time.monotonic() - began < 20


def test_a_huge_value_is_refused(sqlite_url: str) -> None:
    with pytest.raises(BadInput, match="too big"):
        asked(sqlite_url, "SELECT length(zeroblob(999999999))")


def test_full_text_tables_can_be_asked(sqlite_url: str) -> None:
    engine = open_engine(sqlite_url)
    with engine.begin() as connection:
        connection.execute(text("CREATE VIRTUAL TABLE words USING fts5(said)"))
        connection.execute(text("INSERT INTO words VALUES ('the bridge is safe')"))
    engine.dispose()
    answer = asked(sqlite_url, "SELECT said FROM words WHERE words MATCH 'bridge'")
    assert answer.rows == (("the bridge is safe",),)


def test_what_a_column_is_not_declared_for_comes_as_text(sqlite_url: str) -> None:
    engine = open_engine(sqlite_url)
    with engine.begin() as connection:
        connection.execute(text("CREATE TABLE odd (t DATETIME, j JSON, b BOOLEAN)"))
        connection.execute(text("INSERT INTO odd VALUES ('soon', '{', 'perhaps')"))
    engine.dispose()
    assert asked(sqlite_url, "SELECT * FROM odd").rows == (("soon", "{", "perhaps"),)


def test_no_database_is_made(tmp_path: Path) -> None:
    with pytest.raises(BrokenSetup, match="there is no database"):
        asked(f"sqlite:///{tmp_path / 'none.db'}", "SELECT 1")
    assert list(tmp_path.iterdir()) == []


def test_a_file_that_is_no_database(tmp_path: Path) -> None:
    (tmp_path / "x.db").write_text("not a database, but long enough to be read as one" * 100)
    with pytest.raises(BrokenSetup, match="no database"):
        asked(f"sqlite:///{tmp_path / 'x.db'}", "SELECT * FROM sqlite_master")
