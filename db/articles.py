"""Articles, their versions and paragraphs."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from functools import partial
from typing import Any

from sqlalchemy import Connection, Select, bindparam, delete, insert, select, update

from db.names import require_short, require_storable
from db.operating_tables import ExtractionTries
from db.tables import Articles, ArticleVersions, Digests, Extractions, Outlets, Paragraphs
from db.transaction import Transaction, chunks, insert_new
from db.waiting import EXTRACT, Left, Question, put_version
from verifier.errors import BadInput
from verifier.ports import StoredArticle
from verifier.text.words import one_line
from verifier.values import Article, Mark, Paragraph, text_hash

_OF_ARTICLE = ("url", "text", "outlet", "title", "author", "published_at", "language")


class ArticleRecords:
    """The articles part of the unit of work."""

    def __init__(self, transaction: Transaction) -> None:
        self._transaction = transaction

    def add(self, run_id: int, article: Article) -> tuple[int, bool]:
        """Store a version, or find it; either way it is the current one after. BadInput for what cannot be stored."""
        _require_good(article)
        if (known := self._current(article)) is not None:
            return known, False
        connection = self._transaction.write
        article_id = _key_of(connection, Articles, Articles.url, article.url)
        stored = _version_of(connection, article_id, article.content_hash)
        if stored is None or not stored[1]:
            old = update(ArticleVersions).where(ArticleVersions.article_id == article_id, ArticleVersions.is_current)
            connection.execute(old.values(is_current=False))
        if stored is None:
            version_id = _insert_version(connection, run_id, article_id, article)
            put_version(connection, version_id, new=True)
            return version_id, True
        if not stored[1]:
            connection.execute(update(ArticleVersions).where(ArticleVersions.id == stored[0]).values(is_current=True))
            put_version(connection, stored[0], new=False)
        return stored[0], False

    def _current(self, article: Article) -> int | None:
        """The current version, where it is this text: most of what comes in again, found without waiting for writers."""
        query = select(ArticleVersions.id).join(Articles, Articles.id == ArticleVersions.article_id)
        query = query.where(Articles.url == article.url, ArticleVersions.is_current)
        return self._transaction.read.execute(
            query.where(ArticleVersions.content_hash == article.content_hash)
        ).scalar()

    def one(self, version_id: int) -> StoredArticle:
        """One version; KeyError if there is none."""
        return StoredArticle(version_id, self.some([version_id])[version_id])

    def some(self, versions: Sequence[int]) -> dict[int, Article]:
        """These versions, those that there are."""
        found: dict[int, Article] = {}
        for part in chunks(sorted(set(versions))):
            paragraphs = _paragraphs_of(self._transaction.read, part)
            for row in self._transaction.read.execute(_articles(part)).mappings():
                named = {name: row[name] for name in _OF_ARTICLE}
                found[row["id"]] = Article(**named, paragraphs=tuple(paragraphs[row["id"]]))
        return found

    def texts(self, versions: Sequence[int]) -> dict[int, str]:
        """The texts of these versions."""
        found: dict[int, str] = {}
        for part in chunks(sorted(set(versions))):
            query = select(ArticleVersions.id, ArticleVersions.text).where(ArticleVersions.id.in_(part))
            found.update(dict(iter(self._transaction.read.execute(query))))
        return found

    def to_extract(self, extractor: str) -> list[int]:
        """Current versions without this extractor's work that were not put aside, oldest id first."""
        return sorted(row.id for row in self.left_to_extract(extractor).rows(self._transaction.read))

    def left_to_extract(self, extractor: str) -> Question:
        """As `to_extract`."""
        return Question(EXTRACT, extractor, partial(_unread, extractor))

    def sharing(self, version_id: int) -> dict[int, frozenset[int]]:
        """By paragraph index, the other articles of the outlet whose current version has the same words."""
        connection = self._transaction.read
        positions = select(Paragraphs.position).where(Paragraphs.version_id == version_id)
        shared: dict[int, set[int]] = {position: set() for position in connection.execute(positions).scalars()}
        for position, article_id in connection.execute(_sharing_query(version_id)):
            shared[position].add(article_id)
        return {position: frozenset(articles) for position, articles in shared.items()}

    def mark(self, version_id: int, marks: Mapping[int, Mark]) -> None:
        """Set marks by paragraph index."""
        place = (Paragraphs.version_id == version_id, Paragraphs.position == bindparam("at"))
        change = update(Paragraphs.__table__).where(*place).values(mark=bindparam("as"))  # type: ignore[arg-type]
        if marks:
            self._transaction.write.execute(change, [{"at": at, "as": mark.value} for at, mark in marks.items()])
            self._transaction.write.execute(delete(Digests).where(Digests.version_id == version_id))


