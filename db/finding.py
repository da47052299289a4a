"""What a full-text search finds: current statements and articles, the best first, and lists of articles. Read side."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from sqlalchemy import Connection, Select, select, text

from db.searching import Term, articles_with, best, questions, statements_with, terms
from db.sides import current_sides, side_of
from db.tables import Articles, ArticleVersions, Outlets
from verifier.values import Side

SPARE: Final = 4
"""So many times the wanted matches are ranked, because some of them are not current any more."""
_BEGIN, _END = "\ue000", "\ue001"  # private characters mark what was found
_HEADLINE = f"StartSel={_BEGIN}, StopSel={_END}, MaxWords=32, MinWords=16, MaxFragments=1"
_SNIPPETS = {
    "sqlite": "SELECT rowid, snippet(article_search, 1, :begin, :end, '…', 28) FROM article_search "
    "WHERE article_search MATCH :question AND rowid IN (SELECT value FROM json_each(:ids))",
    "postgresql": "SELECT id, ts_headline('crossquote', left(text, 100000), to_tsquery('crossquote', :question), :how) "
    "FROM article_versions WHERE id = ANY(:ids)",
}


@dataclass(frozen=True, slots=True)
class ArticleRow:
    """A current version of an article in a list."""

    version_id: int
    url: str
    outlet: str | None
    title: str | None
    author: str | None
    published_at: datetime | None
    stored_at: datetime
    language: str


@dataclass(frozen=True, slots=True)
class ArticleHit:
    """An article that was found, and some words of it: (words, whether they were looked for)."""

    article: ArticleRow
    words: tuple[tuple[str, bool], ...]


def found_statements(connection: Connection, typed: str, limit: int) -> list[Side]:
    """The statements that have all of what was typed, the best first; none where nothing of it is a word."""
    wanted = terms(typed)
    if not wanted:
        return []
    ranked = best(statements_with(wanted), "statement_search", wanted, limit * SPARE)
    ids = list(connection.execute(ranked).scalars())
    place, query = current_sides()
    rows = connection.execute(query.where(place.statement.id.in_(ids)))
    order = {id_: at for at, id_ in enumerate(ids)}
    sides = [side_of(tuple(row)) for row in rows]
    return sorted(sides, key=lambda side: order[side.statement.id])[:limit]


def found_articles(connection: Connection, typed: str, limit: int) -> list[ArticleHit]:
    """The articles that have all of what was typed, the best first."""
    wanted = terms(typed)
    if not wanted:
        return []
    ids = list(connection.execute(best(articles_with(wanted), "article_search", wanted, limit * SPARE)).scalars())
    rows = {one.version_id: one for one in _article_rows(connection, _articles().where(ArticleVersions.id.in_(ids)))}
    shown = [id_ for id_ in ids if id_ in rows][:limit]
    words = _snippets(connection, shown, wanted)
    return [ArticleHit(rows[id_], words.get(id_, ())) for id_ in shown]


def some_articles(connection: Connection, after: int, limit: int, typed: str = "") -> list[ArticleRow]:
    """Current versions by id, those after an id; of what was typed all words, where anything was."""
    query = _articles().where(ArticleVersions.id > after).order_by(ArticleVersions.id).limit(limit)
    if typed.strip():
        wanted = terms(typed)
        if not wanted:
            return []
        query = query.where(ArticleVersions.id.in_(articles_with(wanted)))
    return _article_rows(connection, query)


def _articles() -> Select[*tuple[Any, ...]]:
    own = (ArticleVersions.id, Articles.url, Outlets.name, ArticleVersions.title, ArticleVersions.author)
    rest = (ArticleVersions.published_at, ArticleVersions.stored_at, ArticleVersions.language)
    query = select(*own, *rest).join(Articles, Articles.id == ArticleVersions.article_id)
    return query.outerjoin(Outlets, Outlets.id == ArticleVersions.outlet_id).where(ArticleVersions.is_current)


def _article_rows(connection: Connection, query: Select[Any]) -> list[ArticleRow]:
    return [ArticleRow(*row) for row in connection.execute(query)]


def _snippets(connection: Connection, ids: Sequence[int], wanted: Sequence[Term]) -> dict[int, tuple[Any, ...]]:
    """Some words around what was found in each of the articles."""
    fts, tsquery = questions("article_search", wanted)
    values: dict[str, Any]
    if connection.dialect.name == "sqlite":
        values = {"begin": _BEGIN, "end": _END, "question": fts, "ids": f"[{','.join(map(str, ids))}]"}
    else:
        values = {"question": tsquery, "how": _HEADLINE, "ids": list(ids)}
    rows = connection.execute(text(_SNIPPETS[connection.dialect.name]), values)
    return {id_: _cut(words) for id_, words in rows}


def _cut(words: str) -> tuple[tuple[str, bool], ...]:
    """`… ⟦bridge⟧ …` in pieces."""
    found: list[tuple[str, bool]] = []
    for piece in words.split(_BEGIN):
        inside, mark, after = piece.partition(_END)
        found += [(inside, True), (after, False)] if mark else [(inside, False)]
    return tuple(one for one in found if one[0])
