"""What the desk is made of: plain values and objects, handed to the app, which hands them to its pages."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Annotated

from fastapi import Depends, Path, Request
from sqlalchemy import Engine

from crossquote.web.limiter import Limiter
from crossquote.web.passwords import Passwords
from crossquote.web.sessions import OneTimeToken, Sessions
from db.access import Accounts, User
from db.bulk import Bulks
from db.places import Places
from db.reviews import Reviews
from db.speaker_decisions import SpeakerChanges
from db.team import Team

if TYPE_CHECKING:
    from jinja2 import Environment


@dataclass(frozen=True, slots=True)
class Desk:
    """One desk over one database.

    `local` is who works at a desk of one's own (`crossquote review`) and `token` what opens it; both are None for a
    newsroom's, which has users with passwords. `https` marks the cookie as one for encrypted connections only;
    without a `metrics_token`, /metrics answers this machine only.
    """

    engine: Engine
    sessions: Sessions
    passwords: Passwords
    limiter: Limiter
    templates: Environment
    local: User | None = None
    token: OneTimeToken | None = None
    https: bool = False
    metrics_token: str = field(default="", repr=False)

    @property
    def accounts(self) -> Accounts:
        return Accounts(self.engine)

    @property
    def reviews(self) -> Reviews:
        return Reviews(self.engine)

    @property
    def speakers(self) -> SpeakerChanges:
        return SpeakerChanges(self.engine)

    @property
    def team(self) -> Team:
        return Team(self.engine)

    @property
    def bulks(self) -> Bulks:
        return Bulks(self.engine)

    @property
    def places(self) -> Places:
        return Places(self.engine)

    def now(self) -> datetime:
        """The time of an entry."""
        return datetime.now(UTC)


def desk_of(request: Request) -> Desk:
    """The desk behind a request."""
    found: Desk = request.app.state.desk
    return found


def user_of(request: Request) -> User:
    """Who is asking: the gate has let nobody else through."""
    found: User = request.state.user
    return found


LARGEST = 2**31 - 1
"""The largest id that a column holds."""
Key = Annotated[int, Path(ge=1, le=LARGEST)]
TheDesk = Annotated[Desk, Depends(desk_of)]
TheUser = Annotated[User, Depends(user_of)]
