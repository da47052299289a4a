"""The search for partners: exact by numpy over the window; on PostgreSQL by pgvector where that is too much. One interface."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Protocol

from db.search_exact import ExactSearch, VectorCache
from db.search_postgres import PostgresSearch
from db.transaction import Transaction
from verifier.ports import Reach, Shortlist, Space


class Search(Protocol):
    """`index_statements` and `nearest` of the unit of work."""

    def index(self, space: Space, ids: Sequence[str]) -> None: ...

    def nearest(self, space: Space, ids: Sequence[str], reach: Reach) -> dict[str, Shortlist]: ...


def open_search(transaction: Transaction, cache: VectorCache) -> Search:
    """The search of the transaction's dialect; `cache` is the store's."""
    exact = ExactSearch(transaction, cache)
    return exact if transaction.read.dialect.name == "sqlite" else PostgresSearch(transaction, exact)
