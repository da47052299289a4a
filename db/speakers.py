"""Who speaks in new statements: the speaker that the extractor meant, or whom people took that one for."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from sqlalchemy import Connection, select, tuple_

from db.names import name_key
from db.speaker_rules import Place, Rules, chosen_in, names_of, rules
from db.speaker_tables import SpeakerChoices, SpeakerMoves
from db.tables import SpeakerAliases, Speakers
from db.transaction import chunks, insert_new
from verifier.values import Speaker, Statement

SpeakerIds = dict[tuple[str, str], int]


@dataclass(frozen=True, slots=True)
class Spoken:
    """Whom the extractor meant in a statement, who is held to speak, and by which decision (0: none)."""

    extracted: int
    held: int
    decision: int


@dataclass(frozen=True, slots=True)
class Spoke:
    """The speakers of some statements, by statement, and the choices of people that later statements have come under."""

    by_statement: dict[str, Spoken]
    choices: tuple[tuple[int, str], ...]

    def held(self, statement: str) -> int | None:
        """Who is held to speak; None where nobody knows."""
        found = self.by_statement.get(statement)
        return None if found is None else found.held


def speakers_of(connection: Connection, version_id: int, statements: Sequence[Statement]) -> Spoke:
    """Who speaks in the statements of a version; new speakers and aliases are added."""
    spoken = [(one, one.speaker) for one in statements if one.speaker is not None]
    ids = _speaker_ids(connection, [speaker for _, speaker in spoken])
    known = rules(connection)
    choices = _come_under(connection, known, version_id, [one for one, _ in spoken])
    known = _with(known, choices)
    found = {}
    for one, speaker in spoken:
        extracted = ids[_key(speaker)]
        held, decision = known.held(extracted, one.id, names_of(speaker.name, speaker.aliases))
        found[one.id] = Spoken(extracted, held, decision)
    _add_aliases(connection, [(found[one.id], speaker) for one, speaker in spoken])
    return Spoke(found, tuple(choices))


def note_decided(connection: Connection, spoke: Spoke, added: Sequence[str]) -> None:
    """Keep whom the extractor meant in the new statements that people gave to another, and what they came under."""
    moved = [(one, spoke.by_statement[one]) for one in added if one in spoke.by_statement]
    rows = [
        {"statement_id": one, "extracted_id": spoken.extracted, "decision_id": spoken.decision}
        for one, spoken in moved
        if spoken.decision
    ]
    insert_new(connection, SpeakerMoves, rows)
    new = set(added)
    choices = [{"decision_id": decision, "statement_id": one} for decision, one in spoke.choices if one in new]
    insert_new(connection, SpeakerChoices, choices)


def _come_under(
    connection: Connection, known: Rules, version_id: int, statements: Sequence[Statement]
) -> list[tuple[int, str]]:
    """(decision, statement): the words of these statements that people chose when an earlier extraction had them."""
    if not any(rule.chosen for rule in known.all):
        return []
    chosen = chosen_in(connection, version_id)
    places = {one.id: Place(version_id, one.start, one.end, one.text) for one in statements}
    return [(decision, id_) for id_, place in places.items() for decision in chosen.decisions_on(place)]


def _with(known: Rules, choices: Sequence[tuple[int, str]]) -> Rules:
    """The rules with these statements among the chosen ones."""
    more = [
        replace(rule, chosen=rule.chosen | {statement for decision, statement in choices if decision == rule.id})
        for rule in known.all
    ]
    return Rules(tuple(more))


def _key(speaker: Speaker) -> tuple[str, str]:
    return name_key(speaker.name), speaker.kind.value


def _speaker_ids(connection: Connection, speakers: Sequence[Speaker]) -> SpeakerIds:
    """Ids by (key, kind); new speakers are added."""
    rows = {_key(speaker): {"name": speaker.name} for speaker in reversed(speakers)}
    insert_new(connection, Speakers, [{"key": key, "kind": kind, **row} for (key, kind), row in sorted(rows.items())])
    ids: SpeakerIds = {}
    for part in chunks(sorted(rows)):
        query = select(Speakers.key, Speakers.kind, Speakers.id).where(tuple_(Speakers.key, Speakers.kind).in_(part))
        ids.update({(key, kind): id_ for key, kind, id_ in connection.execute(query)})
    return ids


def _add_aliases(connection: Connection, spoken: Sequence[tuple[Spoken, Speaker]]) -> None:
    """The other words for each speaker; the article's name for one is another word for whom people took that for."""
    aliases: dict[tuple[int, str], str] = {}
    for found, speaker in reversed(spoken):
        own = (speaker.name,) if found.held != found.extracted else ()
        aliases |= {(found.held, name_key(alias)): alias for alias in reversed((*speaker.aliases, *own))}
    rows = [{"speaker_id": id_, "key": key, "alias": alias} for (id_, key), alias in sorted(aliases.items())]
    insert_new(connection, SpeakerAliases, rows)
