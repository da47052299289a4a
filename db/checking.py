"""Looks at every row of a database and says which of the store's rules it breaks. Read only, a few hundred rows in memory."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from itertools import islice
from typing import Any

import numpy as np
from sqlalchemy import Connection, Engine, and_, exists, func, select
from sqlalchemy.orm import aliased

from db import migrate
from db.base import Base
from db.desk_tables import AuditLog as AuditLog  # fills the metadata
from db.engine import open_engine
from db.migrations.apart import WRONG
from db.queries import VerdictFilter, VerdictRow, stream_verdicts
from db.tables import (
    ArticleVersions,
    Embeddings,
    Extractions,
    Judgements,
    NliScores,
    Paragraphs,
    Statements,
    Verdicts,
)
from verifier.alignment import compared
from verifier.values import text_hash

STREAMED = 300
SHOWN = 3
Check = Callable[[Connection], "Finding"]


@dataclass(frozen=True, slots=True)
class Finding:
    """One rule: how many rows were looked at, and the first that break it."""

    rule: str
    looked_at: int
    wrong: int = 0
    examples: tuple[str, ...] = ()

    @property
    def broken(self) -> bool:
        return self.wrong > 0

    def __str__(self) -> str:
        """One line."""
        if not self.broken:
            return f"{self.rule} ({self.looked_at:,})"
        return f"{self.rule}: {self.wrong:,} of {self.looked_at:,} do not: {'; '.join(self.examples)}"

    def to_dict(self) -> dict[str, Any]:
        """As the command prints it."""
        return {"rule": self.rule, "looked_at": self.looked_at, "wrong": self.wrong, "examples": list(self.examples)}


def examine(url: str) -> Iterator[Finding]:
    """Every rule in turn; BrokenSetup where the schema is not this program's."""
    migrate.check(url)
    engine = open_engine(url)
    try:
        yield from _all(engine)
    finally:
        engine.dispose()


def _all(engine: Engine) -> Iterator[Finding]:
    checks: tuple[Check, ...] = (
        _file_whole,
        _references,
        _paragraphs,
        _spans,
        _read,
        _current_versions,
        _current_verdicts,
        _held_judgements,
        _vectors,
        _scores,
        _kept,
    )
    for check in checks:
        with engine.connect() as connection:
            yield check(connection)


def _tally(rule: str, rows: Iterator[str | None]) -> Finding:
    """Count what is wrong: each row is None, or what is wrong with it."""
    looked, wrong, examples = 0, 0, list[str]()
    for words in rows:
        looked += 1
        if words is not None:
            wrong += 1
            examples += [words] if wrong <= SHOWN else []
    return Finding(rule, looked, wrong, tuple(examples))


def _file_whole(connection: Connection) -> Finding:
    rule = "the file is whole"
    if connection.dialect.name != "sqlite":
        return Finding("the server answers", 1)
    said = [str(row[0]) for row in connection.exec_driver_sql(f"PRAGMA integrity_check({SHOWN})")]
    return _tally(rule, (None if words == "ok" else words for words in said))


def _references(connection: Connection) -> Finding:
    """Every foreign key, also where the database was told not to look."""
    looked, wrong, examples = 0, 0, list[str]()
    for table in Base.metadata.sorted_tables:
        for column in table.c:
            for key in column.foreign_keys:
                there = key.column.table.alias("there")
                missing = ~exists().where(there.c[key.column.name] == column)
                count = select(func.count()).select_from(table).where(column.is_not(None), missing)
                found = int(connection.execute(count).scalar_one())
                looked, wrong = looked + 1, wrong + found
                examples += [f"{found} rows by {table.name}.{column.name}"] if found else []
    return Finding("rows refer to rows that are there", looked, wrong, tuple(examples[:SHOWN]))


def _paragraphs(connection: Connection) -> Finding:
    query = select(
        Paragraphs.version_id, Paragraphs.position, Paragraphs.start_char, Paragraphs.end_char, _length()
    ).join(ArticleVersions, ArticleVersions.id == Paragraphs.version_id)
    return _tally(
        "paragraphs lie in their article",
        (
            None if 0 <= start < end <= length else f"paragraph {position} of version {version}"
            for version, position, start, end, length in _streamed(connection, query)
        ),
    )


def _length() -> Any:
    return func.length(ArticleVersions.text)


def _spans(connection: Connection) -> Finding:
    columns = (
        Statements.id,
        Statements.content,
        Statements.source,
        Statements.cue,
        Statements.text,
        Statements.version_id,
    )
    query = select(*columns).order_by(Statements.version_id)
    texts = _Texts(connection)
    return _tally(
        "a statement's offsets give its words",
        (_misplaced(row, texts.of(row.version_id)) for row in _streamed(connection, query)),
    )


