"""How many independent sources stand on each side of a pair: noted at the end of a run, for the order of the queue.

What was judged and which stories grew meanwhile is on work lists (`db.waiting`), so a killed run's are weighed by the next.

The pages work it out anew when they are asked, so that a judgement counts at once; the order must hold still meanwhile.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

from sqlalchemy import Connection, delete, insert, select
from sqlalchemy.orm import aliased

from db.standing import camps_of
from db.tables import ArticleVersions, Pairs, PairWeights, Statements, StoryArticles, Verdicts
from db.transaction import Transaction, chunks
from db.verdicts import WEIGHED
from db.waiting import WEIGH, WEIGH_STORIES, take

SIDES = (Pairs.a_id, Pairs.b_id)
STORIES_AT_ONCE = 16


def weigh_pairs(transaction: Transaction) -> int:
    """Weigh the pairs in conflict or agreement that were judged, or whose stories grew, since this was done; how many."""
    connection = transaction.write
    judged, grown = take(connection, WEIGH), take(connection, WEIGH_STORIES)
    stories = {*grown, *_stories_of(connection, judged)}
    pairs = _held(connection, {*judged, *_pairs_of(connection, stories)})
    independent = _independent(connection, {story for row in pairs for story in row[3:] if story is not None})
    rows = [
        {"pair_id": pair, "a_independent": independent.get(a, 1), "b_independent": independent.get(b, 1)}
        for pair, a, b, *_ in pairs
    ]
    for part in chunks(rows):
        connection.execute(delete(PairWeights).where(PairWeights.pair_id.in_([row["pair_id"] for row in part])))
        connection.execute(insert(PairWeights), part)
    return len(rows)


def _independent(connection: Connection, stories: Iterable[int]) -> dict[str, int]:
    """The number by statement, a few stories in memory at a time."""
    return {
        one.side.statement.id: camp.weight.independent
        for part in chunks(sorted(stories), STORIES_AT_ONCE)
        for camp in camps_of(connection, part)
        for one in camp.statements
    }


def _stories_of(connection: Connection, pairs: Sequence[int]) -> set[int]:
    """The stories of both sides of these pairs."""
    found: set[int] = set()
    for part in chunks(pairs):
        for side in SIDES:
            query = _in_story(select(StoryArticles.story_id).select_from(Pairs).join(Statements, Statements.id == side))
            found.update(connection.execute(query.where(Pairs.id.in_(part)).distinct()).scalars())
    return found


def _pairs_of(connection: Connection, stories: Iterable[int]) -> set[int]:
    """The pairs with a side in these stories."""
    found: set[int] = set()
    for part in chunks(sorted(stories)):
        for side in SIDES:
            query = _in_story(select(Pairs.id).join(Statements, Statements.id == side))
            found.update(connection.execute(query.where(StoryArticles.story_id.in_(part))).scalars())
    return found


def _in_story(query: Any) -> Any:
    query = query.join(ArticleVersions, ArticleVersions.id == Statements.version_id)
    return query.join(StoryArticles, StoryArticles.article_id == ArticleVersions.article_id)


def _held(connection: Connection, pairs: Iterable[int]) -> list[Any]:
    """(pair, a, b, a's story, b's story) of each that agrees or conflicts, by id."""
    query: Any = select(Pairs.id, Pairs.a_id, Pairs.b_id).join(Verdicts, Verdicts.pair_id == Pairs.id)
    for side in SIDES:
        statement, version, member = aliased(Statements), aliased(ArticleVersions), aliased(StoryArticles)
        query = query.join(statement, statement.id == side).join(version, version.id == statement.version_id)
        query = query.outerjoin(member, member.article_id == version.article_id).add_columns(member.story_id)
    query = query.where(Verdicts.is_current, Verdicts.stance.in_(WEIGHED)).order_by(Pairs.id)
    parts = [query.where(Pairs.id.in_(part)) for part in chunks(sorted(pairs))]
    return [tuple(row) for part in parts for row in connection.execute(part)]
