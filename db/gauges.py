"""Numbers for monitoring. Cheap at any size: what runs added is summed from the runs, nothing large is counted."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, exists, func, select

from db.operating_tables import Announcements, ExtractionTries
from db.retention import size
from db.tables import Judgements, Runs, Verdicts
from verifier.verdicts import Stance


@dataclass(frozen=True, slots=True)
class Gauges:
    """The state of one database: totals over all runs, the last run, what waits for somebody."""

    added: Mapping[str, int]
    verdicts: Mapping[str, int]
    runs: Mapping[str, int]
    last_started: datetime | None
    last_finished: datetime | None
    last_seconds: float
    last_dropped: int
    waiting: Mapping[str, int]
    size_bytes: int


def gauges(connection: Connection) -> Gauges:
    """All of them, in a handful of queries."""
    added, verdicts, runs = Counter[str](), Counter[str](), Counter[str]()
    for counts in connection.execute(select(Runs.counts)).scalars():
        runs["finished" if counts else "unfinished"] += 1
        added.update({name: counts[name] for name in ("articles", "statements", "pairs")} if counts else {})
        verdicts.update(counts["verdicts"] if counts else {})
    last = connection.execute(_last(finished=True)).first()
    return Gauges(
        added=added,
        verdicts=verdicts,
        runs=runs,
        last_started=connection.execute(_last(finished=False)).scalar(),
        last_finished=last.finished_at if last else None,
        last_seconds=(last.finished_at - last.started_at).total_seconds() if last else 0.0,
        last_dropped=int(last.counts["failures"]) if last else 0,
        waiting=_waiting(connection),
        size_bytes=size(connection),
    )


def _last(*, finished: bool) -> Any:
    query = select(Runs.started_at, Runs.finished_at, Runs.counts).order_by(Runs.id.desc()).limit(1)
    return query.where(Runs.finished_at.is_not(None)) if finished else query


def _waiting(connection: Connection) -> dict[str, int]:
    """What waits for a person, for another try, or to get through."""
    judged = exists().where(Judgements.pair_id == Verdicts.pair_id, Judgements.superseded_at.is_(None))
    queries = {
        "conflicts": select(func.count())
        .select_from(Verdicts)
        .where(Verdicts.is_current, Verdicts.stance == Stance.CONFLICT.value, ~judged),
        "put_aside": select(func.count()).select_from(ExtractionTries).where(ExtractionTries.put_aside_at.is_not(None)),
        "announcements": select(func.count()).select_from(Announcements).where(Announcements.sent_at.is_(None)),
    }
    return {name: int(connection.execute(query).scalar_one()) for name, query in queries.items()}
