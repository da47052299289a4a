"""Digests of articles: what new ones are compared with, so that old texts need not be read."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Final

import numpy as np
from sqlalchemy import delete, select

from db.tables import Articles, ArticleVersions, Digests
from db.transaction import Transaction, chunks, insert_new
from verifier.digests import Digest, Outline, Passages
from verifier.near_copies import BAND, HASHES

_WIDTH: Final = 1 + HASHES // BAND


class DigestRecords:
    """The digests part of the unit of work."""

    def __init__(self, transaction: Transaction) -> None:
        self._transaction = transaction

    def missing(self, method: str, versions: Sequence[int]) -> list[int]:
        """Those of these versions that have no digest by this method."""
        known: set[int] = set()
        for part in chunks(sorted(set(versions))):
            query = select(Digests.version_id).where(Digests.version_id.in_(part), Digests.method == method)
            known.update(self._transaction.read.execute(query).scalars())
        return sorted(set(versions) - known)

    def add(self, method: str, digests: Mapping[int, Digest]) -> None:
        """Store digests by version, each in place of an older one."""
        for part in chunks(sorted(digests)):
            self._transaction.write.execute(delete(Digests).where(Digests.version_id.in_(part)))
        rows = [_row(method, version, one) for version, one in sorted(digests.items())]
        insert_new(self._transaction.write, Digests, rows)

    def passages(self, versions: Sequence[int]) -> Passages:
        """The passages of these versions, by place."""
        found: list[tuple[int, bytes]] = []
        for part in chunks(sorted(set(versions))):
            query = select(Digests.version_id, Digests.passages).where(Digests.version_id.in_(part))
            found += [(version, held) for version, held in self._transaction.read.execute(query)]
        found.sort()
        rows = np.frombuffer(b"".join(held for _, held in found), "<u4").reshape(-1, _WIDTH)
        counts = [len(held) // (4 * _WIDTH) for _, held in found]
        versions_ = np.repeat(np.array([version for version, _ in found], dtype=np.int64), counts)
        return Passages(versions_, rows[:, 0].astype(np.int64), rows[:, 1:].astype(np.uint32, copy=False))

    def outlines(self, versions: Sequence[int]) -> dict[int, Outline]:
        """What stories are told by, of these versions, by id."""
        found: dict[int, Outline] = {}
        wanted = (Digests.version_id, Articles.url, ArticleVersions.published_at, Digests.names, Digests.lead_hash)
        query = select(*wanted).join(ArticleVersions, ArticleVersions.id == Digests.version_id)
        query = query.join(Articles, Articles.id == ArticleVersions.article_id)
        for part in chunks(sorted(set(versions))):
            for version, url, date, names, lead_hash in self._transaction.read.execute(
                query.where(Digests.version_id.in_(part)).order_by(Digests.version_id)
            ):
                found[version] = Outline(url, date, frozenset(names), lead_hash)
        return found


def _row(method: str, version: int, one: Digest) -> dict[str, Any]:
    numbers = np.column_stack([np.array(one.positions, dtype="<u4"), one.bands.astype("<u4", copy=False)])
    return {
        "version_id": version,
        "method": method,
        "names": sorted(one.names),
        "lead_hash": one.lead_hash,
        "passages": numbers.tobytes(),
    }
