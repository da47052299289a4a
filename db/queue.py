"""The queue of verdicts that people work through: how many there are, what is next, what can be chosen. Read side."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any

from sqlalchemy import Connection, Select, and_, func, select

from db.filters import Rank, VerdictFilter, beyond, conditions, ranks
from db.queries import VerdictRow, verdict_rows
from db.sides import Place
from db.tables import Articles, ArticleVersions, Judgements, Outlets, Pairs, Statements, Stories, Verdicts


@dataclass(frozen=True, slots=True)
class Counts:
    """How many verdicts a filter finds, and how many of them have a judgement that holds."""

    all: int
    reviewed: int


@dataclass(frozen=True, slots=True)
class Choices:
    """What the filters offer: outlets by name, stories by id with the title of their first article (or its address)."""

    outlets: tuple[str, ...]
    stories: tuple[tuple[int, str], ...]


def verdict_row(connection: Connection, pair_id: int) -> VerdictRow:
    """The current verdict of a pair; KeyError where there is none, or its statements are not current any more."""
    for row in verdict_rows(connection, VerdictFilter(pair_id=pair_id)):
        return row
    raise KeyError(pair_id)


def counts(connection: Connection, wanted: VerdictFilter) -> Counts:
    """How many there are, whatever the filter's limit and offset."""
    held = and_(Judgements.pair_id == Pairs.id, Judgements.superseded_at.is_(None))
    query = _Found(wanted).select(func.count(), func.count(Judgements.id)).outerjoin(Judgements, held)
    return Counts(*(int(number) for number in connection.execute(query).one()))


def step(connection: Connection, wanted: VerdictFilter, pair_id: int, back: bool = False) -> int | None:
    """The pair after this one (or before it) in the filter's order, whether the filter finds this one or not."""
    found = _Found(wanted)
    if (here := found.place(connection, pair_id)) is None:
        return None
    query = found.select(Pairs.id).where(beyond(found.order, here, back))
    return connection.execute(query.order_by(*(rank.in_order(back) for rank in found.order)).limit(1)).scalar()


def first(connection: Connection, wanted: VerdictFilter) -> int | None:
    """The best pair that the filter finds."""
    return next(iter(pairs(connection, wanted, 1)), None)


def pairs(connection: Connection, wanted: VerdictFilter, limit: int | None = None) -> list[int]:
    """The pairs that the filter finds, best first."""
    found = _Found(wanted)
    return list(connection.execute(found.ordered(Pairs.id).limit(limit)).scalars())


def after(connection: Connection, wanted: VerdictFilter, pair_id: int | None, limit: int) -> list[VerdictRow]:
    """The rows after a pair in the filter's order (from the first where it is None); KeyError for an unknown pair."""
    found = _Found(wanted)
    query = found.ordered(Pairs.id).limit(limit)
    if pair_id is not None:
        if (here := found.place(connection, pair_id)) is None:
            raise KeyError(pair_id)
        query = query.where(beyond(found.order, here))
    return [verdict_row(connection, one) for one in connection.execute(query).scalars().all()]


def choices(connection: Connection) -> Choices:
    """What there is to choose from."""
    outlets = connection.execute(select(Outlets.name).order_by(Outlets.name)).scalars().all()
    stories = connection.execute(
        select(Stories.id, ArticleVersions.title, Articles.url)
        .join(Articles, Articles.id == Stories.founder_id)
        .join(ArticleVersions, and_(ArticleVersions.article_id == Articles.id, ArticleVersions.is_current))
        .order_by(Stories.id.desc())
    ).all()
    return Choices(tuple(outlets), tuple((id_, title or url) for id_, title, url in stories))


def speaker_ids(connection: Connection, statements: list[str]) -> dict[str, int]:
    """The speaker of each of these statements that has one."""
    query = select(Statements.id, Statements.speaker_id).where(
        Statements.id.in_(statements), Statements.speaker_id.is_not(None)
    )
    return {row.id: row.speaker_id for row in connection.execute(query)}


class _Found:
    """Queries over what a filter finds, with both sides joined; its limit and offset are left out."""

    def __init__(self, wanted: VerdictFilter) -> None:
        self._wanted = replace(wanted, limit=None, offset=0)
        self._a, self._b = Place("a"), Place("b")
        self.order: tuple[Rank, ...] = ranks(self._a, self._b)

    def select(self, *columns: Any) -> Select[Any]:
        query = select(*columns).select_from(Verdicts).join(Pairs, Pairs.id == Verdicts.pair_id)
        query = self._b.joined(self._a.joined(query, Pairs.a_id), Pairs.b_id)
        return query.where(Verdicts.is_current, *conditions(self._wanted, self._a, self._b))

    def ordered(self, *columns: Any) -> Select[Any]:
        return self.select(*columns).order_by(*(rank.in_order() for rank in self.order))

    def place(self, connection: Connection, pair_id: int) -> tuple[Any, ...] | None:
        """What a pair is ranked by; None where it has no verdict on current statements."""
        one = _Found(VerdictFilter(pair_id=pair_id))
        row = connection.execute(one.select(*(rank.column for rank in one.order))).first()
        return None if row is None else tuple(row)
