"""What the judgements say of the verdicts, of the reviewers, and of the outlets. Read side."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from sqlalchemy import Connection, and_, exists, func, select

from db.desk_tables import Undos
from db.tables import Judgements, OutletClaims, Outlets, Verdicts
from verifier.verdicts import Stance


@dataclass(frozen=True, slots=True)
class Judged:
    """A verdict that somebody has decided: what the machine held, how sure it was, what the person holds."""

    verdict: Stance
    confidence: float
    judgement: Stance


@dataclass(frozen=True, slots=True)
class OutletPair:
    """Two outlets, by name, and on how many claims they agree and conflict; a claim that both reprint counts once."""

    a: str
    b: str
    agree: int
    conflict: int


def judged(connection: Connection) -> list[Judged]:
    """Current verdicts that agree or conflict and have a judgement that decides."""
    query = (
        select(Verdicts.stance, Verdicts.confidence, Judgements.stance)
        .join(Judgements, and_(Judgements.pair_id == Verdicts.pair_id, Judgements.superseded_at.is_(None)))
        .where(Verdicts.is_current, Verdicts.stance.in_(("conflict", "agree")), Judgements.stance != "undecided")
    )
    return [Judged(Stance(a), confidence, Stance(b)) for a, confidence, b in connection.execute(query)]


def decisions(connection: Connection) -> Iterator[tuple[int, str, Stance, date]]:
    """(pair, reviewer, stance, day) of every judgement that was not taken back, the oldest first; restored ones once."""
    query = (
        select(Judgements.pair_id, Judgements.reviewer, Judgements.stance, Judgements.entered_at)
        .where(~exists().where(Undos.judgement_id == Judgements.id))
        .where(~exists().where(Undos.restored_id == Judgements.id))
        .order_by(Judgements.id)
    )
    for pair, reviewer, stance, entered in connection.execute(query):
        yield pair, reviewer, Stance(stance), entered.date()


def outlet_pairs(connection: Connection) -> list[OutletPair]:
    """Outlets that agree or conflict, judgements before verdicts, by name.

    Two pairs whose statements stand in the same wire copy are one: reprints do not make outlets agree more.
    """
    names = dict(iter(connection.execute(select(Outlets.id, Outlets.name))))
    ends = (OutletClaims.one_id, OutletClaims.other_id, OutletClaims.stance)
    once = select(*ends, OutletClaims.one_claim, OutletClaims.other_claim).distinct().subquery()
    ends_once = (once.c.one_id, once.c.other_id, once.c.stance)
    numbers: dict[tuple[str, str], Counter[str]] = defaultdict(Counter)
    for one, other, stance, count in connection.execute(select(*ends_once, func.count()).group_by(*ends_once)):
        first, second = sorted((names[one], names[other]))
        numbers[first, second][stance] += count
    return [OutletPair(*key, count["agree"], count["conflict"]) for key, count in sorted(numbers.items())]
