"""The API: what the pages show, as JSON, page by page behind a cursor."""

from __future__ import annotations

import base64
import binascii
from collections.abc import Collection
from typing import Annotated, Any

from fastapi import APIRouter, HTTPException, Query, Request, Response
from pydantic import BaseModel, Field

from crossquote.web.desk import LARGEST, Key, TheDesk, TheUser
from crossquote.web.filters import chosen
from crossquote.web.gate import Reviewer
from crossquote.web.problems import found
from db.queries import VerdictRow, judgement_dict, side_dict
from db.queue import after, verdict_row
from db.reading import one_statement, some_statements
from db.reviews import Past, Stale, history
from db.team import hidden
from verifier.verdicts import Judgement, Stance

router = APIRouter(prefix="/api/v1")
Limit = Annotated[int, Query(ge=1, le=200, description="At most so many.")]
Cursor = Annotated[str, Query(max_length=200, description="`next` of the page before; empty for the first page.")]
UNSEEN = {"label": None, "kind": None, "comment": None}
"""What a reviewer is told of others' judgements before making one: only that there is one, whose, and when."""


class NewJudgement(BaseModel):
    """A judgement to enter: `seen` is the id of the one that holds, 0 where none does."""

    stance: Stance
    seen: int = Field(ge=0, le=LARGEST)
    comment: str | None = Field(default=None, max_length=10_000)


@router.get("/verdicts")
def verdicts(request: Request, desk: TheDesk, user: TheUser, limit: Limit = 50, cursor: Cursor = "") -> dict[str, Any]:
    """Verdicts, best first. The filters are those of the queue: label, kind, speaker, outlet, story, since, until, least, …

    Without filters: conflicts that nobody has reviewed; `label=all` and `reviewed=all` lift that.
    """
    wanted = chosen(request.query_params, user.name)
    last = _opened(cursor)
    if last and not (last.isdigit() and int(last) <= LARGEST):
        raise HTTPException(422, "cursor: this is no cursor of this list")
    with found(), desk.engine.connect() as connection:
        rows = after(connection, wanted.filter, int(last) if last else None, limit)
        unseen = hidden(connection, user, [row.pair_id for row in rows])
    following = _closed(str(rows[-1].pair_id)) if len(rows) == limit else None
    return {"items": [_row(row, unseen) for row in rows], "next": following}


@router.get("/verdicts/{pair_id}")
def verdict(desk: TheDesk, user: TheUser, pair_id: Key) -> dict[str, Any]:
    """One pair's current verdict."""
    with found(), desk.engine.connect() as connection:
        return _row(verdict_row(connection, pair_id), hidden(connection, user, [pair_id]))


@router.get("/verdicts/{pair_id}/judgements")
def judgements(desk: TheDesk, user: TheUser, pair_id: Key) -> dict[str, Any]:
    """What people held of a pair, the newest first; all of it, never a page.

    To a reviewer who has not judged the pair, label, kind and comment of the others' are null.
    """
    with found(), desk.engine.connect() as connection:
        verdict_row(connection, pair_id)
        items = [_past(one) for one in history(connection, pair_id)]
        unseen = hidden(connection, user, [pair_id])
    if unseen:
        items = [one if one["reviewer"] == user.name else one | UNSEEN for one in items]
    return {"items": items, "next": None}


@router.post("/verdicts/{pair_id}/judgements", status_code=201)
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


@router.get("/statements")
def statements(desk: TheDesk, limit: Limit = 50, cursor: Cursor = "") -> dict[str, Any]:
    """Current statements by id, each with its place."""
    with desk.engine.connect() as connection:
        sides = some_statements(connection, _opened(cursor), limit)
    following = _closed(sides[-1].statement.id) if len(sides) == limit else None
    return {"items": [side_dict(side) for side in sides], "next": following}


@router.get("/statements/{statement_id}")
def statement(desk: TheDesk, statement_id: str) -> dict[str, Any]:
    """One current statement."""
    with found(), desk.engine.connect() as connection:
        return side_dict(one_statement(connection, statement_id))


def _row(row: VerdictRow, unseen: Collection[int]) -> dict[str, Any]:
    found = row.to_dict()
    if row.pair_id in unseen and found["judgement"]:
        found["judgement"] |= UNSEEN
    return found


def _past(one: Past) -> dict[str, Any]:
    ended = one.superseded_at and one.superseded_at.isoformat()
    times = {"entered_at": one.entered_at.isoformat(), "superseded_at": ended}
    return {"id": one.id, **judgement_dict(one.judgement), **times, "undone": one.undone, "restored": one.restored}


def _closed(key: str) -> str:
    return base64.urlsafe_b64encode(key.encode()).decode().rstrip("=")


def _opened(cursor: str) -> str:
    try:
        key = base64.b64decode(cursor + "=" * (-len(cursor) % 4), altchars=b"-_", validate=True).decode("ascii")
    except (binascii.Error, ValueError):
        raise HTTPException(422, "cursor: this is no cursor of this list") from None
    if (key and not key.isalnum()) or len(key) > 16:
        raise HTTPException(422, "cursor: this is no cursor of this list")
    return key
