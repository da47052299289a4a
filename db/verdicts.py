"""Verdicts of the machine and judgements of people."""

from __future__ import annotations

from datetime import UTC, datetime

from sqlalchemy import Connection, insert, select, update

from db.mapping import judgement_of, judgement_row, verdict_row
from db.names import require_storable
from db.tables import Judgements, Pairs, Verdicts
from db.transaction import Transaction
from db.waiting import WEIGH, put
from verifier.verdicts import Judgement, Verdict

WEIGHED = ("agree", "conflict")
"""Stances that put statements on one side or another."""


class VerdictRecords:
    """The verdicts part of the unit of work. Rows are never changed, but for the mark of the one that holds."""

    def __init__(self, transaction: Transaction) -> None:
        self._transaction = transaction

    def add(self, run_id: int, pair_id: int, verdict: Verdict, speakers_as_of: int = 0) -> bool:
        """Store a policy's verdict as the pair's current one; False if it had judged with these speakers or later ones.

        KeyError: no such pair.
        """
        connection = self._transaction.write
        require_pair(connection, pair_id)
        of_pair = Verdicts.pair_id == pair_id
        known = select(Verdicts.id).where(of_pair, Verdicts.policy_version == verdict.policy_version)
        if connection.execute(known.where(Verdicts.speakers_as_of >= speakers_as_of)).first() is not None:
            return False
        held = update(Verdicts).where(of_pair, Verdicts.is_current).values(is_current=False)
        stances = {verdict.stance.value, *connection.execute(held.returning(Verdicts.stance)).scalars()}
        place = {"pair_id": pair_id, "run_id": run_id, "is_current": True, "decided_at": datetime.now(UTC)}
        seen = {"speakers_as_of": speakers_as_of}
        connection.execute(insert(Verdicts).values(verdict_row(verdict) | place | seen))
        if stances.intersection(WEIGHED):
            put(connection, [WEIGH], [pair_id])
        return True

    def add_judgement(self, pair_id: int, judgement: Judgement) -> None:
        """Store a judgement; the one that held until now is superseded, whatever the dates on them say.

        The same judgement (all its values) entered again changes nothing. KeyError: no such pair; BadInput: a comment
        that cannot be stored.
        """
        words = {"reviewer": judgement.reviewer, "comment": judgement.comment}
        require_storable(f"judgement of pair {pair_id}", words)
        connection = self._transaction.write
        require_pair(connection, pair_id)
        of_pair = Judgements.pair_id == pair_id
        entered = connection.execute(select(Judgements.__table__).where(of_pair)).mappings()
        if judgement in [judgement_of(row) for row in entered]:  # type: ignore[arg-type]
            return
        now = datetime.now(UTC)
        held = update(Judgements).where(of_pair, Judgements.superseded_at.is_(None))
        connection.execute(held.values(superseded_at=now))
        connection.execute(
            insert(Judgements).values(judgement_row(judgement) | {"pair_id": pair_id, "entered_at": now})
        )


def require_pair(connection: Connection, pair_id: int) -> None:
    """KeyError if there is no such pair."""
    if connection.execute(select(Pairs.id).where(Pairs.id == pair_id)).first() is None:
        raise KeyError(pair_id)
