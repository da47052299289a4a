"""A run that is killed anywhere is finished by the next one, and the database is the same as after an undisturbed run."""

from __future__ import annotations

import shutil
import signal
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Engine, MetaData, select

from db.engine import open_engine
from tests.services import SAMPLES

ROOT = Path(__file__).parent.parent
RUN = """
import os, signal, sys
from tests.services import services
from verifier import grouping, pipeline
url, place, stage, at = sys.argv[1], sys.argv[2], sys.argv[3], int(sys.argv[4])
calls = 0
def progress(name):
    def report(done, total):
        global calls
        calls += name == stage
        if name == stage and calls == at:
            os.kill(os.getpid(), signal.SIGKILL)
    return report
pipeline.NLI_BATCH = pipeline.PAIR_BATCH = pipeline.EMBED_BATCH = 32
pipeline.EXTRACT_BATCH = 1
grouping.STORY_BATCH = 5
print(pipeline.run(services(url), [place], progress))
"""
VOLATILE = {"run_id", "id", "started_at", "finished_at", "decided_at", "stored_at", "created_at", "locations"}


def run(url: str, stage: str = "never", at: int = 0) -> int:
    command = [sys.executable, "-c", RUN, url, str(SAMPLES), stage, str(at)]
    return subprocess.run(command, cwd=ROOT, check=False, capture_output=True, timeout=120).returncode


def natural_keys(engine: Engine, metadata: MetaData) -> dict[str, dict[Any, str]]:
    """For each table with a numeric id, the row's id to a key made of what the row says."""
    found: dict[str, dict[Any, str]] = {}
    with engine.connect() as connection:
        for table in metadata.sorted_tables:
            if "id" in table.c:
                rows = connection.execute(select(table)).mappings()
                found[table.name] = {row["id"]: content_of(table, row, found) for row in rows}
    return found


def content_of(table: Any, row: Any, keys: dict[str, dict[Any, str]]) -> str:
    """A row in words: volatile columns left out, references followed."""
    parts = []
    for column in table.c:
        if column.name in VOLATILE and not (column.name == "id" and isinstance(row["id"], str)):
            continue
        value = row[column.name]
        reference = next((key.column.table.name for key in column.foreign_keys if key.column.name == "id"), None)
        if reference == "runs":
            continue
        parts.append(f"{column.name}={keys.get(reference, {}).get(value, value) if reference else value!r}")
    return "|".join(parts)


def dump(url: str) -> dict[str, list[str]]:
    """Everything but when and by which run."""
    engine, metadata = open_engine(url), MetaData()
    metadata.reflect(engine)
    keys = natural_keys(engine, metadata)
    with engine.connect() as connection:
        found = {
            table.name: sorted(content_of(table, row, keys) for row in connection.execute(select(table)).mappings())
            for table in metadata.sorted_tables
            if table.name not in ("runs", "run_failures")
        }
    engine.dispose()
    return found


@pytest.fixture(scope="module")
def undisturbed(sqlite_template: Path, tmp_path_factory: pytest.TempPathFactory) -> dict[str, list[str]]:
    file = tmp_path_factory.mktemp("undisturbed") / "crossquote.db"
    shutil.copy(sqlite_template, file)
    assert run(f"sqlite:///{file}") == 0
    found = dump(f"sqlite:///{file}")
    filled = ("article_versions", "statements", "embeddings", "pairs", "nli_scores", "verdicts")
    grouped = ("stories", "story_articles", "credits", "wire_clusters", "wire_members", "copy_checks")
    assert all(found[name] for name in (*filled, *grouped))
    return found


@pytest.mark.slow
@pytest.mark.parametrize(
    ("stage", "at"),
    [
        ("ingest", 1),
        ("ingest", 9),
        ("extract", 1),
        ("extract", 8),
        ("embed", 2),
        ("copies", 1),
        ("stories", 1),
        ("stories", 2),
        ("pair", 2),
        ("judge", 2),
    ],
)
def test_a_killed_run_is_finished_by_the_next(
    stage: str, at: int, sqlite_url: str, undisturbed: dict[str, list[str]]
) -> None:
    assert run(sqlite_url, stage, at) == -signal.SIGKILL
    assert dump(sqlite_url) != undisturbed
    assert run(sqlite_url) == 0
    assert dump(sqlite_url) == undisturbed


def test_a_second_run_changes_nothing(sqlite_url: str, undisturbed: dict[str, list[str]]) -> None:
    assert run(sqlite_url) == 0
    assert run(sqlite_url) == 0
    assert dump(sqlite_url) == undisturbed
