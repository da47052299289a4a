"""An article that kills or hangs its reader is put aside, and the rest goes on."""

from __future__ import annotations

import os
import re
import signal
import subprocess
import sys
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import pytest

from db.engine import open_engine
from db.store import SqlStore
from db.transaction import Transaction
from db.tries import put_aside, try_again
from tests.services import services
from verifier import pipeline
from verifier.apart import Care
from verifier.extraction import RuleExtractor
from verifier.ports import RunSummary
from verifier.values import Article, Statement

ROOT = Path(__file__).parent.parent
CARE = Care(article_seconds=1, tries=2)
RUN = "import sys; from tests.test_poison import run; print(run(*sys.argv[1:]).statements)"
GOOD = "“The bridge will open before the winter begins,” Mayor Ada Lind said.\n"


class Poisoned(RuleExtractor):
    """Dies, hangs or raises where the article says so, as native code or a regular expression may."""

    def extract(self, article: Article) -> list[Statement]:
        if "CRASH" in article.text:
            os.kill(os.getpid(), signal.SIGSEGV)
        if "HANG" in article.text:
            re.match(r"(a+)+$", "a" * 80 + "b")  # holds the interpreter: no signal handler of Python's ever runs
        if "RAISE" in article.text:
            raise ValueError("odd")
        return super().extract(article)

    def extract_all(self, articles: Sequence[Article]) -> list[list[Statement]]:
        return [self.extract(article) for article in articles]


def run(url: str, folder: str) -> RunSummary:
    made = replace(services(url), extractor=Poisoned(), care=CARE)
    return pipeline.run(made, [folder], lambda _: pipeline.silent)


def folder_of(tmp_path: Path, **texts: str) -> str:
    folder = tmp_path / "articles"
    folder.mkdir()
    for name, text in texts.items():
        (folder / f"{name}.txt").write_text(text, encoding="utf-8")
    return str(folder)


def in_a_process(url: str, folder: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-c", RUN, url, folder], cwd=ROOT, capture_output=True, text=True, timeout=120
    )


@pytest.mark.slow
@pytest.mark.parametrize(
    ("word", "ended", "reason"),
    [
        pytest.param("CRASH", -signal.SIGSEGV, "crashed (SIGSEGV)", id="crash"),
        pytest.param("HANG", 1, "hung for more than 1 s", id="hang"),
    ],
)
def test_the_first_run_dies_and_the_next_goes_on_without_it(
    word: str, ended: int, reason: str, sqlite_url: str, tmp_path: Path
) -> None:
    folder = folder_of(tmp_path, a=GOOD, b=f"{word}\n", c=GOOD.replace("Ada", "Eve"))
    first = in_a_process(sqlite_url, folder)
    assert first.returncode == ended
    assert ("Timeout" in first.stderr) == (word == "HANG")
    summary = run(sqlite_url, folder)
    (failure,) = summary.failures
    assert summary.statements == 2
    assert failure.item.endswith("b.txt")
    assert reason in failure.message
    assert "put aside after 2 tries" in failure.message
    assert run(sqlite_url, folder).failures == ()


def test_an_article_that_is_odd_is_put_aside_after_its_tries(sqlite_url: str, tmp_path: Path) -> None:
    folder = folder_of(tmp_path, a=GOOD, b="RAISE\n")
    messages = [[failure.message for failure in run(sqlite_url, folder).failures] for _ in range(3)]
    assert [len(found) for found in messages] == [1, 1, 0]
    assert "ValueError: odd; the other articles go on" in messages[0][0]
    assert "put aside after 2 tries" in messages[1][0]
    engine = open_engine(sqlite_url)
    work = Transaction(engine)
    assert [(one.tries, one.reason) for one in put_aside(work.read)] == [(2, "ValueError: odd")]
    assert try_again(work) == 1
    work.commit()
    assert put_aside(work.read) == []
    work.close()
    engine.dispose()
    assert len(run(sqlite_url, folder).failures) == 1


def test_a_run_that_was_only_killed_loses_nothing(sqlite_url: str, tmp_path: Path) -> None:
    """What was under way is read in a process of its own, and gives the same."""
    folder = folder_of(tmp_path, a=GOOD)
    engine = open_engine(sqlite_url)
    made = services(sqlite_url)
    run_id = pipeline.start(made, [folder])
    pipeline.ingest(made, run_id, [f"{folder}/a.txt"])
    with SqlStore(engine).unit_of_work() as work:
        work.begin_extraction(made.extractor.version, work.versions_to_extract(made.extractor.version))
        work.commit()
    assert pipeline.extract(made, run_id).added == 1
    with SqlStore(engine).unit_of_work() as work:
        assert work.extractions_under_way(made.extractor.version) == []
    engine.dispose()
