"""What both searches read: statements with the vectors of their claims."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any, Final

from sqlalchemy import Select, and_, select

from db.tables import ArticleVersions, Embeddings, Statements
from verifier.ports import Space

UNDATED: Final = -(10**9)


def day_of(date: datetime | None) -> int:
    """The day as a number."""
    return UNDATED if date is None else date.astimezone(UTC).toordinal()


def vector_rows(space: Space, *conditions: Any) -> Select[*tuple[Any, ...]]:
    """(statement, version, speaker, date, vector as stored) of current versions."""
    vector = and_(
        Embeddings.claim_hash == Statements.claim_hash,
        Embeddings.model == space.model,
        Embeddings.revision == space.revision,
    )
    query = select(
        Statements.id, Statements.version_id, Statements.speaker_id, ArticleVersions.published_at, Embeddings.vector
    ).join(ArticleVersions, ArticleVersions.id == Statements.version_id)
    current = (ArticleVersions.is_current, Statements.extractor == space.extractor)
    return query.join(Embeddings, vector).where(*current, *conditions)
