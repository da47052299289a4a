"""How many independent sources stand on each side of a pair: noted at the end of a run, for the order of the queue.

The pages work it out anew when they are asked, so that a judgement counts at once; the order must hold still meanwhile.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from sqlalchemy import Connection, delete, insert, or_, select
from sqlalchemy.orm import aliased

from db.standing import camps_of
from db.tables import ArticleVersions, Pairs, PairWeights, Statements, StoryArticles, Verdicts
from db.transaction import Transaction, chunks


def weigh_pairs(transaction: Transaction, run_id: int) -> int:
    """Weigh the pairs in conflict or agreement of the stories that a run touched, and those never weighed; how many."""
    connection = transaction.read
    pairs = connection.execute(_pairs(run_id)).all()
    independent = _independent(connection, {story for row in pairs for story in row[3:] if story is not None})
    rows = [
        {"pair_id": pair, "a_independent": independent.get(a, 1), "b_independent": independent.get(b, 1)}
        for pair, a, b, *_ in pairs
    ]
    for part in chunks(rows):
        connection = transaction.write
        connection.execute(delete(PairWeights).where(PairWeights.pair_id.in_([row["pair_id"] for row in part])))
        connection.execute(insert(PairWeights), part)
    return len(rows)


def _independent(connection: Connection, stories: Iterable[int]) -> dict[str, int]:
    """The number by statement, one story in memory at a time."""
    return {
        one.side.statement.id: camp.weight.independent
        for story in sorted(stories)
        for camp in camps_of(connection, [story])
        for one in camp.statements
    }


def _pairs(run_id: int) -> Any:
    """(pair, a, b, a's story, b's story) of each to be weighed."""
    touched = select(StoryArticles.story_id).where(StoryArticles.run_id == run_id)
    judged = (
        select(StoryArticles.story_id)
        .join(ArticleVersions, ArticleVersions.article_id == StoryArticles.article_id)
        .join(Statements, Statements.version_id == ArticleVersions.id)
        .join(Pairs, or_(Pairs.a_id == Statements.id, Pairs.b_id == Statements.id))
        .join(Verdicts, Verdicts.pair_id == Pairs.id)
        .where(Verdicts.run_id == run_id)
    )
    query: Any = select(Pairs.id, Pairs.a_id, Pairs.b_id).join(Verdicts, Verdicts.pair_id == Pairs.id)
    stories = []
    for side in (Pairs.a_id, Pairs.b_id):
        statement, version, member = aliased(Statements), aliased(ArticleVersions), aliased(StoryArticles)
        query = query.join(statement, statement.id == side).join(version, version.id == statement.version_id)
        query = query.outerjoin(member, member.article_id == version.article_id).add_columns(member.story_id)
        stories.append(member.story_id)
    query = query.outerjoin(PairWeights, PairWeights.pair_id == Pairs.id)
    changed = [story.in_(wanted) for story in stories for wanted in (touched, judged)]
    held = (Verdicts.is_current, Verdicts.stance.in_(("conflict", "agree")))
    return query.where(*held, or_(PairWeights.pair_id.is_(None), *changed)).order_by(Pairs.id)
