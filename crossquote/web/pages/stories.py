"""Stories: articles on one event, and what is in contention between them, on the screen and on paper."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Annotated, Any

from fastapi import APIRouter, Query, Request, Response

from crossquote.web.desk import LARGEST, Desk, Key, TheDesk, TheUser
from crossquote.web.problems import found
from crossquote.web.render import page
from db.access import User
from db.filters import VerdictFilter
from db.listing import some_stories
from db.queries import VerdictRow, verdict_rows
from db.reading import Member, story_members
from db.standing import Dispute, disputes
from db.team import hidden
from verifier.camps import Camp
from verifier.independence import Weight
from verifier.values import Side
from verifier.verdicts import Stance

router = APIRouter(prefix="/stories")


PER_PAGE = 100
Before = Annotated[int | None, Query(ge=1, le=LARGEST)]


@dataclass(frozen=True, slots=True)
class Line:
    """An article of the time line with its number, what carries the same copy, and the claims that it speaks to."""

    number: int
    article: Member
    copies: tuple[Member, ...]
    claims: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Voice:
    """A statement on one side of a claim, and the statements that are the same copy."""

    side: Side
    copies: tuple[Side, ...]


@dataclass(frozen=True, slots=True)
class Stand:
    """One side of a claim: who says so, and how many sources they are."""

    weight: Weight
    voices: tuple[Voice, ...]


@dataclass(frozen=True, slots=True)
class Claim:
    """A claim in contention with its number: the verdicts on it, best first, and both sides."""

    number: int
    rows: tuple[VerdictRow, ...]
    stands: tuple[Stand, Stand]


@router.get("")
def index(request: Request, desk: TheDesk, before: Before = None) -> Response:
    """Stories, the latest first."""
    with desk.engine.connect() as connection:
        rows = some_stories(connection, before, PER_PAGE)
    older = rows[-1].id if len(rows) == PER_PAGE else None
    return page(request, "stories.html", stories=rows, older=older)


@router.get("/{story_id}")
def show(request: Request, desk: TheDesk, user: TheUser, story_id: Key) -> Response:
    """One story: its articles in time, copies folded under what they copy, and its claims in contention."""
    return page(request, "story.html", **_story(desk, user, story_id))


@router.get("/{story_id}/print")
def on_paper(request: Request, desk: TheDesk, user: TheUser, story_id: Key) -> Response:
    """The same with nothing folded or cut, its sources numbered, to be printed."""
    return page(request, "story_print.html", **_story(desk, user, story_id), now=desk.now())


def _story(desk: Desk, user: User, story_id: int) -> dict[str, Any]:
    with found(), desk.engine.connect() as connection:
        members = story_members(connection, story_id)
        rows = verdict_rows(connection, VerdictFilter(label=Stance.CONFLICT, story_id=story_id))
        held = [one for one in disputes(connection, rows) if one.standing.story_id == story_id]
        unseen = hidden(connection, user, [row.pair_id for row in rows])
    claims = [_claim(number, one) for number, one in enumerate(held, 1)]
    dates = [one.published_at for one in members if one.published_at]
    return {
        "title": next((one.title or one.url for one in members), f"Story {story_id}"),
        "outlets": len({one.outlet for one in members if one.outlet}),
        "dates": (min(dates), max(dates)) if dates else None,
        "line": _line(members, claims),
        "numbers": {one.version_id: number for number, one in enumerate(members, 1)},
        "members": members,
        "claims": claims,
        "story_id": story_id,
        "hidden": unseen,
    }


def _claim(number: int, dispute: Dispute) -> Claim:
    best, standing = dispute.rows[0], dispute.standing
    return Claim(number, dispute.rows, (_stand(standing.a, best.a), _stand(standing.b, best.b)))


def _stand(camp: Camp, first: Side) -> Stand:
    """Who says so: the compared statement first, then as they were published; the same copy folded under its first."""
    cluster = {one.side.statement.id: one.cluster for one in camp.statements}
    sides = [one.side for one in camp.statements if one.side.statement.id != first.statement.id]
    sides.sort(key=lambda side: (side.published_at is None, side.published_at or None, side.statement.id))
    groups: dict[object, list[Side]] = {}
    for side in (first, *sides):
        copied = cluster.get(side.statement.id)
        groups.setdefault(side.statement.id if copied is None else copied, []).append(side)
    return Stand(camp.weight, tuple(Voice(one, tuple(copies)) for one, *copies in groups.values()))


def _line(members: Sequence[Member], claims: Sequence[Claim]) -> list[Line]:
    """Each article with its copies under it; a copy of a copy stands under the first."""
    heads = _heads(members)
    spoken: dict[int, set[int]] = {}
    for claim in claims:
        for voice in (voice for stand in claim.stands for voice in stand.voices):
            for side in (voice.side, *voice.copies):
                spoken.setdefault(heads.get(side.version_id, side.version_id), set()).add(claim.number)
    return [
        Line(
            number,
            one,
            tuple(copy for copy in members if heads[copy.version_id] == one.version_id and copy is not one),
            tuple(sorted(spoken.get(one.version_id, ()))),
        )
        for number, one in enumerate(members, 1)
        if heads[one.version_id] == one.version_id
    ]


def _heads(members: Sequence[Member]) -> dict[int, int]:
    """For each version the first that carried its copy, itself where it is none."""
    origin = {one.version_id: one.copy_of for one in members}

    def root(version: int) -> int:
        seen = {version}
        while (above := origin.get(version)) is not None and above not in seen:
            version = above
            seen.add(version)
        return version

    return {one.version_id: root(one.version_id) for one in members}
