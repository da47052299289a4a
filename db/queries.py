"""The read side: verdicts as people see them, runs, totals. Plain SQL, no unit of work."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from datetime import datetime
from functools import cache
from typing import Any

from sqlalchemy import Connection, Engine, Select, and_, bindparam, func, select

from db import desk_tables as desk_tables  # fills the metadata
from db import fetch_tables as fetch_tables
from db import speaker_tables as speaker_tables  # likewise
from db.base import Base
from db.filters import VerdictFilter as VerdictFilter
from db.filters import conditions
from db.mapping import gates_of, judgement_of, verdict_of
from db.runs import closed_summary, summary_of
from db.sides import WIDTH, Place, side_of
from db.tables import Judgements, Pairs, Runs, Verdicts
from db.transaction import chunks
from verifier.ports import RunSummary
from verifier.values import Side
from verifier.verdicts import Gate, Judgement, Verdict

_KEPT = ("is_current", "is_shown", "is_judged", "queue_rank", "earliest_at", "latest_at", "apart")
_VERDICT = [column for column in Verdicts.__table__.columns if column.name not in ("pair_id", *_KEPT)]
_JUDGEMENT = [Judgements.stance, Judgements.kind, Judgements.reviewer, Judgements.decided_at, Judgements.comment]
STREAMED = 500
"""Rows that an export holds in memory at a time."""


@dataclass(frozen=True, slots=True)
class VerdictRow:
    """A current verdict with both sides in place, why the pair was looked at, and what a person last held of it."""

    pair_id: int
    run_id: int
    decided_at: datetime
    verdict: Verdict
    a: Side
    b: Side
    similarity: float
    gates: tuple[Gate, ...]
    judgement: Judgement | None

    def to_dict(self) -> dict[str, Any]:
        """The line of `crossquote verdicts --json`."""
        verdict = self.verdict
        return {
            "pair": self.pair_id,
            "label": verdict.stance.value,
            "kind": verdict.kind and verdict.kind.value,
            "confidence": verdict.confidence,
            "scores": asdict(verdict.scores),
            "probabilities": asdict(verdict.probabilities),
            "reasons": list(verdict.reasons),
            "reason_code": verdict.reason_code and verdict.reason_code.value,
            "deciding": None if verdict.deciding is None else asdict(verdict.deciding),
            "gates": [asdict(gate) for gate in self.gates],
            "similarity": self.similarity,
            "policy_version": verdict.policy_version,
            "nli": {"model": verdict.nli_model, "revision": verdict.nli_revision},
            "run": self.run_id,
            "decided_at": self.decided_at.isoformat(),
            "a": side_dict(self.a),
            "b": side_dict(self.b),
            "judgement": None if self.judgement is None else judgement_dict(self.judgement),
        }


@dataclass(frozen=True, slots=True)
class RunRow:
    """A run and what it added; `finished_at` is None while it is under way, or if it was killed."""

    started_at: datetime
    finished_at: datetime | None
    locations: tuple[str, ...]
    profile: str
    summary: RunSummary


def verdict_rows(source: Engine | Connection, wanted: VerdictFilter) -> list[VerdictRow]:
    """Current verdicts of current statements, best first.

    Conflicts before agreements before what is undecided and neutral; in each the surest first, in steps of 5 %. Of those as sure
    as each other what cannot both be true (contradiction, denial, numeric) before tension, then what most independent
    sources stand behind, then the pair that was found last: see `db.migrations.kept`.
    """
    with connected(source) as connection:
        return rows_of(connection, connection.execute(ordered(wanted)).scalars().all())


def stream_verdicts(connection: Connection, wanted: VerdictFilter) -> Iterator[VerdictRow]:
    """The same one after the other, a few hundred in memory at a time."""
    streamed = connection.execution_options(yield_per=STREAMED)
    for row in streamed.execute(_verdicts(wanted)):
        yield _row_of(tuple(row))


def rows_of(connection: Connection, pairs: Sequence[int]) -> list[VerdictRow]:
    """The current verdicts of these pairs, in the order of the pairs; those that are not shown any more are left out."""
    found: dict[int, VerdictRow] = {}
    for part in chunks(pairs):
        rows = connection.execute(_some(), {"pairs": part})
        found.update((row[0], _row_of(tuple(row))) for row in rows)
    return [found[pair] for pair in pairs if pair in found]


def _verdicts(wanted: VerdictFilter) -> Select[Any]:
    return _in_order(_whole().where(*conditions(wanted)), wanted)


@cache
def _some() -> Select[Any]:
    """Of the `pairs` that are shown."""
    return _whole().where(Verdicts.is_shown, Pairs.id.in_(bindparam("pairs", expanding=True)))


def ordered(wanted: VerdictFilter) -> Select[Any]:
    """The pairs that a filter finds, best first: without all that a row has, which is read of those few (`rows_of`)."""
    return _in_order(shown(wanted, Verdicts.pair_id), wanted)


def _in_order(query: Select[Any], wanted: VerdictFilter) -> Select[Any]:
    query = query.order_by(Verdicts.queue_rank).limit(wanted.limit)
    return query.offset(wanted.offset) if wanted.offset else query


def shown(wanted: VerdictFilter, *columns: Any) -> Select[Any]:
    """Columns of the verdicts that a filter finds: in no order, with no limit, and with no joins, because it is over all of
    them that the database counts."""
    return select(*columns).where(*conditions(wanted))


@cache
def _whole() -> Select[Any]:
    """All that a row has, of verdicts whether they are shown or not. Kept: to make it takes longer than to read some rows."""
    a, b = Place("a"), Place("b")
    query = select(Pairs.id, Pairs.similarity, Pairs.gates, *_VERDICT, *_JUDGEMENT, *a.columns(), *b.columns())
    query = query.select_from(Verdicts).join(Pairs, Pairs.id == Verdicts.pair_id)
    held = and_(Judgements.pair_id == Pairs.id, Judgements.superseded_at.is_(None))
    return _around(query, a, b).outerjoin(Judgements, held)


def _around(query: Select[Any], a: Place, b: Place) -> Select[Any]:
    query = query.join(a.statement, a.statement.id == Pairs.a_id).join(b.statement, b.statement.id == Pairs.b_id)
    return b.around(a.around(query))


def run_rows(source: Engine | Connection, limit: int | None = None, before: int | None = None) -> list[RunRow]:
    """Runs, the latest first, those before an id."""
    query = select(Runs.__table__).order_by(Runs.id.desc()).limit(limit)
    if before is not None:
        query = query.where(Runs.id < before)
    with connected(source) as connection:
        return [_run_of(connection, row) for row in connection.execute(query).mappings().all()]


def last_activity(source: Engine | Connection) -> datetime | None:
    """When the last run ended; where none has, when the first began."""
    query = select(func.coalesce(func.max(Runs.finished_at), func.min(Runs.started_at)))
    with connected(source) as connection:
        return connection.execute(query).scalar_one()


def totals(source: Engine | Connection) -> dict[str, int]:
    """Rows by table name."""
    tables = Base.metadata.sorted_tables
    query = select(*(select(func.count()).select_from(table).scalar_subquery().label(table.name) for table in tables))
    with connected(source) as connection:
        return {name: int(count) for name, count in connection.execute(query).mappings().one().items()}


def _row_of(row: tuple[Any, ...]) -> VerdictRow:
    id_, similarity, gates, *rest = row
    own = dict(zip((column.name for column in _VERDICT), rest, strict=False))
    rest = rest[len(_VERDICT) :]
    judged = dict(zip((column.key for column in _JUDGEMENT), rest, strict=False))
    sides = rest[len(_JUDGEMENT) :]
    return VerdictRow(
        pair_id=id_,
        run_id=own["run_id"],
        decided_at=own["decided_at"],
        verdict=verdict_of(own),
        a=side_of(sides[:WIDTH]),
        b=side_of(sides[WIDTH:]),
        similarity=similarity,
        gates=gates_of(gates),
        judgement=judgement_of(judged) if judged["stance"] else None,
    )


def _run_of(connection: Connection, row: Any) -> RunRow:
    summary = closed_summary(connection, row) if row["counts"] else None
    summary = summary or summary_of(connection, row["id"], row["started_at"], row["finished_at"])
    return RunRow(row["started_at"], row["finished_at"], tuple(row["locations"]), row["profile"], summary)


def side_dict(side: Side) -> dict[str, Any]:
    """A statement in its place, as the commands print it."""
    statement = side.statement
    return {
        "article": side.article,
        "outlet": side.outlet,
        "published_at": side.published_at and side.published_at.isoformat(),
        "speaker": statement.speaker and statement.speaker.name,
        "text": statement.text,
        "start": statement.start,
        "end": statement.end,
        "claim": statement.claim,
        "id": statement.id,
        "kind": statement.kind.value,
    }


def judgement_dict(judgement: Judgement) -> dict[str, Any]:
    """A judgement, as the commands print it."""
    return {
        "label": judgement.stance.value,
        "kind": judgement.kind and judgement.kind.value,
        "reviewer": judgement.reviewer,
        "decided_at": judgement.decided_at.isoformat(),
        "comment": judgement.comment,
    }


@contextmanager
def connected(source: Engine | Connection) -> Iterator[Connection]:
    """A connection as given, or one for this query."""
    if isinstance(source, Connection):
        yield source
    else:
        with source.connect() as connection:
            yield connection