def _unread(extractor: str) -> Left:
    done = select(Extractions.version_id).where(
        Extractions.version_id == ArticleVersions.id, Extractions.extractor == extractor
    )
    aside = select(ExtractionTries.version_id).where(
        ExtractionTries.version_id == ArticleVersions.id,
        ExtractionTries.extractor == extractor,
        ExtractionTries.put_aside_at.is_not(None),
    )
    query = select(ArticleVersions.id).where(ArticleVersions.is_current, ~done.exists(), ~aside.exists())
    return query, ArticleVersions.id


def _require_good(article: Article) -> None:
    words = {"address": article.url, "outlet": article.outlet, "title": article.title, "author": article.author}
    require_storable(article.url, {**words, "language": article.language, "text": article.text})
    require_short(article.url, {"address": article.url, "outlet": article.outlet})
    if article.published_at is not None:
        try:
            article.published_at.astimezone(UTC)
        except OverflowError:
            raise BadInput(f"{article.url}: no such date as {article.published_at}: correct or leave it out") from None


def _key_of(connection: Connection, table: type[Articles] | type[Outlets], column: Any, name: str) -> int:
    """The id of a row that is its name, inserted if it is new."""
    insert_new(connection, table, [{column.key: name}])
    return int(connection.execute(select(table.id).where(column == name)).scalar_one())


def _version_of(connection: Connection, article_id: int, content_hash: str) -> tuple[int, bool] | None:
    query = select(ArticleVersions.id, ArticleVersions.is_current).where(
        ArticleVersions.article_id == article_id, ArticleVersions.content_hash == content_hash
    )
    row = connection.execute(query).first()
    return None if row is None else (row.id, row.is_current)


def _insert_version(connection: Connection, run_id: int, article_id: int, article: Article) -> int:
    outlet_id = article.outlet and _key_of(connection, Outlets, Outlets.name, article.outlet)
    row = {
        "article_id": article_id,
        "outlet_id": outlet_id,
        "content_hash": article.content_hash,
        "text": article.text,
        "title": article.title,
        "author": article.author,
        "published_at": article.published_at,
        "language": article.language,
        "stored_at": datetime.now(UTC),
        "is_current": True,
        "run_id": run_id,
    }
    added = connection.execute(insert(ArticleVersions).values(row).returning(ArticleVersions.id))
    version_id = int(added.scalar_one())
    insert_new(connection, Paragraphs, _paragraph_rows(version_id, article))
    return version_id


def _paragraph_rows(version_id: int, article: Article) -> list[dict[str, Any]]:
    return [
        {
            "version_id": version_id,
            "position": position,
            "start_char": paragraph.start,
            "end_char": paragraph.end,
            "mark": paragraph.mark and paragraph.mark.value,
            "words_hash": text_hash(one_line(article.text[paragraph.start : paragraph.end])),
        }
        for position, paragraph in enumerate(article.paragraphs)
    ]


def _articles(versions: Sequence[int]) -> Select[*tuple[Any, ...]]:
    query = select(Articles.url, ArticleVersions, Outlets.name.label("outlet"))
    query = query.join(ArticleVersions, ArticleVersions.article_id == Articles.id)
    query = query.outerjoin(Outlets, Outlets.id == ArticleVersions.outlet_id)
    return query.where(ArticleVersions.id.in_(versions)).order_by(ArticleVersions.id)


def _paragraphs_of(connection: Connection, versions: Sequence[int]) -> dict[int, list[Paragraph]]:
    wanted = select(Paragraphs.version_id, Paragraphs.start_char, Paragraphs.end_char, Paragraphs.mark)
    query = wanted.where(Paragraphs.version_id.in_(versions)).order_by(Paragraphs.version_id, Paragraphs.position)
    found: dict[int, list[Paragraph]] = defaultdict(list)
    for version, start, end, mark in connection.execute(query):
        found[version].append(Paragraph(start, end, Mark(mark) if mark else None))
    return found


def _sharing_query(version_id: int) -> Any:
    """(position, article id): from this version's paragraphs over the index of words to the outlet's other articles."""
    own, other = Paragraphs.__table__.alias("own"), Paragraphs.__table__.alias("other")
    here, there = ArticleVersions.__table__.alias("here"), ArticleVersions.__table__.alias("there")
    return (
        select(own.c.position, there.c.article_id)
        .distinct()
        .join_from(own, here, here.c.id == own.c.version_id)
        .join(other, other.c.words_hash == own.c.words_hash)
        .join(there, there.c.id == other.c.version_id)
        .where(own.c.version_id == version_id, there.c.is_current)
        .where(there.c.outlet_id == here.c.outlet_id, there.c.article_id != here.c.article_id)
    )
