"""The queue of verdicts that people work through: how many there are, what is next, what can be chosen. Read side."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any

from sqlalchemy import Connection, Select, and_, func, select

from db.filters import VerdictFilter, beyond, conditions, keys
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
    query = _found(wanted, func.count(), func.count(Judgements.id), outer=held)
    return Counts(*(int(number) for number in connection.execute(query).one()))


def step(connection: Connection, wanted: VerdictFilter, pair_id: int, back: bool = False) -> int | None:
    """The pair after this one (or before it) in the filter's order, whether the filter finds this one or not."""
    here = connection.execute(_found(VerdictFilter(pair_id=pair_id), *keys())).first()
    if here is None:
        return None
    order = [key.desc() if back else key for key in keys()]
    query = _found(wanted, Pairs.id).where(beyond(tuple(here), back)).order_by(*order).limit(1)
    return connection.execute(query).scalar()


def first(connection: Connection, wanted: VerdictFilter) -> int | None:
    """The best pair that the filter finds."""
    return connection.execute(_found(wanted, Pairs.id).order_by(*keys()).limit(1)).scalar()


def after(connection: Connection, wanted: VerdictFilter, pair_id: int | None, limit: int) -> list[VerdictRow]:
    """The rows after a pair in the filter's order (from the first where it is None); KeyError for an unknown pair."""
    query = _found(wanted, Pairs.id).order_by(*keys()).limit(limit)
    if pair_id is not None:
        here = connection.execute(_found(VerdictFilter(pair_id=pair_id), *keys())).first()
        if here is None:
            raise KeyError(pair_id)
        query = query.where(beyond(tuple(here)))
    return [verdict_row(connection, found) for (found,) in connection.execute(query).all()]


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


def _found(wanted: VerdictFilter, *columns: Any, outer: Any = None) -> Select[Any]:
    """Columns of what the filter finds, with both sides joined."""
    a, b = Place("a"), Place("b")
    query = select(*columns).select_from(Verdicts).join(Pairs, Pairs.id == Verdicts.pair_id)
    query = b.joined(a.joined(query, Pairs.a_id), Pairs.b_id)
    if outer is not None:
        query = query.outerjoin(Judgements, outer)
    plain = replace(wanted, limit=None, offset=0)
    return query.where(Verdicts.is_current, *conditions(plain, a, b))
