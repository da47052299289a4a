"""Long lists one page at a time. Read side."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection, and_, func, select

from db.tables import Articles, ArticleVersions, Stories, StoryArticles


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
    latest = select(Stories.id, Stories.founder_id).order_by(Stories.id.desc()).limit(limit)
    if before is not None:
        latest = latest.where(Stories.id < before)
    some = latest.subquery()
    query = (
        select(some.c.id, ArticleVersions.title, Articles.url)
        .join(Articles, Articles.id == some.c.founder_id)
        .join(ArticleVersions, and_(ArticleVersions.article_id == Articles.id, ArticleVersions.is_current))
        .order_by(some.c.id.desc())
    )
    return {id_: title or url for id_, title, url in connection.execute(query)}
