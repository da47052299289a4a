"""What people decide about speakers: that two are one, or that one is two. Each decision can be undone, and is logged.

A decision changes who speaks in the statements that are there at once, and in those that come (`db.speaker_rules`). The gates
look at the moved statements again, and their pairs are judged again, in the next run; no judgement of a person changes.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import Connection, Engine, Select, delete, func, insert, select, update

from db.access import log
from db.names import name_key, require_storable
from db.reviews import Stale
from db.speaker_rules import Rules, names_of, rules
from db.speaker_tables import SpeakerChoices, SpeakerDecisions, SpeakerMoves
from db.tables import Pairings, SpeakerAliases, Speakers, Statements
from db.transaction import Transaction, chunks, insert_new
from db.waiting import put_moved
from verifier.errors import BadInput
from verifier.values import SpeakerKind

LONGEST_COMMENT = 1000
LONGEST_NAME = 200


@dataclass(frozen=True, slots=True)
class Known:
    """A speaker as a form showed it: the id, and the last decision about it by then (0: none)."""

    id: int
    seen: int


@dataclass(frozen=True, slots=True)
class Part:
    """What to split off: the statements in whose article the speaker has an alias, or chosen ones."""

    alias: str | None = None
    statements: tuple[str, ...] = ()


class SpeakerChanges:
    """Changes, each in a transaction of its own. KeyError: no such speaker; Stale: it changed after the form was opened."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine

    def merge(self, into: Known, other: Known, actor: str, comment: str = "") -> int:
        """All that `other` says is `into`'s from now on; the decision's id. BadInput where the two cannot be one."""
        reason = _comment(comment)

        def act(connection: Connection) -> int:
            known = rules(connection)
            target, source = _standing(connection, known, into), _standing(connection, known, other)
            _require_mergeable(source, target)
            values = {"action": "merge", "source_id": other.id, "target_id": into.id, "comment": reason}
            decision = _add(connection, actor, values)
            moved = _apply(connection, decision, other.id)
            detail = {"decision": decision, "merged": source.name, "speaker": other.id, "statements": moved}
            log(connection, actor, "merged speakers", f"speaker {into.id}", detail)
            return decision

        return self._written(act)

    def split(self, off: Known, part: Part, name: str, actor: str, comment: str = "") -> int:
        """A part of what a speaker says is another's, who is new and gets a name; the decision's id.

        BadInput where the part is none of it, or all of it.
        """
        reason, name = _comment(comment), _name(name)

        def act(connection: Connection) -> int:
            source = _standing(connection, rules(connection), off)
            chosen = _chosen(connection, off.id, part)
            target = _new_speaker(connection, name, source.kind)
            values = {"action": "split", "source_id": off.id, "target_id": target, "comment": reason}
            alias = {"alias": part.alias, "alias_key": part.alias and name_key(part.alias)}
            decision = _add(connection, actor, values | alias)
            if part.alias is None:
                insert_new(
                    connection, SpeakerChoices, [{"decision_id": decision, "statement_id": one} for one in chosen]
                )
            moved = _apply(connection, decision, off.id)
            detail = {"decision": decision, "new speaker": target, "name": name, "statements": moved}
            log(connection, actor, "split a speaker", f"speaker {off.id}", detail | _by(part))
            return decision

        return self._written(act)

    def undo(self, decision_id: int, actor: str) -> int:
        """Take a decision back, whoever made it; the id of the undo. KeyError: there is no such decision.

        Stale where it was undone already, or a later decision rests on it.
        """

        def act(connection: Connection) -> int:
            made = _decision(connection, decision_id)
            known = rules(connection)
            _require_undoable(connection, known, made)
            values = {"action": "undo", "source_id": made.source_id, "target_id": made.target_id}
            decision = _add(connection, actor, values | {"undoes_id": decision_id})
            moved = _apply(connection, decision, made.target_id)
            detail = {"decision": decision_id, "statements": moved}
            log(connection, actor, f"undid a {made.action} of speakers", f"speaker {made.target_id}", detail)
            return decision

        return self._written(act)

    def _written(self, act: Callable[[Connection], int]) -> int:
        work = Transaction(self._engine)
        try:
            found = act(work.write)
            work.commit()
        finally:
            work.close()
        return found


