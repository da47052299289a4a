"""The team: whose items wait, where a second opinion is wanted, and what was decided in bulk."""

from __future__ import annotations

from typing import Any

from fastapi import APIRouter, Request, Response

from crossquote.web.desk import TheDesk, TheUser
from crossquote.web.filters import NAMED
from crossquote.web.render import page
from db.bulk import bulks
from db.team import judges, second_opinions, workload

router = APIRouter(prefix="/team")


@router.get("")
def index(request: Request, desk: TheDesk, user: TheUser) -> Response:
    """Who has how much to do."""
    with desk.engine.connect() as connection:
        waiting = workload(connection)
        names = sorted({*judges(connection, user), *waiting})
        values: dict[str, Any] = {"opinions": second_opinions(connection).values(), "bulks": bulks(connection)}
    people = [(name, f"{NAMED}{name}", waiting.get(name, 0)) for name in names]
    return page(request, "team.html", people=people, **values)
