"""A run that is killed anywhere is finished by the next one, and the database is the same as after an undisturbed run."""

from __future__ import annotations

import shutil
import signal
import subprocess
import sys
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Engine, event

from tests.dumps import dump
from tests.services import SAMPLES, services
from verifier import pipeline
from verifier.reading import Reader, Readers

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


def run(url: str, stage: str = "never", at: int = 0) -> int:
    command = [sys.executable, "-c", RUN, url, str(SAMPLES), stage, str(at)]
    return subprocess.run(command, cwd=ROOT, check=False, capture_output=True, timeout=120).returncode


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


class Refusing:
    """A model that says which it is, and may not be asked."""

    def __init__(self, model: object) -> None:
        self._model = model

    def __getattr__(self, name: str) -> object:
        assert name not in {"extract", "extract_all", "embed", "score"}, "there is nothing new"
        return getattr(self._model, name)


def test_a_second_run_without_news_asks_no_model_and_reads_no_article(sqlite_url: str) -> None:
    made = services(sqlite_url)
    first = pipeline.run(made, [str(SAMPLES)], lambda _: pipeline.silent)
    models: dict[str, Any] = {name: Refusing(getattr(made, name)) for name in ("extractor", "embedder")}
    models["readers"] = Readers(Reader(Refusing(made.readers.deciding.nli)))  # type: ignore[arg-type]
    asked: list[str] = []

    def note(_connection: object, _cursor: object, statement: str, *_: object) -> None:
        asked.append(statement)

    event.listen(Engine, "before_cursor_execute", note)
    try:
        second = pipeline.run(replace(made, **models), [str(SAMPLES)], lambda _: pipeline.silent)
    finally:
        event.remove(Engine, "before_cursor_execute", note)
    assert first.articles > 0
    assert (second.articles, second.statements, second.pairs, sum(second.verdicts.values())) == (0, 0, 0, 0)
    read = [one for one in asked if "FROM statements" in one or "FROM paragraphs" in one or "FROM embeddings" in one]
    assert [one for one in read if "count(*)" not in one] == []
