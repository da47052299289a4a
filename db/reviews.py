"""What people do at the desk: judge, undo, comment. Nothing is erased, and every change is in the audit log."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime
from functools import cache
from typing import Any

from sqlalchemy import Connection, Engine, Select, exists, insert, literal, select, update

from db.access import log
from db.desk_tables import BulkJudgements, Comments, Undos
from db.mapping import judgement_of, judgement_row
from db.names import require_storable
from db.tables import Judgements
from db.transaction import written
from db.verdicts import require_pair
from verifier.errors import BadInput
from verifier.verdicts import Judgement

LONGEST_COMMENT = 10_000


class Stale(BadInput):
    """Somebody else judged the pair after the form was opened."""


@dataclass(frozen=True, slots=True)
class Past:
    """One judgement of a pair's history: until when it held (None: it holds), and whether it was undone or restored."""

    id: int
    judgement: Judgement
    entered_at: datetime
    superseded_at: datetime | None
    undone: bool
    restored: bool


@dataclass(frozen=True, slots=True)
class Comment:
    """What somebody wrote about a pair."""

    author: str
    text: str
    entered_at: datetime


@dataclass(frozen=True, slots=True)
class Undone:
    """The pair whose judgement was taken back; with `bulk`, the decision that has to be taken back as one, and was not."""

    pair_id: int
    bulk: int | None = None


class Reviews:
    """Changes, each in a transaction of its own."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine

    def judge(self, pair_id: int, judgement: Judgement, seen: int) -> int:
        """Add a judgement that supersedes the one with the id `seen` (0: none); its id.

        Stale if another one holds by now; KeyError: no such pair.
        """
        require_storable(f"judgement of pair {pair_id}", {"comment": judgement.comment})

        def act(connection: Connection) -> int:
            held = _held(connection, pair_id)
            if (held.id if held else 0) != seen:
                who = f"{held.judgement.reviewer} judged it" if held else "the judgement was undone"
                raise Stale(f"this pair changed while you were reading: {who}. Decide again")
            added = _add(connection, pair_id, judgement)
            detail = {"judgement": added, "stance": judgement.stance.value, "before": seen or None}
            log(connection, judgement.reviewer, "judged", f"pair {pair_id}", detail)
            return added

        return written(self._engine, act)

    def undo(self, reviewer: str) -> Undone | None:
        """Take back the reviewer's latest judgement that holds, and restore what held before it.

        None where there is nothing to undo. One of a bulk decision is left alone: that is undone as one.
        """

        def act(connection: Connection) -> Undone | None:
            found = connection.execute(
                select(Judgements.id, Judgements.pair_id)
                .where(Judgements.reviewer == reviewer, Judgements.superseded_at.is_(None))
                .where(~exists().where(Undos.restored_id == Judgements.id))
                .order_by(Judgements.id.desc())
                .limit(1)
            ).first()
            if found is None:
                return None
            bulk = connection.execute(select(BulkJudgements.bulk_id).where(BulkJudgements.judgement_id == found.id))
            if (whole := bulk.scalar()) is not None:
                return Undone(found.pair_id, whole)
            restored = _restore(connection, found.pair_id, found.id)
            row = {"judgement_id": found.id, "restored_id": restored, "actor": reviewer, "at": datetime.now(UTC)}
            connection.execute(insert(Undos).values(row))
            detail = {"judgement": found.id, "restored": restored}
            log(connection, reviewer, "undid", f"pair {found.pair_id}", detail)
            return Undone(found.pair_id)

        return written(self._engine, act)

    def comment(self, pair_id: int, author: str, text: str) -> None:
        """Add a comment; BadInput for one that is empty or too long, KeyError: no such pair."""
        if not text.strip() or len(text) > LONGEST_COMMENT:
            raise BadInput(f"a comment has between 1 and {LONGEST_COMMENT} characters")
        require_storable(f"comment on pair {pair_id}", {"comment": text})

        def act(connection: Connection) -> None:
            require_pair(connection, pair_id)
            row = {"pair_id": pair_id, "author": author, "text": text.strip(), "entered_at": datetime.now(UTC)}
            added = connection.execute(insert(Comments).values(row).returning(Comments.id)).scalar_one()
            log(connection, author, "commented", f"pair {pair_id}", {"comment": added})

        written(self._engine, act)


def history(connection: Connection, pair_id: int) -> list[Past]:
    """The judgements of a pair, the newest first."""
    rows = connection.execute(_history().where(Judgements.pair_id == pair_id)).mappings()
    return [_past(row) for row in rows]


@cache
def _history() -> Select[Any]:
    undone, restored = (
        exists().where(Undos.judgement_id == Judgements.id),
        exists().where(Undos.restored_id == Judgements.id),
    )
    query = select(*Judgements.__table__.columns, undone.label("undone"), restored.label("restored"))
    return query.order_by(Judgements.id.desc())


def comments(connection: Connection, pair_id: int) -> list[Comment]:
    """The comments on a pair, the oldest first."""
    query = select(Comments.author, Comments.text, Comments.entered_at).where(Comments.pair_id == pair_id)
    return [Comment(*row) for row in connection.execute(query.order_by(Comments.id))]


def _past(row: Any) -> Past:
    return Past(
        row["id"],
        judgement_of(row),
        row["entered_at"],
        row["superseded_at"],
        bool(row["undone"]),
        bool(row["restored"]),
    )


def _held(connection: Connection, pair_id: int) -> Past | None:
    require_pair(connection, pair_id)
    return next((past for past in history(connection, pair_id) if past.superseded_at is None), None)


def _add(connection: Connection, pair_id: int, judgement: Judgement) -> int:
    """A new entry that holds; the one that held is marked."""
    now = datetime.now(UTC)
    held = update(Judgements).where(Judgements.pair_id == pair_id, Judgements.superseded_at.is_(None))
    connection.execute(held.values(superseded_at=now))
    row = judgement_row(judgement) | {"pair_id": pair_id, "entered_at": now}
    return int(connection.execute(insert(Judgements).values(row).returning(Judgements.id)).scalar_one())


def _restore(connection: Connection, pair_id: int, judgement_id: int) -> int | None:
    """Enter again what held before a judgement; where nothing did, the judgement only stops holding."""
    ended = exists().where(Undos.judgement_id == Judgements.id)
    earlier = (
        select(Judgements.__table__)
        .where(Judgements.pair_id == pair_id, Judgements.id < judgement_id, ~ended)
        .order_by(Judgements.id.desc())
        .limit(1)
    )
    row = connection.execute(earlier).mappings().first()
    if row is not None:
        added = _add(connection, pair_id, judgement_of(row))  # type: ignore[arg-type]
        whole = select(literal(added), BulkJudgements.bulk_id).where(BulkJudgements.judgement_id == row["id"])
        connection.execute(insert(BulkJudgements).from_select(["judgement_id", "bulk_id"], whole))
        return added
    one = update(Judgements).where(Judgements.id == judgement_id)
    connection.execute(one.values(superseded_at=datetime.now(UTC)))
    return None
