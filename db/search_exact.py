"""The nearest statements by numpy, exactly: the database holds the vectors, the date window bounds what is read.

SQLite has no other way; on PostgreSQL it is the way as long as what is read fits, so both find the same partners.

The vectors of a version never change, so they are kept from one search to the next, up to `CACHE_BYTES`.
"""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, fields
from datetime import UTC, datetime
from typing import Any, Final, TypeAlias

import numpy as np
from numpy.typing import NDArray
from sqlalchemy import Select, and_, func, not_, or_, select

from db.search_rows import UNDATED, day_of, vector_rows
from db.tables import ArticleVersions, Statements
from db.transaction import Transaction, chunks
from verifier.ports import Reach, Shortlist, Space

CACHE_BYTES: Final = 256 << 20
BLOCK_VERSIONS: Final = 200

Numbers: TypeAlias = NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class Rows:
    """Statements as arrays: ids, versions, speakers (-1 for none), days (`UNDATED` for none) and float32 vectors."""

    ids: NDArray[np.str_]
    versions: Numbers
    speakers: Numbers
    days: Numbers
    vectors: NDArray[np.float32]

    @classmethod
    def of(cls, found: Sequence[Any]) -> Rows:
        """From rows of (id, version, speaker, date, vector)."""
        vectors = np.frombuffer(b"".join(row[4] for row in found), "<f4").astype(np.float32)
        return cls(
            np.array([row[0] for row in found], dtype="U16"),
            np.array([row[1] for row in found], dtype=np.int64),
            np.array([-1 if row[2] is None else row[2] for row in found], dtype=np.int64),
            np.array([day_of(row[3]) for row in found], dtype=np.int64),
            vectors.reshape(len(found), -1),
        )

    @classmethod
    def joined(cls, parts: Sequence[Rows]) -> Rows:
        """All of them, one after the other."""
        return cls(*(np.concatenate([getattr(part, one.name) for part in parts]) for one in fields(cls)))


@dataclass(slots=True)
class VectorCache:
    """The rows of versions that were read, the latest used last; older ones go when there are too many bytes."""

    _rows: OrderedDict[tuple[Space, int], Rows] = field(default_factory=OrderedDict)
    _bytes: int = 0

    def get(self, space: Space, version: int) -> Rows | None:
        """What was kept."""
        if (found := self._rows.get((space, version))) is not None:
            self._rows.move_to_end((space, version))
        return found

    def keep(self, space: Space, version: int, rows: Rows) -> None:
        """Keep the rows of a version."""
        if (space, version) not in self._rows:
            self._rows[space, version] = rows
            self._bytes += rows.vectors.nbytes
        while self._bytes > CACHE_BYTES:
            self._bytes -= self._rows.popitem(last=False)[1].vectors.nbytes


class ExactSearch:
    """The search part of the unit of work where nothing but the statements themselves is kept."""

    def __init__(self, transaction: Transaction, cache: VectorCache) -> None:
        self._transaction = transaction
        self._cache = cache

    def index(self, space: Space, ids: Sequence[str]) -> None:
        """Nothing: what is stored is found."""

    def nearest(self, space: Space, ids: Sequence[str], reach: Reach) -> dict[str, Shortlist]:
        """Exact; reads the versions in the window of any of these statements, block by block."""
        parts = [self._found(vector_rows(space, Statements.id.in_(part))) for part in chunks(sorted(set(ids)))]
        found = [row for part in parts for row in part]
        if not found:
            return {}
        asked = Rows.of(found)
        best = _Best(asked, reach)
        for rows in (*self._near(space, asked, reach), *self._own(space, asked, reach)):
            best.look_at(rows)
        return best.shortlists()

    def _near(self, space: Space, asked: Rows, reach: Reach) -> Iterator[Rows]:
        """All statements of the versions within `reach.days`."""
        within = _within(asked, reach.days)
        versions = select(ArticleVersions.id).where(ArticleVersions.is_current, *within).order_by(ArticleVersions.id)
        for part in chunks(list(self._transaction.read.execute(versions).scalars()), BLOCK_VERSIONS):
            if rows := self._of_versions(space, part):
                yield Rows.joined(rows)

    def _own(self, space: Space, asked: Rows, reach: Reach) -> Iterator[Rows]:
        """The speakers' own statements that are further off."""
        near, far = _within(asked, reach.days), _within(asked, reach.own_days)
        if not near:
            return
        speakers = sorted({int(speaker) for speaker in asked.speakers if speaker >= 0})
        for part in chunks(speakers):
            query = vector_rows(space, Statements.speaker_id.in_(part), not_(and_(*near)), *far)
            if found := self._found(query):
                yield Rows.of(found)

    def _of_versions(self, space: Space, versions: Sequence[int]) -> list[Rows]:
        known = {version: rows for version in versions if (rows := self._cache.get(space, version)) is not None}
        missing = [version for version in versions if version not in known]
        if missing:
            known |= self._read(space, missing)
        return [known[version] for version in versions if version in known]

    def _read(self, space: Space, versions: Sequence[int]) -> dict[int, Rows]:
        """From the database; versions that wait for vectors of theirs are not kept."""
        found: dict[int, list[Any]] = {}
        for row in self._found(vector_rows(space, Statements.version_id.in_(versions))):
            found.setdefault(row[1], []).append(row)
        read = {version: Rows.of(rows) for version, rows in found.items()}
        for version, whole in self._counts(space, sorted(read)).items():
            if whole == len(read[version].ids):
                self._cache.keep(space, version, read[version])
        return read

    def _counts(self, space: Space, versions: Sequence[int]) -> Mapping[int, int]:
        query = select(Statements.version_id, func.count()).where(
            Statements.version_id.in_(versions), Statements.extractor == space.extractor
        )
        return dict(iter(self._transaction.read.execute(query.group_by(Statements.version_id))))

    def _found(self, query: Select[Any]) -> list[Any]:
        return [tuple(row) for row in self._transaction.read.execute(query)]


