"""What the judgements say of the verdicts, of the reviewers, and of the outlets. Read side."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import Connection, Select, String, Subquery, and_, case, cast, exists, func, or_, select

from db.desk_tables import Undos
from db.sides import Place
from db.tables import Judgements, Outlets, Pairs, Paragraphs, Verdicts, WireMembers
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
    numbers: dict[tuple[str, str], Counter[str]] = defaultdict(Counter)
    for stance, first, second, count in connection.execute(_counted(_edges().subquery())):
        one, other = sorted((names[first], names[second]))
        numbers[one, other][stance] += count
    return [OutletPair(*key, count["agree"], count["conflict"]) for key, count in sorted(numbers.items())]


def _counted(edge: Subquery) -> Select[Any]:
    """(stance, outlet, outlet, claims): each two claims once, whichever side stands first."""
    turned = edge.c.a > edge.c.b
    ends = [
        case((turned, edge.c[there]), else_=edge.c[here]).label(name)
        for name, here, there in (
            ("x", "a", "b"),
            ("xc", "a_claim", "b_claim"),
            ("y", "b", "a"),
            ("yc", "b_claim", "a_claim"),
        )
    ]
    stance = func.coalesce(edge.c.judgement, edge.c.verdict).label("stance")
    once = select(stance, *ends).where(edge.c.a != edge.c.b).distinct().subquery()
    query = select(once.c.stance, once.c.x, once.c.y, func.count()).where(once.c.stance.in_(("agree", "conflict")))
    return query.group_by(once.c.stance, once.c.x, once.c.y)


def _edges() -> Any:
    """(verdict, judgement, outlet and claim of either side) of all that is held between outlets.

    A claim is its wire cluster, or its own words where it is in none.
    """
    a, b = Place("a"), Place("b")
    judgement = and_(Judgements.pair_id == Pairs.id, Judgements.superseded_at.is_(None))
    query = select(Verdicts.stance.label("verdict"), Judgements.stance.label("judgement"))
    query = query.select_from(Verdicts).join(Pairs, Pairs.id == Verdicts.pair_id)
    query = query.outerjoin(Judgements, judgement)
    for name, side, own in (("a", a, Pairs.a_id), ("b", b, Pairs.b_id)):
        query = query.join(side.statement, side.statement.id == own)
        query = query.join(side.version, side.version.id == side.statement.version_id)
        query = query.add_columns(side.version.outlet_id.label(name), _claim(side).label(f"{name}_claim"))
        query = query.where(side.version.outlet_id.is_not(None))
    deciding = ("agree", "conflict")
    decided = or_(Verdicts.stance.in_(deciding), Judgements.stance.in_(deciding))
    return query.where(Verdicts.is_shown, decided)


def _claim(side: Place) -> Any:
    """Found from the version's copied paragraphs, which are few, and not from all its paragraphs."""
    here = (
        WireMembers.version_id == side.statement.version_id,
        Paragraphs.start_char <= side.statement.start_char,
        Paragraphs.end_char > side.statement.start_char,
    )
    paragraph = and_(Paragraphs.version_id == WireMembers.version_id, Paragraphs.position == WireMembers.position)
    cluster = select(cast(WireMembers.cluster_id, String)).join(Paragraphs, paragraph).where(*here).limit(1)
    return func.coalesce(cluster.correlate(side.statement).scalar_subquery(), side.statement.claim_hash)
