"""Articles and stories as the desk's pages show them. Read side."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import cache
from typing import Any

from sqlalchemy import Connection, Select, and_, func, select

from db.names import visible
from db.searching import statements_with, terms
from db.sides import Place, current_sides, side_of
from db.tables import (
    Articles,
    ArticleVersions,
    Extractions,
    Outlets,
    Pairs,
    Paragraphs,
    Stories,
    StoryArticles,
    Verdicts,
    WireClusters,
    WireMembers,
)
from db.transaction import chunks
from verifier.values import Mark, Paragraph, Side

LAST = datetime.max.replace(tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class Page:
    """One stored version of an article; `story_id` is None before the first grouping."""

    version_id: int
    url: str
    outlet: str | None
    title: str | None
    author: str | None
    published_at: datetime | None
    stored_at: datetime
    is_current: bool
    text: str
    paragraphs: tuple[Paragraph, ...]
    story_id: int | None


@dataclass(frozen=True, slots=True)
class Member:
    """An article of a story; `copy_of` is the version whose copy most of its paragraphs are."""

    version_id: int
    title: str | None
    url: str
    outlet: str | None
    published_at: datetime | None
    copy_of: int | None


def page(connection: Connection, version_id: int) -> Page:
    """A version; KeyError if there is none."""
    row = connection.execute(_page().where(ArticleVersions.id == version_id)).first()
    if row is None:
        raise KeyError(version_id)
    values: list[Any] = list(row)
    return Page(*[*values[:-1], _paragraphs(connection, version_id), values[-1]])


@cache
def _page() -> Select[*tuple[Any, ...]]:
    """Kept: SQLAlchemy takes longer to make it than the database to answer."""
    return (
        select(
            *(ArticleVersions.id, Articles.url, Outlets.name, ArticleVersions.title, ArticleVersions.author),
            *(ArticleVersions.published_at, ArticleVersions.stored_at, ArticleVersions.is_current),
            *(ArticleVersions.text, StoryArticles.story_id),
        )
        .join(Articles, Articles.id == ArticleVersions.article_id)
        .outerjoin(Outlets, Outlets.id == ArticleVersions.outlet_id)
        .outerjoin(StoryArticles, StoryArticles.article_id == Articles.id)
    )


def _paragraphs(connection: Connection, version_id: int) -> tuple[Paragraph, ...]:
    columns = (Paragraphs.start_char, Paragraphs.end_char, Paragraphs.mark)
    query = select(*columns).where(Paragraphs.version_id == version_id).order_by(Paragraphs.position)
    rows = connection.execute(query)
    return tuple(Paragraph(start, end, Mark(mark) if mark else None) for start, end, mark in rows)


def statements_of(connection: Connection, version_id: int) -> list[Side]:
    """The statements of a version by the extractor that did it last, in order of the text."""
    place, query = _of_extraction()
    return [side_of(tuple(row)) for row in connection.execute(query.where(place.version.id == version_id))]


@cache
def _of_extraction() -> tuple[Place, Select[*tuple[Any, ...]]]:
    place = Place("one")
    done = and_(
        Extractions.version_id == place.statement.version_id, Extractions.extractor == place.statement.extractor
    )
    query = place.around(select(*place.columns()).select_from(place.statement))
    return place, query.join(Extractions, done).where(Extractions.is_current).order_by(place.statement.start_char)


def verdicts_of(connection: Connection, statements: list[str]) -> dict[str, list[tuple[int, str, str | None]]]:
    """(pair, stance, kind) of the current conflicts and agreements of each of these statements."""
    found: dict[str, list[tuple[int, str, str | None]]] = defaultdict(list)
    for own in (Pairs.a_id, Pairs.b_id):
        pairs = {pair: one for one, pair in _in(connection, select(own, Pairs.id), own, statements)}
        held = select(Verdicts.pair_id, Verdicts.stance, Verdicts.kind).where(Verdicts.is_current)
        rows = [
            row for row in _in(connection, held, Verdicts.pair_id, sorted(pairs)) if row[1] in ("conflict", "agree")
        ]
        for pair, stance, kind in sorted(rows, key=lambda row: (row[1] != "conflict", row[0])):
            found[pairs[pair]].append((pair, stance, kind))
    return found


def _in(connection: Connection, query: Any, column: Any, values: Sequence[Any]) -> list[Any]:
    """Rows of many keys, found by the keys: in one query with more conditions SQLite may take another way."""
    return [row for part in chunks(values) for row in connection.execute(query.where(column.in_(part)))]


def story_members(connection: Connection, story_id: int) -> list[Member]:
    """The articles of a story in order of time, undated ones last; KeyError if there is no such story."""
    if connection.execute(select(Stories.id).where(Stories.id == story_id)).first() is None:
        raise KeyError(story_id)
    query = (
        select(
            *(ArticleVersions.id, ArticleVersions.title, Articles.url, Outlets.name, ArticleVersions.published_at),
        )
        .join(Articles, Articles.id == ArticleVersions.article_id)
        .join(StoryArticles, StoryArticles.article_id == Articles.id)
        .outerjoin(Outlets, Outlets.id == ArticleVersions.outlet_id)
        .where(StoryArticles.story_id == story_id, ArticleVersions.is_current)
    )
    rows: list[list[Any]] = [list(row) for row in connection.execute(query)]
    copies = _copies(connection, [row[0] for row in rows])
    members = [Member(*[*row, copies.get(row[0])]) for row in rows]
    return sorted(members, key=lambda one: (one.published_at is None, one.published_at or LAST, one.version_id))


def _copies(connection: Connection, versions: list[int]) -> dict[int, int]:
    """For each version of which half or more of the paragraphs are another's copy: the version that had most of it first."""
    query = (
        select(WireMembers.version_id, WireClusters.first_version_id, func.count())
        .join(WireClusters, WireClusters.id == WireMembers.cluster_id)
        .where(WireMembers.version_id.in_(versions), WireClusters.first_version_id != WireMembers.version_id)
        .group_by(WireMembers.version_id, WireClusters.first_version_id)
    )
    sizes = select(Paragraphs.version_id, func.count()).where(Paragraphs.version_id.in_(versions))
    total = dict(iter(connection.execute(sizes.group_by(Paragraphs.version_id))))
    best: dict[int, tuple[int, int]] = {}
    for version, source, count in connection.execute(query):
        if source in versions and count * 2 >= total.get(version, 0):
            best[version] = max(best.get(version, (0, 0)), (count, source))
    return {version: source for version, (_, source) in best.items()}


def some_statements(connection: Connection, after: str, limit: int, typed: str = "") -> list[Side]:
    """Current statements in place, by id, those after an id; of what was typed all words, where anything was."""
    place, query = current_sides()
    query = query.where(place.statement.id > after).order_by(place.statement.id).limit(limit)
    if typed.strip():
        wanted = terms(typed)
        if not wanted:
            return []
        query = query.where(place.statement.id.in_(statements_with(wanted)))
    return [side_of(tuple(row)) for row in connection.execute(query)]


def one_statement(connection: Connection, statement_id: str) -> Side:
    """One current statement in place; KeyError if there is none."""
    place, query = current_sides()
    row = connection.execute(query.where(place.statement.id == visible(statement_id))).first()
    if row is None:
        raise KeyError(statement_id)
    return side_of(tuple(row))
