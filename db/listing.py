"""Long lists one page at a time. Read side."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from functools import cache
from typing import Any

from sqlalchemy import Connection, Select, and_, bindparam, func, select

from db.tables import Articles, ArticleVersions, Stories, StoryArticles

LAST = 2**31 - 1
"""No story's id is larger."""


@dataclass(frozen=True, slots=True)
class StoryRow:
    """A story in a list; its title is that of the article that started it, or that article's address."""

    id: int
    title: str
    articles: int
    outlets: int
    latest: datetime | None


def some_stories(connection: Connection, before: int | None, limit: int) -> list[StoryRow]:
    """The latest stories, those before an id; only their own articles are read."""
    titles = story_titles(connection, before, limit)
    sizes = (
        select(
            StoryArticles.story_id,
            func.count(),
            func.count(ArticleVersions.outlet_id.distinct()),
            func.max(ArticleVersions.published_at),
        )
        .join(
            ArticleVersions,
            and_(ArticleVersions.article_id == StoryArticles.article_id, ArticleVersions.is_current),
        )
        .where(StoryArticles.story_id.in_(titles))
        .group_by(StoryArticles.story_id)
    )
    numbers = {story: (articles, outlets, latest) for story, articles, outlets, latest in connection.execute(sizes)}
    return [StoryRow(id_, title, *numbers[id_]) for id_, title in titles.items() if id_ in numbers]


def story_titles(connection: Connection, before: int | None, limit: int) -> dict[int, str]:
    """The titles of the latest stories by id, those before an id."""
    rows = connection.execute(_titles(), {"before": LAST if before is None else before, "most": limit})
    return {id_: title or url for id_, title, url in rows}


@cache
def _titles() -> Select[Any]:
    latest = select(Stories.id, Stories.founder_id).order_by(Stories.id.desc()).limit(bindparam("most"))
    some = latest.where(Stories.id < bindparam("before")).subquery()
    return (
        select(some.c.id, ArticleVersions.title, Articles.url)
        .join(Articles, Articles.id == some.c.founder_id)
        .join(ArticleVersions, and_(ArticleVersions.article_id == Articles.id, ArticleVersions.is_current))
        .order_by(some.c.id.desc())
    )
