"""The API of speakers: who they are, and what people decided about them."""

from __future__ import annotations

from typing import Annotated, Any

from fastapi import APIRouter, HTTPException, Query
from pydantic import BaseModel, Field

from crossquote.web.api.lists import Cursor, Limit, listed, number
from crossquote.web.api.models import Listed as Paged
from crossquote.web.api.team_models import DecisionAnswer, SaidAnswer, SpeakerAnswer, WholeSpeaker
from crossquote.web.desk import LARGEST, Desk, Key, TheDesk, TheUser
from crossquote.web.gate import Reviewer
from crossquote.web.problems import found
from db.queries import side_dict
from db.reviews import Stale
from db.speaker_decisions import LONGEST_COMMENT, LONGEST_NAME, Known, Part
from db.speaking import Listed, Said, after, decision, decisions, said_of, speaker, speakers

router = APIRouter(prefix="/api/v1/speakers", tags=["speakers"])
Id = Annotated[int, Field(ge=1, le=LARGEST)]
Seen = Annotated[int, Field(ge=0, le=LARGEST, description="`seen` of the speaker as you read it.")]
Comment = Annotated[str, Field(max_length=LONGEST_COMMENT)]


class NewMerge(BaseModel):
    """`other` becomes part of the speaker of the address."""

    other: Id
    seen: Seen
    other_seen: Seen
    comment: Comment = ""


class NewSplit(BaseModel):
    """What to split off, by an alias or by ids of statements, and the new speaker's name."""

    name: str = Field(min_length=1, max_length=LONGEST_NAME)
    seen: Seen
    alias: str | None = Field(default=None, max_length=10_000)
    statements: list[Annotated[str, Field(max_length=16)]] = Field(default=[], max_length=1000)
    comment: Comment = ""


@router.get("", response_model=Paged[SpeakerAnswer])
def index(
    desk: TheDesk, limit: Limit = 50, cursor: Cursor = "", q: Annotated[str, Query(max_length=200)] = ""
) -> dict[str, Any]:
    """Speakers with current statements, by id; with `q` those with these words in a name, most statements first, one page."""
    last = number(cursor) or 0
    with desk.engine.connect() as connection:
        rows = speakers(connection, q, limit) if q else after(connection, last, limit)
    answer = listed(rows, limit, lambda row: row.id, _listed)
    return answer | {"next": None} if q else answer


@router.get("/{speaker_id}", response_model=WholeSpeaker)
def show(desk: TheDesk, speaker_id: Key) -> dict[str, Any]:
    """One speaker: names, current statements, whom people merged it into, and `seen`, which a change must send back."""
    with found(), desk.engine.connect() as connection:
        one = speaker(connection, speaker_id)
    names = [{"name": name.alias, "statements": name.statements} for name in one.names]
    known = {"id": one.id, "name": one.name, "kind": one.kind, "statements": one.statements}
    return {**known, "names": names, "merged_into": one.into, "seen": one.seen}


@router.get("/{speaker_id}/statements", response_model=Paged[SaidAnswer])
def statements(desk: TheDesk, speaker_id: Key, limit: Limit = 50, cursor: Cursor = "") -> dict[str, Any]:
    """What a speaker said, the latest first, each with its story and the name that the article has for the speaker."""
    start = number(cursor) or 0
    with found(), desk.engine.connect() as connection:
        speaker(connection, speaker_id)
        rows = list(enumerate(said_of(connection, speaker_id, limit, start), start + 1))
    return listed(rows, limit, lambda row: row[0], lambda row: _said(row[1][0], row[1][2]))


@router.get("/{speaker_id}/decisions", response_model=Paged[DecisionAnswer])
def history(desk: TheDesk, speaker_id: Key) -> dict[str, Any]:
    """The merges and splits that a speaker was in, the newest first; all of them, never a page."""
    with found(), desk.engine.connect() as connection:
        speaker(connection, speaker_id)
        return {"items": [one.to_dict() for one in decisions(connection, speaker_id)], "next": None}


@router.post("/{speaker_id}/merges", status_code=201, response_model=DecisionAnswer)
def merge(desk: TheDesk, user: TheUser, _: Reviewer, speaker_id: Key, new: NewMerge) -> dict[str, Any]:
    """Merge another speaker into this one; 409 where somebody decided about either in the meantime."""
    into, other = Known(speaker_id, new.seen), Known(new.other, new.other_seen)
    with found():
        try:
            return _made(desk, desk.speakers.merge(into, other, user.name, new.comment))
        except Stale as error:
            raise HTTPException(409, error.message) from None


@router.post("/{speaker_id}/splits", status_code=201, response_model=DecisionAnswer)
def split(desk: TheDesk, user: TheUser, _: Reviewer, speaker_id: Key, new: NewSplit) -> dict[str, Any]:
    """Split a part off this speaker; 409 where somebody decided about it in the meantime."""
    if (new.alias is None) == (not new.statements):
        raise HTTPException(422, "alias, statements: give one of the two")
    part = Part(new.alias, tuple(new.statements))
    with found():
        try:
            return _made(desk, desk.speakers.split(Known(speaker_id, new.seen), part, new.name, user.name, new.comment))
        except Stale as error:
            raise HTTPException(409, error.message) from None


@router.post("/decisions/{decision_id}/undo", status_code=201, response_model=DecisionAnswer)
def undo(desk: TheDesk, user: TheUser, _: Reviewer, decision_id: Key) -> dict[str, Any]:
    """Take a merge or split back; 409 where it was undone already, or a later decision rests on it."""
    with found():
        try:
            desk.speakers.undo(decision_id, user.name)
        except Stale as error:
            raise HTTPException(409, error.message) from None
        return _made(desk, decision_id)


def _made(desk: Desk, decision_id: int) -> dict[str, Any]:
    with desk.engine.connect() as connection:
        return decision(connection, decision_id).to_dict()


def _said(story: int | None, one: Said) -> dict[str, Any]:
    return {**side_dict(one.side), "story": story, "known_as": one.name}


def _listed(one: Listed) -> dict[str, Any]:
    return {"id": one.id, "name": one.name, "kind": one.kind, "statements": one.statements, "seen": one.seen}
