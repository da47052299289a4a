"""The audit log and the users, for administrators."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Query, Request, Response

from crossquote.web.desk import LARGEST, TheDesk
from crossquote.web.gate import Admin
from crossquote.web.render import page
from db.access import audit, users

router = APIRouter(prefix="/audit")
PER_PAGE = 100
Before = Annotated[int | None, Query(ge=1, le=LARGEST)]


@router.get("")
def index(request: Request, desk: TheDesk, _: Admin, before: Before = None) -> Response:
    """The latest changes, and who may make them."""
    with desk.engine.connect() as connection:
        lines, known = audit(connection, PER_PAGE, before), users(connection)
    older = lines[-1][0] if len(lines) == PER_PAGE else None
    return page(request, "audit.html", entries=[entry for _, entry in lines], users=known, older=older)
