"""Which scheduled runs Prefect's server calls late: no worker has taken them up."""

from __future__ import annotations

import os
from datetime import datetime

from flows.environment import CALLER_REPORTS, NO_SERVER_OF_PREFECTS_OWN, keep_out_of_home, quieten

SHOWN = 50


def late_runs() -> list[tuple[str, str]]:
    """(the run's id, what to say of it); none where no server is configured. A server that does not answer is late itself."""
    quieten(os.environ, NO_SERVER_OF_PREFECTS_OWN, CALLER_REPORTS)
    keep_out_of_home(os.environ)
    import httpx
    from prefect.client.orchestration import get_client
    from prefect.client.schemas.filters import FlowRunFilter, FlowRunFilterState, FlowRunFilterStateName
    from prefect.client.schemas.sorting import FlowRunSort
    from prefect.exceptions import PrefectException

    from flows.api import configured_url

    if (url := configured_url()) is None:
        return []
    late = FlowRunFilter(state=FlowRunFilterState(name=FlowRunFilterStateName(any_=["Late"])))
    try:
        with get_client(sync_client=True) as client:
            found = client.read_flow_runs(flow_run_filter=late, sort=FlowRunSort.EXPECTED_START_TIME_DESC, limit=SHOWN)
    except (httpx.HTTPError, PrefectException) as error:
        return [(f"server:{url}", f"Prefect's server at {url} does not answer ({type(error).__name__})")]
    return [
        (str(run.id), f"{run.name} was due{_at(run.expected_start_time)}, and no worker has begun it") for run in found
    ]


def _at(when: datetime | None) -> str:
    return f" at {when:%Y-%m-%d %H:%M} UTC" if when else ""
