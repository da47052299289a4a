"""Forgets what is old, where the settings ask for it, and gives the room back.

What a person has judged or commented on is kept, and with it the whole story. Ages are counted from the last run, not from
this machine's clock alone: one that is set far ahead deletes nothing.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any, TypeVar

from sqlalchemy import Connection, Engine, Select, delete, func, or_, select, text, union, update

from db.base import Base
from db.desk_tables import Comments
from db.engine import open_engine
from db.tables import (
    Articles,
    ArticleVersions,
    Judgements,
    Pairs,
    RunFailures,
    Runs,
    Statements,
    Stories,
    StoryArticles,
    Verdicts,
    WireClusters,
    WireMembers,
)
from db.transaction import chunks, written
from db.waiting import OF_PAIR, drop
from db.waiting import forget as forget_lists

T = TypeVar("T")
AT_ONCE = 50
ROWS_AT_ONCE = 5000


@dataclass(frozen=True, slots=True)
class Ages:
    """After how many days things are forgotten; 0 keeps them for ever."""

    article_days: int = 0
    verdict_days: int = 0
    failure_days: int = 0


def forget(engine: Engine, ages: Ages, now: datetime | None = None, *, dry_run: bool = False) -> dict[str, int]:
    """Delete what is older than the ages, in small transactions: an interrupted call is finished by the next.

    Returns how many articles, superseded verdicts and run failures went, or would have.
    """
    with engine.connect() as connection:
        today = _reference(connection, now or datetime.now(UTC))
        doomed = _old_articles(connection, _before(today, ages.article_days))
        verdicts = _old_verdicts(_before(today, ages.verdict_days))
        failures = _old_failures(_before(today, ages.failure_days))
        if dry_run:
            return {
                "articles": len(doomed),
                "verdicts": _count(connection, verdicts),
                "failures": _count(connection, failures),
            }
    for part in chunks(doomed, AT_ONCE):
        written(engine, lambda connection, part=part: _delete_articles(connection, part))  # type: ignore[misc]
    if verdicts is not None:  # a policy that comes back may have to judge again
        written(engine, lambda connection: forget_lists(connection, *OF_PAIR))
    return {
        "articles": len(doomed),
        "verdicts": _delete_all(engine, Verdicts, verdicts),
        "failures": _delete_all(engine, RunFailures, failures),
    }


def vacuum(url: str) -> tuple[int, int]:
    """Give the room of what was deleted back, renew the planner's statistics; bytes before and after."""
    engine = open_engine(url)
    try:
        with engine.connect() as connection:
            before = size(connection)
            connection.rollback()  # neither of them vacuums in a transaction
            if connection.dialect.name == "sqlite":
                _vacuum_sqlite(connection)
            else:
                connection.execution_options(isolation_level="AUTOCOMMIT").execute(text("VACUUM (ANALYZE)"))
            return before, size(connection)
    finally:
        engine.dispose()


def size(connection: Connection) -> int:
    """The database in bytes, with its indexes."""
    if connection.dialect.name == "sqlite":
        pages = connection.exec_driver_sql("PRAGMA page_count").scalar_one()
        return int(pages) * int(connection.exec_driver_sql("PRAGMA page_size").scalar_one())
    return int(connection.exec_driver_sql("SELECT pg_database_size(current_database())").scalar_one())


def _vacuum_sqlite(connection: Connection) -> None:
    for statement in ("VACUUM", "ANALYZE", "PRAGMA wal_checkpoint(TRUNCATE)"):
        cursor = connection.connection.cursor()  # past SQLAlchemy, which would begin a transaction first
        cursor.execute(statement)
        cursor.close()


def _reference(connection: Connection, now: datetime) -> datetime:
    last = connection.execute(select(Runs.started_at).order_by(Runs.id.desc()).limit(1)).scalar()
    return min(now, last) if last else now


def _before(today: datetime, days: int) -> datetime | None:
    return today - timedelta(days=days) if days else None


