"""The API of the team: assignments, second opinions, bulk decisions, saved filters, and where one left off."""

from __future__ import annotations

from dataclasses import asdict
from typing import Annotated, Any
from urllib.parse import parse_qsl

from fastapi import APIRouter, HTTPException, Query, Response
from pydantic import BaseModel, Field

from crossquote.web.api.lists import Cursor, Limit, listed, number
from crossquote.web.api.models import Listed
from crossquote.web.api.team_models import BulkAnswer, FilterAnswer, PairTeam, PlaceAnswer, ScopeAnswer, Work
from crossquote.web.desk import Key, TheDesk, TheUser
from crossquote.web.filters import chosen
from crossquote.web.gate import Reviewer
from crossquote.web.pages.others import LATELY
from crossquote.web.problems import found
from db.access import User
from db.bulk import Bulk, Decision, bulks, scope
from db.places import last_place, others_at, saved_filters
from db.queue import verdict_row
from db.reviews import Stale
from db.team import assignments, second_opinions, workload
from verifier.verdicts import Stance

router = APIRouter(prefix="/api/v1", tags=["team"])
Filter = Annotated[str, Query(max_length=4000, description="The address line of the queue, such as `label=conflict`.")]


class NewAssignment(BaseModel):
    """Whose item it becomes; null: nobody's."""

    assignee: str | None = Field(default=None, max_length=200)


class NewBulk(BaseModel):
    """A decision on all that a filter finds, as `GET /bulk-scope` has shown it."""

    stance: Stance
    filter: str = Field(max_length=4000)
    seal: str = Field(max_length=64)
    comment: str | None = Field(default=None, max_length=10_000)


class NewFilter(BaseModel):
    """A filter to keep under a name."""

    name: str = Field(max_length=200)
    query: str = Field(max_length=4000)


@router.get("/verdicts/{pair_id}/team", response_model=PairTeam)
def team(desk: TheDesk, user: TheUser, pair_id: Key) -> dict[str, Any]:
    """Whose item a pair is, whether a second opinion is asked for (null where not), and who else has it open now."""
    with found(), desk.engine.connect() as connection:
        verdict_row(connection, pair_id)
        whose = assignments(connection, [pair_id]).get(pair_id)
        wish = second_opinions(connection, [pair_id]).get(pair_id)
        there = others_at(connection, pair_id, user.name, desk.now() - LATELY)
    open_by = [{"user": one.owner, "opened_at": one.opened_at.isoformat()} for one in there]
    return {"assignment": whose and _plain(whose), "second_opinion": wish and _plain(wish), "open_by": open_by}


@router.put("/verdicts/{pair_id}/assignment", response_model=PairTeam)
def assign(desk: TheDesk, user: TheUser, _: Reviewer, pair_id: Key, new: NewAssignment) -> dict[str, Any]:
    """Make a pair somebody's item, or nobody's."""
    with found():
        desk.team.assign(user, pair_id, new.assignee)
    return team(desk, user, pair_id)


@router.put("/verdicts/{pair_id}/second-opinion", response_model=PairTeam)
def ask(desk: TheDesk, user: TheUser, _: Reviewer, pair_id: Key) -> dict[str, Any]:
    """Ask that one more person judges a pair."""
    with found():
        desk.team.ask(user, pair_id)
    return team(desk, user, pair_id)


@router.delete("/verdicts/{pair_id}/second-opinion", status_code=204)
def withdraw(desk: TheDesk, user: TheUser, _: Reviewer, pair_id: Key) -> None:
    """Ask no more."""
    with found():
        desk.team.withdraw(user, pair_id)


@router.get("/team", response_model=Work)
def work(desk: TheDesk) -> dict[str, Any]:
    """How much is assigned to whom and not judged yet, and where a second opinion is wanted."""
    with desk.engine.connect() as connection:
        wishes = [_plain(one) for one in second_opinions(connection).values()]
        return {"assigned": workload(connection), "second_opinions": wishes}


