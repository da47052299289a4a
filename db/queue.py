"""The queue of verdicts that people work through: how many there are, what is next, what can be chosen. Read side."""

from __future__ import annotations

from dataclasses import dataclass, replace

from sqlalchemy import Connection, func, select

from db.filters import VerdictFilter
from db.listing import story_titles
from db.queries import VerdictRow, ordered, rows_of, shown
from db.tables import Outlets, Statements, Verdicts

OFFERED = 200
"""Stories that a filter offers."""


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
    for row in rows_of(connection, [pair_id]):
        return row
    raise KeyError(pair_id)


def counts(connection: Connection, wanted: VerdictFilter) -> Counts:
    """How many there are, whatever the filter's limit and offset."""
    query = shown(wanted, func.count(), func.count().filter(Verdicts.is_judged))
    return Counts(*(int(number) for number in connection.execute(query).one()))


def step(connection: Connection, wanted: VerdictFilter, pair_id: int, back: bool = False) -> int | None:
    """The pair after this one (or before it) in the filter's order, whether the filter finds this one or not."""
    if (here := _place(connection, pair_id)) is None:
        return None
    rank = Verdicts.queue_rank
    beyond, order = (rank < here, rank.desc()) if back else (rank > here, rank.asc())
    return connection.execute(shown(wanted, Verdicts.pair_id).where(beyond).order_by(order).limit(1)).scalar()


def first(connection: Connection, wanted: VerdictFilter) -> int | None:
    """The best pair that the filter finds."""
    return next(iter(pairs(connection, wanted, 1)), None)


def pairs(connection: Connection, wanted: VerdictFilter, limit: int | None = None) -> list[int]:
    """The pairs that the filter finds, best first."""
    return list(connection.execute(ordered(replace(wanted, limit=limit, offset=0))).scalars())


def after(connection: Connection, wanted: VerdictFilter, pair_id: int | None, limit: int) -> list[VerdictRow]:
    """The rows after a pair in the filter's order (from the first where it is None); KeyError for an unknown pair."""
    query = ordered(replace(wanted, limit=limit, offset=0))
    if pair_id is not None:
        if (here := _place(connection, pair_id)) is None:
            raise KeyError(pair_id)
        query = query.where(Verdicts.queue_rank > here)
    return rows_of(connection, connection.execute(query).scalars().all())


def choices(connection: Connection, story_id: int | None = None) -> Choices:
    """What there is to choose from: all outlets, the latest stories, and the one that is chosen already."""
    outlets = connection.execute(select(Outlets.name).order_by(Outlets.name)).scalars().all()
    stories = story_titles(connection, None, OFFERED)
    if story_id is not None and story_id not in stories:
        stories |= story_titles(connection, story_id + 1, 1)
    return Choices(tuple(outlets), tuple(stories.items()))


def speaker_ids(connection: Connection, statements: list[str]) -> dict[str, int]:
    """The speaker of each of these statements that has one."""
    query = select(Statements.id, Statements.speaker_id).where(
        Statements.id.in_(statements), Statements.speaker_id.is_not(None)
    )
    return {row.id: row.speaker_id for row in connection.execute(query)}


def _place(connection: Connection, pair_id: int) -> int | None:
    """A pair's rank; None where it has no verdict on current statements."""
    here = select(Verdicts.queue_rank).where(Verdicts.pair_id == pair_id, Verdicts.is_shown)
    return connection.execute(here).scalar()
