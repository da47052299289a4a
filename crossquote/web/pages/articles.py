"""An article with every statement marked."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from fastapi import APIRouter, Request, Response

from crossquote.web.desk import Key, TheDesk
from crossquote.web.marking import marks_of, pieces
from crossquote.web.problems import found
from crossquote.web.render import page
from db.queue import speaker_ids
from db.reading import Page, statements_of, verdicts_of
from db.reading import page as article_page
from verifier.values import Paragraph, Side

router = APIRouter(prefix="/articles")


@router.get("/{version_id}")
def show(request: Request, desk: TheDesk, version_id: Key) -> Response:
    """One version of an article: its text, its statements, and the verdicts on each."""
    with found(), desk.engine.connect() as connection:
        article = article_page(connection, version_id)
        sides = statements_of(connection, version_id)
        ids = [side.statement.id for side in sides]
        verdicts, speakers = verdicts_of(connection, ids), speaker_ids(connection, ids)
    paragraphs = _paragraphs(article, sides)
    values: dict[str, Any] = {"article": article, "sides": sides, "paragraphs": paragraphs}
    return page(request, "article.html", **values, verdicts=verdicts, speakers=speakers)


def _paragraphs(article: Page, sides: Sequence[Side]) -> list[dict[str, Any]]:
    """The text in pieces; `first` is the statement whose first piece it is, to be found again from the list."""
    marks = [mark for side in sides for mark in marks_of(side.statement)]
    places = article.paragraphs or (Paragraph(0, len(article.text)),)
    met: set[str | None] = {None}
    found = []
    for place in (place for place in places if place.start < place.end):
        cut = []
        for piece in pieces(article.text, place.start, place.end, marks):
            cut.append({"piece": piece, "first": piece.statement not in met})
            met.add(piece.statement)
        found.append({"pieces": cut, "mark": place.mark})
    return found
