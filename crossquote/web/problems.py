"""Errors of the API as problem details (RFC 9457)."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from http import HTTPStatus
from typing import Final

from fastapi import HTTPException, Request
from starlette.responses import JSONResponse

_MEANT: Final = {404: "There is nothing at this address.", 405: "This address takes {allow} only."}


def problem(request: Request, status: int, detail: str) -> JSONResponse:
    """One error: its status in words, and what to do about it."""
    words = {"type": "about:blank", "title": HTTPStatus(status).phrase, "status": status, "detail": detail}
    return JSONResponse(words | {"instance": request.url.path}, status, media_type="application/problem+json")


def in_words(status: int, detail: str, headers: Mapping[str, str]) -> str:
    """An error's detail; where the framework gave none but the status, what it means."""
    if detail != HTTPStatus(status).phrase:
        return detail
    return _MEANT.get(status, detail).format(allow=headers.get("Allow", "other methods"))


@contextmanager
def found() -> Iterator[None]:
    """Turns the KeyError of a read that finds no such item into "not found"."""
    try:
        yield
    except KeyError:
        raise HTTPException(404, "There is nothing here: it never was, or a newer version took its place.") from None
