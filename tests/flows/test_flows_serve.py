"""Schedules and deployments on a real server: what is made there, and that its runs work."""

from __future__ import annotations

import re
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest

from db.engine import open_engine
from flows.schedule import watch
from tests.crossquote.web.desks import client, own_desk
from tests.flows.conftest import ROOT, PrefectServer, clean_environ

pytestmark = [pytest.mark.prefect, pytest.mark.slow]

SERVE = """
import sys
from flows.schedule import interval, parameters, serve
from tests.flows.wired import ENTRYPOINT
serve(ENTRYPOINT, interval(sys.argv[1]), parameters([sys.argv[2]], sys.argv[3]), say=print)
"""


def until(found: Callable[[], Any], seconds: float = 60) -> Any:
    """Ask until there is an answer."""
    deadline = time.monotonic() + seconds
    while not (answer := found()):
        assert time.monotonic() < deadline, "it did not happen in time"
        time.sleep(0.3)
    return answer


@contextmanager
def process(command: list[str], environ: dict[str, str], log: Path) -> Iterator[subprocess.Popen[bytes]]:
    """A process that is ended with Ctrl-C."""
    with log.open("wb") as output:
        running = subprocess.Popen(command, cwd=ROOT, env=environ, stdout=output, stderr=output)
    try:
        yield running
    finally:
        running.send_signal(signal.SIGINT)
        try:
            running.wait(30)
        except subprocess.TimeoutExpired:
            running.kill()
            running.wait()


def test_schedule_is_served_on_its_interval_and_the_desk_shows_what_came_in(
    articles: Path, database: str, tmp_path: Path
) -> None:
    """With a server of its own: the deployment has the interval, never runs twice at once, and is paused at the end.

    An article kills the first run, which is told; the second run puts it aside and finishes the work of the first.
    """
    log, told = tmp_path / "serve.log", tmp_path / "store.told"
    (articles / "zeal-1.txt").write_text("Poison: CRASH\n", encoding="utf-8")
    command = [sys.executable, "-u", "-c", SERVE, "10s", str(articles), database]
    with process(command, clean_environ(tmp_path), log) as running:
        url = until(lambda: re.search(r"through (\S+/api);", log.read_text()), 90)[1]
        server = PrefectServer(url, tmp_path)
        made = until(lambda: server.ask("deployments/filter"))[0]
        assert made["name"].startswith("every-10s-")
        assert [one["schedule"]["interval"] for one in made["schedules"]] == [10.0]
        assert made["concurrency_options"]["collision_strategy"] == "CANCEL_NEW"
        assert made["parameters"]["locations"] == [str(articles)]
        assert until(lambda: finished(server, made["id"], "CRASHED"))
        assert until(told.exists)
        run = until(lambda: finished(server, made["id"], "COMPLETED"))
        assert run["state"]["message"].startswith("Added 0 articles, 3 statements"), log.read_text()
        assert "zeal-1.txt" in run["state"]["message"]
        assert_on_the_desk(database)
    assert told.read_text().startswith("verify: ")
    assert running.returncode == 0
    assert "have been paused" in log.read_text()


def assert_on_the_desk(database: str) -> None:
    """The review desk over the same database: the runs with what was dropped, and the conflict in the queue."""
    engine = open_engine(database)
    with client(own_desk(engine), site="http://localhost") as browser:
        assert browser.get("/open?token=the-token").status_code == 303
        runs, queue = browser.get("/runs").text, browser.get("/").text
    engine.dispose()
    assert "4 articles" in runs
    assert "put aside after 2 tries" in runs
    assert "Tom Berg" in queue


def finished(server: PrefectServer, deployment: str, state: str) -> dict[str, Any] | None:
    """A run of the deployment that has ended so."""
    runs: list[dict[str, Any]] = server.ask("flow_runs/filter", deployments={"id": {"any_": [deployment]}})
    return next((run for run in runs if run["state_type"] == state), None)


@pytest.mark.usefixtures("prefect_api")
def test_server_that_does_not_schedule_is_named_with_the_remedy() -> None:
    said: list[str] = []
    watch("verify/nobody-schedules-this", said.append, patience=0)
    assert len(said) == 1
    assert "verify/nobody-schedules-this" in said[0]
    assert "unset PREFECT_API_URL" in said[0]


def prefect(server: PrefectServer, *words: str) -> str:
    """One call of Prefect's command line; what it printed."""
    command = [sys.executable, "-m", "prefect", *words]
    environ = server.environ | {"PREFECT_CLI_PROMPT": "false", "PREFECT_LOGGING_COLORS": "false"}
    done = subprocess.run(command, cwd=ROOT, env=environ, capture_output=True, text=True, timeout=90)
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


def test_file_deploys_to_a_work_pool_whose_worker_runs_it(
    prefect_server: PrefectServer, articles: Path, database: str, tmp_path: Path
) -> None:
    """The repository's prefect.yaml, but for the models: a worker needs nothing of the shell that deployed."""
    text = (ROOT / "prefect.yaml").read_text(encoding="utf-8")
    file = tmp_path / "prefect.yaml"
    file.write_text(text.replace("crossquote/deployment.py:verify", "tests/flows/served.py:verify"), encoding="utf-8")
    prefect(prefect_server, "work-pool", "create", "crossquote", "--type", "process")
    prefect(prefect_server, "deploy", "--name", "articles", "--prefect-file", str(file))
    made = prefect_server.ask("deployments/filter", deployments={"name": {"any_": ["articles"]}})[0]
    parameters = {"locations": [str(articles)], "db": database}
    prefect_server.ask(f"deployments/{made['id']}/create_flow_run", parameters=parameters)
    prefect(prefect_server, "worker", "start", "--pool", "crossquote", "--run-once")
    run = until(lambda: finished(prefect_server, made["id"], "COMPLETED"), 30)
    assert run["state"]["message"].startswith("Added 3 articles")
    assert made["schedules"][0]["schedule"]["interval"] == 900
    assert not made["schedules"][0]["active"]
