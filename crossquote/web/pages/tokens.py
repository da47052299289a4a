"""Tokens with which programs use the API: administrators see them, make their own and revoke any."""

from __future__ import annotations

import secrets
from typing import Annotated

from fastapi import APIRouter, Form, Query, Request, Response
from starlette.responses import RedirectResponse

from crossquote.web.desk import LARGEST, Desk, Key, TheDesk, TheUser
from crossquote.web.gate import Admin
from crossquote.web.problems import found
from crossquote.web.render import page
from db.access import Scope, tokens

router = APIRouter(prefix="/tokens")
PER_PAGE = 50
Before = Annotated[int | None, Query(ge=1, le=LARGEST)]


@router.get("")
def index(request: Request, desk: TheDesk, _: Admin, before: Before = None) -> Response:
    """The tokens, the newest first."""
    return _shown(request, desk, before)


@router.post("")
def make(
    request: Request,
    desk: TheDesk,
    user: TheUser,
    _: Admin,
    scope: Annotated[Scope, Form()] = Scope.READ,
    label: Annotated[str, Form(max_length=200)] = "",
) -> Response:
    """A new token for oneself, shown once; a desk of one's own has no users whom it could speak for."""
    if desk.local is not None:
        return _shown(request, desk, None, 409)
    made = f"cq_{secrets.token_urlsafe(32)}"
    desk.accounts.add_token(user.name, made, user.name, scope, label.strip() or None)
    return _shown(request, desk, None, 201, made)


@router.post("/{token_id}/revoke")
def revoke(desk: TheDesk, user: TheUser, _: Admin, token_id: Key) -> Response:
    """Shut a token out."""
    with found():
        desk.accounts.revoke_token(token_id, user.name)
    return RedirectResponse("/tokens", 303)


def _shown(request: Request, desk: Desk, before: int | None, status: int = 200, made: str = "") -> Response:
    with desk.engine.connect() as connection:
        rows = tokens(connection, PER_PAGE, before)
    older = rows[-1].id if len(rows) == PER_PAGE else None
    own = desk.local is not None
    return page(request, "tokens.html", status, tokens=rows, older=older, made=made, scopes=list(Scope), own=own)
