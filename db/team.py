"""Who works on what: assignments, second opinions, and what a reviewer may see of the others' judgements."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime

from sqlalchemy import Connection, Engine, func, insert, select, update

from db.access import Role, User, log, users
from db.desk_tables import Assignments, SecondOpinions
from db.filters import open_opinions, stands
from db.tables import Judgements
from db.transaction import chunks, written
from db.verdicts import require_pair
from verifier.errors import BadInput


@dataclass(frozen=True, slots=True)
class Assignment:
    """Whose item a pair is."""

    pair_id: int
    assignee: str
    assigned_by: str
    assigned_at: datetime


@dataclass(frozen=True, slots=True)
class SecondOpinion:
    """One more person is asked to judge a pair: `judges` have, `needed` should."""

    pair_id: int
    asked_by: str
    asked_at: datetime
    needed: int
    judges: tuple[str, ...]


class Team:
    """Changes of assignments and second opinions, each in a transaction of its own."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine

    def assign(self, actor: User, pair_id: int, assignee: str | None) -> None:
        """Make a pair somebody's item, or nobody's; BadInput for one who cannot judge, KeyError: no such pair."""

        def act(connection: Connection) -> None:
            require_pair(connection, pair_id)
            if assignee is not None and assignee not in judges(connection, actor):
                raise BadInput(f"{assignee[:80]!r} is nobody who can judge here: choose a reviewer or an administrator")
            now = datetime.now(UTC)
            held = update(Assignments).where(Assignments.pair_id == pair_id, Assignments.ended_at.is_(None))
            connection.execute(held.values(ended_at=now))
            row = {"pair_id": pair_id, "assignee": assignee, "assigned_by": actor.name, "assigned_at": now}
            if assignee is not None:
                connection.execute(insert(Assignments).values(row))
            log(connection, actor.name, "assigned", f"pair {pair_id}", {"to": assignee or "nobody"})

        written(self._engine, act)

    def ask(self, actor: User, pair_id: int) -> None:
        """Ask that one more person than have so far, and two at least, judge a pair.

        BadInput where that is asked already; KeyError: no such pair.
        """

        def act(connection: Connection) -> None:
            require_pair(connection, pair_id)
            if pair_id in second_opinions(connection, [pair_id]):
                raise BadInput("a second opinion is asked for already: it waits in the queue of the others")
            now = datetime.now(UTC)
            _end_opinion(connection, pair_id, now)
            needed = max(2, len(_judges_of(connection, [pair_id]).get(pair_id, ())) + 1)
            row = {"pair_id": pair_id, "asked_by": actor.name, "asked_at": now, "needed": needed}
            connection.execute(insert(SecondOpinions).values(row))
            log(connection, actor.name, "second opinion asked", f"pair {pair_id}", {"needed": needed})

        written(self._engine, act)

    def withdraw(self, actor: User, pair_id: int) -> None:
        """Ask no more; BadInput where nothing is asked, or by somebody else (an administrator may)."""

        def act(connection: Connection) -> None:
            require_pair(connection, pair_id)
            one = second_opinions(connection, [pair_id]).get(pair_id)
            if one is None or not (one.asked_by == actor.name or actor.role.may(Role.ADMIN)):
                raise BadInput("no second opinion is asked for here by you: who asked can withdraw it")
            _end_opinion(connection, pair_id, datetime.now(UTC))
            log(connection, actor.name, "second opinion withdrawn", f"pair {pair_id}")

        written(self._engine, act)


def judges(connection: Connection, user: User) -> list[str]:
    """The names of those who may judge at this desk, by name; at a desk of one's own that is its user."""
    known = {one.name for one in users(connection) if not one.disabled and one.role.may(Role.REVIEWER)}
    return sorted(known | ({user.name} if user.role.may(Role.REVIEWER) else set()))


def assignments(connection: Connection, pairs: Collection[int]) -> dict[int, Assignment]:
    """Whose item each of these pairs is, where it is somebody's."""
    columns = (Assignments.pair_id, Assignments.assignee, Assignments.assigned_by, Assignments.assigned_at)
    found = {}
    for part in chunks(sorted(pairs)):
        query = select(*columns).where(Assignments.pair_id.in_(part), Assignments.ended_at.is_(None))
        found.update({row.pair_id: Assignment(*row) for row in connection.execute(query)})
    return found


def workload(connection: Connection) -> dict[str, int]:
    """How many pairs are assigned to whom, those left out that the assignee has judged."""
    done = select(Judgements.pair_id).where(
        Judgements.pair_id == Assignments.pair_id, Judgements.reviewer == Assignments.assignee, stands(Judgements)
    )
    query = select(Assignments.assignee, func.count()).where(Assignments.ended_at.is_(None), ~done.exists())
    return dict(iter(connection.execute(query.group_by(Assignments.assignee).order_by(Assignments.assignee))))


def second_opinions(connection: Connection, pairs: Collection[int] | None = None) -> dict[int, SecondOpinion]:
    """What is asked for and not yet given, of these pairs or of all, the oldest first."""
    columns = (SecondOpinions.pair_id, SecondOpinions.asked_by, SecondOpinions.asked_at, SecondOpinions.needed)
    query = select(*columns).where(SecondOpinions.ended_at.is_(None), SecondOpinions.pair_id.in_(open_opinions()))
    if pairs is not None:
        query = query.where(SecondOpinions.pair_id.in_(pairs))
    rows = connection.execute(query.order_by(SecondOpinions.id)).all()
    judged = _judges_of(connection, [row.pair_id for row in rows])
    return {
        row.pair_id: SecondOpinion(row.pair_id, row.asked_by, row.asked_at, row.needed, judged.get(row.pair_id, ()))
        for row in rows
    }


def hidden(connection: Connection, user: User, pairs: Collection[int]) -> frozenset[int]:
    """The pairs of which a reviewer must not yet see what the others hold, so that each judgement is one's own.

    That is until one has judged the pair oneself. Readers, who never judge, and administrators see everything.
    """
    if user.role is not Role.REVIEWER:
        return frozenset()
    return frozenset(pair for pair, names in _judges_of(connection, pairs).items() if user.name not in names)


def _judges_of(connection: Connection, pairs: Collection[int]) -> Mapping[int, tuple[str, ...]]:
    """Who has judged each of these pairs and not taken it back, in order of time."""
    found: dict[int, tuple[str, ...]] = {}
    for part in chunks(sorted(pairs)):
        query = select(Judgements.pair_id, Judgements.reviewer).where(Judgements.pair_id.in_(part), stands(Judgements))
        for pair, name in connection.execute(query.order_by(Judgements.id)):
            found[pair] = tuple(dict.fromkeys((*found.get(pair, ()), name)))
    return found


def _end_opinion(connection: Connection, pair_id: int, now: datetime) -> None:
    held = update(SecondOpinions).where(SecondOpinions.pair_id == pair_id, SecondOpinions.ended_at.is_(None))
    connection.execute(held.values(ended_at=now))
