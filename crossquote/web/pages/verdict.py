"""One verdict: both statements in place, why it was flagged, and what people hold of it."""

from __future__ import annotations

from typing import Annotated, Any

from fastapi import APIRouter, Form, Request, Response
from sqlalchemy import Connection
from starlette.responses import RedirectResponse

from crossquote.web.desk import LARGEST, Desk, Key, TheDesk, TheUser
from crossquote.web.differences import compared_words
from crossquote.web.filters import Chosen, chosen
from crossquote.web.gate import Reviewer
from crossquote.web.marking import excerpt
from crossquote.web.problems import found
from crossquote.web.render import page
from db.queries import VerdictRow
from db.queue import speaker_ids, step, verdict_row
from db.reading import page as article_page
from db.reviews import Stale, comments, history
from db.standing import standings
from verifier.errors import BadInput
from verifier.values import Side
from verifier.verdicts import Judgement, Stance

router = APIRouter(prefix="/verdicts")
former = APIRouter()
STANCES = (
    ("x", Stance.CONFLICT, "Conflict"),
    ("a", Stance.AGREE, "Agree"),
    ("n", Stance.NEUTRAL, "Neither"),
    ("u", Stance.UNDECIDED, "Unsure"),
)


@former.get("/pairs/{pair_id}")
def formerly(pair_id: Key) -> Response:
    """Where reviews that were exported before had their links lead."""
    return RedirectResponse(f"/verdicts/{pair_id}", 308)


@router.get("/{pair_id}")
def show(request: Request, desk: TheDesk, user: TheUser, pair_id: Key) -> Response:
    """The verdict of a pair, in the order of the queue that it was opened from."""
    return _shown(request, desk, pair_id, chosen(request.query_params, user.name))


@router.post("/undo")
def undo(request: Request, desk: TheDesk, user: TheUser, _: Reviewer) -> Response:
    """Take back this reviewer's latest judgement and show its pair."""
    wanted = chosen(request.query_params, user.name)
    pair = desk.reviews.undo(user.name)
    if pair is None:
        return page(request, "message.html", 409, title="Nothing to undo", detail="No judgement of yours holds.")
    return RedirectResponse(f"/verdicts/{pair}?{wanted.query}&undone=1", 303)


@router.post("/{pair_id}/judgements")
def judge(
    request: Request,
    desk: TheDesk,
    user: TheUser,
    _: Reviewer,
    pair_id: Key,
    stance: Annotated[Stance, Form()],
    seen: Annotated[int, Form(ge=0, le=LARGEST)],
) -> Response:
    """Judge, and go on to the next one of the queue; the pair's page again where somebody else was faster."""
    wanted = chosen(request.query_params, user.name)
    with found(), desk.engine.connect() as connection:
        row = verdict_row(connection, pair_id)
        following = step(connection, wanted.filter, pair_id)
    kind = row.verdict.kind if stance is row.verdict.stance else None
    try:
        desk.reviews.judge(pair_id, Judgement(stance, kind, user.name, desk.now()), seen)
    except Stale as error:
        return _shown(request, desk, pair_id, wanted, 409, problem=error.message)
    return RedirectResponse(f"/verdicts/{following}?{wanted.query}" if following else f"/?{wanted.query}", 303)


@router.post("/{pair_id}/comments")
def comment(
    request: Request, desk: TheDesk, user: TheUser, _: Reviewer, pair_id: Key, text: Annotated[str, Form()] = ""
) -> Response:
    """Add a comment and show the pair again."""
    wanted = chosen(request.query_params, user.name)
    try:
        with found():
            desk.reviews.comment(pair_id, user.name, text)
    except BadInput as error:
        return _shown(request, desk, pair_id, wanted, 422, problem=error.message)
    return RedirectResponse(f"/verdicts/{pair_id}?{wanted.query}#comments", 303)


def _shown(
    request: Request, desk: Desk, pair_id: int, wanted: Chosen, status: int = 200, problem: str = ""
) -> Response:
    with found(), desk.engine.connect() as connection:
        row = verdict_row(connection, pair_id)
        past = history(connection, pair_id)
        values: dict[str, Any] = {
            "row": row,
            "sides": _sides(connection, row),
            "history": past,
            "held": next((one for one in past if one.superseded_at is None), None),
            "comments": comments(connection, pair_id),
            "next": step(connection, wanted.filter, pair_id),
            "previous": step(connection, wanted.filter, pair_id, back=True),
        }
    undone = request.query_params.get("undone") == "1"
    return page(
        request, "verdict.html", status, **values, chosen=wanted, stances=STANCES, problem=problem, undone=undone,
        gap=_gap(row),
    )  # fmt: skip


def _sides(connection: Connection, row: VerdictRow) -> list[dict[str, Any]]:
    """What is shown of each side: its excerpt, its article, its speaker, who else says it."""
    (standing,) = standings(connection, [row])
    speakers = speaker_ids(connection, [row.a.statement.id, row.b.statement.id])
    words = compared_words(row.a.statement, row.b.statement)
    return [
        _side(connection, side, name, camp, compared) | {"speaker_id": speakers.get(side.statement.id)}
        for side, name, camp, compared in zip((row.a, row.b), "AB", (standing.a, standing.b), words, strict=True)
    ]


def _side(connection: Connection, side: Side, name: str, camp: Any, compared: Any) -> dict[str, Any]:
    article = article_page(connection, side.version_id)
    others = [one.side for one in camp.statements if one.side.statement.id != side.statement.id]
    return {
        "name": name,
        "side": side,
        "article": article,
        "excerpt": excerpt(article.text, article.paragraphs, side),
        "weight": camp.weight,
        "others": others,
        "compared": compared,
    }


def _gap(row: VerdictRow) -> int | None:
    """Days between both publications."""
    if row.a.published_at is None or row.b.published_at is None:
        return None
    return abs((row.a.published_at.date() - row.b.published_at.date()).days)
