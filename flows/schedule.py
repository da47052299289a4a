"""Run the flow again and again: a deployment that this process serves, on an interval, never twice at once."""

from __future__ import annotations

import os
import re
import threading
import time
from collections.abc import Callable, Sequence
from contextlib import suppress
from contextvars import copy_context
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from flows.environment import NO_SERVER_OF_PREFECTS_OWN, SERVING, keep_out_of_home, quieten
from flows.runner import without_password
from flows.wiring import is_url
from verifier.errors import BadInput
from verifier.values import text_hash

UNITS = {"s": "seconds", "m": "minutes", "h": "hours", "d": "days", "w": "weeks"}
SHORTEST = timedelta(seconds=10)
LONGEST = timedelta(days=366)
FIRST_RUN = timedelta(seconds=12)  # Prefect's scheduler looks at new deployments every 5 s
PATIENCE = 30.0
_PART = re.compile(r"(\d{1,6})([smhdw])", re.ASCII)


@dataclass(frozen=True, slots=True)
class Chore:
    """A flow beside the main one, at fixed times (UTC)."""

    entrypoint: str
    cron: str


def interval(text: str) -> timedelta:
    """A time like `90s`, `15m`, `1h30m` or `1d`; BadInput where it is something else, under 10 s or over a year."""
    folded = text.strip().lower()
    parts = _PART.findall(folded)
    if not parts or "".join(number + unit for number, unit in parts) != folded:
        raise BadInput(f"{text!r} is not a time between runs: write it like 90s, 15m, 1h30m or 1d")
    found = sum((timedelta(**{UNITS[unit]: int(number)}) for number, unit in parts), timedelta())
    if not SHORTEST <= found <= LONGEST:
        raise BadInput(f"{text!r} is out of range: the time between runs is from 10s to 366d")
    return found


def parameters(locations: Sequence[str], db: str | None = None, profile: str | None = None) -> dict[str, Any]:
    """The flow's parameters as a server may keep them: absolute paths, and no password (BadInput)."""
    if not locations:
        raise BadInput("nothing to read: give at least one file, folder, URL or feed")
    if without_password(db) != db:
        raise BadInput(
            "a schedule's parameters are stored on the Prefect server in the clear: leave the password out of --db "
            "(set the database in the settings of this machine, or use ~/.pgpass)"
        )
    return {"locations": [_absolute(one) for one in locations], "db": db, "profile": profile}


def serve(
    entrypoint: str,
    every: timedelta,
    parameters: dict[str, Any],
    *,
    name: str | None = None,
    also: Sequence[Chore] = (),
    say: Callable[[str], None],
    home: Path | None = None,
) -> None:
    """Serve the flow now and on its interval until Ctrl-C or SIGTERM; it is paused while nobody serves it.

    `entrypoint` is the flow's module path, for example `crossquote.deployment.verify`: every run is a process of its
    own that imports it; `also` are flows at times of their own, with the same database. A run that is still on when the
    next is due wins; the next one is dropped, because it would find the same work. Without a configured API a server is
    started until the end (its database in `home`, or a private folder). Unavailable if a configured API does not answer.
    """
    quieten(os.environ, SERVING, NO_SERVER_OF_PREFECTS_OWN)
    keep_out_of_home(os.environ)
    from flows.api import prefect_api

    name = name or f"every-{int(every.total_seconds())}s-{text_hash(repr(sorted(parameters.items())))[:8]}"
    with prefect_api("schedule", say, home) as url:
        say(f"Serving verify/{name} every {every} through {url}; Ctrl-C ends it.")
        _serve(entrypoint, every, parameters, name, also, say)


def _serve(
    entrypoint: str,
    every: timedelta,
    parameters: dict[str, Any],
    name: str,
    also: Sequence[Chore],
    say: Callable[[str], None],
) -> None:
    from prefect import serve as serve_deployments
    from prefect.schedules import Cron, Interval

    schedule = Interval(every, anchor_date=datetime.now(UTC) + FIRST_RUN)
    deployments = [_deployment(entrypoint, name, schedule, parameters)]
    deployments += [
        _deployment(chore.entrypoint, name, Cron(chore.cron, timezone="UTC"), {"db": parameters["db"]})
        for chore in also
    ]
    context = copy_context()
    threading.Thread(target=context.run, args=(watch, f"verify/{name}", say), daemon=True).start()
    serve_deployments(*deployments, print_starting_message=False)


def _deployment(entrypoint: str, name: str, schedule: Any, parameters: dict[str, Any]) -> Any:
    from prefect.client.schemas.objects import ConcurrencyLimitConfig, ConcurrencyLimitStrategy
    from prefect.deployments.runner import RunnerDeployment

    return RunnerDeployment.from_entrypoint(
        entrypoint,
        name=name,
        schedule=schedule,
        paused=False,
        parameters=parameters,
        concurrency_limit=ConcurrencyLimitConfig(limit=1, collision_strategy=ConcurrencyLimitStrategy.CANCEL_NEW),
    )


def watch(deployment: str, say: Callable[[str], None], patience: float = PATIENCE) -> None:
    """Say so if the server has not scheduled the deployment after so many seconds: only its own log would tell."""
    import httpx
    from prefect.client.orchestration import get_client
    from prefect.client.schemas.filters import DeploymentFilter, DeploymentFilterName
    from prefect.client.schemas.sorting import FlowRunSort
    from prefect.exceptions import PrefectException

    time.sleep(patience)
    with suppress(httpx.HTTPError, PrefectException), get_client(sync_client=True) as client:
        named = DeploymentFilter(name=DeploymentFilterName(any_=[deployment.partition("/")[2]]))
        if not client.read_flow_runs(deployment_filter=named, sort=FlowRunSort.ID_DESC, limit=1):
            say(
                f"The Prefect server has not scheduled {deployment} in {patience:.0f} s. Prefect 3.8 cannot schedule "
                "on SQLAlchemy 2.1: run the server from an environment of its own, or unset PREFECT_API_URL here."
            )


def _absolute(location: str) -> str:
    return location if is_url(location) else str(Path(location).expanduser().absolute())
