"""What stands behind a verdict: its story, who is on each side, and how many of them are independent. Read side.

Worked out when it is asked for, from the story's statements, so that a judgement counts at once.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any

from sqlalchemy import Connection, Select, and_, bindparam, select
from sqlalchemy.orm import aliased

from db.queries import VerdictRow, judgement_dict, side_dict
from db.sides import WIDTH, Place, side_of
from db.tables import (
    Articles,
    ArticleVersions,
    Credits,
    Judgements,
    Pairs,
    Paragraphs,
    Statements,
    Stories,
    StoryArticles,
    Verdicts,
    WireMembers,
)
from db.transaction import chunks
from verifier.camps import Camp, Edge, camps
from verifier.credits import Credit, agencies_at
from verifier.independence import Sourced, Weight, weigh
from verifier.values import Side
from verifier.verdicts import Stance, VerdictKind


@dataclass(frozen=True, slots=True)
class Story:
    """A story by its id and the title of the article that started it (its address where it has none)."""

    id: int
    title: str

    def to_dict(self) -> dict[str, Any]:
        """As the commands print it."""
        return {"id": self.id, "title": self.title}


@dataclass(frozen=True, slots=True)
class Standing:
    """The two camps of a verdict; its story is that of both sides, or the later side's. None before the first grouping."""

    story: Story | None
    a: Camp
    b: Camp

    @property
    def story_id(self) -> int | None:
        return self.story.id if self.story else None

    def to_dict(self) -> dict[str, Any]:
        """The fields that `crossquote verdicts --json` adds to a verdict."""
        return {
            "story": self.story and self.story.to_dict(),
            "independent": {"a": weight_dict(self.a.weight), "b": weight_dict(self.b.weight)},
        }


@dataclass(frozen=True, slots=True)
class Dispute:
    """A conflict of two camps: the verdicts on pairs of their statements, best first, which it is shown by."""

    standing: Standing
    rows: tuple[VerdictRow, ...]

    def to_dict(self) -> dict[str, Any]:
        """The line of `crossquote verdicts --by-story --json`."""
        best, standing = self.rows[0], self.standing
        return {
            "story": standing.story and standing.story.to_dict(),
            "label": best.verdict.stance.value,
            "kind": best.verdict.kind and best.verdict.kind.value,
            "confidence": best.verdict.confidence,
            "reasons": list(best.verdict.reasons),
            "pairs": [row.pair_id for row in self.rows],
            "a": camp_dict(standing.a, best.a),
            "b": camp_dict(standing.b, best.b),
            "judgement": next((judgement_dict(row.judgement) for row in self.rows if row.judgement), None),
        }


def disputes(connection: Connection, rows: Sequence[VerdictRow]) -> list[Dispute]:
    """The conflicts behind these verdicts, each once, grouped by story, the story of the first row first.

    A pair that a person found to say the same is none.
    """
    behind: dict[frozenset[str], Standing] = {}
    found: dict[frozenset[str], list[VerdictRow]] = defaultdict(list)
    for row, standing in zip(rows, standings(connection, rows), strict=True):
        key = frozenset((standing.a.id, standing.b.id))
        if len(key) == 2:
            behind.setdefault(key, standing)
            found[key].append(row)
    order: dict[int | None, int] = {}
    for standing in behind.values():
        order.setdefault(standing.story_id, len(order))
    made = [Dispute(behind[key], tuple(rows)) for key, rows in found.items()]
    return sorted(made, key=lambda one: order[one.standing.story_id])


def camp_dict(camp: Camp, shown: Side) -> dict[str, Any]:
    """A side: its weight, and its statements, the one that the verdict was on first, then as they were published."""
    sides = [one.side for one in camp.statements if one.side.statement.id != shown.statement.id]
    sides.sort(key=lambda side: (side.published_at is None, side.published_at or None, side.statement.id))
    return {**weight_dict(camp.weight), "statements": [side_dict(side) for side in (shown, *sides)]}


def weight_dict(weight: Weight) -> dict[str, Any]:
    """How many outlets and independent sources, and why sources were taken for one."""
    return {"outlets": weight.outlets, "independent": weight.independent, "merged": list(weight.merges)}


def standings(connection: Connection, rows: Sequence[VerdictRow]) -> list[Standing]:
    """What stands behind each of the rows, in their order."""
    stories = _stories_of(connection, {side.article for row in rows for side in (row.a, row.b)})
    wanted = sorted({story.id for story in stories.values()})
    camp_of = {_id(one): camp for camp in camps_of(connection, wanted) for one in camp.statements}

    def camp(side: Side) -> Camp:
        return camp_of.get(side.statement.id) or Camp((Sourced(side),), weigh([Sourced(side)]))

    return [Standing(_story(row, stories), camp(row.a), camp(row.b)) for row in rows]


