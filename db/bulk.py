"""One decision on all that a filter finds: entered in one transaction, taken back in one."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import Connection, Engine, Select, exists, func, insert, select, update

from db.access import Role, User, log
from db.desk_tables import BulkDecisions, BulkJudgements, Undos
from db.filters import VerdictFilter
from db.mapping import judgement_of, judgement_row
from db.names import require_storable
from db.queue import pairs
from db.reviews import Stale
from db.tables import Judgements, Verdicts
from db.transaction import chunks, written
from verifier.errors import BadInput
from verifier.verdicts import Judgement, Stance, VerdictKind

MOST = 2_000
"""Pairs in one decision: more than a person can answer for, and a transaction that others wait for a second or two."""


@dataclass(frozen=True, slots=True)
class Scope:
    """What a filter finds now; `seal` changes with any of the pairs, and with any judgement that holds of them."""

    pairs: tuple[int, ...]
    judged: int
    seal: str

    @property
    def count(self) -> int:
        return len(self.pairs)


@dataclass(frozen=True, slots=True)
class Bulk:
    """A bulk decision: of so many `pairs`, how many of its judgements hold now."""

    id: int
    actor: str
    stance: Stance
    filter: str
    pairs: int
    at: datetime
    undone_by: str | None
    undone_at: datetime | None
    holding: int

    def tells(self, user: User) -> bool:
        """Whether this user may see what was held: a reviewer's own judgement comes before the others'."""
        return user.role is not Role.REVIEWER or user.name == self.actor

    def may_undo(self, user: User) -> bool:
        """Who decided it, and an administrator."""
        return self.undone_at is None and (user.name == self.actor or user.role.may(Role.ADMIN))


@dataclass(frozen=True, slots=True)
class Decision:
    """What is to be entered for all, and what was confirmed: the filter, its address line, and its seal."""

    stance: Stance
    comment: str | None
    wanted: VerdictFilter
    query: str
    seal: str


def scope(connection: Connection, wanted: VerdictFilter) -> Scope:
    """What the filter finds, whatever its limit; BadInput where that is more than one decision may hold."""
    found = pairs(connection, wanted, MOST + 1)
    if len(found) > MOST:
        raise BadInput(f"the filter finds more than {MOST:,} verdicts, the most for one decision: narrow it")
    held = _held(connection, found)
    seen = "\n".join(f"{pair} {held[pair].id if pair in held else 0}" for pair in sorted(found))
    return Scope(tuple(found), len(held), hashlib.sha256(seen.encode()).hexdigest()[:24])


class Bulks:
    """Bulk decisions, each in a transaction of its own."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine

    def decide(self, user: str, decision: Decision) -> int:
        """Enter the judgement for every pair that the filter finds; the decision's id.

        Stale where the filter finds other pairs than were confirmed, or somebody judged one of them since; BadInput
        where it finds none.
        """
        require_storable("bulk decision", {"comment": decision.comment})

        def act(connection: Connection) -> int:
            now = scope(connection, decision.wanted)
            if now.seal != decision.seal:
                raise Stale(f"the filter finds {now.count} verdicts now, not what was confirmed, or some were judged")
            if not now.pairs:
                raise BadInput("the filter finds nothing to decide: change it")
            row = {"actor": user, "stance": decision.stance.value, "filter": decision.query, "pairs": now.count}
            new = insert(BulkDecisions).values(row | {"at": datetime.now(UTC)}).returning(BulkDecisions.id)
            bulk = int(connection.execute(new).scalar_one())
            rows = [(pair, _judgement(user, decision, kind)) for pair, kind in _kinds(connection, now.pairs, decision)]
            _member(connection, bulk, _enter(connection, rows))
            log(connection, user, "bulk judged", f"bulk {bulk}", {k: row[k] for k in ("stance", "pairs", "filter")})
            return bulk

        return written(self._engine, act)

    def undo(self, user: User, bulk_id: int) -> int:
        """Take all of it back, and restore what held before; how many judgements that still held were taken back.

        What somebody judged anew since stays. KeyError: no such decision; BadInput where it was undone, or is another's.
        """

        def act(connection: Connection) -> int:
            (one,) = bulks(connection, bulk_id) or (None,)
            if one is None:
                raise KeyError(bulk_id)
            if not one.may_undo(user):
                raise BadInput("this bulk decision was undone already, or is not yours: ask who made it")
            holding = _take_back(connection, bulk_id, user.name)
            undone = {"undone_by": user.name, "undone_at": datetime.now(UTC)}
            connection.execute(update(BulkDecisions).where(BulkDecisions.id == bulk_id).values(undone))
            log(connection, user.name, "bulk undone", f"bulk {bulk_id}", {"pairs": one.pairs, "taken back": holding})
            return holding

        return written(self._engine, act)


