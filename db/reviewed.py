"""Pairs that a person has found to agree or to conflict, with both sides in place: what can be published as a review."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, select

from db.mapping import judgement_of
from db.queries import STREAMED
from db.sides import WIDTH, Place, side_of
from db.tables import Judgements, Pairs
from verifier.values import Side
from verifier.verdicts import Judgement, Stance

_JUDGEMENT = (Judgements.stance, Judgements.kind, Judgements.reviewer, Judgements.decided_at, Judgements.comment)
_PUBLISHED = (Stance.AGREE.value, Stance.CONFLICT.value)


@dataclass(frozen=True, slots=True)
class ReviewedPair:
    """A pair, the judgement that holds, and the titles of the two articles."""

    id: int
    judgement: Judgement
    a: Side
    b: Side
    a_title: str | None
    b_title: str | None


def reviewed_pairs(connection: Connection) -> Iterator[ReviewedPair]:
    """By id; statements of older versions among them, because it was they that were judged."""
    a, b = Place("a"), Place("b")
    columns: list[Any] = [Pairs.id, a.version.title, b.version.title, *_JUDGEMENT, *a.columns(), *b.columns()]
    query = select(*columns).select_from(Judgements).join(Pairs, Pairs.id == Judgements.pair_id)
    query = query.join(a.statement, a.statement.id == Pairs.a_id).join(b.statement, b.statement.id == Pairs.b_id)
    query = b.around(a.around(query)).where(Judgements.superseded_at.is_(None), Judgements.stance.in_(_PUBLISHED))
    for row in connection.execution_options(yield_per=STREAMED).execute(query.order_by(Pairs.id)):
        yield _pair(tuple(row))


def _pair(row: tuple[Any, ...]) -> ReviewedPair:
    id_, a_title, b_title, *rest = row
    held = dict(zip((column.key for column in _JUDGEMENT), rest, strict=False))
    sides = rest[len(_JUDGEMENT) :]
    return ReviewedPair(id_, judgement_of(held), side_of(sides[:WIDTH]), side_of(sides[WIDTH:]), a_title, b_title)
