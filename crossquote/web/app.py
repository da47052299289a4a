"""Makes the app of a desk: pages, API, static files, and what stands before them."""

from __future__ import annotations

import logging
from pathlib import Path

from fastapi import FastAPI, Request, Response
from fastapi.exceptions import RequestValidationError
from sqlalchemy import text
from starlette.exceptions import HTTPException
from starlette.middleware.trustedhost import TrustedHostMiddleware
from starlette.staticfiles import StaticFiles

from crossquote.web import metrics
from crossquote.web.api import speakers as api_speakers
from crossquote.web.api import team as api_team
from crossquote.web.api import texts, v1, work
from crossquote.web.api.answers import negotiated
from crossquote.web.api.description import describe
from crossquote.web.desk import Desk, TheDesk, desk_of
from crossquote.web.gate import gate, refused
from crossquote.web.headers import HEADERS, HeadAsGet, secured
from crossquote.web.pages import (
    articles,
    audit,
    bulk,
    entrance,
    exports,
    others,
    outlets,
    quality,
    queue,
    runs,
    search,
    speakers,
    stories,
    team,
    tokens,
    verdict,
)
from crossquote.web.problems import in_words
from verifier.errors import BadInput, CrossquoteError, Unavailable

STATIC = Path(__file__).parent / "static"
LOG = logging.getLogger(__name__)
BUSY = "The database does not answer now. Try again in a moment."
BROKEN = "This is a fault of the desk, and its log says which. Tell whoever runs it."
"""What visitors are told: the message names the database's place and what is wrong with it, and goes to the log."""
LOOPBACK = ["localhost", "127.0.0.1", "[::1]"]
PAGES = (
    *(entrance, queue, verdict, others, search, exports, articles, stories, speakers, runs, outlets, quality),
    *(team, bulk, audit, tokens),
)
API = (v1, texts, api_speakers, api_team, work)


def create_app(desk: Desk) -> FastAPI:
    """The app of one desk. A desk of one's own answers to the names of this machine only, so that no site can rebind to it."""
    app = FastAPI(
        title="crossquote",
        version="1",
        docs_url=None,
        redoc_url=None,
        openapi_url="/api/v1/openapi.json",
    )
    app.state.desk = desk
    app.middleware("http")(negotiated)
    app.middleware("http")(gate)
    app.middleware("http")(secured)
    app.add_middleware(HeadAsGet)
    if desk.token is not None:
        app.add_middleware(TrustedHostMiddleware, allowed_hosts=LOOPBACK)
    app.get("/healthz", include_in_schema=False)(healthz)
    for module in PAGES:
        app.include_router(module.router, include_in_schema=False)
    app.include_router(verdict.former, include_in_schema=False)
    app.include_router(metrics.router, include_in_schema=False)
    for api in API:
        app.include_router(api.router)
    describe(app)
    app.mount("/static", StaticFiles(directory=STATIC), name="static")
    _tell(app)
    return app


def healthz(desk: TheDesk) -> dict[str, str]:
    """Whether the desk and its database answer."""
    with desk.engine.connect() as connection:
        connection.execute(text("SELECT 1"))
    return {"status": "ok"}


def _tell(app: FastAPI) -> None:
    """What goes wrong, in words."""

    @app.exception_handler(HTTPException)
    def _http(request: Request, error: HTTPException) -> Response:
        headers = error.headers or {}
        answer = refused(request, error.status_code, in_words(error.status_code, str(error.detail), headers))
        answer.headers.update(headers)
        return answer

    @app.exception_handler(RequestValidationError)
    def _invalid(request: Request, error: RequestValidationError) -> Response:
        first = error.errors()[0]
        return refused(request, 422, f"{'.'.join(str(part) for part in first['loc'])}: {first['msg']}")

    @app.exception_handler(CrossquoteError)
    def _ours(request: Request, error: CrossquoteError) -> Response:
        if isinstance(error, BadInput):
            return refused(request, 422, error.message)
        LOG.error("%s %s: %s", request.method, request.url.path, error.message)
        status, words = (503, BUSY) if isinstance(error, Unavailable) else (500, BROKEN)
        return refused(request, status, error.message if desk_of(request).local else words)

    @app.exception_handler(Exception)
    def _unforeseen(request: Request, _: Exception) -> Response:
        """Our fault: this stands outside of what adds the headers, and the server logs the error after it."""
        answer = refused(request, 500, BROKEN)
        answer.headers.update(HEADERS | {"Cache-Control": "no-store"})
        return answer
