"""Who speaks in a statement, by what people decided: their decisions in force, applied in order to whom the extractor meant.

So nothing that a run does can undo them: a statement that is extracted tomorrow goes the same way as those of today.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache

from sqlalchemy import Connection, Select, exists, select
from sqlalchemy.orm import aliased

from db.names import name_key
from db.speaker_tables import SpeakerChoices, SpeakerDecisions
from db.tables import ArticleVersions, Statements


@dataclass(frozen=True, slots=True)
class Rule:
    """A merge or split in force: what `source` says is `target`'s, or only under an alias, or only in chosen statements."""

    id: int
    action: str
    source: int
    target: int
    alias: str | None = None
    chosen: frozenset[str] = frozenset()

    def moves(self, statement: str, names: frozenset[str]) -> bool:
        """Whether it takes a statement of its source, which calls the speaker by these names (folded)."""
        if self.action == "merge":
            return True
        return self.alias in names if self.alias is not None else statement in self.chosen


@dataclass(frozen=True, slots=True)
class Rules:
    """All decisions in force, the earliest first."""

    all: tuple[Rule, ...] = ()

    def held(self, speaker: int, statement: str, names: frozenset[str]) -> tuple[int, int]:
        """(who speaks, the last decision that says so; 0 where none does) in a statement of this extracted speaker."""
        last = 0
        for rule in self.all:
            if rule.source == speaker and rule.moves(statement, names):
                speaker, last = rule.target, rule.id
        return speaker, last

    def merged_into(self, speaker: int) -> int | None:
        """Whom a speaker was merged into."""
        return next((rule.target for rule in self.all if rule.action == "merge" and rule.source == speaker), None)

    def told_apart(self, speaker: int) -> bool:
        """Whether something was split off this speaker, or off one merged into it, or they were split off themselves."""
        apart = {end for rule in self.all if rule.action == "split" for end in (rule.source, rule.target)}
        return not apart.isdisjoint(self._members(speaker))

    def _members(self, speaker: int) -> set[int]:
        members, grown = {speaker}, True
        while grown:
            more = {rule.source for rule in self.all if rule.action == "merge" and rule.target in members}
            grown = not more <= members
            members |= more
        return members


def rules(connection: Connection) -> Rules:
    """The decisions that were not undone."""
    rows = connection.execute(_in_force()).all()
    if not rows:
        return Rules()
    chosen: dict[int, set[str]] = {}
    for decision, statement in connection.execute(select(SpeakerChoices.decision_id, SpeakerChoices.statement_id)):
        chosen.setdefault(decision, set()).add(statement)
    return Rules(tuple(Rule(*row, frozenset(chosen.get(row[0], ()))) for row in rows))


@cache
def _in_force() -> Select[int, str, int, int, str | None]:
    undo = aliased(SpeakerDecisions)
    wanted = (SpeakerDecisions.id, SpeakerDecisions.action, SpeakerDecisions.source_id, SpeakerDecisions.target_id)
    query = select(*wanted, SpeakerDecisions.alias_key).where(
        SpeakerDecisions.action != "undo", ~exists().where(undo.undoes_id == SpeakerDecisions.id)
    )
    return query.order_by(SpeakerDecisions.id)


def names_of(name: str | None, aliases: Iterable[str] | None) -> frozenset[str]:
    """The folded names that an article has for a speaker."""
    return frozenset(name_key(one) for one in (name, *(aliases or ())) if one)


@dataclass(frozen=True, slots=True)
class Place:
    """Where a statement stands: its version, its first and last character, its words."""

    version: int
    start: int
    end: int
    text: str

    def same_as(self, other: Place) -> bool:
        """Half of the shorter one in common, or, in another version of the article, the same words."""
        if self.version != other.version:
            return self.text.casefold().split() == other.text.casefold().split()
        common = min(self.end, other.end) - max(self.start, other.start)
        return common * 2 >= min(self.end - self.start, other.end - other.start)


@dataclass(frozen=True, slots=True)
class Chosen:
    """Where the statements stand that people chose in one article, by decision."""

    places: Mapping[int, Sequence[Place]] = field(default_factory=dict)

    def decisions_on(self, place: Place) -> list[int]:
        """The decisions whose chosen words stand at this place too."""
        return [decision for decision, known in self.places.items() if any(place.same_as(one) for one in known)]


def chosen_in(connection: Connection, version_id: int) -> Chosen:
    """What people chose in the article of a version, in any of its versions."""
    article = select(ArticleVersions.article_id).where(ArticleVersions.id == version_id).scalar_subquery()
    columns = (Statements.version_id, Statements.start_char, Statements.end_char, Statements.text)
    query = (
        select(SpeakerChoices.decision_id, *columns)
        .join(Statements, Statements.id == SpeakerChoices.statement_id)
        .join(ArticleVersions, ArticleVersions.id == Statements.version_id)
        .where(ArticleVersions.article_id == article)
        .order_by(SpeakerChoices.decision_id)
    )
    places: dict[int, list[Place]] = {}
    for decision, version, start, end, text in connection.execute(query):
        places.setdefault(decision, []).append(Place(version, start, end, text))
    return Chosen(places)
