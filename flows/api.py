"""Which Prefect API a command talks to: the one that is configured, or one of its own for as long as it runs."""

from __future__ import annotations

import os
import select
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Literal

import httpx
from prefect.client.orchestration import get_client
from prefect.client.schemas.filters import FlowRunFilter, FlowRunFilterStartTime
from prefect.client.schemas.sorting import TaskRunSort
from prefect.events.worker import EventsWorker
from prefect.exceptions import PrefectException
from prefect.logging.handlers import APILogWorker
from prefect.settings import PREFECT_API_URL, PREFECT_HOME, temporary_settings
from prefect.types._datetime import DateTime

from flows.environment import NO_SERVER_OF_PREFECTS_OWN, SERVER, private_home, quieten
from verifier.errors import BrokenSetup, Unavailable

START_SECONDS = 120.0
STOP_SECONDS = 15.0
DRAIN_SECONDS = 20.0
SHOWN_RUNS = 200  # the most that the API returns at once
Say = Callable[[str], None]
Purpose = Literal["run", "schedule"]
STARTING: Mapping[Purpose, str] = {
    "run": "Starting Prefect for this run (5 to 15 s); set PREFECT_API_URL to use a standing server, or use --direct.",
    "schedule": "Starting Prefect for as long as the schedule is served; set PREFECT_API_URL to use a standing server.",
}


def to_stderr(line: str) -> None:
    """Where a command says what it waits for."""
    print(line, file=sys.stderr, flush=True)


def configured_url() -> str | None:
    """The API that the environment or the active Prefect profile names."""
    url: str | None = PREFECT_API_URL.value()
    return url


def check(url: str) -> None:
    """Unavailable, with the remedy, if no Prefect API answers there."""
    with get_client(sync_client=True) as client:
        problem = client.api_healthcheck()
    if problem is not None:
        raise Unavailable(
            f"no Prefect API answers at {url} ({type(problem).__name__}): start one with `prefect server start`, "
            "unset PREFECT_API_URL to run without one, or use `--direct`"
        )


@contextmanager
def prefect_api(purpose: Purpose = "run", say: Say = to_stderr, home: Path | None = None) -> Iterator[str]:
    """The API's URL, with Prefect's settings pointing to it; on leaving, all that was logged and emitted has arrived.

    Where none is configured, a server of our own is there until the end; `say` is told. Raises Unavailable if a
    configured API does not answer or an own server is too slow, BrokenSetup if it cannot start.
    """
    url = configured_url()
    if url is not None:
        check(url)
        with drained():
            yield url
        return
    folder = home or private_home()
    say(STARTING[purpose])
    with own_server(folder, purpose) as url, temporary_settings({PREFECT_API_URL: url, PREFECT_HOME: folder}):
        since = DateTime.now("UTC")
        with drained():
            yield url
        if purpose == "run":
            _recorded(since)


@contextmanager
def drained() -> Iterator[None]:
    """Send what Prefect's background threads still hold before the server may go."""
    try:
        yield
    finally:
        EventsWorker.drain_all(timeout=DRAIN_SECONDS, at_exit=False)
        APILogWorker.drain_all(timeout=DRAIN_SECONDS, at_exit=False)


@contextmanager
def own_server(home: Path, purpose: Purpose = "run") -> Iterator[str]:
    """A server in a process and a session of its own, so that Ctrl-C reaches it only through us; it logs to a file."""
    home.mkdir(parents=True, exist_ok=True, mode=0o700)
    log = home / "server.log"
    process = _spawn(home, log, purpose)
    try:
        yield f"http://127.0.0.1:{_port(process, log)}/api"
    finally:
        _stop(process)


def _spawn(home: Path, log: Path, purpose: Purpose) -> subprocess.Popen[bytes]:
    environ = {name: value for name, value in os.environ.items() if name != "PREFECT_API_URL"}
    quieten(environ, SERVER, NO_SERVER_OF_PREFECTS_OWN)
    environ["PREFECT_HOME"] = str(home)
    with log.open("wb") as errors:
        return subprocess.Popen(  # noqa: S603 - this interpreter, this module
            [sys.executable, "-m", "flows.server", purpose],
            env=environ,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=errors,
            start_new_session=True,
        )


def _port(process: subprocess.Popen[bytes], log: Path) -> int:
    """Wait for the line with the port; it ends early if the process does."""
    output = process.stdout
    assert output is not None  # noqa: S101 - asked for above
    ready, _, _ = select.select([output], [], [], START_SECONDS)
    if not ready:
        raise Unavailable(f"Prefect's server did not start in {START_SECONDS:.0f} s: try again, or use `--direct`")
    line = output.readline()
    if not line.strip().isdigit():
        last = (log.read_text("utf-8", "replace").strip().splitlines() or ["no output"])[-1]
        raise BrokenSetup(f"Prefect's server did not start ({last}); see {log}, or use `--direct`")
    return int(line)


def _stop(process: subprocess.Popen[bytes]) -> None:
    for stream in (process.stdin, process.stdout):
        if stream is not None:
            stream.close()
    try:
        process.wait(STOP_SECONDS)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()


def _recorded(since: DateTime) -> None:
    """Wait until the server has written down every task run: it does that after the events have arrived, one by one."""
    filters = FlowRunFilter(start_time=FlowRunFilterStartTime(after_=since))
    before, deadline = -1, time.monotonic() + DRAIN_SECONDS
    with suppress(httpx.HTTPError, PrefectException), get_client(sync_client=True) as client:
        while time.monotonic() < deadline:
            runs = client.read_task_runs(flow_run_filter=filters, sort=TaskRunSort.ID_DESC, limit=SHOWN_RUNS)
            if len(runs) == before and all(run.state and run.state.is_final() for run in runs):
                return
            before = len(runs)
            time.sleep(0.2)
