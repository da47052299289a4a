"""Speakers: what one person or body said over time, under which names; merging two and splitting one."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Form, Query, Request, Response
from sqlalchemy import Connection
from starlette.responses import RedirectResponse

from crossquote.harmless import harmless_lines
from crossquote.web.desk import LARGEST, Desk, Key, TheDesk, TheUser, user_of
from crossquote.web.gate import Reviewer
from crossquote.web.problems import found
from crossquote.web.render import page
from db.filters import VerdictFilter
from db.queries import VerdictRow, verdict_rows
from db.reading import verdicts_of
from db.reviews import Stale
from db.speaker_decisions import Known, Part
from db.speaking import SHOWN, alike, decision, decisions, said, speaker, speakers
from db.team import hidden
from verifier.errors import BadInput
from verifier.verdicts import VerdictKind

router = APIRouter(prefix="/speakers")
CHANGES = 50
"""Changes of position that a page lists."""
DONE = {"merged": "The two are one speaker now.", "split": "They are two speakers now.", "undone": "This was undone."}
Seen = Annotated[int, Form(ge=0, le=LARGEST)]
Words = Annotated[str, Form()]


@router.get("")
def index(request: Request, desk: TheDesk, q: Annotated[str, Query(max_length=200)] = "") -> Response:
    """The speakers with the most statements, or those with these words in a name."""
    with desk.engine.connect() as connection:
        return page(request, "speakers.html", speakers=speakers(connection, q), words=q)


@router.get("/{speaker_id}")
def show(request: Request, desk: TheDesk, speaker_id: Key) -> Response:
    """One speaker: names, changes of position, statements over time by story, and what people decided."""
    return _shown(request, desk, speaker_id)


@router.post("/{speaker_id}/merges")
def merge(
    request: Request,
    desk: TheDesk,
    user: TheUser,
    _: Reviewer,
    speaker_id: Key,
    seen: Seen,
    other: Annotated[str, Form(pattern=r"^\d{1,9}\.\d{1,9}$")] = "0.0",
    comment: Words = "",
) -> Response:
    """Merge another speaker into this one; `other` is its id and, after a point, the last decision seen about it."""
    merged, merged_seen = (int(part) for part in other.split("."))
    if not merged:
        return _shown(request, desk, speaker_id, 422, "choose a speaker to merge into this one")
    try:
        with found():
            desk.speakers.merge(Known(speaker_id, seen), Known(merged, merged_seen), user.name, comment)
    except BadInput as error:
        return _refused(request, desk, speaker_id, error)
    return RedirectResponse(f"/speakers/{speaker_id}?done=merged", 303)


@router.post("/{speaker_id}/splits")
def split(
    request: Request,
    desk: TheDesk,
    user: TheUser,
    _: Reviewer,
    speaker_id: Key,
    seen: Seen,
    name: Words = "",
    alias: Annotated[str | None, Form()] = None,
    statements: Annotated[list[str] | None, Form()] = None,
    comment: Words = "",
) -> Response:
    """Split off what goes by a name, or the chosen statements, as a new speaker."""
    try:
        with found():
            part = Part(_meant(desk, speaker_id, alias)) if alias else Part(None, tuple(statements or ()))
            desk.speakers.split(Known(speaker_id, seen), part, name, user.name, comment)
    except BadInput as error:
        return _refused(request, desk, speaker_id, error)
    return RedirectResponse(f"/speakers/{speaker_id}?done=split", 303)


@router.post("/decisions/{decision_id}/undo")
def undo(request: Request, desk: TheDesk, user: TheUser, _: Reviewer, decision_id: Key) -> Response:
    """Take a merge or split back and show the speaker that it was taken from (a split), or that it went into (a merge)."""
    with found(), desk.engine.connect() as connection:
        made = decision(connection, decision_id)
    back = made.target_id if made.action == "merge" else made.source_id
    try:
        desk.speakers.undo(decision_id, user.name)
    except BadInput as error:
        return _refused(request, desk, back, error)
    return RedirectResponse(f"/speakers/{back}?done=undone", 303)


def _meant(desk: Desk, speaker_id: int, shown: str) -> str:
    """The alias that the form showed: without characters that a browser would obey."""
    with desk.engine.connect() as connection:
        names = [one.alias for one in speaker(connection, speaker_id).names]
    return next((one for one in names if harmless_lines(one).split() == shown.split()), shown)


def _refused(request: Request, desk: Desk, speaker_id: int, error: BadInput) -> Response:
    return _shown(request, desk, speaker_id, 409 if isinstance(error, Stale) else 422, error.message)


def _shown(request: Request, desk: Desk, speaker_id: int, status: int = 200, problem: str = "") -> Response:
    asked = request.query_params
    number = int(asked["page"]) if asked.get("page", "").isdecimal() and len(asked["page"]) < 6 else 1
    with found(), desk.engine.connect() as connection:
        seen = speaker(connection, speaker_id)
        if seen.into is not None and not problem:
            return RedirectResponse(f"/speakers/{seen.into}", 303)
        pages = max(1, -(-seen.statements // SHOWN))
        number = min(max(1, number), pages)
        topics = said(connection, speaker_id, number)
        ids = [one.side.statement.id for topic in topics for one in topic.said]
        values = {
            "verdicts": verdicts_of(connection, ids),
            "changes": (changes := _changes(connection, speaker_id)),
            "hidden": hidden(connection, user_of(request), [row.pair_id for row in changes]),
            "decisions": decisions(connection, speaker_id),
            "alike": alike(connection, seen, asked.get("find", "")[:200]),
        }
    return page(
        request, "speaker.html", status, speaker=seen, topics=topics, page_number=number, pages=pages, problem=problem,
        find=asked.get("find", ""), choosing=asked.get("choose") == "1", done=DONE.get(asked.get("done", "")), **values,
    )  # fmt: skip


def _changes(connection: Connection, speaker_id: int) -> list[VerdictRow]:
    """Where the machine found the speaker to have changed the position."""
    wanted = VerdictFilter(kind=VerdictKind.POSITION_CHANGED, speaker_id=speaker_id, limit=CHANGES)
    return verdict_rows(connection, wanted)
