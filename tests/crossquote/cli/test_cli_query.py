"""`crossquote query` as a user meets it."""

from __future__ import annotations

import csv
import io
import json

import pytest

from db.store import SqlStore
from tests.crossquote.commands import Command
from tests.crossquote.hostile import ESCAPES, FORMULA, hostile

SIDES = "SELECT a_text AS said FROM v_conflicts UNION ALL SELECT b_text FROM v_conflicts ORDER BY said"
SAID = sorted(words.removesuffix(" said") for words in (FORMULA, ESCAPES))


def test_a_table_shows_and_obeys_nothing(store: SqlStore, database_url: str, command: Command) -> None:
    hostile(store)
    code, out, err = command("query", SIDES, "--db", database_url)
    assert (code, err) == (0, "")
    assert not {"\x1b", "\x9b", "‮"} & set(out)
    assert "=HYPERLINK" in out


def test_json_lines_keep_every_character(store: SqlStore, database_url: str, command: Command) -> None:
    hostile(store)
    code, out, _ = command("query", SIDES, "--db", database_url, "--json")
    assert code == 0
    assert sorted(json.loads(line)["said"] for line in out.splitlines()) == SAID
    assert not {"\x1b", "\x9b", "‮"} & set(out)


def test_csv_is_safe_to_open_in_a_spreadsheet(store: SqlStore, database_url: str, command: Command) -> None:
    hostile(store)
    query = "SELECT similarity, a_speaker, b_speaker, a_text, b_text, comment, judged_at FROM v_conflicts"
    code, out, _ = command("query", query, "--db", database_url, "--csv")
    names, row = list(csv.reader(io.StringIO(out)))
    assert code == 0
    assert names[0] == "similarity"
    assert row[0] == "-0.25"
    assert sorted(row[1:3]) == ["'+0", "'+1"]
    assert '\'=HYPERLINK("http://evil.example")' in row[3:5]
    assert row[5:] == ["'=2+3", "2026-03-01T12:00:00+00:00"]
    assert not {"\x1b", "\x9b", "‮"} & set(out)


def test_more_rows_than_asked_for_are_named(database_url: str, command: Command) -> None:
    code, out, err = command(
        "query", "SELECT 1 AS n UNION ALL SELECT 2", "--db", database_url, "--limit", "1", "--json"
    )
    assert (code, out) == (0, '{"n": 1}\n')
    assert err == "there are more rows than 1: raise --limit to see them\n"


@pytest.mark.parametrize(
    ("arguments", "code", "says"),
    [
        (("DELETE FROM verdicts",), 2, "only reads"),
        (("SELECT 1; SELECT 2",), 2, "one at a time"),
        (("SELECT * FROM v_conflict",), 2, "did you mean v_conflicts"),
        (("SELECT 1", "--json", "--csv"), 2, "choose one"),
        (
            ("WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i FROM n) SELECT count(*) FROM n", "--timeout", "0.2"),
            2,
            "0.2 s",
        ),
    ],
    ids=["writes", "several", "name", "form", "time"],
)
def test_errors_are_one_line_with_a_remedy(
    database_url: str, command: Command, arguments: tuple[str, ...], code: int, says: str
) -> None:
    found, out, err = command("query", *arguments, "--db", database_url)
    assert (found, out, err.count("\n")) == (code, "", 1)
    assert says in err


def test_no_database(command: Command) -> None:
    code, out, err = command("query", "SELECT 1", "--db", "/tmp/no-such-folder-of-ours/x.db")  # noqa: S108
    assert (code, out) == (1, "")
    assert "there is no database" in err


def test_a_query_from_standard_input(sqlite_url: str, command: Command, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("sys.stdin", io.StringIO("SELECT 'x' AS held"))
    assert command("query", "-", "--db", sqlite_url, "--json")[:2] == (0, '{"held": "x"}\n')
