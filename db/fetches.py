"""Fetching as it is kept: the queue of items, every request, pages as they came, robots files."""

from __future__ import annotations

import gzip
from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import ColumnElement, Connection, Engine, Row, ScalarSelect, func, insert, or_, select, update

from db.fetch_tables import Fetches, FetchItems, RawPages, RobotsFiles
from db.names import KEY_BYTES, require_short, require_storable, visible
from db.queries import connected
from db.transaction import Transaction, chunks, insert_new
from verifier.fetching import FetchItem, ItemKind, ItemState, Offer, RobotsFile, Trace

_QUEUED = {"state": ItemState.QUEUED.value, "tries": 0, "position": 0, "not_before": None, "error": None}


@dataclass(frozen=True, slots=True)
class FetchCounts:
    """What a run asked for: answers with a page or list, unchanged ones, files, requests that failed; items still queued."""

    fetched: int
    unchanged: int
    files: int
    failed: int
    waiting: int


def fetch_counts(source: Engine | Connection, run_id: int) -> FetchCounts:
    """The counts of a run."""

    def requests(*where: ColumnElement[bool]) -> ScalarSelect[int]:
        return select(func.count()).where(Fetches.run_id == run_id, *where).scalar_subquery()

    web = Fetches.kind.not_in(["file", "robots"])
    waiting = select(func.count()).where(FetchItems.state == ItemState.QUEUED.value).scalar_subquery()
    query = select(
        requests(web, Fetches.status.between(200, 299)),
        requests(web, Fetches.status == 304),
        requests(Fetches.kind == "file"),
        requests(web, or_(Fetches.status.is_(None), Fetches.status >= 400)),
        waiting,
    )
    with connected(source) as connection:
        return FetchCounts(*map(int, connection.execute(query).one()))


