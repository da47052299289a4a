"""Makes the app of a desk: pages, API, static files, and what stands before them."""

from __future__ import annotations

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
from crossquote.web.desk import Desk, TheDesk
from crossquote.web.gate import gate, refused
from crossquote.web.headers import secured
from crossquote.web.pages import (
    articles,
    audit,
    bulk,
    entrance,
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
from verifier.errors import BadInput, CrossquoteError, Unavailable

STATIC = Path(__file__).parent / "static"
LOOPBACK = ["localhost", "127.0.0.1", "[::1]"]
PAGES = (
    *(entrance, queue, verdict, search, articles, stories, speakers, runs, outlets, quality),
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
        return refused(request, error.status_code, str(error.detail))

    @app.exception_handler(RequestValidationError)
    def _invalid(request: Request, error: RequestValidationError) -> Response:
        first = error.errors()[0]
        return refused(request, 422, f"{'.'.join(str(part) for part in first['loc'])}: {first['msg']}")

    @app.exception_handler(CrossquoteError)
    def _ours(request: Request, error: CrossquoteError) -> Response:
        status = 422 if isinstance(error, BadInput) else 503 if isinstance(error, Unavailable) else 500
        return refused(request, status, error.message)
