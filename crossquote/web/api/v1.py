"""The API: what the pages show, page by page behind a cursor, as JSON or CSV (`crossquote.web.api.answers`)."""

from __future__ import annotations

from collections.abc import Collection
from typing import Any

from fastapi import APIRouter, HTTPException, Request, Response
from pydantic import BaseModel, Field

from crossquote.web.api.lists import Cursor, Limit, listed, number
from crossquote.web.api.models import CommentAnswer, Entered, Listed, PastJudgement, SidesAnswer, VerdictAnswer
from crossquote.web.api.team_models import CountAnswer
from crossquote.web.api.unseen import veiled
from crossquote.web.desk import LARGEST, Key, TheDesk, TheUser
from crossquote.web.filters import NAMES, chosen
from crossquote.web.gate import Reviewer
from crossquote.web.problems import found
from db.filters import VerdictFilter
from db.queries import VerdictRow, judgement_dict
from db.queue import after, counts, verdict_row
from db.reviews import LONGEST_COMMENT, Comment, Past, Stale, comments, history
from db.speaking import speaker
from db.standing import camp_dict, standings
from db.team import hidden
from verifier.verdicts import Judgement, Stance, VerdictKind

router = APIRouter(prefix="/api/v1", tags=["verdicts"])
_MEANT = {
    "q": 'Words of the statements; `"in a row"`, `begin*`.',
    "label": "agree, conflict, neutral, undecided or all.",
    "kind": "A kind of verdict, such as contradiction or numeric.",
    "reviewed": "no, yes, mine or all.",
    "since": "Published on this day or later.",
    "until": "Published on this day or before.",
    "least": "The least confidence, in percent.",
}
_FILTERS: list[dict[str, Any]] = [
    {"name": one, "in": "query", "required": False, "schema": {"type": "string"}, "description": _MEANT.get(one, "")}
    for one in NAMES
]


class NewJudgement(BaseModel):
    """A judgement to enter: `seen` is the id of the one that holds, 0 where none does."""

    stance: Stance
    seen: int = Field(ge=0, le=LARGEST)
    comment: str | None = Field(default=None, max_length=LONGEST_COMMENT)


class NewComment(BaseModel):
    """A comment on a pair."""

    text: str = Field(min_length=1, max_length=LONGEST_COMMENT)


@router.get("/verdicts", response_model=Listed[VerdictAnswer], openapi_extra={"parameters": _FILTERS})
def verdicts(request: Request, desk: TheDesk, user: TheUser, limit: Limit = 50, cursor: Cursor = "") -> dict[str, Any]:
    """Verdicts, best first. The filters are those of the queue: label, kind, speaker, outlet, story, since, until, least, …

    Without filters: conflicts that nobody has reviewed; `label=all` and `reviewed=all` lift that.
    """
    wanted = chosen(request.query_params, user.name)
    with found(), desk.engine.connect() as connection:
        rows = after(connection, wanted.filter, number(cursor), limit)
        unseen = hidden(connection, user, [row.pair_id for row in rows])
    return listed(rows, limit, lambda row: row.pair_id, lambda row: _row(row, unseen))


@router.get("/counts", response_model=CountAnswer, openapi_extra={"parameters": _FILTERS})
def counted(request: Request, desk: TheDesk, user: TheUser) -> dict[str, int]:
    """How many verdicts the filters of `/verdicts` find, and how many of them have a judgement."""
    with desk.engine.connect() as connection:
        number = counts(connection, chosen(request.query_params, user.name).filter)
    return {"count": number.all, "reviewed": number.reviewed}


@router.get("/verdicts/{pair_id}", response_model=VerdictAnswer)
def verdict(desk: TheDesk, user: TheUser, pair_id: Key) -> dict[str, Any]:
    """One pair's current verdict."""
    with found(), desk.engine.connect() as connection:
        return _row(verdict_row(connection, pair_id), hidden(connection, user, [pair_id]))


