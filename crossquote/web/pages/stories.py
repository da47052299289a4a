"""Stories: articles on one event, and what is in contention between them."""

from __future__ import annotations

from typing import Any

from fastapi import APIRouter, Request, Response

from crossquote.web.desk import Key, TheDesk, TheUser
from crossquote.web.problems import found
from crossquote.web.render import page
from db.filters import VerdictFilter
from db.queries import verdict_rows
from db.reading import Member, stories, story_members
from db.standing import disputes
from db.team import hidden
from verifier.verdicts import Stance

router = APIRouter(prefix="/stories")


@router.get("")
def index(request: Request, desk: TheDesk) -> Response:
    """All stories, the latest first."""
    with desk.engine.connect() as connection:
        return page(request, "stories.html", stories=stories(connection))


@router.get("/{story_id}")
def show(request: Request, desk: TheDesk, user: TheUser, story_id: Key) -> Response:
    """One story: its articles in time, copies folded under what they copy, and its disputes."""
    with found(), desk.engine.connect() as connection:
        members = story_members(connection, story_id)
        rows = verdict_rows(connection, VerdictFilter(label=Stance.CONFLICT, story_id=story_id))
        held = [one for one in disputes(connection, rows) if one.standing.story_id == story_id]
        unseen = hidden(connection, user, [row.pair_id for row in rows])
    title = next((one.title or one.url for one in members), f"Story {story_id}")
    values: dict[str, Any] = {
        "title": title,
        "line": _folded(members),
        "disputes": held,
        "story_id": story_id,
        "hidden": unseen,
    }
    return page(request, "story.html", **values)


def _folded(members: list[Member]) -> list[dict[str, Any]]:
    """Each article with its copies under it; a copy of a copy stands under the first."""
    origin = {one.version_id: one.copy_of for one in members}

    def root(version: int) -> int:
        seen = {version}
        while (above := origin.get(version)) is not None and above not in seen:
            version = above
            seen.add(version)
        return version

    heads = {one.version_id: root(one.version_id) for one in members}
    return [
        {
            "article": one,
            "copies": [copy for copy in members if heads[copy.version_id] == one.version_id and copy is not one],
        }
        for one in members
        if heads[one.version_id] == one.version_id
    ]
