"""What somebody keeps for oneself: filters with a name, and the verdict that was opened last."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime

from sqlalchemy import Connection, Engine, delete, func, insert, select

from db.access import log
from db.desk_tables import LastPlaces, SavedFilters
from db.names import require_storable
from db.transaction import written
from db.verdicts import require_pair
from verifier.errors import BadInput

LONGEST_NAME = 80
MOST_FILTERS = 100


@dataclass(frozen=True, slots=True)
class SavedFilter:
    """A filter of the queue under a name; `query` is its address line."""

    id: int
    name: str
    query: str


@dataclass(frozen=True, slots=True)
class LastPlace:
    """The verdict that was opened last, and the filter's address line."""

    pair_id: int
    query: str


@dataclass(frozen=True, slots=True)
class Opened:
    """Somebody who has a verdict before them, and since when."""

    owner: str
    opened_at: datetime


class Places:
    """Changes of what users keep, each in a transaction of its own."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine

    def save(self, owner: str, name: str, query: str) -> int:
        """Keep a filter under a name, in place of the one of that name; its id. BadInput for a name that cannot be shown."""
        name = " ".join(name.split())
        if not name or len(name) > LONGEST_NAME or not name.isprintable():
            raise BadInput(f"a filter's name has 1 to {LONGEST_NAME} characters that can be seen: choose another")
        require_storable("filter", {"query": query})

        def act(connection: Connection) -> int:
            own = SavedFilters.owner == owner
            connection.execute(delete(SavedFilters).where(own, SavedFilters.name == name))
            if (
                connection.execute(select(func.count()).select_from(SavedFilters).where(own)).scalar_one()
                >= MOST_FILTERS
            ):
                raise BadInput(f"there are {MOST_FILTERS} saved filters already: delete one first")
            row = {"owner": owner, "name": name, "query": query, "saved_at": datetime.now(UTC)}
            added = connection.execute(insert(SavedFilters).values(row).returning(SavedFilters.id)).scalar_one()
            log(connection, owner, "filter saved", name, {"filter": query})
            return int(added)

        return written(self._engine, act)

    def delete(self, owner: str, filter_id: int) -> None:
        """Delete a filter of one's own; KeyError if there is none of this id."""

        def act(connection: Connection) -> None:
            own = (SavedFilters.owner == owner, SavedFilters.id == filter_id)
            name = connection.execute(delete(SavedFilters).where(*own).returning(SavedFilters.name)).scalar()
            if name is None:
                raise KeyError(filter_id)
            log(connection, owner, "filter deleted", name)

        written(self._engine, act)

    def opened(self, owner: str, pair_id: int, query: str) -> None:
        """Note what was opened last; KeyError: no such pair."""

        def act(connection: Connection) -> None:
            require_pair(connection, pair_id)
            connection.execute(delete(LastPlaces).where(LastPlaces.owner == owner))
            row = {"owner": owner, "pair_id": pair_id, "query": query, "opened_at": datetime.now(UTC)}
            connection.execute(insert(LastPlaces).values(row))

        written(self._engine, act)


def saved_filters(connection: Connection, owner: str) -> list[SavedFilter]:
    """Somebody's filters, by name."""
    query = select(SavedFilters.id, SavedFilters.name, SavedFilters.query).where(SavedFilters.owner == owner)
    return [SavedFilter(*row) for row in connection.execute(query.order_by(SavedFilters.name))]


def others_at(connection: Connection, pair_id: int, owner: str, since: datetime) -> list[Opened]:
    """Who else opened this verdict last, no earlier than `since`, by name."""
    there = (LastPlaces.pair_id == pair_id, LastPlaces.owner != owner, LastPlaces.opened_at >= since)
    query = select(LastPlaces.owner, LastPlaces.opened_at).where(*there).order_by(LastPlaces.owner)
    return [Opened(*row) for row in connection.execute(query)]


def last_place(connection: Connection, owner: str) -> LastPlace | None:
    """What somebody opened last."""
    row = connection.execute(select(LastPlaces.pair_id, LastPlaces.query).where(LastPlaces.owner == owner)).first()
    return None if row is None else LastPlace(*row)
