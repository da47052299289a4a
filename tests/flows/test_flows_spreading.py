"""Parts of a run on a real local cluster of two processes, one of which is killed."""

from __future__ import annotations

import os
import platform
import sqlite3
import subprocess
import sys
from collections.abc import Sequence
from contextlib import closing
from dataclasses import replace
from pathlib import Path

import pytest

from flows.runner import run_flow
from flows.spreading import workers
from models.fakes import FakeEmbedder
from tests.flows.wired import KillsItsWorker, services, wiring
from verifier import parts, pipeline
from verifier.errors import BrokenSetup
from verifier.pipeline import Services
from verifier.ports import Vectors

STORED = (
    "SELECT a.url, s.id, s.claim FROM statements s JOIN article_versions v ON v.id = s.version_id "
    "JOIN articles a ON a.id = v.article_id ORDER BY s.id",
    "SELECT p.a_id, p.b_id, p.similarity, v.stance, v.confidence FROM pairs p JOIN verdicts v ON v.pair_id = p.id "
    "ORDER BY p.a_id, p.b_id",
    "SELECT claim_hash, vector FROM embeddings ORDER BY claim_hash",
)


def stored(database: str) -> list[list[tuple[object, ...]]]:
    with closing(sqlite3.connect(database.removeprefix("sqlite:///"))) as connection:
        return [connection.execute(query).fetchall() for query in STORED]


@pytest.fixture
def small_parts(monkeypatch: pytest.MonkeyPatch) -> None:
    """A part for each article, claim and pair."""
    for name in ("EXTRACT_BATCH", "EMBED_BATCH", "NLI_BATCH"):
        monkeypatch.setattr(pipeline, name, 1)
    monkeypatch.setattr(parts, "LEADS", 1)


@pytest.mark.prefect
@pytest.mark.slow
@pytest.mark.usefixtures("prefect_api", "small_parts")
def test_two_workers_one_of_them_killed(articles: Path, tmp_path: Path) -> None:
    alone, together = (f"sqlite:///{tmp_path / name}.db" for name in ("alone", "together"))
    run_flow(wiring(), [str(articles)], alone)
    marker = tmp_path / "killed"
    killing = wiring(lambda found: replace(found, extractor=KillsItsWorker(marker)))
    summary = run_flow(replace(killing, runner=lambda: "dask:2"), [str(articles)], together)
    assert marker.exists()
    assert (summary.articles, summary.statements, summary.failures) == (3, 3, ())
    assert stored(together) == stored(alone)
    assert all(stored(alone))


@pytest.mark.prefect
@pytest.mark.slow
@pytest.mark.usefixtures("prefect_api", "small_parts")
def test_a_worker_opens_its_services_once(articles: Path, tmp_path: Path) -> None:
    """Models are what is opened: more than once, and a worker's memory grows with every part."""
    opened = tmp_path / "opened"

    def noted(found: Services) -> Services:
        with opened.open("a", encoding="utf-8") as file:
            file.write(f"{os.getpid()}\n")
        return found

    run_flow(replace(wiring(noted), runner=lambda: "dask:1"), [str(articles)], f"sqlite:///{tmp_path}/one.db")
    processes = opened.read_text(encoding="utf-8").split()
    assert len(processes) == len(set(processes)) == 2  # the flow's own and the worker


@pytest.mark.usefixtures("small_parts")
def test_the_leads_of_stories_are_done_in_parts(articles: Path, tmp_path: Path) -> None:
    """So that only workers need the embedder."""

    class Finished(FakeEmbedder):
        def embed(self, texts: Sequence[str]) -> Vectors:
            assert not texts
            return super().embed(texts)

    found = services(f"sqlite:///{tmp_path}/one.db")
    with found.alone():
        run_id = pipeline.start(found, [str(articles)])
        pipeline.ingest(found, run_id, pipeline.expand(found, run_id, [str(articles)]))
        pipeline.copies(found, run_id)
        left = parts.left(found, "stories")
        assert [len(part) for part in left] == [1, 1, 1]
        for part in left:
            parts.do(found, run_id, "stories", part)
        assert parts.left(found, "stories") == []
        assert pipeline.stories(replace(found, embedder=Finished()), run_id).seen == 3


@pytest.mark.skipif(platform.libc_ver()[0] != "glibc", reason="only glibc can be told")
def test_a_worker_keeps_the_memory_that_it_frees() -> None:
    """As Dask starts it, each block of some size comes from the system anew and goes back: its pages are made again each time."""
    code = """
import ctypes, resource, sys
from flows import spreading
if sys.argv[1] == "ours":
    spreading._keep_memory()
malloc, free = ctypes.CDLL(None).malloc, ctypes.CDLL(None).free
malloc.restype, free.argtypes = ctypes.c_void_p, [ctypes.c_void_p]
before = resource.getrusage(resource.RUSAGE_SELF).ru_minflt
for _ in range(50):
    block = malloc(4_000_000)
    ctypes.memset(block, 1, 4_000_000)
    free(block)
print(resource.getrusage(resource.RUSAGE_SELF).ru_minflt - before)
"""
    environ = os.environ | {"MALLOC_TRIM_THRESHOLD_": "65536"}
    faults = {
        how: int(subprocess.run([sys.executable, "-c", code, how], env=environ, capture_output=True, check=True).stdout)
        for how in ("ours", "theirs")
    }
    assert faults["ours"] < 5_000 < 40_000 < faults["theirs"]


def test_a_runner_that_is_none_is_refused() -> None:
    with (
        pytest.raises(BrokenSetup, match="use local, dask"),
        workers(replace(wiring(), runner=lambda: "hadoop"), None, None),
    ):
        pass
