"""Run the flow again and again: a deployment that this process serves, on an interval, never twice at once."""

from __future__ import annotations

import os
import re
from collections.abc import Callable, Sequence
from datetime import timedelta
from pathlib import Path
from typing import Any

from flows.environment import NO_SERVER_OF_PREFECTS_OWN, SERVING, quieten
from flows.runner import without_password
from flows.stages import is_url
from verifier.errors import BadInput, BrokenSetup
from verifier.values import text_hash

UNITS = {"s": "seconds", "m": "minutes", "h": "hours", "d": "days", "w": "weeks"}
SHORTEST = timedelta(seconds=10)
LONGEST = timedelta(days=366)
_PART = re.compile(r"(\d{1,6})([smhdw])", re.ASCII)


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
    say: Callable[[str], None],
) -> None:
    """Serve the flow until Ctrl-C or SIGTERM; the schedule is paused while nobody serves it.

    `entrypoint` is the flow's module path, for example `crossquote.deployment.verify`: every run is a process of its
    own that imports it. A run that is still on when the next is due wins; the next one is dropped, because it would
    find the same work. BrokenSetup without a configured Prefect API, Unavailable if it does not answer.
    """
    quieten(os.environ, SERVING, NO_SERVER_OF_PREFECTS_OWN)
    from flows.api import check, configured_url

    url = configured_url()
    if url is None:
        raise BrokenSetup(
            "a schedule needs a standing Prefect server: run `prefect server start` in another terminal and "
            "`export PREFECT_API_URL=http://127.0.0.1:4200/api` in this one"
        )
    check(url)
    name = name or f"every-{_short(every)}-{text_hash(repr(sorted(parameters.items())))[:8]}"
    say(f"Serving verify/{name} every {every} through {url}; Ctrl-C ends it.")
    _serve(entrypoint, every, parameters, name)


def _serve(entrypoint: str, every: timedelta, parameters: dict[str, Any], name: str) -> None:
    from prefect import serve as serve_deployments
    from prefect.client.schemas.objects import ConcurrencyLimitConfig, ConcurrencyLimitStrategy
    from prefect.deployments.runner import RunnerDeployment

    deployment = RunnerDeployment.from_entrypoint(
        entrypoint,
        name=name,
        interval=every,
        paused=False,
        parameters=parameters,
        concurrency_limit=ConcurrencyLimitConfig(limit=1, collision_strategy=ConcurrencyLimitStrategy.CANCEL_NEW),
    )
    serve_deployments(deployment, print_starting_message=False)


def _absolute(location: str) -> str:
    return location if is_url(location) else str(Path(location).expanduser().absolute())


def _short(every: timedelta) -> str:
    return f"{int(every.total_seconds())}s"
