"""The nearest statements on PostgreSQL: as on SQLite while what is compared is not too much, else by pgvector.

pgvector reads `search.vectors`, a table that can be made again from the others. Of many rows the narrow windows are searched exactly
over the index of days, wide ones through the HNSW index. HNSW walks to the nearest vectors of all days and drops those outside of
the window, so what it has to walk grows with archive / window; reading the window grows with the window.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final

import numpy as np
from sqlalchemy import select, text

from db.search_exact import ExactSearch
from db.search_rows import UNDATED, day_of, vector_rows
from db.tables import ArticleVersions, Statements
from db.transaction import Transaction, chunks
from verifier.ports import Reach, Shortlist, Space
from verifier.values import text_hash

INDEXED: Final = (384, 768, 1024)
"""Dimensions for which there is an HNSW index; others are searched exactly."""
EXACT_ROWS: Final = 80_000
"""Up to so many rows are compared in memory, without half precision or HNSW: 123 MB of 384 dimensions, within the cache."""
WALK: Final = 10
"""What a step of HNSW costs, in rows read by an exact search."""
ROUNDING: Final = 0.002
"""Half precision moves a cosine by less."""
_TUNING: Final = {
    "hnsw.ef_search": "200",
    "hnsw.iterative_scan": "relaxed_order",
    "hnsw.max_scan_tuples": "100000",
}

_INSERT: Final = text(
    "INSERT INTO search.vectors (statement_id, space, version_id, speaker_id, day, dimensions, vector) "
    "VALUES (:statement_id, :space, :version_id, :speaker_id, :day, :dimensions, CAST(:vector AS halfvec)) "
    "ON CONFLICT DO NOTHING"
)
_ASKED: Final = text(
    "SELECT statement_id, speaker_id, day, dimensions FROM search.vectors "
    "WHERE space = :space AND statement_id = ANY(:ids)"
)
_IN_ALL: Final = text("SELECT greatest(reltuples, 0) FROM pg_class WHERE oid = 'search.vectors'::regclass")


_IN_SPACE: Final = "n.space = :space"
_IN_DAYS: Final = f"{_IN_SPACE} AND (n.day IS NULL OR n.day BETWEEN :low - :days AND :high + :days)"
_OF_SPEAKERS: Final = f"{_IN_DAYS} AND n.speaker_id = ANY(:speakers)"


@dataclass(frozen=True, slots=True)
class _Asked:
    """A statement that looks for partners."""

    id: str
    speaker: int | None
    day: int | None
    dimensions: int


@dataclass(frozen=True, slots=True)
class _Window:
    """The rows that a group of statements is compared with: of these days, of this speaker if there is one."""

    low: int | None
    high: int | None
    dimensions: int
    speaker: int | None = None

    def where(self) -> str:
        """SQL over the alias n."""
        found = "n.space = :space AND n.dimensions = :dimensions"
        if self.low is not None:
            found += " AND (n.day IS NULL OR n.day BETWEEN :low AND :high)"
        return found if self.speaker is None else f"{found} AND n.speaker_id = :speaker"

    def values(self) -> dict[str, Any]:
        """The parameters of `where`."""
        return {"low": self.low, "high": self.high, "dimensions": self.dimensions, "speaker": self.speaker}


class PostgresSearch:
    """The search part of the unit of work on PostgreSQL."""

    def __init__(self, transaction: Transaction, exact: ExactSearch) -> None:
        self._transaction = transaction
        self._exact = exact

    def index(self, space: Space, ids: Sequence[str]) -> None:
        """Copy the vectors of these statements' claims, in half precision."""
        for part in chunks(sorted(set(ids))):
            query = vector_rows(space, Statements.id.in_(part))
            rows = [_row(space, *row) for row in self._transaction.write.execute(query)]
            if rows:
                self._transaction.write.execute(_INSERT, rows)

    def nearest(self, space: Space, ids: Sequence[str], reach: Reach) -> dict[str, Shortlist]:
        """Together if that fits, else the statements of each day by themselves."""
        query = {"space": key_of(space), "ids": sorted(set(ids))}
        asked = [_Asked(*row) for row in self._transaction.read.execute(_ASKED, query)]
        by_day: dict[int | None, list[_Asked]] = defaultdict(list)
        for one in asked:
            by_day[one.day].append(one)
        groups = [asked] if self._fits(space, asked, reach) else list(by_day.values())
        found: dict[str, Shortlist] = {}
        for group in groups:
            if self._fits(space, group, reach):
                found |= self._exact.nearest(space, [one.id for one in group], reach)
            else:
                found |= self._by_vectors(space, group, reach)
        return found

    def _fits(self, space: Space, asked: Sequence[_Asked], reach: Reach) -> bool:
        """Whether the rows in the window, and those of the speakers in theirs, are few enough to be read."""
        days = [one.day for one in asked if one.day is not None]
        dated = len(days) == len(asked) and bool(days)
        low, high = (min(days), max(days)) if dated else (None, None)
        values = {"space": key_of(space), "cap": EXACT_ROWS + 1, "low": low, "high": high}
        near = self._count(_IN_DAYS if dated else _IN_SPACE, values | {"days": reach.days})
        if near > EXACT_ROWS or not dated:
            return near <= EXACT_ROWS
        speakers = sorted({one.speaker for one in asked if one.speaker is not None})
        return self._count(_OF_SPEAKERS, values | {"days": reach.own_days, "speakers": speakers}) <= EXACT_ROWS

    def _count(self, condition: str, values: dict[str, Any]) -> int:
        query = f"SELECT count(*) FROM (SELECT 1 FROM search.vectors n WHERE {condition} LIMIT :cap) counted"  # noqa: S608 - own words
        return int(self._transaction.read.execute(text(query), values).scalar_one())

    def _by_vectors(self, space: Space, asked: Sequence[_Asked], reach: Reach) -> dict[str, Shortlist]:
        """Statements of one day share a window, so an article is one query and one more for each of its speakers."""
        groups: dict[_Window, list[str]] = defaultdict(list)
        for one in asked:
            groups[_window(one.day, reach.days, one.dimensions)].append(one.id)
            if one.speaker is not None and one.day is not None:
                groups[_window(one.day, reach.own_days, one.dimensions, one.speaker)].append(one.id)
        found: dict[str, dict[str, float]] = {one.id: {} for one in asked}
        full: set[str] = set()
        for window, members in groups.items():
            for id_, other, score in self._search(space, window, members, reach, full):
                found[id_][other] = score
        current = self._current(sorted({other for scores in found.values() for other in scores}))
        return {id_: _shortlist(scores, current, reach, id_ in full) for id_, scores in found.items()}

    def _search(
        self, space: Space, window: _Window, ids: Sequence[str], reach: Reach, full: set[str]
    ) -> list[tuple[str, str, float]]:
        """(statement, other, cosine); notes in `full` the statements that may have more."""
        values = window.values() | {"space": key_of(space), "most": reach.most + 1}
        by_index = not self._is_narrow(window, values) and window.dimensions in INDEXED
        rows = self._walk(window, ids, values) if by_index else self._read(window, ids, values)
        if by_index:
            enough = {id_ for id_, count in _counts(rows).items() if count > reach.most}
            few = [id_ for id_ in ids if id_ not in enough]
            rows = [row for row in rows if row[0] in enough] + (self._read(window, few, values) if few else [])
        rows = [row for row in rows if row[2] >= reach.least - ROUNDING]
        full.update(id_ for id_, count in _counts(rows).items() if count > reach.most)
        return rows

    def _is_narrow(self, window: _Window, values: dict[str, Any]) -> bool:
        """Whether it has so few rows that reading them costs less than walking the HNSW index."""
        in_all = float(self._transaction.read.execute(_IN_ALL).scalar_one())
        most = max(EXACT_ROWS, int((WALK * values["most"] * in_all) ** 0.5))
        return self._count(window.where(), values | {"cap": most + 1}) <= most

    def _read(self, window: _Window, ids: Sequence[str], values: dict[str, Any]) -> list[tuple[str, str, float]]:
        """Exactly: the order is not one that an index has."""
        return self._nearest("n.vector <#> q.vector", window, ids, values)

    def _walk(self, window: _Window, ids: Sequence[str], values: dict[str, Any]) -> list[tuple[str, str, float]]:
        """Through the HNSW index: without sorting there is no other way to this order."""
        connection = self._transaction.read
        setting = text("SELECT set_config(:name, :value, true)")
        for name, value in ({"enable_sort": "off"} | _TUNING).items():
            connection.execute(setting, {"name": name, "value": value})
        size = window.dimensions
        found = self._nearest(f"(n.vector::halfvec({size})) <#> (q.vector::halfvec({size}))", window, ids, values)
        connection.execute(setting, {"name": "enable_sort", "value": "on"})
        return found

    def _nearest(
        self, distance: str, window: _Window, ids: Sequence[str], values: dict[str, Any]
    ) -> list[tuple[str, str, float]]:
        indexed = f"n.dimensions = {window.dimensions} AND " if "halfvec" in distance else ""
        query = (
            "SELECT q.statement_id, found.statement_id, -found.distance FROM search.vectors q CROSS JOIN LATERAL ("  # noqa: S608 - own words
            f"SELECT n.statement_id, {distance} AS distance FROM search.vectors n "
            f"WHERE {indexed}n.version_id <> q.version_id AND {window.where()} ORDER BY {distance} LIMIT :most) found "
            "WHERE q.space = :space AND q.statement_id = ANY(:ids)"
        )
        rows = self._transaction.read.execute(text(query), values | {"ids": list(ids)})
        return [(id_, other, float(score)) for id_, other, score in rows]

    def _current(self, ids: Sequence[str]) -> set[str]:
        """Those of current versions."""
        found: set[str] = set()
        for part in chunks(ids):
            query = select(Statements.id).join(ArticleVersions, ArticleVersions.id == Statements.version_id)
            query = query.where(ArticleVersions.is_current, Statements.id.in_(part))
            found.update(self._transaction.read.execute(query).scalars())
        return found


