"""A stage's work in parts on a Dask cluster (prefect-dask), where the setting `runner` asks for one.

Each part is a task on a worker, which opens services of its own, once a process. Whatever a worker that was lost has left is
done by the stage itself afterwards, in the flow's process: the store knows what is left.
"""

from __future__ import annotations

import ctypes
import logging
import re
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from prefect import Task
from prefect.cache_policies import NO_CACHE

from flows.wiring import LOCAL, Wiring
from verifier import parts
from verifier.errors import BrokenSetup, Unavailable
from verifier.pipeline import Services

if TYPE_CHECKING:
    from prefect_dask.task_runners import DaskTaskRunner

_LOCAL_CLUSTER = re.compile(r"dask(?::(\d+))?")
_ADDRESS = re.compile(r"(tcp|tls|ucx|ws|wss)://.+")
_TRIM, _MMAP = (-1, 256 << 20), (-3, 32 << 20)
"""glibc's M_TRIM_THRESHOLD and M_MMAP_THRESHOLD with what they are set to, in bytes."""
_opened: dict[tuple[str | None, str | None], Services] = {}


@dataclass(frozen=True, slots=True)
class Workers:
    """Where parts are done; without a task runner nowhere, and the stages do all of it."""

    wiring: Wiring
    db: str | None
    profile: str | None
    runner: DaskTaskRunner | None = None

    def help(self, services: Services, run_id: int, stage: str) -> None:
        """Have the workers do the stage's parts, if it has any; returns when they have ended, well or badly."""
        if self.runner is None or stage not in parts.STAGES:
            return
        left = parts.left(services, stage)
        if len(left) < 2:  # one part is done sooner here
            return
        task = _part_task(self.wiring, self.db, self.profile, run_id, stage)
        futures = [self.runner.submit(task, {"ids": list(ids)}) for ids in left]
        for future in futures:
            future.wait(self.wiring.limits.stage_seconds)


@contextmanager
def workers(wiring: Wiring, db: str | None, profile: str | None) -> Iterator[Workers]:
    """The workers of one run: those of the scheduler that is named, or a local cluster for as long as the run takes.

    BrokenSetup where the setting cannot be read, Unavailable where the scheduler does not answer.
    """
    setting = wiring.runner()
    if setting == LOCAL:
        yield Workers(wiring, db, profile)
        return
    with _runner(setting) as runner:
        _connect(runner, setting)
        yield Workers(wiring, db, profile, runner)


def _connect(runner: DaskTaskRunner, setting: str) -> None:
    try:
        _ = runner.client
    except OSError as error:
        raise Unavailable(
            f"no Dask scheduler answers at {setting} ({type(error).__name__}): start it with `dask scheduler`, or set "
            "runner to local"
        ) from error


def _runner(setting: str) -> DaskTaskRunner:
    found = _LOCAL_CLUSTER.fullmatch(setting)
    if found is None and not _ADDRESS.fullmatch(setting):
        raise BrokenSetup(f"runner {setting!r}: use local, dask, dask:4 or a scheduler's address (tcp://host:8786)")
    from prefect_dask.task_runners import DaskTaskRunner

    if found is None:
        return DaskTaskRunner(address=setting)
    kwargs: dict[str, Any] = {
        "threads_per_worker": 1,
        "dashboard_address": "127.0.0.1:0",
        "silence_logs": logging.ERROR,
    }
    if found[1]:
        kwargs["n_workers"] = max(1, int(found[1]))
    return DaskTaskRunner(cluster_kwargs=kwargs)


def _services(wiring: Wiring, db: str | None, profile: str | None) -> Services:
    """This process's own. A part travels with copies of what it names, but for functions of modules: those the worker imports."""
    if (db, profile) not in _opened:
        _keep_memory()
        _opened[db, profile] = wiring.open_services(db, profile)
    return _opened[db, profile]


def _keep_memory() -> None:
    """Let the process keep what it frees: Dask has its workers give all back at once, and a model's every layer asks for it anew."""
    mallopt = getattr(ctypes.CDLL(None), "mallopt", None)
    if mallopt is not None:  # glibc alone has it
        for setting in (_TRIM, _MMAP):
            mallopt(*setting)


def _part_task(wiring: Wiring, db: str | None, profile: str | None, run_id: int, stage: str) -> Task[..., int]:
    """What goes to a worker: the wiring and the addresses travel with the body, never as parameters that Prefect keeps."""

    def part(ids: Sequence[Any]) -> int:
        return parts.do(_services(wiring, db, profile), run_id, stage, ids).added

    return Task(part, name=f"{stage}, a part", cache_policy=NO_CACHE, persist_result=False)
