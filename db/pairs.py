"""Candidate pairs, which statements the gates have looked at, and what the models say of them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, func, or_, select

from db.mapping import gates_json, gates_of, nli_of, nli_row, stances_of, stances_row
from db.sides import WIDTH, Place, side_of
from db.tables import NliScores, Pairings, Pairs, StanceScores, Verdicts
from db.transaction import Transaction, chunks, insert_new
from verifier.ports import Backlog
from verifier.verdicts import Candidate, NliProbabilities, Pair, StanceProbabilities


class PairRecords:
    """The pairs and scores part of the unit of work."""

    def __init__(self, transaction: Transaction) -> None:
        self._transaction = transaction

    def add(self, run_id: int, gates: str, paired: Sequence[str], candidates: Sequence[Candidate]) -> int:
        """Store candidates, note `paired` as looked at; how many pairs are new."""
        connection = self._transaction.write
        unique = {(candidate.a, candidate.b): candidate for candidate in reversed(candidates)}
        known: set[tuple[str, str]] = set()
        for part in chunks(sorted({a for a, _ in unique})):
            found = select(Pairs.a_id, Pairs.b_id).where(Pairs.a_id.in_(part))
            known.update((a, b) for a, b in connection.execute(found))
        new = [candidate for key, candidate in sorted(unique.items()) if key not in known]
        insert_new(connection, Pairs, [_pair_row(run_id, gates, candidate) for candidate in new])
        looked = [{"statement_id": id_, "gates_version": gates} for id_ in sorted(set(paired))]
        insert_new(connection, Pairings, looked)
        return len(new)

    def to_judge(self, policy: str, limit: int, backlog: Backlog) -> list[Pair]:
        """Pairs of two current statements that this policy has not judged, by id."""
        a, b = Place("a"), Place("b")
        query = select(Pairs.id, Pairs.similarity, Pairs.gates, *a.columns(), *b.columns()).select_from(Pairs)
        query = _waiting(query, a, b, policy, backlog)
        rows = self._transaction.read.execute(query.order_by(Pairs.id).limit(limit))
        return [_pair_of(tuple(row)) for row in rows]

    def span_to_judge(self, policy: str, backlog: Backlog) -> tuple[datetime, datetime] | None:
        """The first and the last time of a side of these pairs."""
        a, b = Place("a"), Place("b")
        ends = (func.min(_time(a)), func.min(_time(b)), func.max(_time(a)), func.max(_time(b)))
        row = self._transaction.read.execute(_waiting(select(*ends).select_from(Pairs), a, b, policy, backlog)).one()
        return None if row[0] is None else (min(row[0], row[1]), max(row[2], row[3]))

    def nli_scores(
        self, model: str, revision: str, keys: Sequence[tuple[str, str]]
    ) -> dict[tuple[str, str], NliProbabilities]:
        """Known scores by (premise, hypothesis) hashes.

        Asked by premise alone: PostgreSQL takes a list of pairs for a list of alternatives and reads the whole table.
        """
        wanted, known = set(keys), dict[tuple[str, str], NliProbabilities]()
        for part in chunks(sorted({premise for premise, _ in wanted})):
            query = select(NliScores.__table__).where(
                NliScores.premise_hash.in_(part), NliScores.model == model, NliScores.revision == revision
            )
            for row in self._transaction.read.execute(query).mappings():
                if (key := (row["premise_hash"], row["hypothesis_hash"])) in wanted:
                    known[key] = nli_of(row)  # type: ignore[arg-type]
        return known

    def add_nli_scores(self, model: str, revision: str, scores: Mapping[tuple[str, str], NliProbabilities]) -> None:
        """Store scores."""
        rows = [
            {"premise_hash": a, "hypothesis_hash": b, "model": model, "revision": revision, **nli_row(score)}
            for (a, b), score in sorted(scores.items(), key=lambda item: item[0])
        ]
        insert_new(self._transaction.write, NliScores, rows)

    def stance_scores(
        self, model: str, revision: str, keys: Sequence[tuple[str, str]]
    ) -> dict[tuple[str, str], StanceProbabilities]:
        """Known stances by both hashes; asked by the first alone, as `nli_scores`."""
        wanted, known = set(keys), dict[tuple[str, str], StanceProbabilities]()
        for part in chunks(sorted({first for first, _ in wanted})):
            query = select(StanceScores.__table__).where(
                StanceScores.first_hash.in_(part), StanceScores.model == model, StanceScores.revision == revision
            )
            for row in self._transaction.read.execute(query).mappings():
                if (key := (row["first_hash"], row["second_hash"])) in wanted:
                    known[key] = stances_of(row)  # type: ignore[arg-type]
        return known

    def add_stance_scores(
        self, model: str, revision: str, scores: Mapping[tuple[str, str], StanceProbabilities]
    ) -> None:
        """Store stances."""
        rows = [
            {"first_hash": a, "second_hash": b, "model": model, "revision": revision, **stances_row(score)}
            for (a, b), score in sorted(scores.items(), key=lambda item: item[0])
        ]
        insert_new(self._transaction.write, StanceScores, rows)


def _waiting(query: Select[Any], a: Place, b: Place, policy: str, backlog: Backlog) -> Select[Any]:
    """Add both sides to a query on pairs, and keep what the policy has not judged of the backlog."""
    judged = select(Verdicts.id).where(Verdicts.pair_id == Pairs.id)
    if not backlog.new_only:
        judged = judged.where(Verdicts.policy_version == policy)
    query = b.joined(a.joined(query, Pairs.a_id), Pairs.b_id).where(~judged.exists())
    if backlog.since is not None:
        query = query.where(or_(_time(a) >= backlog.since, _time(b) >= backlog.since))
    if backlog.until is not None:
        query = query.where(and_(_time(a) < backlog.until, _time(b) < backlog.until))
    return query


def _time(place: Place) -> ColumnElement[Any]:
    return func.coalesce(place.version.published_at, place.version.stored_at)


def _pair_row(run_id: int, gates: str, candidate: Candidate) -> dict[str, Any]:
    return {
        "a_id": candidate.a,
        "b_id": candidate.b,
        "gates_version": gates,
        "similarity": float(candidate.similarity),
        "gates": gates_json(candidate.gates),
        "run_id": run_id,
    }


def _pair_of(row: tuple[Any, ...]) -> Pair:
    id_, similarity, gates, *sides = row
    return Pair(id_, side_of(sides[:WIDTH]), side_of(sides[WIDTH:]), similarity, gates_of(gates))