@dataclass(slots=True)
class _Best:
    """The nearest of each statement so far."""

    asked: Rows
    reach: Reach
    _scores: list[NDArray[np.float32]] = field(default_factory=list)
    _ids: list[NDArray[np.str_]] = field(default_factory=list)

    def look_at(self, rows: Rows) -> None:
        """Keep the best of these rows, by statement: one more than is asked for, to know that there are more."""
        scores = np.where(self._allowed(rows), self.asked.vectors @ rows.vectors.T, np.float32(-2))
        kept = min(self.reach.most + 1, len(rows.ids))
        best = np.argpartition(-scores, kept - 1, axis=1)[:, :kept]
        self._scores.append(np.take_along_axis(scores, best, axis=1))
        self._ids.append(rows.ids[best])

    def shortlists(self) -> dict[str, Shortlist]:
        """By statement, the nearest first."""
        if not self._scores:
            return {str(id_): Shortlist((), more=False) for id_ in self.asked.ids}
        scores, ids = np.concatenate(self._scores, axis=1), np.concatenate(self._ids, axis=1)
        return {str(id_): self._shortlist(scores[row], ids[row]) for row, id_ in enumerate(self.asked.ids)}

    def _shortlist(self, scores: NDArray[np.float32], ids: NDArray[np.str_]) -> Shortlist:
        enough = np.flatnonzero(scores >= self.reach.least)
        order = enough[np.lexsort((ids[enough], -scores[enough]))]
        found = tuple(str(id_) for id_ in ids[order[: self.reach.most]])
        return Shortlist(found, more=len(order) > self.reach.most)

    def _allowed(self, rows: Rows) -> NDArray[np.bool_]:
        """Of other articles, and in the window; shape (asked, rows)."""
        asked = self.asked
        own = (asked.speakers[:, None] == rows.speakers) & (rows.speakers >= 0)
        gap = np.abs(asked.days[:, None] - rows.days)
        undated = (asked.days[:, None] == UNDATED) | (rows.days == UNDATED)
        near = undated | (gap <= np.where(own, self.reach.own_days, self.reach.days))
        return np.asarray(near & (asked.versions[:, None] != rows.versions))


def _within(asked: Rows, days: int) -> list[Any]:
    """The condition on the date that holds for every partner of any of them; none where one has no date."""
    if (asked.days == UNDATED).any():
        return []
    low, high = _midnight(int(asked.days.min()) - days), _midnight(int(asked.days.max()) + days + 1)
    date = ArticleVersions.published_at
    bounds = [] if low is None else [date >= low]
    bounds += [] if high is None else [date < high]
    return [or_(date.is_(None), and_(*bounds))] if bounds else []


def _midnight(day: int) -> datetime | None:
    """None beyond the ends of the calendar."""
    try:
        return datetime.fromordinal(day).replace(tzinfo=UTC)
    except (ValueError, OverflowError):
        return None
