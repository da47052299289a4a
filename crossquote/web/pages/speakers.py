"""Speakers: what one person or body said over time."""

from __future__ import annotations

from fastapi import APIRouter, Request, Response

from crossquote.web.desk import Key, TheDesk
from crossquote.web.problems import found
from crossquote.web.render import page
from db.filters import VerdictFilter
from db.queries import verdict_rows
from db.reading import speaker, speakers, verdicts_of
from verifier.verdicts import VerdictKind

router = APIRouter(prefix="/speakers")


@router.get("")
def index(request: Request, desk: TheDesk) -> Response:
    """The speakers with the most statements."""
    with desk.engine.connect() as connection:
        return page(request, "speakers.html", speakers=speakers(connection))


@router.get("/{speaker_id}")
def show(request: Request, desk: TheDesk, speaker_id: Key) -> Response:
    """One speaker: other names, statements in order of time, changes of position."""
    with found(), desk.engine.connect() as connection:
        seen = speaker(connection, speaker_id)
        verdicts = verdicts_of(connection, [side.statement.id for side in seen.sides])
        wanted = VerdictFilter(kind=VerdictKind.POSITION_CHANGED, speaker=seen.name)
        changes = verdict_rows(connection, wanted)
    return page(request, "speaker.html", speaker=seen, verdicts=verdicts, changes=changes)
