"""Two processes on one database: both succeed, and together they leave what one alone would have left."""

from __future__ import annotations

import multiprocessing
import os
import signal
from collections.abc import Callable
from multiprocessing.synchronize import Barrier

from db.engine import open_engine
from db.queries import VerdictFilter, totals, verdict_rows
from db.store import SqlStore
from tests.db.samples import EXTRACTOR, GATES, JUDGEMENT, POLICY, VERDICT, article, pairs_to_judge, statements
from verifier.verdicts import Candidate

ARTICLES = 8


def write_everything(url: str, start: Barrier) -> None:
    """The same work as every other process that is started with it, a unit of work for each article."""
    engine = open_engine(url)
    store = SqlStore(engine)
    start.wait(60)
    for number in range(ARTICLES):
        one = article(f"https://x.example/{number}")
        with store.unit_of_work() as work:
            run_id = work.start_run([], "p")
            version_id, _ = work.add_article(run_id, one)
            found = statements(one)
            work.add_statements(run_id, version_id, EXTRACTOR, found)
            ids = sorted(each.id for each in found)
            work.add_pairs(run_id, GATES, ids, [Candidate(ids[0], ids[1], 0.5, ())])
            for pair in pairs_to_judge(work, POLICY, 1000):
                work.add_verdict(run_id, pair.id, VERDICT)
                work.add_judgement(pair.id, JUDGEMENT)
            work.commit()
    engine.dispose()


def write_and_die(url: str, start: Barrier) -> None:
    """Killed with everything written and nothing committed."""
    engine = open_engine(url)
    start.wait(60)
    with SqlStore(engine).unit_of_work() as work:
        work.add_article(work.start_run([], "p"), article())
        os.kill(os.getpid(), signal.SIGKILL)


def run_together(url: str, target: Callable[[str, Barrier], None], count: int) -> list[int | None]:
    """The exit codes of processes that begin at the same moment."""
    context = multiprocessing.get_context("spawn")
    start = context.Barrier(count)
    processes = [context.Process(target=target, args=(url, start)) for _ in range(count)]
    for process in processes:
        process.start()
    for process in processes:
        process.join(120)
    return [process.exitcode for process in processes]


def test_two_writers_at_once(database_url: str) -> None:
    assert run_together(database_url, write_everything, 2) == [0, 0]
    engine = open_engine(database_url)
    found = totals(engine)
    rows = verdict_rows(engine, VerdictFilter())
    engine.dispose()
    assert found["runs"] == 2 * ARTICLES
    counted = ("articles", "article_versions", "extractions", "pairs", "verdicts", "judgements")
    assert {found[name] for name in counted} == {ARTICLES}
    assert found["statements"] == found["pairings"] == 2 * ARTICLES
    assert [row.judgement for row in rows] == [JUDGEMENT] * ARTICLES


def test_a_killed_writer_leaves_nothing_and_no_lock(database_url: str) -> None:
    assert run_together(database_url, write_and_die, 1) == [-signal.SIGKILL]
    engine = open_engine(database_url, wait_seconds=5)
    assert not any(totals(engine).values())
    with SqlStore(engine).unit_of_work() as work:
        assert work.add_article(work.start_run([], "p"), article())[1]
    engine.dispose()
