"""Runs: when, on what, what they added and what they dropped."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import Connection, func, select, update
from sqlalchemy import insert as plain_insert

from db.names import storable_all, visible
from db.tables import ArticleVersions, Pairs, RunFailures, Runs, Statements, Verdicts
from db.transaction import Transaction, insert_new
from verifier.ports import ItemFailure, RunSummary
from verifier.values import text_hash
from verifier.verdicts import Stance


class RunRecords:
    """The runs part of the unit of work."""

    def __init__(self, transaction: Transaction) -> None:
        self._transaction = transaction

    def start(self, locations: Sequence[str], profile: str) -> int:
        """A new run's id."""
        row = {"locations": storable_all(locations), "profile": profile, "started_at": datetime.now(UTC)}
        added = self._transaction.write.execute(plain_insert(Runs).values(row).returning(Runs.id))
        return int(added.scalar_one())

    def add_failures(self, run_id: int, failures: Sequence[ItemFailure]) -> None:
        """Keep each failure once."""
        rows = [_failure_row(run_id, failure) for failure in failures]
        insert_new(self._transaction.write, RunFailures, rows)

    def finish(self, run_id: int) -> RunSummary:
        """Close and count; a run that was closed keeps its time. KeyError if there is none."""
        connection = self._transaction.write
        run = connection.execute(select(Runs.started_at, Runs.finished_at).where(Runs.id == run_id)).first()
        if run is None:
            raise KeyError(run_id)
        finished = run.finished_at or datetime.now(UTC)
        summary = summary_of(connection, run_id, run.started_at, finished)
        closed = {"finished_at": finished, "counts": _counts(summary)}
        connection.execute(update(Runs).where(Runs.id == run_id).values(closed))
        return summary


def _failure_row(run_id: int, failure: ItemFailure) -> dict[str, Any]:
    key = text_hash("\n".join((failure.stage, failure.item, failure.message)))
    words = {"stage": failure.stage, "item": visible(failure.item), "message": visible(failure.message)}
    return {"run_id": run_id, "key": key, **words, "transient": failure.transient}


def summary_of(connection: Connection, run_id: int, started: datetime, finished: datetime | None) -> RunSummary:
    """What a run added, counted; 0 seconds for one that is not finished."""

    def added(table: type[ArticleVersions] | type[Statements] | type[Pairs]) -> int:
        return int(connection.execute(select(func.count()).where(table.run_id == run_id)).scalar_one())

    by_stance = select(Verdicts.stance, func.count()).where(Verdicts.run_id == run_id).group_by(Verdicts.stance)
    verdicts = dict(iter(connection.execute(by_stance)))
    return RunSummary(
        run_id=run_id,
        articles=added(ArticleVersions),
        statements=added(Statements),
        pairs=added(Pairs),
        verdicts={stance: verdicts.get(stance.value, 0) for stance in Stance},
        seconds=(finished - started).total_seconds() if finished else 0.0,
        failures=failures_of(connection, run_id),
    )


def _counts(summary: RunSummary) -> dict[str, Any]:
    verdicts = {stance.value: count for stance, count in summary.verdicts.items()}
    added = {"articles": summary.articles, "statements": summary.statements, "pairs": summary.pairs}
    return {**added, "verdicts": verdicts, "failures": len(summary.failures)}


def closed_summary(connection: Connection, run: Mapping[str, Any]) -> RunSummary | None:
    """What was counted when a run was closed; None where it was not, or by a version that counted otherwise."""
    counts, finished = run["counts"], run["finished_at"]
    if finished is None or not {"articles", "statements", "pairs", "verdicts"} <= set(counts or ()):
        return None
    return RunSummary(
        run_id=run["id"],
        articles=counts["articles"],
        statements=counts["statements"],
        pairs=counts["pairs"],
        verdicts={stance: counts["verdicts"].get(stance.value, 0) for stance in Stance},
        seconds=(finished - run["started_at"]).total_seconds(),
        failures=failures_of(connection, run["id"]),
    )


def failures_of(connection: Connection, run_id: int) -> tuple[ItemFailure, ...]:
    """What a run dropped, in order of entry."""
    wanted = (RunFailures.stage, RunFailures.item, RunFailures.message, RunFailures.transient)
    rows = connection.execute(select(*wanted).where(RunFailures.run_id == run_id).order_by(RunFailures.id))
    return tuple(ItemFailure(*row) for row in rows)