def _old_articles(connection: Connection, before: datetime | None) -> list[int]:
    """Articles of stories of which every article is older, and old ones in no story; none that a person worked on."""
    if before is None:
        return []
    age = func.max(func.coalesce(ArticleVersions.published_at, ArticleVersions.stored_at))
    unit = func.coalesce(StoryArticles.story_id, -Articles.id)
    members = (
        select(Articles.id, unit)
        .join(ArticleVersions, ArticleVersions.article_id == Articles.id)
        .outerjoin(StoryArticles, StoryArticles.article_id == Articles.id)
        .group_by(Articles.id, unit)
    )
    rows = [
        (article, story, article_age) for article, story, article_age in connection.execute(members.add_columns(age))
    ]
    kept = set(connection.execute(_worked_on()).scalars())
    keep = {story for article, story, when in rows if when >= before or article in kept}
    return sorted(article for article, story, _ in rows if story not in keep)


def _worked_on() -> Select[int]:
    pairs = union(select(Judgements.pair_id), select(Comments.pair_id)).subquery()
    return (
        select(ArticleVersions.article_id)
        .distinct()
        .join(Statements, Statements.version_id == ArticleVersions.id)
        .join(Pairs, or_(Pairs.a_id == Statements.id, Pairs.b_id == Statements.id))
        .join(pairs, pairs.c.pair_id == Pairs.id)
    )


def _delete_articles(connection: Connection, articles: Sequence[int]) -> None:
    """The articles and all that hangs on them, children first; every table is found by what it refers to."""
    doomed = _doomed(articles)
    drop(connection, doomed)
    roots = ("pairs", "statements", "article_versions", "stories", "articles")
    for table in reversed(Base.metadata.sorted_tables):
        if table.name == WireClusters.__tablename__:
            _found_anew(connection, doomed["article_versions"])
        if table.name in roots:
            continue
        for column in table.c:
            for key in column.foreign_keys:
                if (ids := doomed.get(key.column.table.name)) is not None:
                    connection.execute(delete(table).where(column.in_(ids)))
    for name in roots:
        table = Base.metadata.tables[name]
        connection.execute(delete(table).where(table.c.id.in_(doomed[name])))


def _doomed(articles: Sequence[int]) -> Mapping[str, Any]:
    """By table, the ids that go."""
    versions = select(ArticleVersions.id).where(ArticleVersions.article_id.in_(articles))
    statements = select(Statements.id).where(Statements.version_id.in_(versions))
    return {
        "articles": list(articles),
        "article_versions": versions,
        "statements": statements,
        "pairs": select(Pairs.id).where(or_(Pairs.a_id.in_(statements), Pairs.b_id.in_(statements))),
        "stories": select(Stories.id).where(Stories.founder_id.in_(articles)),
    }


def _found_anew(connection: Connection, versions: Select[int]) -> None:
    """Clusters whose first paragraph goes are named by the first that stays; its members of these versions are gone."""
    clusters = connection.execute(select(WireClusters.id).where(WireClusters.first_version_id.in_(versions))).scalars()
    for cluster in clusters.all():
        stays = (
            select(WireMembers.version_id, WireMembers.position)
            .where(WireMembers.cluster_id == cluster)
            .order_by(WireMembers.version_id, WireMembers.position)
        )
        if (first := connection.execute(stays.limit(1)).first()) is not None:
            named = {"first_version_id": first.version_id, "first_position": first.position}
            connection.execute(update(WireClusters).where(WireClusters.id == cluster).values(named))


def _old_verdicts(before: datetime | None) -> Select[int] | None:
    """What an earlier policy held and a later one has replaced."""
    return before and select(Verdicts.id).where(~Verdicts.is_current, Verdicts.decided_at < before)  # type: ignore[return-value]


def _old_failures(before: datetime | None) -> Select[int] | None:
    old = select(Runs.id).where(Runs.started_at < before) if before else None
    return None if old is None else select(RunFailures.id).where(RunFailures.run_id.in_(old))


def _count(connection: Connection, ids: Select[int] | None) -> int:
    return 0 if ids is None else int(connection.execute(select(func.count()).select_from(ids.subquery())).scalar_one())


def _delete_all(engine: Engine, table: type[Verdicts] | type[RunFailures], ids: Select[int] | None) -> int:
    total = 0
    while ids is not None:
        some = ids.limit(ROWS_AT_ONCE)
        gone = written(engine, lambda connection: connection.execute(delete(table).where(table.id.in_(some))).rowcount)  # noqa: B023
        total += gone
        if gone < ROWS_AT_ONCE:
            break
    return total
