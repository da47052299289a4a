"""Articles whose extraction was begun and has not ended well, and those that were put aside for it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime

from sqlalchemy import Connection, delete, select, update

from db.names import visible
from db.operating_tables import ExtractionTries
from db.tables import Articles, ArticleVersions
from db.transaction import Transaction, chunks, insert_new
from db.waiting import EXTRACT, put


@dataclass(frozen=True, slots=True)
class PutAside:
    """An article that is read no more by this extractor, after how many tries and why."""

    version_id: int
    article: str
    extractor: str
    tries: int
    reason: str
    at: datetime


class TryRecords:
    """The tries part of the unit of work."""

    def __init__(self, transaction: Transaction) -> None:
        self._transaction = transaction

    def begin(self, extractor: str, versions: Sequence[int]) -> None:
        """Note versions as under way; who finds them so later knows that the reader died."""
        connection = self._transaction.write
        rows = [{"version_id": one, "extractor": extractor, "under_way": True, "tries": 0} for one in versions]
        insert_new(connection, ExtractionTries, rows)
        for part in chunks(versions):
            known = (ExtractionTries.version_id.in_(part), ExtractionTries.extractor == extractor)
            connection.execute(update(ExtractionTries).where(*known).values(under_way=True))

    def under_way(self, extractor: str) -> list[int]:
        """Versions that were begun and neither done nor failed, by id."""
        query = select(ExtractionTries.version_id).where(
            ExtractionTries.extractor == extractor,
            ExtractionTries.under_way,
            ExtractionTries.put_aside_at.is_(None),
        )
        return list(self._transaction.read.execute(query.order_by(ExtractionTries.version_id)).scalars())

    def fail(self, extractor: str, version_id: int, reason: str, most: int) -> bool:
        """Count a failed try; whether it was the last, so that the version is put aside."""
        self.begin(extractor, [version_id])
        connection = self._transaction.write
        one = (ExtractionTries.version_id == version_id, ExtractionTries.extractor == extractor)
        tries = int(connection.execute(select(ExtractionTries.tries).where(*one)).scalar_one()) + 1
        last = tries >= most
        values = {"tries": tries, "reason": visible(reason), "under_way": not last}
        connection.execute(
            update(ExtractionTries).where(*one).values(values | {"put_aside_at": datetime.now(UTC) if last else None})
        )
        return last


def forget_tries(connection: Connection, version_id: int, extractor: str) -> None:
    """The version was read well."""
    connection.execute(
        delete(ExtractionTries).where(ExtractionTries.version_id == version_id, ExtractionTries.extractor == extractor)
    )


def put_aside(connection: Connection) -> list[PutAside]:
    """What was put aside, the latest first."""
    query = (
        select(ExtractionTries.__table__, Articles.url)
        .join(ArticleVersions, ArticleVersions.id == ExtractionTries.version_id)
        .join(Articles, Articles.id == ArticleVersions.article_id)
        .where(ExtractionTries.put_aside_at.is_not(None))
        .order_by(ExtractionTries.put_aside_at.desc(), ExtractionTries.version_id)
    )
    return [
        PutAside(row.version_id, row.url, row.extractor, row.tries, row.reason or "", row.put_aside_at)
        for row in connection.execute(query)
    ]


def try_again(transaction: Transaction) -> int:
    """Let the next run try all that was put aside once more; how many."""
    found = transaction.write.execute(
        update(ExtractionTries)
        .where(ExtractionTries.put_aside_at.is_not(None))
        .values(put_aside_at=None, tries=0, under_way=True)
        .returning(ExtractionTries.version_id)
    )
    versions = list(found.scalars())
    put(transaction.write, [EXTRACT], versions)
    return len(versions)
