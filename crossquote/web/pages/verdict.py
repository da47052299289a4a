"""One verdict: both statements in place, why it was flagged, and what people hold of it."""

from __future__ import annotations

from collections.abc import Callable
from typing import Annotated, Any

from fastapi import APIRouter, Form, Request, Response
from sqlalchemy import Connection
from starlette.responses import RedirectResponse

from crossquote.web.deciding import Decided, decided
from crossquote.web.desk import LARGEST, Desk, Key, TheDesk, TheUser
from crossquote.web.differences import compared_words
from crossquote.web.filters import Chosen, chosen
from crossquote.web.gate import Reviewer
from crossquote.web.marking import Marked, excerpt
from crossquote.web.pages.others import others
from crossquote.web.problems import found
from crossquote.web.render import page
from db.access import User
from db.queries import VerdictRow
from db.queue import speaker_ids, step, verdict_row
from db.reading import page as article_page
from db.reviews import Stale, comments, history
from db.standing import Standing, standings
from db.team import assignments, hidden, judges, second_opinions
from verifier.camps import Camp
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
    return _shown(request, desk, user, pair_id, chosen(request.query_params, user.name))


@router.post("/undo")
def undo(request: Request, desk: TheDesk, user: TheUser, _: Reviewer) -> Response:
    """Take back this reviewer's latest judgement and show its pair."""
    wanted = chosen(request.query_params, user.name)
    undone = desk.reviews.undo(user.name)
    if undone is None:
        return page(request, "message.html", 409, title="Nothing to undo", detail="No judgement of yours holds.")
    if undone.bulk is not None:
        return RedirectResponse(f"/bulk/{undone.bulk}", 303)
    return RedirectResponse(f"/verdicts/{undone.pair_id}?{wanted.query}&undone=1", 303)


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
        return _shown(request, desk, user, pair_id, wanted, 409, problem=error.message)
    return RedirectResponse(f"/verdicts/{following}?{wanted.query}" if following else f"/?{wanted.query}", 303)


@router.post("/{pair_id}/opened", status_code=204)
def opened(request: Request, desk: TheDesk, user: TheUser, pair_id: Key) -> None:
    """Note that this user has this verdict before them, to go on from here another time."""
    with found():
        desk.places.opened(user.name, pair_id, chosen(request.query_params, user.name).query)


@router.post("/{pair_id}/assignment")
def assign(
    request: Request, desk: TheDesk, user: TheUser, _: Reviewer, pair_id: Key, assignee: Annotated[str, Form()] = ""
) -> Response:
    """Make the pair somebody's item, or nobody's."""
    return _changed(request, desk, user, pair_id, lambda: desk.team.assign(user, pair_id, assignee or None))


@router.post("/{pair_id}/second-opinion")
def ask(request: Request, desk: TheDesk, user: TheUser, _: Reviewer, pair_id: Key) -> Response:
    """Ask that somebody else judges the pair as well."""
    return _changed(request, desk, user, pair_id, lambda: desk.team.ask(user, pair_id))


@router.post("/{pair_id}/second-opinion/withdraw")
def withdraw(request: Request, desk: TheDesk, user: TheUser, _: Reviewer, pair_id: Key) -> Response:
    """Ask no more."""
    return _changed(request, desk, user, pair_id, lambda: desk.team.withdraw(user, pair_id))


@router.post("/{pair_id}/comments")
def comment(
    request: Request, desk: TheDesk, user: TheUser, _: Reviewer, pair_id: Key, text: Annotated[str, Form()] = ""
) -> Response:
    """Add a comment and show the pair again."""
    return _changed(request, desk, user, pair_id, lambda: desk.reviews.comment(pair_id, user.name, text), "#comments")


def _changed(
    request: Request, desk: Desk, user: User, pair_id: int, change: Callable[[], None], place: str = "#team"
) -> Response:
    """Do something and show the pair again; with what was wrong where it was refused."""
    wanted = chosen(request.query_params, user.name)
    try:
        with found():
            change()
    except BadInput as error:
        return _shown(request, desk, user, pair_id, wanted, 422, problem=error.message)
    return RedirectResponse(f"/verdicts/{pair_id}?{wanted.query}{place}", 303)


def _shown(
    request: Request, desk: Desk, user: User, pair_id: int, wanted: Chosen, status: int = 200, problem: str = ""
) -> Response:
    with found(), desk.engine.connect() as connection:
        row = verdict_row(connection, pair_id)
        past = history(connection, pair_id)
        words = decided(row.a, row.b, row.verdict.deciding)
        (standing,) = standings(connection, [row])
        values: dict[str, Any] = {
            "row": row,
            "sides": _sides(connection, row, standing, words),
            "story_id": standing.story_id,
            "decided": words,
            "history": past,
            "held": next((one for one in past if one.superseded_at is None), None),
            "comments": comments(connection, pair_id),
            "next": step(connection, wanted.filter, pair_id),
            "previous": step(connection, wanted.filter, pair_id, back=True),
            "hidden": pair_id in hidden(connection, user, [pair_id]),
            "assignment": assignments(connection, [pair_id]).get(pair_id),
            "opinion": second_opinions(connection, [pair_id]).get(pair_id),
            "people": judges(connection, user),
            "others": others(connection, desk, user, pair_id),
        }
    undone = request.query_params.get("undone") == "1"
    return page(
        request, "verdict.html", status, **values, chosen=wanted, stances=STANCES, problem=problem, undone=undone,
        gap=_gap(row),
    )  # fmt: skip


def _sides(connection: Connection, row: VerdictRow, standing: Standing, words: Decided | None) -> list[dict[str, Any]]:
    """What is shown of each side: its excerpt, its article, its speaker, who else says it."""
    speakers = speaker_ids(connection, [row.a.statement.id, row.b.statement.id])
    compared = compared_words(row.a.statement, row.b.statement)
    found = []
    for at, (side, camp) in enumerate(((row.a, standing.a), (row.b, standing.b))):
        own: dict[str, Any] = {"speaker_id": speakers.get(side.statement.id), "compared": compared[at]}
        own["read"] = words.read[at] if words else ()
        found.append(_side(connection, side, "AB"[at], camp, words.marks[at] if words else ()) | own)
    return found


def _side(connection: Connection, side: Side, name: str, camp: Camp, marks: tuple[Marked, ...]) -> dict[str, Any]:
    article = article_page(connection, side.version_id)
    others = [one.side for one in camp.statements if one.side.statement.id != side.statement.id]
    return {
        "name": name,
        "side": side,
        "article": article,
        "excerpt": excerpt(article.text, article.paragraphs, side, marks),
        "weight": camp.weight,
        "others": others,
    }


def _gap(row: VerdictRow) -> int | None:
    """Days between both publications."""
    if row.a.published_at is None or row.b.published_at is None:
        return None
    return abs((row.a.published_at.date() - row.b.published_at.date()).days)
