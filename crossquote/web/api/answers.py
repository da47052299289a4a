"""What all answers of the API share: JSON or CSV as asked for, an ETag, and the address of the next page.

One place for every route: whatever a route answers to GET as JSON can be had as CSV, and is not sent twice to who has it.
"""

from __future__ import annotations

import hashlib
import io
import json
from collections.abc import Awaitable, Callable, Iterator, Mapping
from typing import Any, Final, get_args

from fastapi import Request, Response
from pydantic import BaseModel

from crossquote.exports.tables import write_csv
from crossquote.web.problems import problem

FOLDER: Final = "/api/v1/"
JSON, CSV = "application/json", "text/csv"
Next = Callable[[Request], Awaitable[Response]]


async def negotiated(request: Request, call_next: Next) -> Response:
    """Give the answer the form that was asked for (`format`, or `Accept`), and 304 to who has it already."""
    if request.method != "GET" or not request.url.path.startswith(FOLDER):
        return await call_next(request)
    form = request.query_params.get("format", "")
    if form not in ("", "json", "csv"):
        return problem(request, 422, "format: use json or csv")
    answer = await call_next(request)
    if answer.status_code != 200:
        return answer
    body = b"".join([_bytes(part) async for part in answer.body_iterator])  # type: ignore[attr-defined]
    return _made(request, body, form == "csv" or (not form and prefers_csv(request.headers.get("accept", ""))))


def prefers_csv(accept: str) -> bool:
    """Whether a header `Accept` asks for CSV more than for JSON (RFC 9110, 12.5.1)."""
    weights = dict(_weight(one) for one in accept.split(","))
    anything = weights.get("*/*", weights.get("application/*", 0.0))
    return weights.get(CSV, weights.get("text/*", 0.0)) > weights.get(JSON, anything)


def _weight(one: str) -> tuple[str, float]:
    kind, *parameters = (part.strip().lower() for part in one.split(";"))
    given = next((value for name, _, value in (one.partition("=") for one in parameters) if name.strip() == "q"), "1")
    try:
        return kind, float(given)
    except ValueError:
        return kind, 0.0


def _made(request: Request, body: bytes, as_csv: bool) -> Response:
    found = json.loads(body)
    headers = {"Vary": "Accept, Authorization, Cookie"}
    if isinstance(found, dict) and found.get("next"):
        following = request.url.include_query_params(cursor=found["next"])
        headers["Link"] = f'<{following.path}?{following.query}>; rel="next"'
    if as_csv:
        body = csv_of(found, _columns(request)).encode()
    headers["ETag"] = etag = f'"{hashlib.sha256(body).hexdigest()[:32]}"'
    if _known(request.headers.get("if-none-match", ""), etag):
        return Response(status_code=304, headers=headers)
    return Response(body, headers=headers, media_type=f"{CSV}; charset=utf-8; header=present" if as_csv else JSON)


def _known(header: str, etag: str) -> bool:
    """Weak comparison (RFC 9110, 13.1.2)."""
    return header.strip() == "*" or etag in [one.strip().removeprefix("W/") for one in header.split(",")]


def csv_of(found: Any, columns: list[str]) -> str:
    """The items of a list, or one thing, a row each; nested names are joined by `_`, lists stand as JSON in a cell."""
    items = found["items"] if isinstance(found, dict) and isinstance(found.get("items"), list) else [found]
    rows = [dict(_flat(one, frozenset(columns))) for one in items]
    names = columns or list(dict.fromkeys(name for row in rows for name in row))
    stream = io.StringIO()
    write_csv(stream, names, ([row.get(name) for name in names] for row in rows))
    return stream.getvalue()


def _flat(value: Mapping[str, Any], whole: frozenset[str], before: str = "") -> Iterator[tuple[str, Any]]:
    for name, one in value.items():
        if isinstance(one, dict) and f"{before}{name}" not in whole:
            yield from _flat(one, whole, f"{before}{name}_")
        else:
            yield f"{before}{name}", one


def _columns(request: Request) -> list[str]:
    """The columns that the route's model promises, so that every page has the same; none where it has no model."""
    model = getattr(request.scope.get("route"), "response_model", None)
    if not (isinstance(model, type) and issubclass(model, BaseModel)):
        return []
    items = model.model_fields.get("items")
    return list(_names(get_args(items.annotation)[0] if items and get_args(items.annotation) else model))


def _names(model: Any, before: str = "") -> Iterator[str]:
    for name, field in model.model_fields.items():
        inner = [one for one in (field.annotation, *get_args(field.annotation)) if _is_model(one)]
        if inner and not str(field.annotation).startswith("list"):
            yield from _names(inner[0], f"{before}{name}_")
        else:
            yield f"{before}{name}"


def _is_model(one: Any) -> bool:
    return isinstance(one, type) and issubclass(one, BaseModel)


def _bytes(part: str | bytes | memoryview) -> bytes:
    return part.encode() if isinstance(part, str) else bytes(part)
