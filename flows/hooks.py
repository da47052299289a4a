"""What Prefect calls when a flow has failed or crashed."""

from __future__ import annotations

from typing import Any

from prefect import Flow
from prefect.client.schemas.objects import FlowRun, State

from flows.wiring import Announce


def telling(announce: Announce) -> dict[str, Any]:
    """The hooks of a flow, as arguments of its decorator.

    A crash (a process that was killed) is told by whoever started the process: the worker, or `crossquote schedule`.
    """

    def tell(flow: Flow[..., Any], flow_run: FlowRun, state: State[Any]) -> None:  # Prefect names the arguments
        reason = state.message or state.name or "no reason given"
        announce.failed(flow_run.parameters.get("db"), flow.name, str(flow_run.id), reason)

    return {"on_failure": [tell], "on_crashed": [tell]}
