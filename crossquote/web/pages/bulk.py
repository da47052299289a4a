"""One decision on all that a filter finds: what it would be, with a confirmation; then what it was, and its undoing."""

from __future__ import annotations

from dataclasses import replace
from typing import Annotated

from fastapi import APIRouter, Form, Request, Response
from starlette.responses import RedirectResponse

from crossquote.web.desk import Desk, Key, TheDesk, TheUser
from crossquote.web.filters import chosen
from crossquote.web.gate import Reviewer
from crossquote.web.problems import found
from crossquote.web.render import message, page
from db.access import User
from db.bulk import Decision, bulks, scope
from db.queries import verdict_rows
from db.reviews import Stale
from verifier.verdicts import Stance

router = APIRouter(prefix="/bulk")
SHOWN = 5
STANCES = (
    (Stance.CONFLICT, "Conflict"),
    (Stance.AGREE, "Agree"),
    (Stance.NEUTRAL, "Neither"),
    (Stance.UNDECIDED, "Unsure"),
)


@router.get("")
def confirm(request: Request, desk: TheDesk, user: TheUser, _: Reviewer) -> Response:
    """How many the filter finds, the first of them, and the form that decides all."""
    return _confirm(request, desk, user)


@router.post("")
def decide(
    request: Request,
    desk: TheDesk,
    user: TheUser,
    _: Reviewer,
    stance: Annotated[Stance, Form()],
    seal: Annotated[str, Form(max_length=64)],
    comment: Annotated[str, Form(max_length=10_000)] = "",
) -> Response:
    """Decide all, if the filter still finds what was confirmed; the confirmation anew where it does not."""
    wanted = chosen(request.query_params, user.name)
    decision = Decision(stance, comment.strip() or None, wanted.filter, wanted.query, seal)
    try:
        made = desk.bulks.decide(user.name, decision)
    except Stale as error:
        return _confirm(request, desk, user, 409, f"Nothing was decided: {error.message}. Look again and confirm.")
    return RedirectResponse(f"/bulk/{made}", 303)


@router.get("/{bulk_id}")
def show(request: Request, desk: TheDesk, user: TheUser, bulk_id: Key) -> Response:
    """What was decided, by whom, and whether it still holds."""
    with found(), desk.engine.connect() as connection:
        (one,) = bulks(connection, bulk_id) or (None,)
        if one is None:
            raise KeyError(bulk_id)
    return page(request, "bulk_done.html", bulk=one, may_undo=one.may_undo(user))


@router.post("/{bulk_id}/undo")
def undo(desk: TheDesk, user: TheUser, _: Reviewer, bulk_id: Key) -> Response:
    """Take all of it back."""
    with found():
        desk.bulks.undo(user, bulk_id)
    return RedirectResponse(f"/bulk/{bulk_id}", 303)


def _confirm(request: Request, desk: Desk, user: User, status: int = 200, problem: str = "") -> Response:
    wanted = chosen(request.query_params, user.name)
    with desk.engine.connect() as connection:
        now = scope(connection, wanted.filter)
        rows = verdict_rows(connection, replace(wanted.filter, limit=SHOWN))
    if not now.pairs:
        return message(request, 409, "The filter finds nothing to decide. Change it on the queue.")
    return page(
        request, "bulk.html", status, chosen=wanted, scope=now, rows=rows, stances=STANCES, problem=problem
    )  # fmt: skip
