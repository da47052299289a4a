"""The OpenAPI document: what FastAPI finds in the routes, and what all of them share."""

from __future__ import annotations

from typing import Any, Final

from fastapi import FastAPI
from fastapi.openapi.utils import get_openapi

from crossquote.web.api.models import Problem

ABOUT: Final = """What the review desk shows, for programs.

Send a token (`Authorization: Bearer TOKEN`), which `crossquote users token` makes. Its scope bounds what it may do: `read`,
`review` (judge and comment as well), `admin` (users, tokens and the audit log as well); it never exceeds its user's role.

Lists answer `{"items", "next"}`: send `next` as `cursor` for the page after, or follow the header `Link`. Every answer to GET
carries an `ETag`; with `If-None-Match` an unchanged one is answered 304 without a body. `format=csv` or `Accept: text/csv` gives
CSV, in which a text that a spreadsheet would take for a formula begins with an apostrophe. Errors are problem details (RFC 9457).
"""
_PROBLEMS: Final = {
    "400": "The request cannot be read.",
    "401": "Nobody is logged in, and no token that holds was sent.",
    "403": "The role or the token's scope is not enough, or a change came from another site.",
    "404": "There is no such thing, or a newer version took its place.",
    "405": "This address takes other methods.",
    "409": "Somebody else was faster: read again.",
    "411": "The request does not say how long it is.",
    "413": "The request is too large.",
    "422": "A parameter or the body cannot be used; `detail` names it.",
    "500": "A fault of the desk; its log says which.",
    "503": "The database cannot be reached now; try again.",
}
_FORMAT: Final = {
    "name": "format",
    "in": "query",
    "required": False,
    "description": "`json` or `csv`, before what `Accept` says.",
    "schema": {"type": "string", "enum": ["json", "csv"]},
}
_KNOWN: Final = {
    "name": "If-None-Match",
    "in": "header",
    "required": False,
    "description": "ETags of what you have.",
    "schema": {"type": "string"},
}
_ETAG: Final = {"ETag": {"description": "Changes with the answer.", "schema": {"type": "string"}}}
_LINK: Final = {
    "Link": {"description": '`<address>; rel="next"` where there is a page after.', "schema": {"type": "string"}}
}


def describe(app: FastAPI) -> None:
    """Let the app answer with the whole description; it is made once."""

    def openapi() -> dict[str, Any]:
        if app.openapi_schema is None:
            app.openapi_schema = _document(app)
        return app.openapi_schema

    app.openapi = openapi  # type: ignore[method-assign]


def _document(app: FastAPI) -> dict[str, Any]:
    made = get_openapi(title="crossquote", version=app.version, description=ABOUT, routes=app.routes)
    parts = made.setdefault("components", {})
    schemas = parts.setdefault("schemas", {})
    for name in ("HTTPValidationError", "ValidationError"):
        schemas.pop(name, None)
    schemas["Problem"] = Problem.model_json_schema()
    parts["securitySchemes"] = {
        "token": {"type": "http", "scheme": "bearer"},
        "session": {"type": "apiKey", "in": "cookie", "name": app.state.desk.sessions.cookie},
    }
    made["security"] = [{"token": []}, {"session": []}]
    for path in made["paths"].values():
        for method, operation in path.items():
            _complete(method, operation)
    return made


def _complete(method: str, operation: dict[str, Any]) -> None:
    answers = operation["responses"]
    for status, words in _PROBLEMS.items():
        if status != "409" or method != "get":
            schema = {"$ref": "#/components/schemas/Problem"}
            answers[status] = {"description": words, "content": {"application/problem+json": {"schema": schema}}}
    if method != "get":
        return
    operation.setdefault("parameters", []).extend([_FORMAT, _KNOWN])
    answers["200"]["headers"] = _ETAG | _LINK
    answers["200"]["content"]["text/csv"] = {"schema": {"type": "string"}}
    answers["304"] = {"description": "What you have is what there is.", "headers": _ETAG}
