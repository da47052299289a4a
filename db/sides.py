"""Statements in their place: one join from a statement to its article, outlet and speaker, for both sides of a pair."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache
from typing import Any

from sqlalchemy import ColumnElement, Select, select
from sqlalchemy.orm import aliased

from db.mapping import statement_of
from db.tables import Articles, ArticleVersions, Outlets, Speakers, Statements
from verifier.values import Side

_SPEAKER = ("speaker_name", "speaker_aliases", "speaker_reason")
_SPANS = ("source", "cue", "cue_class", "content", "text")
_STATEMENT = ("id", "kind", *_SPEAKER, *_SPANS, "claim", "confidence", "nested_in")
_HELD = {"speaker_kind": "kind", "held_id": "id", "held_key": "key", "held_name": "name", "told_apart": "told_apart"}
_PLACE = ("version_id", "article", "outlet", "published_at")
WIDTH = len(_STATEMENT) + len(_HELD) + len(_PLACE)
"""Columns of one side."""


class Place:
    """The tables around one statement, under names of their own, so that two sides fit in one query."""

    def __init__(self, name: str) -> None:
        self.statement = aliased(Statements, name=f"{name}_statement")
        self.version = aliased(ArticleVersions, name=f"{name}_version")
        self.article = aliased(Articles, name=f"{name}_article")
        self.outlet = aliased(Outlets, name=f"{name}_outlet")
        self.speaker = aliased(Speakers, name=f"{name}_speaker")

    def columns(self) -> list[ColumnElement[Any]]:
        """What `side_of` reads, in its order."""
        own = [getattr(self.statement, name) for name in _STATEMENT]
        place = [self.version.id, self.article.url, self.outlet.name, self.version.published_at]
        return [*own, *(getattr(self.speaker, name) for name in _HELD.values()), *place]

    def around(self, query: Select[Any]) -> Select[Any]:
        """Add version, article, outlet and speaker to a query that has the statement."""
        return (
            query.join(self.version, self.version.id == self.statement.version_id)
            .join(self.article, self.article.id == self.version.article_id)
            .outerjoin(self.outlet, self.outlet.id == self.version.outlet_id)
            .outerjoin(self.speaker, self.speaker.id == self.statement.speaker_id)
        )

    def current(self, *columns: Any) -> Select[Any]:
        """Columns of current statements and what is around them: of a current version, by the extractor that did it last."""
        return self.around(select(*columns).select_from(self.statement)).where(self.statement.is_current)

    def joined(self, query: Select[Any], statement_id: ColumnElement[str] | Any) -> Select[Any]:
        """Add a current statement and all around it to a query that has its id."""
        return self.around(query.join(self.statement, self.statement.id == statement_id)).where(
            self.statement.is_current
        )


@cache
def current_sides() -> tuple[Place, Select[Any]]:
    """A query for `side_of` of current statements, to be narrowed. Kept: to make it takes longer than to read some rows."""
    place = Place("one")
    return place, place.current(*place.columns())


def side_of(values: Sequence[Any]) -> Side:
    """The side of one row's `WIDTH` values."""
    named = dict(zip((*_STATEMENT, *_HELD, *_PLACE), values, strict=True))
    return Side(
        statement=statement_of(named),
        article=named["article"],
        version_id=named["version_id"],
        outlet=named["outlet"],
        published_at=named["published_at"],
    )
