"""The search for partners: exact on SQLite (numpy over the window), by pgvector on PostgreSQL. One interface."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Protocol

from db.search_postgres import PostgresSearch
from db.search_sqlite import SqliteSearch, VectorCache
from db.transaction import Transaction
from verifier.ports import Reach, Shortlist, Space


class Search(Protocol):
    """`index_statements` and `nearest` of the unit of work."""

    def index(self, space: Space, ids: Sequence[str]) -> None: ...

    def nearest(self, space: Space, ids: Sequence[str], reach: Reach) -> dict[str, Shortlist]: ...


def open_search(transaction: Transaction, cache: VectorCache) -> Search:
    """The search of the transaction's dialect; `cache` is the store's."""
    if transaction.read.dialect.name == "sqlite":
        return SqliteSearch(transaction, cache)
    return PostgresSearch(transaction)
