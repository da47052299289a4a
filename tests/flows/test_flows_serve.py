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


def test_schedule_is_served_on_its_interval_and_runs(articles: Path, database: str, tmp_path: Path) -> None:
    """With a server of its own: the deployment has the interval, never runs twice at once, and is paused at the end."""
    log = tmp_path / "serve.log"
    command = [sys.executable, "-u", "-c", SERVE, "10s", str(articles), database]
    with process(command, clean_environ(tmp_path), log) as running:
        url = until(lambda: re.search(r"through (\S+/api);", log.read_text()), 90)[1]
        server = PrefectServer(url, tmp_path)
        made = until(lambda: server.ask("deployments/filter"))[0]
        assert made["name"].startswith("every-10s-")
        assert [one["schedule"]["interval"] for one in made["schedules"]] == [10.0]
        assert made["concurrency_options"]["collision_strategy"] == "CANCEL_NEW"
        assert made["parameters"]["locations"] == [str(articles)]
        run = until(lambda: finished(server, made["id"]))
        assert run["state"]["message"].startswith("Added 3 articles"), log.read_text()
    assert running.returncode == 0
    assert "Traceback" not in log.read_text()
    assert "have been paused" in log.read_text()


def finished(server: PrefectServer, deployment: str) -> dict[str, Any] | None:
    """A run of the deployment that has ended."""
    runs: list[dict[str, Any]] = server.ask("flow_runs/filter", deployments={"id": {"any_": [deployment]}})
    return next((run for run in runs if run["state_type"] in ("COMPLETED", "FAILED", "CRASHED")), None)
