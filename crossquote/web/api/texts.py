"""The API of statements, articles and stories."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime
from typing import Any

from fastapi import APIRouter

from crossquote.web.api.cursors import opened
from crossquote.web.api.lists import Cursor, Limit, Words, listed, number
from crossquote.web.api.models import ArticleAnswer, Listed, Mention, Side, StoryAnswer, WholeArticle, WholeStory
from crossquote.web.api.unseen import veiled
from crossquote.web.desk import Key, TheDesk, TheUser
from crossquote.web.problems import found
from db.filters import VerdictFilter
from db.finding import ArticleRow, some_articles
from db.listing import StoryRow, some_stories
from db.queries import side_dict, verdict_rows
from db.reading import Member, one_statement, some_statements, statements_of, story_members, verdicts_of
from db.reading import page as article_page
from db.standing import Dispute, disputes
from db.team import hidden
from verifier.verdicts import Stance

router = APIRouter(prefix="/api/v1", tags=["texts"])


@router.get("/statements", response_model=Listed[Side])
def statements(desk: TheDesk, limit: Limit = 50, cursor: Cursor = "", q: Words = "") -> dict[str, Any]:
    """Current statements by id, each with its place; with `q` those that have these words."""
    with desk.engine.connect() as connection:
        sides = some_statements(connection, opened(cursor), limit, q)
    return listed(sides, limit, lambda side: side.statement.id, side_dict)


@router.get("/statements/{statement_id}", response_model=Side)
def statement(desk: TheDesk, statement_id: str) -> dict[str, Any]:
    """One current statement."""
    with found(), desk.engine.connect() as connection:
        return side_dict(one_statement(connection, statement_id))


@router.get("/articles", response_model=Listed[ArticleAnswer])
def articles(desk: TheDesk, limit: Limit = 50, cursor: Cursor = "", q: Words = "") -> dict[str, Any]:
    """Current versions of articles by id; with `q` those that have these words in the title or the text."""
    with desk.engine.connect() as connection:
        rows = some_articles(connection, number(cursor) or 0, limit, q)
    return listed(rows, limit, lambda row: row.version_id, _article)


@router.get("/articles/{version_id}", response_model=WholeArticle)
def article(desk: TheDesk, version_id: Key) -> dict[str, Any]:
    """One version of an article with its text and its statements in order."""
    with found(), desk.engine.connect() as connection:
        one = article_page(connection, version_id)
        sides = statements_of(connection, version_id)
    return {
        "id": one.version_id,
        "url": one.url,
        "outlet": one.outlet,
        "title": one.title,
        "author": one.author,
        "published_at": _time(one.published_at),
        "stored_at": _time(one.stored_at),
        "is_current": one.is_current,
        "story": one.story_id,
        "text": one.text,
        "paragraphs": [{"start": p.start, "end": p.end, "mark": p.mark and p.mark.value} for p in one.paragraphs],
        "statements": [side_dict(side) for side in sides],
    }


@router.get("/articles/{version_id}/verdicts", response_model=Listed[Mention])
def mentions(desk: TheDesk, version_id: Key) -> dict[str, Any]:
    """The conflicts and agreements that an article's statements are in, statement by statement; all, never a page."""
    with found(), desk.engine.connect() as connection:
        article_page(connection, version_id)
        ids = [side.statement.id for side in statements_of(connection, version_id)]
        held = verdicts_of(connection, ids)
    names = ("statement", "pair", "label", "kind")
    return {
        "items": [dict(zip(names, (one, *verdict), strict=True)) for one in ids for verdict in held.get(one, ())],
        "next": None,
    }


@router.get("/stories", response_model=Listed[StoryAnswer])
def stories(desk: TheDesk, limit: Limit = 50, cursor: Cursor = "") -> dict[str, Any]:
    """Stories, the latest first."""
    with desk.engine.connect() as connection:
        rows = some_stories(connection, number(cursor), limit)
    return listed(rows, limit, lambda row: row.id, _story)


@router.get("/stories/{story_id}", response_model=WholeStory)
def story(desk: TheDesk, user: TheUser, story_id: Key) -> dict[str, Any]:
    """One story: its articles in order of time, and its conflicts, each once."""
    with found(), desk.engine.connect() as connection:
        members = story_members(connection, story_id)
        rows = verdict_rows(connection, VerdictFilter(label=Stance.CONFLICT, story_id=story_id))
        held = [one for one in disputes(connection, rows) if one.standing.story_id == story_id]
        unseen = hidden(connection, user, [row.pair_id for row in rows])
    title = next((one.title or one.url for one in members), f"Story {story_id}")
    own = {"id": story_id, "title": title, "members": [_member(one) for one in members]}
    return {**own, "disputes": [_dispute(one, unseen) for one in held]}


def _dispute(one: Dispute, unseen: Collection[int]) -> dict[str, Any]:
    found = one.to_dict()
    return found | {"judgement": veiled(found["judgement"], any(pair in unseen for pair in found["pairs"]))}


def _article(row: ArticleRow) -> dict[str, Any]:
    times = {"published_at": _time(row.published_at), "stored_at": _time(row.stored_at)}
    words = {"url": row.url, "outlet": row.outlet, "title": row.title, "author": row.author}
    return {"id": row.version_id, **words, **times}


def _story(row: StoryRow) -> dict[str, Any]:
    numbers = {"articles": row.articles, "outlets": row.outlets, "latest": _time(row.latest)}
    return {"id": row.id, "title": row.title, **numbers}


def _member(one: Member) -> dict[str, Any]:
    place = {"id": one.version_id, "title": one.title, "url": one.url, "outlet": one.outlet}
    return {**place, "published_at": _time(one.published_at), "copy_of": one.copy_of}


def _time(value: datetime | None) -> str | None:
    return value.isoformat() if value else None
