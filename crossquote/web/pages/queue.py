"""The queue: flagged conflicts, the most pressing first."""

from __future__ import annotations

from dataclasses import replace
from typing import Annotated, Any
from urllib.parse import parse_qsl

from fastapi import APIRouter, Form, Request, Response
from sqlalchemy import Connection
from starlette.responses import RedirectResponse

from crossquote.web.desk import Key, TheDesk, TheUser
from crossquote.web.filters import ALL, FREE, ME, NAMED, NOBODY, SECOND, chosen
from crossquote.web.problems import found
from crossquote.web.render import page
from db.access import User
from db.bulk import MOST
from db.filters import Between, VerdictFilter
from db.places import LastPlace, last_place, saved_filters
from db.queries import verdict_rows
from db.queue import choices, counts, first
from db.team import assignments, hidden, judges, second_opinions
from verifier.verdicts import Stance, VerdictKind

router = APIRouter()
PER_PAGE = 25
LABELS = (*(stance.value for stance in Stance), ALL)
REVIEWED = (
    *(("no", "Waiting for you"), (SECOND, "Second opinion wanted"), ("yes", "Reviewed"), ("mine", "Judged by me")),
    (ALL, "All"),
)
BETWEEN = (
    *(("", "Anything"), (Between.OUTLETS.value, "Two outlets"), (Between.ARTICLES.value, "Two articles")),
    (Between.ONE.value, "Speakers of one article"),
)
ASSIGNED = (("", "Anybody or nobody"), (ME, "Me"), (FREE, "Me or nobody"), (NOBODY, "Nobody"))
WORKLISTS = (("assigned=me&label=all", "Assigned to you"), (f"reviewed={SECOND}&label=all", "Second opinions wanted"))


@router.get("/")
def show(request: Request, desk: TheDesk, user: TheUser) -> Response:
    """One page of the queue; only the list itself where a filter was changed in place."""
    wanted = chosen(request.query_params, user.name)
    with desk.engine.connect() as connection:
        number = counts(connection, wanted.filter)
        pages = max(1, -(-number.all // PER_PAGE))
        at = min(_page(request.query_params.get("page", "")), pages)
        rows = verdict_rows(connection, replace(wanted.filter, limit=PER_PAGE, offset=(at - 1) * PER_PAGE))
        shown = [row.pair_id for row in rows]
        values: dict[str, Any] = {
            "chosen": wanted, "counts": number, "rows": rows, "page_number": at, "pages": pages,
            "hidden": hidden(connection, user, shown), "assignments": assignments(connection, shown),
            "opinions": second_opinions(connection, shown), "most": MOST,
        }  # fmt: skip
        in_place = "hx-request" in request.headers and "hx-history-restore-request" not in request.headers
        if in_place:
            return page(request, "_queue_list.html", **values)
        return page(request, "queue.html", **values, **_around(connection, user, wanted.filter.story_id))


def _around(connection: Connection, user: User, story_id: int | None) -> dict[str, Any]:
    """What stands beside the list: the filters with their choices, the user's own lists, and where the user left off."""
    people = [(f"{NAMED}{name}", name) for name in judges(connection, user) if name != user.name]
    return {
        "choices": choices(connection, story_id),
        "labels": LABELS,
        "kinds": [kind.value for kind in VerdictKind],
        "between_words": BETWEEN,
        "reviewed_words": REVIEWED,
        "assigned_words": (*ASSIGNED, *people),
        "worklists": [(query, name, _count(connection, query, user)) for query, name in WORKLISTS],
        "saved": saved_filters(connection, user.name),
        "last": _left_off(connection, user),
    }


def _count(connection: Connection, query: str, user: User) -> int:
    return counts(connection, chosen(dict(parse_qsl(query)), user.name).filter).all


def _left_off(connection: Connection, user: User) -> LastPlace | None:
    """The verdict that was opened last, unless a newer version of an article took it away."""
    last = last_place(connection, user.name)
    return last if last is not None and counts(connection, VerdictFilter(pair_id=last.pair_id)).all else None


@router.get("/resume")
def resume(desk: TheDesk, user: TheUser) -> Response:
    """The verdict that the user opened last, in its filter; the queue where there is none."""
    with desk.engine.connect() as connection:
        last = _left_off(connection, user)
    return RedirectResponse(f"/verdicts/{last.pair_id}?{last.query}" if last else "/", 303)


@router.post("/filters")
def save(
    desk: TheDesk, user: TheUser, name: Annotated[str, Form()] = "", query: Annotated[str, Form()] = ""
) -> Response:
    """Keep the filter under a name, for this user."""
    kept = chosen(dict(parse_qsl(query[:4000])), user.name).query
    desk.places.save(user.name, name, kept)
    return RedirectResponse(f"/?{kept}", 303)


@router.post("/filters/{filter_id}/delete")
def delete(desk: TheDesk, user: TheUser, filter_id: Key) -> Response:
    """Delete a filter of one's own."""
    with found():
        desk.places.delete(user.name, filter_id)
    return RedirectResponse("/", 303)


@router.get("/start")
def start(request: Request, desk: TheDesk, user: TheUser) -> Response:
    """The first verdict of the queue."""
    wanted = chosen(request.query_params, user.name)
    with desk.engine.connect() as connection:
        pair = first(connection, wanted.filter)
    return RedirectResponse(f"/verdicts/{pair}?{wanted.query}" if pair else f"/?{wanted.query}", 303)


def _page(value: str) -> int:
    return max(1, int(value)) if value.isascii() and value.isdigit() and len(value) < 7 else 1
