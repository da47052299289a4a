"""What every answer tells the browser: nothing but our own files, no frames, no guessing."""

from __future__ import annotations

from collections.abc import Awaitable, Callable

from fastapi import Request, Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; connect-src 'self'; "
    "form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
)
HEADERS = {
    "Content-Security-Policy": POLICY,
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=()",
}


async def secured(request: Request, call_next: Callable[[Request], Awaitable[Response]]) -> Response:
    """Add the headers; pages are never kept in a cache, static files are asked for again when they changed."""
    answer = await call_next(request)
    for name, value in HEADERS.items():
        answer.headers[name] = value
    answer.headers["Cache-Control"] = _kept(request, answer)
    return answer


class HeadAsGet:
    """Answers HEAD as GET, without the body (RFC 9110, 9.3.2): the framework's routes know GET alone."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """One request."""

        async def bodiless(message: Message) -> None:
            await send({**message, "body": b""} if message["type"] == "http.response.body" else message)

        if scope["type"] == "http" and scope["method"] == "HEAD":
            await self._app({**scope, "method": "GET"}, receive, bodiless)
        else:
            await self._app(scope, receive, send)


def _kept(request: Request, answer: Response) -> str:
    """What has an ETag may be kept by who asked, and is asked for again."""
    if request.url.path.startswith("/static/"):
        return "no-cache"
    return "private, no-cache" if "etag" in answer.headers else "no-store"
