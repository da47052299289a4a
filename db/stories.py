"""Stories, agency credits and wire clusters."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from functools import partial
from typing import Any

from sqlalchemy import Connection, delete, insert, or_, select, update
from sqlalchemy.orm import InstrumentedAttribute

from db.names import visible
from db.tables import ArticleVersions, CopyChecks, Credits, Stories, StoryArticles, WireClusters, WireMembers
from db.transaction import Transaction, chunks, insert_new
from db.waiting import COPIES, STORIES, WEIGH_STORIES, Left, Question, put
from verifier.credits import Credit
from verifier.independence import Place, WireCluster
from verifier.stories import Placement


class StoryRecords:
    """The stories and copies part of the unit of work."""

    def __init__(self, transaction: Transaction) -> None:
        self._transaction = transaction

    def near(self, versions: Sequence[int], days: int) -> list[int]:
        """Current versions published within so many days of these, themselves among them; undated ones are near all."""
        connection = self._transaction.read
        dates = _dates(connection, versions)
        query = select(ArticleVersions.id).where(ArticleVersions.is_current)
        known = [date for date in dates if date is not None]
        if len(known) == len(dates) and known:
            low, high = min(known) - timedelta(days=days), max(known) + timedelta(days=days)
            date = ArticleVersions.published_at
            query = query.where(or_(date.is_(None), date.between(low, high)))
        return list(connection.execute(query.order_by(ArticleVersions.id)).scalars())

    def to_compare(self, method: str) -> list[int]:
        """Current versions that these rules have not compared, by id."""
        return sorted(row.id for row in self.left_to_compare(method).rows(self._transaction.read))

    def left_to_compare(self, method: str) -> Question:
        """As `to_compare`."""
        return Question(COPIES, method, partial(_uncompared, method))

    def wire_places(self, versions: Sequence[int]) -> dict[Place, int]:
        """The cluster of each paragraph of these versions that is in one."""
        return self._clustered(WireMembers.version_id, versions)

    def members(self, clusters: Sequence[int]) -> dict[Place, int]:
        """The paragraphs of these clusters, with their cluster."""
        return self._clustered(WireMembers.cluster_id, clusters)

    def _clustered(self, column: InstrumentedAttribute[int], values: Sequence[int]) -> dict[Place, int]:
        found: dict[Place, int] = {}
        for part in chunks(values):
            query = select(WireMembers.version_id, WireMembers.position, WireMembers.cluster_id)
            rows = self._transaction.read.execute(query.where(column.in_(part)))
            found.update({(version, position): cluster for version, position, cluster in rows})
        return found

    def add_credits(self, version_id: int, credits: Sequence[Credit]) -> None:
        """Store a version's credits, in place of those that older rules found."""
        self._transaction.write.execute(delete(Credits).where(Credits.version_id == version_id))
        rows = [
            {
                "version_id": version_id,
                "agency": visible(one.agency),
                "position": one.position,
                "words": visible(one.words),
            }
            for one in credits
        ]
        insert_new(self._transaction.write, Credits, rows)

    def add_clusters(self, run_id: int, method: str, versions: Sequence[int], clusters: Sequence[WireCluster]) -> int:
        """Store clusters, each as the continuation of those it knows, and note the versions as compared; how many new."""
        connection = self._transaction.write
        added = sum(_store_cluster(connection, run_id, cluster) for cluster in clusters)
        insert_new(connection, CopyChecks, [{"version_id": one, "method": method} for one in sorted(set(versions))])
        return added

    def to_place(self) -> list[int]:
        """Current versions of articles that are in no story, by id."""
        return sorted(row.id for row in self.left_to_place().rows(self._transaction.read))

    def left_to_place(self) -> Question:
        """As `to_place`."""
        return Question(STORIES, "", _unplaced)

    def stories_of(self, versions: Sequence[int]) -> dict[int, int]:
        """The story of each of these versions whose article is in one."""
        found: dict[int, int] = {}
        for part in chunks(versions):
            query = select(ArticleVersions.id, StoryArticles.story_id).join(
                StoryArticles, StoryArticles.article_id == ArticleVersions.article_id
            )
            rows = self._transaction.read.execute(query.where(ArticleVersions.id.in_(part)))
            found.update(dict(iter(rows)))
        return found

    def add(self, run_id: int, version_id: int, placement: Placement) -> int:
        """Put a version's article into its story or a new one; returns the story's id. One that is in a story stays."""
        connection = self._transaction.write
        found = select(ArticleVersions.article_id, StoryArticles.story_id).outerjoin(
            StoryArticles, StoryArticles.article_id == ArticleVersions.article_id
        )
        row = connection.execute(found.where(ArticleVersions.id == version_id)).first()
        if row is None:
            raise KeyError(version_id)
        if row.story_id is not None:
            return int(row.story_id)
        story = placement.story
        if story is None:
            new = insert(Stories).values(founder_id=row.article_id, run_id=run_id).returning(Stories.id)
            story = int(connection.execute(new).scalar_one())
        why = {"likeness": float(placement.likeness), "shared": list(placement.shared)}
        values = {"article_id": row.article_id, "story_id": story, "run_id": run_id, **why}
        connection.execute(insert(StoryArticles).values(values))
        put(connection, [WEIGH_STORIES], [story])
        return story


