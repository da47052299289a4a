"""Errors of the API as problem details (RFC 9457)."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from http import HTTPStatus

from fastapi import HTTPException, Request
from starlette.responses import JSONResponse


def problem(request: Request, status: int, detail: str) -> JSONResponse:
    """One error: its status in words, and what to do about it."""
    words = {"type": "about:blank", "title": HTTPStatus(status).phrase, "status": status, "detail": detail}
    return JSONResponse(words | {"instance": request.url.path}, status, media_type="application/problem+json")


@contextmanager
def found() -> Iterator[None]:
    """Turns the KeyError of a read that finds no such item into "not found"."""
    try:
        yield
    except KeyError:
        raise HTTPException(404, "There is nothing here: it never was, or a newer version took its place.") from None
