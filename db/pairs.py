"""Candidate pairs, which statements the gates have looked at, and what the models say of them."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, case, func, or_, select
from sqlalchemy.orm import aliased

from db.mapping import gates_json, gates_of, nli_of, nli_row, stances_of, stances_row
from db.sides import WIDTH, Place, side_of
from db.speaker_tables import SpeakerMoves
from db.tables import NliScores, Pairings, Pairs, StanceScores, Verdicts
from db.transaction import Transaction, chunks, insert_new
from db.waiting import JUDGE, JUDGE_NEW, OF_PAIR, Left, Question, put
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
        before = connection.execute(select(func.coalesce(func.max(Pairs.id), 0))).scalar_one()
        insert_new(connection, Pairs, [_pair_row(run_id, gates, candidate) for candidate in new])
        put(connection, OF_PAIR, list(connection.execute(select(Pairs.id).where(Pairs.id > before)).scalars()))
        looked = [{"statement_id": id_, "gates_version": gates} for id_ in sorted(set(paired))]
        insert_new(connection, Pairings, looked)
        return len(new)

    def ids_to_judge(self, policy: str, backlog: Backlog) -> list[int]:
        """Pairs of two current statements that this policy has not judged with the speakers as they are, by id."""
        return sorted(row.id for row in self.left_to_judge(policy, backlog).rows(self._transaction.read))

    def left_to_judge(self, policy: str, backlog: Backlog) -> Question:
        """As `ids_to_judge`."""
        return _question(policy, backlog, _ids)

    def some(self, ids: Sequence[int]) -> list[Pair]:
        """These pairs of two current statements, by id."""
        query = _Read().pairs()
        parts = [query.where(Pairs.id.in_(part)).order_by(Pairs.id) for part in chunks(sorted(set(ids)))]
        return [pair for part in parts for pair in self._pairs(part)]

    def _pairs(self, query: Select[Any]) -> list[Pair]:
        return [_pair_of(tuple(row)) for row in self._transaction.read.execute(query)]

    def span_to_judge(self, policy: str, backlog: Backlog) -> tuple[datetime, datetime] | None:
        """The first and the last time of a side of these pairs."""
        found = _question(policy, backlog, _ends).rows(self._transaction.read)
        rows = [row for row in found if row[0] is not None]
        return (min(min(row[:2]) for row in rows), max(max(row[2:]) for row in rows)) if rows else None

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


def _question(policy: str, backlog: Backlog, wanted: Callable[[_Read], Select[Any]]) -> Question:
    """What no policy has judged has a list of its own: the one of what this policy has not may hold a whole archive."""

    def left() -> Left:
        read = _Read()
        return read.waiting(wanted(read), policy, backlog), Pairs.id

    return Question(*((JUDGE_NEW, "") if backlog.new_only else (JUDGE, policy)), left)


def _ids(read: _Read) -> Select[Any]:
    return read.joined(select(Pairs.id))


def _ends(read: _Read) -> Select[Any]:
    first, second = read.times()
    return read.joined(select(func.min(first), func.min(second), func.max(first), func.max(second)))


class _Read:
    """What `_pair_of` reads: pairs of two current statements, with the last decision about who speaks in either."""

    def __init__(self) -> None:
        self._a, self._b = Place("a"), Place("b")
        self._moves = aliased(SpeakerMoves), aliased(SpeakerMoves)
        first, second = (func.coalesce(one.decision_id, 0) for one in self._moves)
        self._latest = case((first > second, first), else_=second)

    def pairs(self) -> Select[Any]:
        sides = (*self._a.columns(), *self._b.columns())
        return self.joined(select(self._latest, Pairs.id, Pairs.similarity, Pairs.gates, *sides))

    def joined(self, query: Select[Any]) -> Select[Any]:
        query = query.select_from(Pairs)
        for move, side in zip(self._moves, (Pairs.a_id, Pairs.b_id), strict=True):
            query = query.outerjoin(move, move.statement_id == side)
        return self._b.joined(self._a.joined(query, Pairs.a_id), Pairs.b_id)

    def waiting(self, query: Select[Any], policy: str, backlog: Backlog) -> Select[Any]:
        """What the policy has not judged of the backlog, with the speakers as they are."""
        judged = select(Verdicts.id).where(Verdicts.pair_id == Pairs.id, Verdicts.speakers_as_of >= self._latest)
        if not backlog.new_only:
            judged = judged.where(Verdicts.policy_version == policy)
        first, second = self.times()
        query = query.where(~judged.exists())
        if backlog.since is not None:
            query = query.where(or_(first >= backlog.since, second >= backlog.since))
        if backlog.until is not None:
            query = query.where(and_(first < backlog.until, second < backlog.until))
        return query

    def times(self) -> tuple[ColumnElement[Any], ColumnElement[Any]]:
        """When each side was published, or stored where that is not known."""
        return _time(self._a), _time(self._b)


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
    latest, id_, similarity, gates, *sides = row
    return Pair(id_, side_of(sides[:WIDTH]), side_of(sides[WIDTH:]), similarity, gates_of(gates), latest)