def key_of(space: Space) -> str:
    """The space as the table names it, 8 hexadecimal digits."""
    return text_hash("\n".join((space.extractor, space.model, space.revision)))[:8]


def _counts(rows: Sequence[tuple[str, str, float]]) -> Counter[str]:
    return Counter(id_ for id_, _, _ in rows)


def _row(space: Space, id_: str, version: int, speaker: int | None, date: Any, vector: bytes) -> dict[str, Any]:
    halves = np.frombuffer(vector, "<f4").astype(np.float16)
    day = day_of(date)
    return {
        "statement_id": id_,
        "space": key_of(space),
        "version_id": version,
        "speaker_id": speaker,
        "day": None if day == UNDATED else day,
        "dimensions": len(halves),
        "vector": "[" + ",".join(map(str, halves.tolist())) + "]",
    }


def _window(day: int | None, days: int, dimensions: int, speaker: int | None = None) -> _Window:
    if day is None:
        return _Window(None, None, dimensions, speaker)
    return _Window(day - days, day + days, dimensions, speaker)


def _shortlist(scores: dict[str, float], current: set[str], reach: Reach, more: bool) -> Shortlist:
    ranked = sorted((-score, other) for other, score in scores.items() if other in current)
    return Shortlist(tuple(other for _, other in ranked[: reach.most]), more or len(ranked) > reach.most)