def last_decision(connection: Connection, speaker_id: int) -> int:
    """The last decision (or undo) about a speaker, 0 where there is none: what a form must have seen."""
    return last_decisions(connection, [speaker_id]).get(speaker_id, 0)


def last_decisions(connection: Connection, speakers: Sequence[int]) -> dict[int, int]:
    """The last decision (or undo) about each of these speakers that has one."""
    found: dict[int, int] = {}
    for end in (SpeakerDecisions.source_id, SpeakerDecisions.target_id):
        for part in chunks(speakers):
            query = select(end, func.max(SpeakerDecisions.id)).where(end.in_(part)).group_by(end)
            for speaker, last in connection.execute(query):
                found[speaker] = max(last, found.get(speaker, 0))
    return found


def blocking(known: Rules, decision_id: int, target: int) -> int | None:
    """A later decision in force that took something from what this one made, and so must be undone first."""
    return next((rule.id for rule in reversed(known.all) if rule.id > decision_id and rule.source == target), None)


def _standing(connection: Connection, known: Rules, speaker: Known) -> Any:
    """A speaker that is not merged into another, as it was seen."""
    row = connection.execute(select(Speakers.__table__).where(Speakers.id == speaker.id)).first()
    if row is None:
        raise KeyError(speaker.id)
    last = last_decision(connection, speaker.id)
    if last != speaker.seen:
        made = _decision(connection, last) if last else None
        who = f"{made.actor} decided about it" if made else "nothing is decided about it"
        raise Stale(f"speaker {speaker.id} changed while you were reading: {who} by now; look again and decide anew")
    if (into := known.merged_into(speaker.id)) is not None:
        raise BadInput(f"speaker {speaker.id} is part of speaker {into} already: decide about speaker {into}")
    return row


def _require_mergeable(source: Any, target: Any) -> None:
    if source.id == target.id:
        raise BadInput(f"speaker {source.id} cannot be merged with itself: choose another one")
    outlet = SpeakerKind.OUTLET.value
    if (source.kind == outlet) != (target.kind == outlet):
        raise BadInput("an outlet's own voice and somebody it reports on cannot be one: choose another speaker")


def _decision(connection: Connection, decision_id: int) -> Any:
    row = connection.execute(select(SpeakerDecisions.__table__).where(SpeakerDecisions.id == decision_id)).first()
    if row is None:
        raise KeyError(decision_id)
    return row


def _require_undoable(connection: Connection, known: Rules, made: Any) -> None:
    if made.action == "undo":
        raise BadInput(f"decision {made.id} is an undo itself: merge or split again instead")
    undone = select(SpeakerDecisions.actor).where(SpeakerDecisions.undoes_id == made.id)
    if (by := connection.execute(undone).scalar()) is not None:
        raise Stale(f"this {made.action} is undone already, by {by}")
    if (later := blocking(known, made.id, made.target_id)) is not None:
        raise Stale(f"decision {later} rests on this {made.action}: undo decision {later} first")


def _add(connection: Connection, actor: str, values: dict[str, Any]) -> int:
    row = values | {"actor": actor, "at": datetime.now(UTC)}
    return int(connection.execute(insert(SpeakerDecisions).values(row).returning(SpeakerDecisions.id)).scalar_one())


def _name(name: str) -> str:
    name = " ".join(name.split())
    if not name or len(name) > LONGEST_NAME or not name.isprintable():
        raise BadInput(f"the new speaker's name has between 1 and {LONGEST_NAME} characters that can be seen")
    require_storable("the new speaker", {"name": name})
    return name


def _comment(comment: str) -> str | None:
    comment = comment.strip()
    if len(comment) > LONGEST_COMMENT:
        raise BadInput(f"a reason has at most {LONGEST_COMMENT} characters")
    require_storable("the decision", {"reason": comment})
    return comment or None


def _new_speaker(connection: Connection, name: str, kind: str) -> int:
    """Two blanks in the key: no name folds to that, so no extraction comes upon this speaker by its name."""
    number = connection.execute(select(func.coalesce(func.max(Speakers.id), 0))).scalar_one() + 1
    row = {"name": name, "kind": kind, "key": f"{name_key(name)}  {number}"}
    return int(connection.execute(insert(Speakers).values(row).returning(Speakers.id)).scalar_one())


