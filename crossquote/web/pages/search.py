"""Search: statements and articles by their words."""

from __future__ import annotations

from fastapi import APIRouter, Request, Response

from crossquote.web.desk import TheDesk
from crossquote.web.render import page
from db.finding import found_articles, found_statements
from db.queue import speaker_ids
from db.searching import LONGEST

router = APIRouter(prefix="/search")
SHOWN = 25


@router.get("")
def show(request: Request, desk: TheDesk) -> Response:
    """The best matches of both sorts; an empty form without a question."""
    typed = request.query_params.get("q", "").strip()[:LONGEST]
    with desk.engine.connect() as connection:
        sides, articles = found_statements(connection, typed, SHOWN), found_articles(connection, typed, SHOWN)
        speakers = speaker_ids(connection, [side.statement.id for side in sides])
    return page(request, "search.html", typed=typed, sides=sides, articles=articles, speakers=speakers, shown=SHOWN)