@router.get("/verdicts/{pair_id}/sides", response_model=SidesAnswer)
def sides(desk: TheDesk, pair_id: Key) -> dict[str, Any]:
    """Who else is on each side of a verdict, and how many of them are independent."""
    with found(), desk.engine.connect() as connection:
        row = verdict_row(connection, pair_id)
        (standing,) = standings(connection, [row])
    both = {"a": camp_dict(standing.a, row.a), "b": camp_dict(standing.b, row.b)}
    return {"story": standing.story_id, **both}


@router.get("/speakers/{speaker_id}/changes", response_model=Listed[VerdictAnswer])
def changes(desk: TheDesk, user: TheUser, speaker_id: Key, limit: Limit = 50, cursor: Cursor = "") -> dict[str, Any]:
    """Where the machine found a speaker to have changed the position, best first."""
    wanted = VerdictFilter(kind=VerdictKind.POSITION_CHANGED, speaker_id=speaker_id)
    with found(), desk.engine.connect() as connection:
        speaker(connection, speaker_id)
        rows = after(connection, wanted, number(cursor), limit)
        unseen = hidden(connection, user, [row.pair_id for row in rows])
    return listed(rows, limit, lambda row: row.pair_id, lambda row: _row(row, unseen))


@router.get("/verdicts/{pair_id}/judgements", response_model=Listed[PastJudgement])
def judgements(desk: TheDesk, user: TheUser, pair_id: Key) -> dict[str, Any]:
    """What people held of a pair, the newest first; all of it, never a page.

    To a reviewer who has not judged the pair, label, kind and comment of the others' are null.
    """
    with found(), desk.engine.connect() as connection:
        verdict_row(connection, pair_id)
        items = [_past(one) for one in history(connection, pair_id)]
        unseen = hidden(connection, user, [pair_id])
    return {"items": [veiled(one, bool(unseen) and one["reviewer"] != user.name) for one in items], "next": None}


@router.post("/verdicts/{pair_id}/judgements", status_code=201, response_model=Entered)
def judge(
    response: Response, desk: TheDesk, user: TheUser, _: Reviewer, pair_id: Key, new: NewJudgement
) -> dict[str, Any]:
    """Judge a pair; 409 where another judgement than `seen` holds by now."""
    with found():
        with desk.engine.connect() as connection:
            row = verdict_row(connection, pair_id)
        kind = row.verdict.kind if new.stance is row.verdict.stance else None
        made = Judgement(new.stance, kind, user.name, desk.now(), new.comment)
        try:
            added = desk.reviews.judge(pair_id, made, new.seen)
        except Stale as error:
            raise HTTPException(409, error.message) from None
    response.headers["Location"] = f"/api/v1/verdicts/{pair_id}/judgements"
    return {"id": added, **judgement_dict(made)}


@router.get("/verdicts/{pair_id}/comments", response_model=Listed[CommentAnswer])
def commented(desk: TheDesk, pair_id: Key) -> dict[str, Any]:
    """The comments on a pair, the oldest first; all of them, never a page."""
    with found(), desk.engine.connect() as connection:
        verdict_row(connection, pair_id)
        return {"items": [_comment(one) for one in comments(connection, pair_id)], "next": None}


@router.post("/verdicts/{pair_id}/comments", status_code=201, response_model=CommentAnswer)
def comment(
    response: Response, desk: TheDesk, user: TheUser, _: Reviewer, pair_id: Key, new: NewComment
) -> dict[str, Any]:
    """Add a comment."""
    with found():
        desk.reviews.comment(pair_id, user.name, new.text)
        response.headers["Location"] = f"/api/v1/verdicts/{pair_id}/comments"
        with desk.engine.connect() as connection:
            return _comment(comments(connection, pair_id)[-1])


def _comment(one: Comment) -> dict[str, Any]:
    return {"author": one.author, "text": one.text, "entered_at": one.entered_at.isoformat()}


def _row(row: VerdictRow, unseen: Collection[int]) -> dict[str, Any]:
    found = row.to_dict()
    return found | {"judgement": veiled(found["judgement"], row.pair_id in unseen)}


def _past(one: Past) -> dict[str, Any]:
    ended = one.superseded_at and one.superseded_at.isoformat()
    times = {"entered_at": one.entered_at.isoformat(), "superseded_at": ended}
    return {"id": one.id, **judgement_dict(one.judgement), **times, "undone": one.undone, "restored": one.restored}
