"""The queue: flagged conflicts, the most pressing first."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from fastapi import APIRouter, Request, Response
from starlette.responses import RedirectResponse

from crossquote.web.desk import TheDesk, TheUser
from crossquote.web.filters import ALL, chosen
from crossquote.web.render import page
from db.queries import verdict_rows
from db.queue import choices, counts, first
from verifier.verdicts import Stance, VerdictKind

router = APIRouter()
PER_PAGE = 25
LABELS = (*(stance.value for stance in Stance), ALL)
REVIEWED = (("no", "Not reviewed"), ("yes", "Reviewed"), ("mine", "Judged by me"), (ALL, "All"))


@router.get("/")
def show(request: Request, desk: TheDesk, user: TheUser) -> Response:
    """One page of the queue; only the list itself where a filter was changed in place."""
    wanted = chosen(request.query_params, user.name)
    with desk.engine.connect() as connection:
        number = counts(connection, wanted.filter)
        pages = max(1, -(-number.all // PER_PAGE))
        at = min(_page(request.query_params.get("page", "")), pages)
        rows = verdict_rows(connection, replace(wanted.filter, limit=PER_PAGE, offset=(at - 1) * PER_PAGE))
        offered = choices(connection, wanted.filter.story_id)
    in_place = "hx-request" in request.headers and "hx-history-restore-request" not in request.headers
    template = "_queue_list.html" if in_place else "queue.html"
    values: dict[str, Any] = {"chosen": wanted, "counts": number, "rows": rows, "page_number": at, "pages": pages}
    kinds = [kind.value for kind in VerdictKind]
    return page(request, template, **values, choices=offered, labels=LABELS, kinds=kinds, reviewed_words=REVIEWED)


@router.get("/start")
def start(request: Request, desk: TheDesk, user: TheUser) -> Response:
    """The first verdict of the queue."""
    wanted = chosen(request.query_params, user.name)
    with desk.engine.connect() as connection:
        pair = first(connection, wanted.filter)
    return RedirectResponse(f"/verdicts/{pair}?{wanted.query}" if pair else f"/?{wanted.query}", 303)


def _page(value: str) -> int:
    return max(1, int(value)) if value.isascii() and value.isdigit() and len(value) < 7 else 1
