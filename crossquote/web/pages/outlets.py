"""Outlets: who agrees with whom, and who conflicts."""

from __future__ import annotations

from collections.abc import Callable, Iterable

from fastapi import APIRouter, Request, Response

from crossquote.web.desk import TheDesk
from crossquote.web.render import page
from db.quality import outlet_pairs

router = APIRouter(prefix="/outlets")
STEPS = 5
"""Depths of colour in the heat map."""


@router.get("")
def index(request: Request, desk: TheDesk) -> Response:
    """The heat map, as a table."""
    with desk.engine.connect() as connection:
        pairs = outlet_pairs(connection)
    names = sorted({name for pair in pairs for name in (pair.a, pair.b)})
    cells = {key: pair for pair in pairs for key in ((pair.a, pair.b), (pair.b, pair.a))}
    depth = {"conflict": _depth(pair.conflict for pair in pairs), "agree": _depth(pair.agree for pair in pairs)}
    return page(request, "outlets.html", names=names, cells=cells, depth=depth)


def _depth(numbers: Iterable[int]) -> Callable[[int], int]:
    """How deep a number is coloured: 0 for none, then 1 to `STEPS` beside the most there are."""
    most = max(numbers, default=0)
    return lambda number: -(-number * STEPS // most) if most else 0