def _chosen(connection: Connection, speaker: int, part: Part) -> list[str]:
    """The statements of the part: some of the speaker's current ones, not all."""
    held = connection.execute(_held_query(speaker).where(Statements.is_current)).all()
    if part.alias is not None:
        key = name_key(part.alias)
        chosen = [row.id for row in held if key in names_of(row.speaker_name, row.speaker_aliases)]
        none = f"no statement of speaker {speaker} goes by the name “{part.alias}”: choose one of its names"
    else:
        ids = {row.id for row in held}
        if strange := [one for one in part.statements if one not in ids]:
            raise BadInput(f"statement {strange[0]} is not one of speaker {speaker}'s: look again and decide anew")
        chosen, none = sorted(set(part.statements)), "no statement was chosen: choose those to split off"
    if not chosen:
        raise BadInput(none)
    if len(chosen) == len(held):
        raise BadInput(f"that is all that speaker {speaker} says, and would leave nothing: choose a part of it")
    return chosen


def _held(connection: Connection, speaker: int) -> Sequence[Any]:
    return connection.execute(_held_query(speaker)).all()


def _held_query(speaker: int) -> Select[Any]:
    columns = (Statements.id, Statements.speaker_id, Statements.speaker_name, Statements.speaker_aliases)
    moved = SpeakerMoves.extracted_id.label("extracted_id")
    query = select(*columns, moved).outerjoin(SpeakerMoves, SpeakerMoves.statement_id == Statements.id)
    return query.where(Statements.speaker_id == speaker)


def _by(part: Part) -> dict[str, str]:
    return {"alias": part.alias} if part.alias is not None else {}


def _apply(connection: Connection, decision: int, speaker: int) -> int:
    """Give the statements that a speaker held to whom the rules now give them; how many that changes."""
    known, moved = rules(connection), dict[int, list[Any]]()
    for row in _held(connection, speaker):
        extracted = row.extracted_id or row.speaker_id
        held, _ = known.held(extracted, row.id, names_of(row.speaker_name, row.speaker_aliases))
        if held != speaker:
            moved.setdefault(held, []).append(row)
    for held, rows in moved.items():
        _move(connection, decision, held, rows)
    _mark_apart(connection, known, {speaker, *moved, *_ends(connection, decision)})
    for one in (speaker, *moved):
        _name_again(connection, one)
    return sum(len(rows) for rows in moved.values())


def _move(connection: Connection, decision: int, held: int, rows: Sequence[Any]) -> None:
    """Set the speaker; the gates look at the statements again, and verdicts must have seen this decision."""
    ids = [row.id for row in rows]
    first = [
        {"statement_id": row.id, "extracted_id": row.extracted_id or row.speaker_id, "decision_id": decision}
        for row in rows
    ]
    insert_new(connection, SpeakerMoves, first)
    for part in chunks(ids):
        connection.execute(update(Statements).where(Statements.id.in_(part)).values(speaker_id=held))
        seen = update(SpeakerMoves).where(SpeakerMoves.statement_id.in_(part))
        connection.execute(seen.values(decision_id=decision))
        connection.execute(delete(Pairings).where(Pairings.statement_id.in_(part)))
        put_moved(connection, part)


def _ends(connection: Connection, decision: int) -> tuple[int, int]:
    made = _decision(connection, decision)
    return made.source_id, made.target_id


def _mark_apart(connection: Connection, known: Rules, speakers: Iterable[int]) -> None:
    for one in sorted(speakers):
        apart = update(Speakers).where(Speakers.id == one)
        connection.execute(apart.values(told_apart=known.told_apart(one)))


def _name_again(connection: Connection, speaker: int) -> None:
    """The other words for a speaker, from the statements that are its own by now."""
    key = connection.execute(select(Speakers.key).where(Speakers.id == speaker)).scalar_one()
    names = {
        name_key(name): name
        for row in _held(connection, speaker)
        for name in (row.speaker_name, *(row.speaker_aliases or ()))
        if name
    }
    connection.execute(delete(SpeakerAliases).where(SpeakerAliases.speaker_id == speaker))
    rows = [{"speaker_id": speaker, "key": one, "alias": name} for one, name in sorted(names.items()) if one != key]
    insert_new(connection, SpeakerAliases, rows)