def bulks(connection: Connection, bulk_id: int | None = None, limit: int = 20, before: int | None = None) -> list[Bulk]:
    """Bulk decisions, the latest first, those before an id; or that one alone."""
    holding = (
        select(func.count())
        .select_from(BulkJudgements)
        .join(Judgements, Judgements.id == BulkJudgements.judgement_id)
        .where(BulkJudgements.bulk_id == BulkDecisions.id, Judgements.superseded_at.is_(None))
    )
    query = select(*BulkDecisions.__table__.columns, holding.scalar_subquery().label("holding"))
    if bulk_id is not None:
        query = query.where(BulkDecisions.id == bulk_id)
    if before is not None:
        query = query.where(BulkDecisions.id < before)
    rows = connection.execute(query.order_by(BulkDecisions.id.desc()).limit(limit)).mappings()
    return [Bulk(**dict(row) | {"stance": Stance(row["stance"])}) for row in rows]


def _judgement(user: str, decision: Decision, kind: VerdictKind | None) -> Judgement:
    return Judgement(decision.stance, kind, user, datetime.now(UTC), decision.comment)


def _kinds(connection: Connection, found: Sequence[int], decision: Decision) -> list[tuple[int, VerdictKind | None]]:
    """Each pair with the kind of its verdict, where the decision is that verdict's stance."""
    kinds: dict[int, str | None] = {}
    for part in chunks(found):
        query = select(Verdicts.pair_id, Verdicts.kind).where(Verdicts.pair_id.in_(part), Verdicts.is_current)
        kinds.update(dict(iter(connection.execute(query.where(Verdicts.stance == decision.stance.value)))))
    return [(pair, VerdictKind(kind) if (kind := kinds.get(pair)) else None) for pair in found]


def _held(connection: Connection, found: Sequence[int]) -> dict[int, Any]:
    """The judgement that holds of each of these pairs that has one."""
    held = {}
    for part in chunks(found):
        query = select(Judgements.__table__).where(Judgements.pair_id.in_(part), Judgements.superseded_at.is_(None))
        held.update({row.pair_id: row for row in connection.execute(query)})
    return held


def _enter(connection: Connection, rows: Sequence[tuple[int, Judgement]]) -> dict[int, int]:
    """Enter a judgement for each pair in place of the one that held; the new ids by pair."""
    now, found = datetime.now(UTC), {}
    for part in chunks(rows):
        ids = [pair for pair, _ in part]
        _supersede(connection, ids, now)
        values = [judgement_row(one) | {"pair_id": pair, "entered_at": now} for pair, one in part]
        connection.execute(insert(Judgements), values)
        found.update({pair: row.id for pair, row in _held(connection, ids).items()})
    return found


def _supersede(connection: Connection, found: Sequence[int], now: datetime) -> None:
    held = update(Judgements).where(Judgements.pair_id.in_(found), Judgements.superseded_at.is_(None))
    connection.execute(held.values(superseded_at=now))


def _member(connection: Connection, bulk: int, entered: dict[int, int]) -> None:
    rows = [{"judgement_id": judgement, "bulk_id": bulk} for judgement in entered.values()]
    if rows:
        connection.execute(insert(BulkJudgements), rows)


def _take_back(connection: Connection, bulk: int, actor: str) -> int:
    """Mark every judgement of the decision as undone, then restore what held before those that still hold."""
    members = connection.execute(
        select(Judgements.id, Judgements.pair_id, Judgements.superseded_at)
        .join(BulkJudgements, BulkJudgements.judgement_id == Judgements.id)
        .where(BulkJudgements.bulk_id == bulk, ~exists().where(Undos.judgement_id == Judgements.id))
    ).all()
    if not members:
        return 0
    now = datetime.now(UTC)
    rows = [{"judgement_id": one.id, "restored_id": None, "actor": actor, "at": now} for one in members]
    connection.execute(insert(Undos), rows)
    holding = {one.pair_id: one.id for one in members if one.superseded_at is None}
    restored = _restore(connection, sorted(holding), now)
    for pair, judgement in restored.items():
        connection.execute(update(Undos).where(Undos.judgement_id == holding[pair]).values(restored_id=judgement))
    return len(holding)


def _restore(connection: Connection, found: Sequence[int], now: datetime) -> dict[int, int]:
    """Enter again, for each pair, the latest judgement that was not taken back; the new ids by pair that has one."""
    entered: dict[int, int] = {}
    for part in chunks(found):
        before = {row["pair_id"]: row for row in connection.execute(_standing(part)).mappings()}
        _supersede(connection, part, now)
        entered |= _enter(connection, [(pair, judgement_of(row)) for pair, row in before.items()])  # type: ignore[arg-type]
        for pair, row in before.items():
            whole = select(BulkJudgements.bulk_id).where(BulkJudgements.judgement_id == row["id"])
            if (other := connection.execute(whole).scalar()) is not None:
                _member(connection, other, {pair: entered[pair]})
    return entered


def _standing(found: Sequence[int]) -> Select[Any]:
    """The judgements of these pairs that were not taken back, the oldest first."""
    ended = exists().where(Undos.judgement_id == Judgements.id)
    return select(Judgements.__table__).where(Judgements.pair_id.in_(found), ~ended).order_by(Judgements.id)