def _uncompared(method: str) -> Left:
    done = select(CopyChecks.version_id).where(CopyChecks.version_id == ArticleVersions.id, CopyChecks.method == method)
    return select(ArticleVersions.id).where(ArticleVersions.is_current, ~done.exists()), ArticleVersions.id


def _unplaced() -> Left:
    placed = select(StoryArticles.article_id).where(StoryArticles.article_id == ArticleVersions.article_id)
    return select(ArticleVersions.id).where(ArticleVersions.is_current, ~placed.exists()), ArticleVersions.id


def _dates(connection: Connection, versions: Sequence[int]) -> list[datetime | None]:
    found: list[datetime | None] = []
    for part in chunks(versions):
        query = select(ArticleVersions.published_at).where(ArticleVersions.id.in_(part))
        found += connection.execute(query).scalars()
    return found


def _store_cluster(connection: Connection, run_id: int, cluster: WireCluster) -> bool:
    """Whether it is a new one. Of several that turn out to be one, the oldest stays."""
    first = dict(zip(("first_version_id", "first_position"), cluster.members[0].place, strict=True))
    kept, others = next(iter(sorted(cluster.known)), None), sorted(cluster.known)[1:]
    if kept is None:
        new = insert(WireClusters).values(run_id=run_id, **first).returning(WireClusters.id)
        kept = int(connection.execute(new).scalar_one())
    for other in others:
        connection.execute(update(WireMembers).where(WireMembers.cluster_id == other).values(cluster_id=kept))
        connection.execute(delete(WireClusters).where(WireClusters.id == other))
    if not _first_stands(connection, kept, cluster):
        connection.execute(update(WireClusters).where(WireClusters.id == kept).values(first))
    rows: list[dict[str, Any]] = [
        {"version_id": version, "position": position, "cluster_id": kept, "containment": float(member.containment)}
        for member in cluster.members
        for version, position in [member.place]
    ]
    insert_new(connection, WireMembers, rows)
    for row in rows:
        place = (WireMembers.version_id == row["version_id"], WireMembers.position == row["position"])
        nearer = update(WireMembers).where(*place, WireMembers.containment < row["containment"])
        connection.execute(nearer.values(containment=row["containment"]))
    return not cluster.known


def _first_stands(connection: Connection, cluster_id: int, cluster: WireCluster) -> bool:
    """Whether the stored first passage, current and too old to be among those handed over, is still the first."""
    wanted = (WireClusters.first_version_id, ArticleVersions.is_current, ArticleVersions.published_at)
    query = select(*wanted).join(ArticleVersions, ArticleVersions.id == WireClusters.first_version_id)
    held = connection.execute(query.where(WireClusters.id == cluster_id)).one()
    versions = {member.place[0] for member in cluster.members}
    if held.first_version_id in versions or not held.is_current or held.published_at is None:
        return False
    (date,) = _dates(connection, [cluster.members[0].place[0]])
    return date is None or held.published_at < date
