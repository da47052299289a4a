"""Who else is at a verdict: told while one reads it, so that two people on one item see each other."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import Annotated, Final
from urllib.parse import urlencode

from fastapi import APIRouter, Query, Request, Response
from sqlalchemy import Connection

from crossquote.web.desk import LARGEST, Desk, Key, TheDesk, TheUser
from crossquote.web.problems import found
from crossquote.web.render import page
from db.access import User
from db.places import Opened, others_at
from db.reviews import history
from db.verdicts import require_pair

router = APIRouter(prefix="/verdicts")
LATELY: Final = timedelta(minutes=10)
"""Who opened a verdict longer ago and nothing since is not taken to be reading it."""


@dataclass(frozen=True, slots=True)
class Others:
    """Who else has a pair open, and what became of its judgement since the page was made from the one with the id `seen`.

    `judge` is who made the one that holds now, None where none does.
    """

    pair_id: int
    seen: int
    open_by: tuple[Opened, ...]
    held: int
    judge: str | None

    @property
    def changed(self) -> bool:
        return self.held != self.seen

    @property
    def address(self) -> str:
        """Where to ask again, with what is known now."""
        return f"/verdicts/{self.pair_id}/others?" + urlencode({"seen": self.seen, "known": self.state})

    @property
    def state(self) -> str:
        """The same as long as nothing is new."""
        return f"{self.held} {' '.join(one.owner for one in self.open_by)}"[:1000]


@router.get("/{pair_id}/others")
def show(
    request: Request,
    desk: TheDesk,
    user: TheUser,
    pair_id: Key,
    seen: Annotated[int, Query(ge=0, le=LARGEST)] = 0,
    known: Annotated[str, Query(max_length=2000)] = "",
) -> Response:
    """What a page shows of the others; 204 where that is `known` already."""
    with found(), desk.engine.connect() as connection:
        require_pair(connection, pair_id)
        there = others(connection, desk, user, pair_id, seen)
    return Response(status_code=204) if there.state == known else page(request, "_others.html", others=there)


def others(connection: Connection, desk: Desk, user: User, pair_id: int, seen: int | None = None) -> Others:
    """Who else is there now; without `seen` the judgement that holds now is taken as seen."""
    held = next((one for one in history(connection, pair_id) if one.superseded_at is None), None)
    now, judge = (held.id, held.judgement.reviewer) if held else (0, None)
    open_by = others_at(connection, pair_id, user.name, desk.now() - LATELY)
    return Others(pair_id, now if seen is None else seen, tuple(open_by), now, judge)
