"""Judged pairs as labelled data: what a newsroom can train and measure its own verdict model on."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, select

from db.sides import WIDTH, Place, side_of
from db.tables import Judgements, Pairs
from verifier.values import Side
from verifier.verdicts import Stance, VerdictKind

AROUND = 200
"""Characters of context before and after a statement."""


@dataclass(frozen=True, slots=True)
class ExportedSide:
    """A statement with where it stands; source and cue are empty where it has none."""

    article: str
    outlet: str
    date: str
    title: str
    source: str
    cue: str
    content: str
    start: int
    context: str


@dataclass(frozen=True, slots=True)
class ExportedPair:
    """A pair with its label: agree, conflict, tension or neutral, as the reviewer held."""

    id: str
    label: str
    kind: str | None
    a: ExportedSide
    b: ExportedSide
    same_article: bool
    how: str = "judged"
    sure: int = 3


def judged_pairs(connection: Connection) -> Iterator[ExportedPair]:
    """Pairs with a judgement that holds and decides something, by id; statements of older versions among them."""
    a, b = Place("a"), Place("b")
    columns = [Pairs.id, Judgements.stance, Judgements.kind]
    texts = [place.version.text for place in (a, b)] + [place.version.title for place in (a, b)]
    every: list[Any] = [*columns, *texts, *a.columns(), *b.columns()]
    query = select(*every).select_from(Judgements)
    query = query.join(Pairs, Pairs.id == Judgements.pair_id)
    query = query.join(a.statement, a.statement.id == Pairs.a_id).join(b.statement, b.statement.id == Pairs.b_id)
    query = b.around(a.around(query)).where(
        Judgements.superseded_at.is_(None), Judgements.stance != Stance.UNDECIDED.value
    )
    for row in connection.execute(query.order_by(Pairs.id)):
        yield _pair(tuple(row))


def _pair(row: tuple[Any, ...]) -> ExportedPair:
    id_, stance, kind, a_text, b_text, a_title, b_title, *rest = row
    a, b = side_of(rest[:WIDTH]), side_of(rest[WIDTH:])
    label = VerdictKind.TENSION.value if (stance, kind) == (Stance.CONFLICT, VerdictKind.TENSION) else stance
    return ExportedPair(
        f"pair{id_}", label, kind, _side(a, a_text, a_title), _side(b, b_text, b_title), a.article == b.article
    )


def _side(side: Side, text: str, title: str | None) -> ExportedSide:
    statement = side.statement
    return ExportedSide(
        article=side.article,
        outlet=side.outlet or "",
        date=side.published_at.date().isoformat() if side.published_at else "",
        title=title or "",
        source=statement.source.text if statement.source else "",
        cue=statement.cue.text if statement.cue else "",
        content=statement.text,
        start=statement.start,
        context=text[max(0, statement.start - AROUND) : statement.end + AROUND],
    )