def _story(row: VerdictRow, stories: dict[str, Story]) -> Story | None:
    dated = [side for side in (row.a, row.b) if side.published_at is not None]
    later = max(dated, key=lambda side: side.published_at or row.decided_at, default=row.a)
    return stories.get(later.article) or stories.get(row.a.article) or stories.get(row.b.article)


def _stories_of(connection: Connection, urls: Iterable[str]) -> dict[str, Story]:
    """The story of each address."""
    found: dict[str, Story] = {}
    for part in chunks(sorted(urls)):
        for url, story, title, address in connection.execute(_of_urls(), {"urls": part}):
            found[url] = Story(story, title or address)
    return found


# The queries are kept: SQLAlchemy takes longer to make them than the database to answer.


@cache
def _of_urls() -> Select[*tuple[Any, ...]]:
    founder, version = aliased(Articles), aliased(ArticleVersions)
    return (
        select(Articles.url, StoryArticles.story_id, version.title, founder.url)
        .join(StoryArticles, StoryArticles.article_id == Articles.id)
        .join(Stories, Stories.id == StoryArticles.story_id)
        .join(founder, founder.id == Stories.founder_id)
        .join(version, and_(version.article_id == founder.id, version.is_current))
        .where(Articles.url.in_(bindparam("urls", expanding=True)))
    )


def camps_of(connection: Connection, stories: Sequence[int]) -> list[Camp]:
    """The camps of these stories."""
    members, edges = _statements(connection, stories), _edges(connection, stories)
    return [camp for story in sorted(members) for camp in camps(members[story], edges[story])]


def _statements(connection: Connection, stories: Sequence[int]) -> dict[int, list[Sourced]]:
    """The current statements by story, each with its paragraph's cluster and the agencies credited there."""
    found: dict[int, list[Sourced]] = defaultdict(list)
    for part in chunks(stories):
        rows = [tuple(row) for row in connection.execute(_of_stories(), {"stories": part})]
        sides = [(row[0], row[1], row[2], side_of(row[3 : 3 + WIDTH])) for row in rows]
        credits = _credits(connection, {side.version_id for *_, side in sides})
        for story, position, cluster, side in sides:
            agencies = agencies_at(credits.get(side.version_id, ()), position or 0)
            found[story].append(Sourced(side, cluster, agencies))
    return found


@cache
def _of_stories() -> Select[*tuple[Any, ...]]:
    place, paragraph = Place("one"), aliased(Paragraphs)
    here = and_(
        paragraph.version_id == place.statement.version_id,
        paragraph.start_char <= place.statement.start_char,
        paragraph.end_char > place.statement.start_char,
    )
    member = and_(WireMembers.version_id == paragraph.version_id, WireMembers.position == paragraph.position)
    query = place.current(StoryArticles.story_id, paragraph.position, WireMembers.cluster_id, *place.columns())
    query = query.join(StoryArticles, StoryArticles.article_id == place.version.article_id)
    query = query.outerjoin(paragraph, here).outerjoin(WireMembers, member)
    return query.where(StoryArticles.story_id.in_(bindparam("stories", expanding=True)))


def _credits(connection: Connection, versions: Iterable[int]) -> dict[int, tuple[Credit, ...]]:
    found: dict[int, tuple[Credit, ...]] = defaultdict(tuple)
    for part in chunks(sorted(versions)):
        query = select(Credits.version_id, Credits.agency, Credits.words, Credits.position)
        for version, agency, words, position in connection.execute(query.where(Credits.version_id.in_(part))):
            found[version] += (Credit(agency, words, position),)
    return found


def _edges(connection: Connection, stories: Sequence[int]) -> dict[int, list[Edge]]:
    """What is held of the pairs whose first side is in these stories: a judgement before the verdict."""
    found: dict[int, list[Edge]] = defaultdict(list)
    for part in chunks(stories):
        for story, a, b, confidence, verdict, kind, judged, judged_kind in connection.execute(
            _held(), {"stories": part}
        ):
            stance, why = (judged, judged_kind) if judged else (verdict, kind)
            found[story].append(Edge(a, b, Stance(stance), VerdictKind(why) if why else None, confidence))
    return found


@cache
def _held() -> Select[*tuple[Any, ...]]:
    held = and_(Judgements.pair_id == Pairs.id, Judgements.superseded_at.is_(None))
    wanted = (StoryArticles.story_id, Pairs.a_id, Pairs.b_id, Verdicts.confidence)
    return (
        select(*wanted, Verdicts.stance, Verdicts.kind, Judgements.stance, Judgements.kind)
        .select_from(Verdicts)
        .join(Pairs, Pairs.id == Verdicts.pair_id)
        .join(Statements, Statements.id == Pairs.a_id)
        .join(ArticleVersions, ArticleVersions.id == Statements.version_id)
        .join(StoryArticles, StoryArticles.article_id == ArticleVersions.article_id)
        .outerjoin(Judgements, held)
        .where(Verdicts.is_current, StoryArticles.story_id.in_(bindparam("stories", expanding=True)))
    )


def _id(one: Sourced) -> str:
    return one.side.statement.id
