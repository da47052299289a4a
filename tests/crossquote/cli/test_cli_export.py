"""`crossquote export`: the formats, the filters, the files."""

from __future__ import annotations

import csv
import json
from dataclasses import fields
from datetime import UTC, datetime
from pathlib import Path

import pyarrow.parquet as pq
import pytest

from crossquote.exports.parquet import schema_of
from db.export_lines import StatementLine, VerdictLine
from db.store import SqlStore
from tests.crossquote.commands import Command
from tests.crossquote.hostile import ESCAPES, FORMULA, hostile
from tests.db.samples import VERDICT, with_pair
from tests.db.test_db_queries import RANKED, fill

LINES = {"verdicts": VerdictLine, "statements": StatementLine}


@pytest.mark.parametrize("what", ["verdicts", "statements"])
def test_every_format_has_the_same_columns_and_rows(
    store: SqlStore, database_url: str, command: Command, tmp_path: Path, what: str
) -> None:
    hostile(store)
    names = [one.name for one in fields(LINES[what])]
    for ending in ("csv", "jsonl", "parquet"):
        code, out, err = command("export", what, "--output", tmp_path / f"x.{ending}", "--db", database_url)
        assert (code, out, err) == (0, "", "")
    parquet = pq.read_table(tmp_path / "x.parquet").to_pylist()
    lines = [json.loads(line) for line in (tmp_path / "x.jsonl").read_text(encoding="utf-8").splitlines()]
    with (tmp_path / "x.csv").open(encoding="utf-8", newline="") as file:
        cells = list(csv.DictReader(file))
    assert len(parquet) == len(lines) == len(cells) == (1 if what == "verdicts" else 2)
    assert [list(rows[0]) for rows in (parquet, lines, cells)] == [names] * 3
    for exact, line in zip(parquet, lines, strict=True):
        times = {name for name, value in exact.items() if isinstance(value, datetime)}
        assert {name: value for name, value in exact.items() if name not in times} == {
            name: value for name, value in line.items() if name not in times
        }
        assert all(datetime.fromisoformat(line[name]) == exact[name] for name in times)


def test_a_hostile_text_is_exact_in_json_and_parquet_and_harmless_in_csv(
    store: SqlStore, database_url: str, command: Command, tmp_path: Path
) -> None:
    hostile(store)
    raw = sorted(words.removesuffix(" said") for words in (FORMULA, ESCAPES))
    for ending in ("csv", "jsonl", "parquet"):
        command("export", "statements", "--output", tmp_path / f"x.{ending}", "--db", database_url)
    lines = (tmp_path / "x.jsonl").read_text(encoding="utf-8")
    assert sorted(json.loads(line)["text"] for line in lines.splitlines()) == raw
    assert sorted(pq.read_table(tmp_path / "x.parquet").column("text").to_pylist()) == raw
    sheet = (tmp_path / "x.csv").read_text(encoding="utf-8")
    assert not {"\x1b", "\x9b", "‮"} & set(lines + sheet)
    with (tmp_path / "x.csv").open(encoding="utf-8", newline="") as file:
        cells = [cell for row in csv.reader(file) for cell in row]
    assert not [cell for cell in cells if cell.startswith(("=", "+", "-", "@"))]


def test_values_have_their_types(store: SqlStore, database_url: str, command: Command, tmp_path: Path) -> None:
    with_pair(store, VERDICT)
    command("export", "verdicts", "--output", tmp_path / "x.parquet", "--db", database_url)
    table = pq.read_table(tmp_path / "x.parquet")
    assert table.schema.equals(schema_of(VerdictLine))
    (row,) = table.to_pylist()
    assert row["reasons"] == ["“safe” against “not safe”", "same bridge"]
    assert row["a_published_at"] == datetime(2026, 3, 1, 12, tzinfo=UTC)
    assert (row["confidence"], row["judgement"]) == (0.7, None)


@pytest.mark.parametrize(
    ("arguments", "count"),
    [
        ((), 10),
        (("--label", "conflict"), 6),
        (("--kind", "tension"), 2),
        (("--limit", "3"), 3),
        (("--speaker", "ortiz"), 10),
        (("--since", "2027-01-01"), 0),
    ],
    ids=["all", "label", "kind", "limit", "speaker", "since"],
)
def test_filters_of_verdicts(
    store: SqlStore, database_url: str, command: Command, arguments: tuple[str, ...], count: int, tmp_path: Path
) -> None:
    fill(store, RANKED)
    code, _, err = command("export", "verdicts", "-o", tmp_path / "x.jsonl", "--db", database_url, *arguments)
    lines = (tmp_path / "x.jsonl").read_text().splitlines()
    assert (code, len(lines), bool(err)) == (0, count, count == 0)
    assert [json.loads(line)["stance"] for line in lines][:1] == ["conflict"][:count]


@pytest.mark.parametrize(
    ("arguments", "count"),
    [
        ((), 2),
        (("--kind", "direct"), 2),
        (("--kind", "narrated"), 0),
        (("--speaker", "Engineers"), 1),
        (("--limit", "1"), 1),
    ],
    ids=["all", "kind", "no kind", "speaker", "limit"],
)
def test_filters_of_statements(
    store: SqlStore, database_url: str, command: Command, arguments: tuple[str, ...], count: int, tmp_path: Path
) -> None:
    with_pair(store, VERDICT)
    command("export", "statements", "-o", tmp_path / "x.jsonl", "--db", database_url, *arguments)
    assert len((tmp_path / "x.jsonl").read_text().splitlines()) == count


@pytest.mark.parametrize("ending", ["csv", "jsonl", "parquet"])
def test_nothing_to_export_is_a_file_without_rows(
    sqlite_url: str, command: Command, tmp_path: Path, ending: str
) -> None:
    code, _, err = command("export", "verdicts", "-o", tmp_path / f"x.{ending}", "--db", sqlite_url)
    assert code == 0
    assert "nothing in the database" in err
    if ending == "parquet":
        assert pq.read_table(tmp_path / "x.parquet").num_rows == 0


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        (("verdicts", "--format", "xml"), "csv, jsonl, parquet"),
        (("verdicts", "--label", "maybe"), "agree"),
        (("statements", "--kind", "shouted"), "direct"),
        (("verdicts", "--since", "soon"), "ISO date"),
        (("verdicts", "--output", "/no/such/folder/x.csv"), "cannot be written"),
        (("verdicts", "--output", "/"), "cannot be written"),
        (("claimreview", "--site", "ftp://x", "--publisher", "P"), "--site"),
        (("claimreview", "--site", "https://x.example", "--publisher", " "), "--publisher"),
    ],
)
def test_errors_are_one_line_with_a_remedy(
    sqlite_url: str, command: Command, arguments: tuple[str, ...], says: str
) -> None:
    code, out, err = command("export", *arguments, "--db", sqlite_url)
    assert (code, out, err.count("\n")) == (2, "", 1)
    assert says in err


def test_an_export_to_standard_output(store: SqlStore, sqlite_url: str, command: Command) -> None:
    code, out, err = command("export", "statements", "--format", "csv", "--db", sqlite_url)
    assert (code, out.splitlines()[0].split(",")[:2]) == (0, ["statement", "kind"])
    assert "nothing in the database" in err


def test_judged_pairs_go_to_a_file_too(store: SqlStore, database_url: str, command: Command, tmp_path: Path) -> None:
    pair = hostile(store)
    assert command("export", "pairs", "-o", tmp_path / "pairs.jsonl", "--db", database_url) == (0, "", "")
    assert json.loads((tmp_path / "pairs.jsonl").read_text())["id"] == f"pair{pair}"
