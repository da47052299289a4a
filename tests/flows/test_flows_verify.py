"""The flow against a real Prefect server and a real store."""

from __future__ import annotations

import sqlite3
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import closing
from dataclasses import dataclass, field, replace
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread

import pytest

from flows.runner import run_flow
from tests.flows.conftest import ARTICLES, PrefectServer
from tests.flows.wired import HangingExtractor, broken, wiring
from verifier.errors import BrokenSetup, CrossquoteError, Unavailable
from verifier.verdicts import Stance

pytestmark = [pytest.mark.prefect, pytest.mark.slow]


@dataclass
class Site:
    """A web server on loopback: the answers of each path in turn, the last one for ever; and what was asked."""

    url: str
    answers: dict[str, list[int]]
    asked: Counter[str] = field(default_factory=Counter)

    def answer(self, path: str) -> int:
        answers = self.answers[path]
        status = answers[min(self.asked[path], len(answers) - 1)]
        self.asked[path] += 1
        return status


@pytest.fixture
def site() -> Iterator[Callable[[dict[str, list[int]]], Site]]:
    """Makes the one web server of a test."""
    found = Site("", {})

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            status = found.answer(self.path)
            self.send_response(status)
            self.end_headers()
            self.wfile.write(ARTICLES["post-1.txt"].encode() if status == 200 else b"later")

        def log_message(self, format: str, *args: object) -> None:
            """Tests are quiet."""

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        Thread(target=server.serve_forever, daemon=True).start()
        found.url = f"http://127.0.0.1:{server.server_port}"

        def make(answers: dict[str, list[int]]) -> Site:
            found.answers = answers
            return found

        yield make
        server.shutdown()


@pytest.mark.usefixtures("prefect_api")
def test_run_counts_what_it_added_and_a_second_one_adds_nothing(articles: Path, database: str) -> None:
    first = run_flow(wiring(), [str(articles)], database)
    second = run_flow(wiring(), [str(articles)], database)
    assert (first.articles, first.statements, first.failures) == (3, 3, ())
    assert first.verdicts[Stance.CONFLICT] >= 1
    assert first.verdicts[Stance.AGREE] >= 1
    assert (second.articles, second.statements, second.pairs, sum(second.verdicts.values())) == (0, 0, 0, 0)


def test_batches_become_tasks_and_every_stage_runs(prefect_api: PrefectServer, articles: Path, database: str) -> None:
    """Three files at two a task, then one task a stage."""
    seen: list[tuple[str, int, int]] = []
    watched = replace(wiring(), progress=lambda stage, done, total: seen.append((stage, done, total)))
    run_flow(watched, [str(articles)], database)
    run = prefect_api.last_run()
    tasks = prefect_api.ask("task_runs/filter", flow_runs={"id": {"any_": [run["id"]]}}, limit=50)
    assert sorted(task["name"].rsplit("-", 1)[0] for task in tasks) == sorted(
        ["ingest files", "ingest files", "extract", "embed", "copies", "stories", "pair", "judge", "publish"]
    )
    stages = ["ingest", "extract", "embed", "copies", "stories", "pair", "judge"]
    assert list(dict.fromkeys(stage for stage, _, _ in seen)) == stages
    assert ("ingest", 3, 3) in seen


def test_state_says_the_outcome_and_artifacts_show_it(
    prefect_api: PrefectServer, articles: Path, database: str
) -> None:
    run_flow(wiring(), [str(articles)], database)
    run = prefect_api.last_run()
    found = prefect_api.ask("artifacts/filter", flow_runs={"id": {"any_": [run["id"]]}})
    by_key = {one["key"]: one for one in found}
    assert run["state"]["message"].startswith("Added 3 articles, 3 statements")
    assert "| articles | 3 |" in by_key["verify-summary"]["data"]
    assert "a file" in by_key["verify-verdicts"]["data"]
    assert run["parameters"] == {"locations": [str(articles)], "db": database, "profile": None}


@pytest.mark.usefixtures("prefect_api")
def test_transient_failure_is_tried_again_and_its_neighbours_are_left_alone(
    site: Callable[[dict[str, list[int]]], Site], database: str
) -> None:
    web = site({"/busy": [503, 503, 200], "/fine": [200]})
    summary = run_flow(wiring(), [f"{web.url}/busy", f"{web.url}/fine"], database)
    assert (summary.articles, summary.failures) == (2, ())
    assert web.asked == {"/busy": 3, "/fine": 1}


@pytest.mark.usefixtures("prefect_api")
def test_what_stays_away_is_reported_once_and_the_rest_goes_on(
    site: Callable[[dict[str, list[int]]], Site], articles: Path, database: str
) -> None:
    web = site({"/down": [503], "/gone": [404]})
    (articles / "empty-1.txt").write_text(" \n", encoding="utf-8")
    locations = [str(articles), f"{web.url}/down", f"{web.url}/gone", "/nowhere/at-all.txt"]
    summary = run_flow(wiring(), locations, database)
    assert summary.articles == 3
    assert sorted(Path(failure.item).name for failure in summary.failures) == [
        "at-all.txt",
        "down",
        "empty-1.txt",
        "gone",
    ]
    assert web.asked == {"/down": 4, "/gone": 1}


@pytest.mark.parametrize(
    ("error", "raised", "reason"),
    [
        pytest.param(BrokenSetup("no model; get it"), BrokenSetup, "extract: no model; get it", id="setup"),
        pytest.param(Unavailable("locked; wait"), Unavailable, "extract: locked; wait", id="unavailable"),
        pytest.param(RuntimeError("odd\nthing"), CrossquoteError, "extract: RuntimeError: odd thing", id="defect"),
    ],
)
def test_stage_that_fails_ends_the_flow_with_one_line_and_closes_the_run(
    error: Exception,
    raised: type[CrossquoteError],
    reason: str,
    prefect_api: PrefectServer,
    articles: Path,
    database: str,
) -> None:
    with pytest.raises(raised) as caught:
        run_flow(wiring(broken(error)), [str(articles)], database)
    assert caught.value.message == reason
    state = prefect_api.last_run()["state"]
    assert (state["type"], state["message"]) == ("FAILED", reason)
    assert open_runs(database) == 0


@pytest.mark.usefixtures("prefect_api")
def test_failed_run_is_finished_by_the_next_one(articles: Path, database: str) -> None:
    with pytest.raises(BrokenSetup):
        run_flow(wiring(broken(BrokenSetup("no model"))), [str(articles)], database)
    summary = run_flow(wiring(), [str(articles)], database)
    assert (summary.articles, summary.statements) == (0, 3)


def test_services_that_do_not_open_fail_the_flow(prefect_api: PrefectServer, articles: Path) -> None:
    with pytest.raises(BrokenSetup, match="name one"):
        run_flow(wiring(), [str(articles)])
    assert prefect_api.last_run()["state"]["type"] == "FAILED"


def test_stage_that_hangs_is_ended_by_its_time_limit(prefect_api: PrefectServer, articles: Path, database: str) -> None:
    limits = replace(wiring().limits, stage_seconds=0.5)
    hanging = wiring(lambda found: replace(found, extractor=HangingExtractor()), limits)
    with pytest.raises(CrossquoteError, match=r"extract: .*timeout"):
        run_flow(hanging, [str(articles)], database)
    assert prefect_api.last_run()["state"]["type"] == "FAILED"
    assert open_runs(database) == 0


def open_runs(database: str) -> int:
    with closing(sqlite3.connect(database.removeprefix("sqlite:///"))) as connection:
        return int(connection.execute("SELECT count(*) FROM runs WHERE finished_at IS NULL").fetchone()[0])
