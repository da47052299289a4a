"""What the lists of the API have in common: how many, from where, and the way to the next page."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Annotated, Any, TypeVar

from fastapi import HTTPException, Query

from crossquote.web.api.cursors import closed, opened
from crossquote.web.desk import LARGEST
from db.searching import LONGEST

T = TypeVar("T")
Limit = Annotated[int, Query(ge=1, le=200, description="At most so many.")]
Cursor = Annotated[str, Query(max_length=200, description="`next` of the page before; empty for the first page.")]
Words = Annotated[
    str,
    Query(
        max_length=LONGEST,
        description='Words that all have to be there, in any form; `"in a row"`, and `begin*` for a beginning.',
    ),
]


def number(cursor: str) -> int | None:
    """The number in a cursor; None in that of the first page."""
    last = opened(cursor)
    if last and not (last.isascii() and last.isdigit() and int(last) <= LARGEST):
        raise HTTPException(422, "cursor: this is no cursor of this list")
    return int(last) if last else None


def listed(rows: Sequence[T], limit: int, key: Callable[[T], object], shown: Callable[[T], Any]) -> dict[str, Any]:
    """A page of rows, which has another after it where it is full."""
    following = closed(str(key(rows[-1]))) if len(rows) == limit else None
    return {"items": [shown(row) for row in rows], "next": following}
