"""Outlets: who agrees with whom, and who conflicts."""

from __future__ import annotations

from fastapi import APIRouter, Request, Response

from crossquote.web.desk import TheDesk
from crossquote.web.render import page
from db.quality import OutletPair, outlet_pairs

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
    return page(request, "outlets.html", names=names, cells=cells, depth=_depths(pairs))


def _depths(pairs: list[OutletPair]) -> dict[tuple[str, str], int]:
    """How deep a cell is coloured, 1 to `STEPS`, by its conflicts beside the most there are."""
    most = max((pair.conflict for pair in pairs), default=0)
    found = {}
    for pair in pairs:
        depth = -(-pair.conflict * STEPS // most) if most else 0
        found[pair.a, pair.b] = found[pair.b, pair.a] = depth
    return found
