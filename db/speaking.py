"""Speakers as the desk's pages show them: what one said over time by story, under which names, and what was decided. Read side."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import ColumnElement, Connection, Select, and_, exists, func, or_, select
from sqlalchemy.orm import aliased

from db.names import name_key, visible
from db.sides import Place, side_of
from db.speaker_decisions import blocking, current, last_decision, last_decisions
from db.speaker_rules import rules
from db.speaker_tables import SpeakerDecisions
from db.tables import Articles, ArticleVersions, SpeakerAliases, Speakers, Statements, Stories, StoryArticles
from verifier.values import Side, SpeakerKind

FIRST = datetime.min.replace(tzinfo=UTC)
SHOWN = 200
"""Statements on one page of a speaker."""


@dataclass(frozen=True, slots=True)
class Listed:
    """A speaker in a list: current statements, and the last decision about it (0: none)."""

    id: int
    name: str
    kind: str
    statements: int
    seen: int = 0


@dataclass(frozen=True, slots=True)
class Name:
    """A name that articles have for a speaker, and how many current statements are in those articles."""

    alias: str
    statements: int


@dataclass(frozen=True, slots=True)
class SpeakerPage:
    """A speaker across articles; `into` is whom people merged it into, `seen` the last decision about it (0: none)."""

    id: int
    name: str
    kind: str
    names: tuple[Name, ...]
    statements: int
    seen: int
    into: int | None


@dataclass(frozen=True, slots=True)
class Said:
    """A statement, and the name that its article has for the speaker."""

    side: Side
    name: str | None


@dataclass(frozen=True, slots=True)
class Topic:
    """What a speaker said in one story, in order of time; no story before the first grouping."""

    story_id: int | None
    title: str
    said: tuple[Said, ...]


@dataclass(frozen=True, slots=True)
class Decided:
    """A merge or split about a speaker; `blocked_by` must be undone before it."""

    id: int
    action: str
    source_id: int
    source: str
    target_id: int
    target: str
    alias: str | None
    comment: str | None
    actor: str
    at: datetime
    undone_by: str | None
    undone_at: datetime | None
    blocked_by: int | None

    def to_dict(self) -> dict[str, Any]:
        """As the API gives it."""
        undone = self.undone_at and {"by": self.undone_by, "at": self.undone_at.isoformat()}
        return {
            "id": self.id,
            "action": self.action,
            "source": {"id": self.source_id, "name": self.source},
            "target": {"id": self.target_id, "name": self.target},
            "alias": self.alias,
            "comment": self.comment,
            "by": self.actor,
            "at": self.at.isoformat(),
            "undone": undone or None,
        }


def speaker(connection: Connection, speaker_id: int) -> SpeakerPage:
    """A speaker; KeyError if there is none."""
    row = connection.execute(select(Speakers.name, Speakers.kind).where(Speakers.id == speaker_id)).first()
    if row is None:
        raise KeyError(speaker_id)
    query = current(select(Statements.speaker_name, Statements.speaker_aliases))
    found = connection.execute(query.where(Statements.speaker_id == speaker_id)).all()
    into = rules(connection).merged_into(speaker_id)
    seen = last_decision(connection, speaker_id)
    return SpeakerPage(speaker_id, row.name, row.kind, _names(found), len(found), seen, into)


def _names(rows: Any) -> tuple[Name, ...]:
    """The most used first; each name once, as it was met first."""
    words: dict[str, str] = {}
    counts: Counter[str] = Counter()
    for name, aliases in rows:
        here = {name_key(one): one for one in (*(aliases or ()), name) if one}
        words = here | words
        counts.update(here.keys())
    return tuple(Name(words[key], count) for key, count in sorted(counts.items(), key=lambda one: (-one[1], one[0])))


def said(connection: Connection, speaker_id: int, page: int = 1) -> list[Topic]:
    """A page of the current statements, the latest first, grouped by story: the story spoken of last first."""
    topics: dict[int | None, tuple[str, list[Said]]] = {}
    for story, title, one in said_of(connection, speaker_id, SHOWN, (page - 1) * SHOWN):
        topics.setdefault(story, (title, []))[1].append(one)
    return [Topic(story, words, tuple(sorted(found, key=_when))) for story, (words, found) in topics.items()]


def said_of(connection: Connection, speaker_id: int, limit: int, offset: int = 0) -> list[tuple[int | None, str, Said]]:
    """(story, its title, statement) of what a speaker said, the latest first."""
    place, founder, version = Place("one"), aliased(Articles), aliased(ArticleVersions)
    title = func.coalesce(version.title, founder.url)
    query = select(StoryArticles.story_id, title, place.statement.speaker_name, *place.columns()).select_from(
        Statements
    )
    query = place.joined(query, Statements.id).where(Statements.speaker_id == speaker_id)
    query = query.outerjoin(StoryArticles, StoryArticles.article_id == place.version.article_id)
    query = query.outerjoin(Stories, Stories.id == StoryArticles.story_id)
    query = query.outerjoin(founder, founder.id == Stories.founder_id)
    query = query.outerjoin(version, and_(version.article_id == founder.id, version.is_current))
    latest = (place.version.published_at.desc().nulls_last(), place.version.id, place.statement.start_char)
    rows = connection.execute(query.order_by(*latest, place.statement.id).limit(limit).offset(offset))
    return [(story, words or "", Said(side_of(values), name)) for story, words, name, *values in rows]


def _when(said: Said) -> tuple[datetime, int, int]:
    return said.side.published_at or FIRST, said.side.version_id, said.side.statement.start


def speakers(connection: Connection, words: str = "", limit: int = SHOWN) -> list[Listed]:
    """The speakers with the most current statements, of those that have these words, whole, in a name or alias."""
    return _most(connection, [_named(word) for word in name_key(visible(words)).split()[:10]], limit)


def after(connection: Connection, speaker_id: int, limit: int) -> list[Listed]:
    """The speakers after an id that have a current statement, by id."""
    return _listed(connection, _counted().where(Speakers.id > speaker_id).order_by(Speakers.id).limit(limit))


def alike(connection: Connection, shown: SpeakerPage, words: str = "", limit: int = 8) -> list[Listed]:
    """Who might be the same one: speakers with these words in a name or, without words, with the same last word."""
    last = name_key(shown.name).split()[-1:]
    wanted = [_named(word) for word in (name_key(visible(words)).split()[:10] or last)]
    outlets = Speakers.kind == SpeakerKind.OUTLET.value
    kinds = outlets if shown.kind == SpeakerKind.OUTLET.value else ~outlets
    return _most(connection, [*wanted, kinds, Speakers.id != shown.id], limit) if wanted else []


def decisions(connection: Connection, speaker_id: int) -> list[Decided]:
    """The merges and splits that a speaker was in, the newest first."""
    source, target, undo = aliased(Speakers), aliased(Speakers), aliased(SpeakerDecisions)
    made = SpeakerDecisions
    query = (
        select(
            *(made.id, made.action, made.source_id, source.name, made.target_id, target.name),
            *(made.alias, made.comment, made.actor, made.at, undo.actor, undo.at),
        )
        .join(source, source.id == made.source_id)
        .join(target, target.id == made.target_id)
        .outerjoin(undo, undo.undoes_id == made.id)
        .where(made.action != "undo", or_(made.source_id == speaker_id, made.target_id == speaker_id))
    )
    known = rules(connection)
    rows: list[list[Any]] = [list(row) for row in connection.execute(query.order_by(made.id.desc()))]
    return [Decided(*[*row, None if row[-1] else blocking(known, row[0], row[4])]) for row in rows]


def decision(connection: Connection, decision_id: int) -> Decided:
    """One merge or split; KeyError if there is none."""
    target = select(SpeakerDecisions.target_id).where(SpeakerDecisions.id == decision_id)
    found = connection.execute(target).scalar()
    for one in decisions(connection, found) if found is not None else ():
        if one.id == decision_id:
            return one
    raise KeyError(decision_id)


def _named(word: str) -> ColumnElement[bool]:
    """A whole word of the name or of an alias."""
    alias = exists().where(SpeakerAliases.speaker_id == Speakers.id, _has(SpeakerAliases.key, word))
    return or_(_has(Speakers.key, word), alias)


def _has(key: Any, word: str) -> ColumnElement[bool]:
    padded: ColumnElement[str] = " " + key + " "
    return padded.contains(f" {word} ", autoescape=True)


def _counted() -> Select[Any]:
    columns: list[Any] = [Speakers.id, Speakers.name, Speakers.kind, func.count(Statements.id)]
    query = select(*columns)
    query = current(query.select_from(Speakers).join(Statements, Statements.speaker_id == Speakers.id))
    return query.group_by(Speakers.id, Speakers.name, Speakers.kind)


def _most(connection: Connection, wanted: list[ColumnElement[bool]], limit: int) -> list[Listed]:
    query = _counted().where(*wanted).order_by(func.count(Statements.id).desc(), Speakers.id)
    return _listed(connection, query.limit(limit))


def _listed(connection: Connection, query: Select[Any]) -> list[Listed]:
    rows: list[list[Any]] = [list(row) for row in connection.execute(query)]
    seen = last_decisions(connection, [row[0] for row in rows])
    return [Listed(*[*row, seen.get(row[0], 0)]) for row in rows]