@router.get("/bulk-scope", response_model=ScopeAnswer)
def bulk_scope(desk: TheDesk, user: TheUser, _: Reviewer, filter: Filter = "") -> dict[str, Any]:
    """What a bulk decision over a filter would be on; send `seal` with the decision."""
    with desk.engine.connect() as connection:
        now = scope(connection, chosen(dict(parse_qsl(filter)), user.name).filter)
    return {"count": now.count, "judged": now.judged, "seal": now.seal}


@router.get("/bulk-decisions", response_model=Listed[BulkAnswer])
def bulk_decisions(desk: TheDesk, user: TheUser, limit: Limit = 50, cursor: Cursor = "") -> dict[str, Any]:
    """Bulk decisions, the latest first."""
    with desk.engine.connect() as connection:
        rows = bulks(connection, limit=limit, before=number(cursor))
    return listed(rows, limit, lambda one: one.id, lambda one: _bulk(one, user))


@router.post("/bulk-decisions", status_code=201, response_model=BulkAnswer)
def decide(response: Response, desk: TheDesk, user: TheUser, _: Reviewer, new: NewBulk) -> dict[str, Any]:
    """Decide all that the filter finds; 409 where that is not what the seal was given for."""
    wanted = chosen(dict(parse_qsl(new.filter)), user.name)
    try:
        made = desk.bulks.decide(user.name, Decision(new.stance, new.comment, wanted.filter, wanted.query, new.seal))
    except Stale as error:
        raise HTTPException(409, error.message) from None
    response.headers["Location"] = f"/api/v1/bulk-decisions/{made}"
    return bulk_decision(desk, user, made)


@router.get("/bulk-decisions/{bulk_id}", response_model=BulkAnswer)
def bulk_decision(desk: TheDesk, user: TheUser, bulk_id: Key) -> dict[str, Any]:
    """One bulk decision."""
    with desk.engine.connect() as connection:
        for one in bulks(connection, bulk_id):
            return _bulk(one, user)
    raise HTTPException(404, "There is no such bulk decision.")


@router.delete("/bulk-decisions/{bulk_id}", response_model=BulkAnswer)
def undo(desk: TheDesk, user: TheUser, _: Reviewer, bulk_id: Key) -> dict[str, Any]:
    """Take all of it back; it stays on record as undone."""
    with found():
        desk.bulks.undo(user, bulk_id)
    return bulk_decision(desk, user, bulk_id)


@router.get("/filters", response_model=Listed[FilterAnswer])
def filters(desk: TheDesk, user: TheUser) -> dict[str, Any]:
    """One's own saved filters; never a page."""
    with desk.engine.connect() as connection:
        return {"items": [asdict(one) for one in saved_filters(connection, user.name)], "next": None}


@router.post("/filters", status_code=201, response_model=FilterAnswer)
def save(desk: TheDesk, user: TheUser, new: NewFilter) -> dict[str, Any]:
    """Keep a filter, in place of the one of that name."""
    kept = chosen(dict(parse_qsl(new.query)), user.name).query
    return {"id": desk.places.save(user.name, new.name, kept), "name": " ".join(new.name.split()), "query": kept}


@router.delete("/filters/{filter_id}", status_code=204)
def delete(desk: TheDesk, user: TheUser, filter_id: Key) -> None:
    """Delete a filter of one's own."""
    with found():
        desk.places.delete(user.name, filter_id)


@router.get("/place", response_model=PlaceAnswer)
def place(desk: TheDesk, user: TheUser) -> dict[str, Any]:
    """The verdict that one opened last, and its filter; null before the first."""
    with desk.engine.connect() as connection:
        last = last_place(connection, user.name)
    return {"pair": last and last.pair_id, "query": last and last.query}


def _plain(one: Any) -> dict[str, Any]:
    """A value of the team; its pair is `pair`, as everywhere in the API."""
    values = {name: value.isoformat() if name.endswith("_at") else value for name, value in asdict(one).items()}
    return {"pair": values.pop("pair_id"), **values}


def _bulk(one: Bulk, user: User) -> dict[str, Any]:
    undone = one.undone_at and one.undone_at.isoformat()
    stance = one.stance.value if one.tells(user) else None
    return asdict(one) | {"stance": stance, "at": one.at.isoformat(), "undone_at": undone}