class _Texts:
    """The text of one version at a time: statements come by version."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection
        self._at, self._text = 0, ""

    def of(self, version_id: int) -> str:
        if version_id != self._at:
            query = select(ArticleVersions.text).where(ArticleVersions.id == version_id)
            self._at, self._text = version_id, str(self._connection.execute(query).scalar() or "")
        return self._text


def _misplaced(row: Any, text: str) -> str | None:
    if " ".join(text[start:end] for start, end in row.content) != row.text:
        return f"content of statement {row.id}"
    for name in ("source", "cue"):
        span = getattr(row, name)
        if span is not None and text[span[0] : span[1]] != span[2]:
            return f"{name} of statement {row.id}"
    return None


def _read(connection: Connection) -> Finding:
    done = and_(Extractions.version_id == Statements.version_id, Extractions.extractor == Statements.extractor)
    query = select(Statements.id, exists().where(done))
    return _tally(
        "statements are of extractions that ended",
        (None if noted else f"statement {id_}" for id_, noted in _streamed(connection, query)),
    )


def _current_versions(connection: Connection) -> Finding:
    return _one_each(
        connection, "an article has one current version", ArticleVersions.article_id, ArticleVersions.is_current
    )


def _current_verdicts(connection: Connection) -> Finding:
    return _one_each(connection, "a judged pair has one current verdict", Verdicts.pair_id, Verdicts.is_current)


def _one_each(connection: Connection, rule: str, owner: Any, condition: Any) -> Finding:
    query = select(owner, func.count().filter(condition)).group_by(owner)
    return _tally(
        rule,
        (None if count == 1 else f"{owner.key} {id_} has {count}" for id_, count in _streamed(connection, query)),
    )


def _held_judgements(connection: Connection) -> Finding:
    query = select(Judgements.pair_id, func.count().filter(Judgements.superseded_at.is_(None))).group_by(
        Judgements.pair_id
    )
    return _tally(
        "at most one judgement of a pair holds",
        (None if count <= 1 else f"pair {id_} has {count}" for id_, count in _streamed(connection, query)),
    )


def _vectors(connection: Connection) -> Finding:
    query = select(Embeddings.claim_hash, Embeddings.vector)
    return _tally(
        "vectors have length 1",
        (None if _unit(vector) else f"of claim {hash_[:12]}" for hash_, vector in _streamed(connection, query)),
    )


def _unit(vector: bytes) -> bool:
    return len(vector) % 4 == 0 and abs(float(np.linalg.norm(np.frombuffer(vector, "<f4"))) - 1.0) < 0.01


def _scores(connection: Connection) -> Finding:
    """Every current verdict stands on stored scores of its model, both ways."""
    rows = stream_verdicts(connection, VerdictFilter())
    return _tally(
        "verdicts stand on stored scores",
        (words for part in _batches(rows) for words in _unscored(connection, part)),
    )


def _unscored(connection: Connection, rows: list[VerdictRow]) -> Iterator[str | None]:
    keys = [tuple(text_hash(text) for text in compared(row.a.statement, row.b.statement)) for row in rows]
    wanted = sorted({hash_ for both in keys for hash_ in both})
    scores = aliased(NliScores)
    query = select(scores.premise_hash, scores.hypothesis_hash, scores.model, scores.revision)
    known = {tuple(row) for row in connection.execute(query.where(scores.premise_hash.in_(wanted)))}
    for row, (a, b) in zip(rows, keys, strict=True):
        model = (row.verdict.nli_model, row.verdict.nli_revision)
        both = {(a, b, *model), (b, a, *model)}
        yield None if both <= known else f"verdict on pair {row.pair_id}"


def _kept(connection: Connection) -> Finding:
    """What the desk sorts, filters and counts by (`db.migrations.kept`)."""
    looked = sum(
        int(connection.execute(select(func.count()).select_from(one)).scalar_one()) for one in (Statements, Verdicts)
    )
    wrong = [
        f"{sort} {id_}"
        for sort, query in WRONG.items()
        for id_ in connection.execution_options(yield_per=STREAMED).exec_driver_sql(query).scalars()
    ]
    return Finding("what triggers keep is current", looked, len(wrong), tuple(wrong[:SHOWN]))


def _batches(rows: Iterator[VerdictRow]) -> Iterator[list[VerdictRow]]:
    while part := list(islice(rows, STREAMED)):
        yield part


def _streamed(connection: Connection, query: Any) -> Iterator[Any]:
    yield from connection.execution_options(yield_per=STREAMED).execute(query)
