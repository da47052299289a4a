"""Judges again, under a new model or policy, what earlier ones have judged: the newest first, in steps of days.

Where it stands is read from the store: one that was interrupted goes on where it stopped.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime, timedelta

from verifier.pipeline import Progress, Services, StageReport, judge, silent
from verifier.ports import ALL, Backlog

MOST_STEPS = 40
DAY = timedelta(days=1)


def steps(services: Services, since: datetime | None = None, until: datetime | None = None) -> list[Backlog]:
    """What is left to judge between the dates, in at most forty steps of whole days, the newest first."""
    wanted = replace(ALL, since=since, until=until)
    with services.unit_of_work() as work:
        span = work.span_to_judge(services.policy.version, wanted)
    return list(_cut(wanted, *span)) if span else []


def _cut(wanted: Backlog, first: datetime, last: datetime) -> Iterator[Backlog]:
    days = max(1, -(-((last - first) // DAY + 1) // MOST_STEPS))
    until = wanted.until
    at = last.replace(hour=0, minute=0, second=0, microsecond=0) - (days - 1) * DAY
    while at > first:
        yield replace(wanted, since=max(at, wanted.since or at), until=until)
        until, at = at, at - days * DAY
    yield replace(wanted, until=until)


def rescore(
    services: Services,
    run_id: int,
    since: datetime | None = None,
    until: datetime | None = None,
    progress: Progress = silent,
) -> StageReport:
    """Judge all that is left between the dates."""
    report = StageReport("rescore")
    parts = steps(services, since, until)
    for number, part in enumerate(parts, 1):
        report += judge(services, run_id, silent, part)
        progress(number, len(parts))
    return report