class FetchRecords:
    """The fetching part of the unit of work."""

    def __init__(self, transaction: Transaction) -> None:
        self._transaction = transaction

    def offer(self, source: str, offers: Sequence[Offer]) -> int:
        """Queue what is new, and what has another fingerprint than before; how many that is. BadInput: no key."""
        by_kind: dict[ItemKind, dict[str, Offer]] = {}
        for one in offers:
            require_storable(one.address, {"address": one.key})
            require_short(one.address, {"address": one.key})
            by_kind.setdefault(one.kind, {}).setdefault(one.key, one)
        return sum(self._offer(source, kind, found) for kind, found in by_kind.items())

    def _offer(self, source: str, kind: ItemKind, offers: dict[str, Offer]) -> int:
        connection = self._transaction.write
        known: dict[str, str | None] = {}
        for part in chunks(list(offers)):
            query = select(FetchItems.key, FetchItems.fingerprint)
            query = query.where(FetchItems.kind == kind.value, FetchItems.key.in_(part))
            known |= {row.key: row.fingerprint for row in connection.execute(query)}
        fresh = [one for key, one in offers.items() if key not in known]
        insert_new(connection, FetchItems, [_row(source, one) for one in fresh])
        changed = [
            one for key, one in offers.items() if key in known and one.fingerprint and known[key] != one.fingerprint
        ]
        for one in changed:
            where = (FetchItems.kind == kind.value, FetchItems.key == one.key)
            values = _QUEUED | {"fingerprint": one.fingerprint, "changed_at": datetime.now(UTC)}
            connection.execute(update(FetchItems).where(*where).values(values))
        return len(fresh) + len(changed)

    def queue_again(self, keys: Sequence[tuple[ItemKind, str]]) -> None:
        """Queue items that are looked at in every run: listings and pages that a source names by themselves."""
        for kind, key in keys:
            where = (FetchItems.kind == kind.value, FetchItems.key == key)
            again = update(FetchItems).where(*where, FetchItems.state != ItemState.QUEUED.value)
            self._transaction.write.execute(again.values(_QUEUED))

    def waiting(
        self, sources: Iterable[str], kinds: Iterable[ItemKind], now: datetime | None = None
    ) -> list[FetchItem]:
        """Queued items whose time has come, the oldest first."""
        due = or_(FetchItems.not_before.is_(None), FetchItems.not_before <= (now or datetime.now(UTC)))
        query = select(FetchItems.__table__).where(
            FetchItems.state == ItemState.QUEUED.value,
            FetchItems.source.in_(list(sources)),
            FetchItems.kind.in_([kind.value for kind in kinds]),
            due,
        )
        return [_item(row) for row in self._transaction.read.execute(query.order_by(FetchItems.id))]

    def done(self, item: FetchItem, trace: Trace | None = None) -> None:
        """An item was read; with a trace, its validators are kept for the next time."""
        found: dict[str, Any] = {"state": ItemState.DONE.value, "tries": 0, "not_before": None, "error": None}
        if trace is not None and trace.status != 304:
            found |= {"etag": trace.etag, "last_modified": trace.last_modified}
        self._set(item, found)

    def dropped(self, item: FetchItem, error: str) -> None:
        """An item is given up."""
        self._set(item, {"state": ItemState.DROPPED.value, "error": visible(error)})

    def later(self, item: FetchItem, error: str, not_before: datetime) -> None:
        """An item did not come and stays queued."""
        self._set(item, {"tries": item.tries + 1, "error": visible(error), "not_before": not_before})

    def postpone(self, items: Sequence[FetchItem], not_before: datetime) -> None:
        """Items that were not tried because their host wants to be left alone until then."""
        for part in chunks([item.id for item in items]):
            later = update(FetchItems).where(FetchItems.id.in_(part)).values(not_before=not_before)
            self._transaction.write.execute(later)

    def reached(self, item: FetchItem, position: int) -> None:
        """How far an archive has been read."""
        self._set(item, {"position": position})

    def _set(self, item: FetchItem, values: dict[str, Any]) -> None:
        changed = values | {"changed_at": datetime.now(UTC)}
        self._transaction.write.execute(update(FetchItems).where(FetchItems.id == item.id).values(changed))

    def add(self, traces: Sequence[Trace], run_id: int | None, source: str | None, body: bytes | None = None) -> None:
        """Record requests; `body` is kept as the page of the last one."""
        for number, trace in enumerate(traces, 1):
            row = {name: _clean(value) for name, value in asdict(trace).items()}
            row["url"] = _short(row["url"])
            added = insert(Fetches).values(row | {"run_id": run_id, "source": source}).returning(Fetches.id)
            fetch_id = self._transaction.write.execute(added).scalar_one()
            if body is not None and number == len(traces):
                page = {"fetch_id": fetch_id, "encoding": "gzip", "body": gzip.compress(body, 6, mtime=0)}
                self._transaction.write.execute(insert(RawPages).values(page))

    def robots(self) -> list[RobotsFile]:
        """The robots files that need not be read again."""
        rows = self._transaction.read.execute(select(RobotsFiles.__table__))
        found = [RobotsFile(row.origin, row.status, row.body, row.fetched_at) for row in rows]
        return [file for file in found if file.fresh]

    def keep_robots(self, files: Iterable[RobotsFile]) -> None:
        """Store robots files, each in place of the one before."""
        for file in files:
            row = {name: _clean(value) for name, value in asdict(file).items()}
            if len(file.origin.encode("utf-8", "replace")) > KEY_BYTES:
                continue
            insert_new(self._transaction.write, RobotsFiles, [row])
            where = RobotsFiles.origin == row["origin"]
            self._transaction.write.execute(update(RobotsFiles).where(where).values(row))


def _row(source: str, offer: Offer) -> dict[str, Any]:
    now = datetime.now(UTC)
    return _QUEUED | {
        "kind": offer.kind.value,
        "key": offer.key,
        "source": source,
        "address": visible(offer.address),
        "fields": {name: visible(value) for name, value in offer.fields.items()},
        "fingerprint": offer.fingerprint,
        "seen_at": now,
        "changed_at": now,
    }


def _item(row: Row[Any]) -> FetchItem:
    kept = ("address", "fields", "tries", "not_before", "etag", "last_modified", "fingerprint", "position", "source")
    return FetchItem(
        id=row.id,
        kind=ItemKind(row.kind),
        state=ItemState(row.state),
        **{name: getattr(row, name) for name in kept},
    )


def _clean(value: object) -> object:
    return visible(value) if isinstance(value, str) else value


def _short(url: object) -> str:
    """As much of an address as an index takes."""
    return str(url).encode("utf-8", "replace")[:KEY_BYTES].decode("utf-8", "ignore")
