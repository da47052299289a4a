"""`/metrics` in the form of Prometheus: for who has the token, or for this machine where no token is set."""

from __future__ import annotations

import hmac
import ipaddress
from collections.abc import Iterator, Mapping
from datetime import datetime

from fastapi import APIRouter, HTTPException, Request, Response
from prometheus_client import CONTENT_TYPE_LATEST, CollectorRegistry, generate_latest
from prometheus_client.core import CounterMetricFamily, GaugeMetricFamily
from prometheus_client.metrics_core import Metric
from prometheus_client.process_collector import ProcessCollector

from crossquote.web.desk import TheDesk
from db.gauges import Gauges, gauges

router = APIRouter()
FORWARDED = ("forwarded", "x-forwarded-for", "x-real-ip")


@router.get("/metrics")
def metrics(request: Request, desk: TheDesk) -> Response:
    """The database's state and the desk's process."""
    if not _may_see(request, desk.metrics_token):
        raise HTTPException(
            403, "Metrics are for this machine, or for who sends the token of the setting desk.metrics_token."
        )
    with desk.engine.connect() as connection:
        found = gauges(connection)
    registry = CollectorRegistry(auto_describe=False)
    ProcessCollector(registry=registry)
    registry.register(_Collected(found))
    return Response(generate_latest(registry), media_type=CONTENT_TYPE_LATEST)


def _may_see(request: Request, token: str) -> bool:
    """A proxy on this machine looks like this machine: what it passes on is not let in without a token."""
    if token:
        scheme, _, sent = request.headers.get("authorization", "").partition(" ")
        return scheme.lower() == "bearer" and hmac.compare_digest(sent.strip().encode(), token.encode())
    if request.client is None or any(name in request.headers for name in FORWARDED):
        return False
    try:
        return ipaddress.ip_address(request.client.host).is_loopback
    except ValueError:
        return False


class _Collected:
    """One reading, as metrics."""

    def __init__(self, found: Gauges) -> None:
        self._found = found

    def collect(self) -> Iterator[Metric]:
        """Counters of what runs added, gauges of what is now."""
        found = self._found
        for name, count in sorted(found.added.items()):
            yield CounterMetricFamily(f"crossquote_{name}_added", f"{name} added by all runs", value=count)
        yield _labelled(
            CounterMetricFamily("crossquote_verdicts_added", "verdicts by stance", labels=["stance"]), found.verdicts
        )
        yield _labelled(GaugeMetricFamily("crossquote_runs", "runs by state", labels=["state"]), found.runs)
        yield _labelled(GaugeMetricFamily("crossquote_waiting", "what waits", labels=["what"]), found.waiting)
        for name, value in (
            ("last_run_started_timestamp_seconds", _seconds(found.last_started)),
            ("last_run_finished_timestamp_seconds", _seconds(found.last_finished)),
            ("last_run_duration_seconds", found.last_seconds),
            ("last_run_dropped_items", found.last_dropped),
            ("database_size_bytes", found.size_bytes),
        ):
            yield GaugeMetricFamily(f"crossquote_{name}", name.replace("_", " "), value=value)


def _labelled(family: CounterMetricFamily | GaugeMetricFamily, counts: Mapping[str, int]) -> Metric:
    for label, count in sorted(counts.items()):
        family.add_metric([label], count)
    return family


def _seconds(when: datetime | None) -> float:
    return when.timestamp() if when else 0.0
