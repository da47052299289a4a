"""Coming in and going out."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Form, Request, Response
from starlette.responses import RedirectResponse

from crossquote.web.desk import Desk, TheDesk
from crossquote.web.render import message, page
from db.access import User, find_user

router = APIRouter()


@router.get("/login")
def form(request: Request, desk: TheDesk) -> Response:
    """The log-in; at a desk of one's own, where the way in is."""
    if desk.local is not None:
        return message(
            request, 401, "This desk opens by the link that `crossquote review` prints. Start the command again."
        )
    return page(request, "login.html", next=_inside(request.query_params.get("next", "")), name="", error="")


@router.post("/login")
def enter(
    request: Request,
    desk: TheDesk,
    name: Annotated[str, Form()] = "",
    password: Annotated[str, Form()] = "",
    next: Annotated[str, Form()] = "",
) -> Response:
    """Check name and password; too many failures, of a name or from an address, must wait."""
    name = " ".join(name.split())[:200]
    keys = (f"name {name.casefold()}", f"address {request.client.host if request.client else ''}")
    values = {"next": _inside(next), "name": name}
    if (seconds := desk.limiter.wait(*keys)) > 0:
        error = f"Too many failed attempts. Try again in {-(-seconds // 60)} minutes."
        answer = page(request, "login.html", 429, error=error, **values)
        answer.headers["Retry-After"] = str(seconds)
        return answer
    user = _checked(desk, name, password)
    if user is None:
        desk.limiter.failed(*keys)
        desk.accounts.note(name or "nobody", "log-in failed", "desk")
        return page(request, "login.html", 401, error="Name or password is wrong.", **values)
    desk.limiter.succeeded(keys[0])
    desk.accounts.note(user.name, "logged in", "desk")
    return _let_in(desk, user, _inside(next))


@router.get("/open")
def open_own(request: Request, desk: TheDesk, token: str = "") -> Response:
    """The way into a desk of one's own: by the token in the link, once."""
    if desk.token is None or desk.local is None:
        return RedirectResponse("/login", 303)
    if not desk.token.use(token):
        return message(request, 401, "This link has been used already. Start `crossquote review` again.")
    return _let_in(desk, desk.local, "/")


@router.post("/logout")
def leave(request: Request, desk: TheDesk) -> Response:
    """End the session."""
    desk.sessions.end(request.cookies.get(desk.sessions.cookie, ""))
    desk.accounts.note(request.state.user.name, "logged out", "desk")
    answer = RedirectResponse("/login", 303)
    answer.delete_cookie(desk.sessions.cookie, httponly=True, samesite="lax", secure=desk.https)
    return answer


def _checked(desk: Desk, name: str, password: str) -> User | None:
    with desk.engine.connect() as connection:
        found = find_user(connection, name)
    user, stored = found if found is not None else (None, None)
    fits = desk.passwords.fits(stored, password)
    return user if fits and user is not None and not user.disabled else None


def _let_in(desk: Desk, user: User, address: str) -> Response:
    answer = RedirectResponse(address or "/", 303)
    sessions = desk.sessions
    answer.set_cookie(
        sessions.cookie,
        sessions.start(user),
        max_age=sessions.seconds,
        httponly=True,
        samesite="lax",
        secure=desk.https,
        path="/",
    )
    return answer


def _inside(address: str) -> str:
    """An address of this desk; anything else is dropped, so that a log-in never leads elsewhere."""
    inside = address.startswith("/") and not address.startswith("//") and "\\" not in address and address.isprintable()
    return address if inside else ""
