"""Who may come in, and from where a change may come. Everything that is not named here is behind the log-in."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import Annotated
from urllib.parse import quote

from fastapi import Depends, HTTPException, Request, Response
from starlette.concurrency import run_in_threadpool
from starlette.responses import RedirectResponse

from crossquote.web.desk import Desk, desk_of, user_of
from crossquote.web.problems import problem
from crossquote.web.sessions import LOCAL
from db.access import Role, Scope, User, user_by_id, user_by_token

OPEN = frozenset({"/healthz", "/metrics", "/login", "/open"})
OPEN_FOLDER = "/static/"
SAFE = frozenset({"GET", "HEAD", "OPTIONS"})
API = "/api/"
LARGEST_BODY = 1 << 20
"""Bytes of a request: the longest comment many times over, so that nobody fills the memory before the log-in."""
Next = Callable[[Request], Awaitable[Response]]


async def gate(request: Request, call_next: Next) -> Response:
    """Refuse what is too large and changes from other sites, find out who asks, send strangers to the log-in."""
    path = request.url.path
    token = _bearer(request)
    if (answer := _too_large(request)) is not None:
        return answer
    if request.method not in SAFE and token is None and not _own_origin(request):
        return refused(request, 403, "This request came from another site, so nothing was changed.")
    if path in OPEN or path.startswith(OPEN_FOLDER):
        return await call_next(request)
    user = await run_in_threadpool(_user, desk_of(request), request, token)
    if user is None:
        return _stranger(request)
    request.state.user = user
    return await call_next(request)


def needs(role: Role) -> Callable[[Request], None]:
    """A dependency that lets in who may act in this role."""

    def check(request: Request) -> None:
        if not user_of(request).role.may(role):
            scope = f", or a token of such a user with the scope {Scope.of(role)}" if in_api(request) else ""
            raise HTTPException(403, f"This needs the role {role}{scope}. Ask an administrator of this desk.")

    return check


Reviewer = Annotated[None, Depends(needs(Role.REVIEWER))]
Admin = Annotated[None, Depends(needs(Role.ADMIN))]


def in_api(request: Request) -> bool:
    """Whether a program is asking."""
    return request.url.path.startswith(API)


def refused(request: Request, status: int, detail: str) -> Response:
    """A refusal as a page, or as problem details for the API."""
    if in_api(request):
        return problem(request, status, detail)
    from crossquote.web.render import message

    return message(request, status, detail)


def _too_large(request: Request) -> Response | None:
    """A refusal of a body that is too long, or whose length is not said beforehand."""
    if "transfer-encoding" in request.headers:
        return refused(request, 411, "Say how long the request is, in the header Content-Length.")
    length = request.headers.get("content-length", "0")
    if length.isascii() and length.isdigit() and len(length) < 12 and int(length) <= LARGEST_BODY:
        return None
    return refused(request, 413, f"A request may have at most {LARGEST_BODY:,} bytes.")


def _stranger(request: Request) -> Response:
    if in_api(request):
        answer = problem(request, 401, "Log in, or send a token: `Authorization: Bearer TOKEN`.")
        answer.headers["WWW-Authenticate"] = "Bearer"
        return answer
    wanted = request.url.path + (f"?{request.url.query}" if request.url.query else "")
    address = f"/login?next={quote(wanted)}" if request.method in SAFE and wanted != "/" else "/login"
    if "hx-request" in request.headers:
        return Response(status_code=401, headers={"HX-Redirect": address})
    return RedirectResponse(address, 303)


def _bearer(request: Request) -> str | None:
    scheme, _, token = request.headers.get("authorization", "").partition(" ")
    return token.strip() if scheme.lower() == "bearer" and in_api(request) else None


def _user(desk: Desk, request: Request, token: str | None) -> User | None:
    if token is not None:
        with desk.engine.connect() as connection:
            return user_by_token(connection, token)
    session = desk.sessions.read(request.cookies.get(desk.sessions.cookie, ""))
    if session is None:
        return None
    if session.user_id == LOCAL:
        return desk.local
    with desk.engine.connect() as connection:
        user = user_by_id(connection, session.user_id)
    return user if user is not None and user.stamp == session.stamp else None


def _own_origin(request: Request) -> bool:
    """What browsers say of where a request comes from, which no page can forge; nothing said is not enough."""
    site = request.headers.get("sec-fetch-site")
    if site is not None:
        return site == "same-origin"
    origin = request.headers.get("origin", "")
    return origin.partition("://")[2] == request.headers.get("host") != ""
