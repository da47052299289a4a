"""Statements, who said them, and their vectors."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from functools import partial
from typing import Any

import numpy as np
from sqlalchemy import Connection, Select, select, update

from db.mapping import statement_row
from db.names import require_storable
from db.sides import Place, side_of
from db.speakers import note_decided, speakers_of
from db.tables import ArticleVersions, Embeddings, Extractions, Pairings, Statements
from db.transaction import Transaction, chunks, insert_new
from db.tries import forget_tries
from db.waiting import EMBED, OF_STATEMENTS, PAIR, Left, Question, put
from verifier.errors import BadInput
from verifier.ports import Vectors
from verifier.values import Side, Statement


class StatementRecords:
    """The statements and embeddings part of the unit of work."""

    def __init__(self, transaction: Transaction) -> None:
        self._transaction = transaction

    def add(self, run_id: int, version_id: int, extractor: str, statements: Sequence[Statement]) -> int:
        """Store a version's statements and note it as done; how many are new. KeyError if there is no such version.

        BadInput for a statement whose spans are not the article's words: nothing of the version is stored then.
        """
        connection = self._transaction.write
        _require_cut_from(_text_of(connection, version_id), statements)
        unique = {statement.id: statement for statement in statements}
        known = _known(connection, [*unique, *(s.nested_in for s in unique.values() if s.nested_in)])
        _require_nested(unique.values(), known | set(unique))
        speakers = speakers_of(connection, version_id, list(unique.values()))
        common = {"version_id": version_id, "extractor": extractor, "run_id": run_id}
        rows = [
            statement_row(statement, position, speakers.held(statement.id)) | common
            for position, statement in enumerate(unique.values())
            if statement.id not in known
        ]
        insert_new(connection, Statements, rows)
        note_decided(connection, speakers, [row["id"] for row in rows])
        _note_extracted(connection, version_id, extractor)
        put(connection, OF_STATEMENTS, [version_id])
        forget_tries(connection, version_id, extractor)
        return len(rows)

    def sides(self, extractor: str, versions: Sequence[int] | None = None) -> list[Side]:
        """Statements of current versions by this extractor, in place, by id."""
        place, query = _in_place()
        query = query.where(place.statement.extractor == extractor)
        if versions is None:
            return self._sides(query)
        parts = [query.where(place.version.id.in_(part)) for part in chunks(sorted(set(versions)))]
        return sorted((side for part in parts for side in self._sides(part)), key=lambda side: side.statement.id)

    def sides_of(self, ids: Sequence[str]) -> list[Side]:
        """These statements of current versions, in place, by id."""
        place, query = _in_place()
        parts = [query.where(place.statement.id.in_(part)) for part in chunks(sorted(set(ids)))]
        return sorted((side for part in parts for side in self._sides(part)), key=lambda side: side.statement.id)

    def _sides(self, query: Select[Any]) -> list[Side]:
        return [side_of(tuple(row)) for row in self._transaction.read.execute(query)]

    def to_pair(self, extractor: str, gates: str) -> list[str]:
        """Ids of statements of current versions that these gates have not looked at, sorted."""
        return sorted(row.id for row in self.left_to_pair(extractor, gates).rows(self._transaction.read))

    def left_to_pair(self, extractor: str, gates: str) -> Question:
        """As `to_pair`."""
        return Question(PAIR, f"{extractor} {gates}", partial(_unpaired, extractor, gates))

    def claims_to_embed(self, extractor: str, model: str, revision: str) -> list[tuple[str, str]]:
        """(claim hash, claim) without a vector of this model, each once, by hash."""
        rows = self.left_to_embed(extractor, model, revision).rows(self._transaction.read)
        return sorted({row.claim_hash: row.claim for row in rows}.items())

    def left_to_embed(self, extractor: str, model: str, revision: str) -> Question:
        """As `claims_to_embed`."""
        return Question(EMBED, f"{extractor} {model} {revision}", partial(_unembedded, extractor, model, revision))

    def claims(self, hashes: Sequence[str]) -> list[tuple[str, str]]:
        """(claim hash, claim) of these hashes, each once, by hash."""
        found: dict[str, str] = {}
        for part in chunks(sorted(set(hashes))):
            query = select(Statements.claim_hash, Statements.claim).where(Statements.claim_hash.in_(part)).distinct()
            found.update(dict(iter(self._transaction.read.execute(query))))
        return sorted(found.items())

    def add_embeddings(self, model: str, revision: str, hashes: Sequence[str], vectors: Vectors) -> None:
        """Store vectors of shape (len(hashes), dimensions)."""
        if len(hashes) != len(vectors):
            raise ValueError(f"{len(hashes)} claims and {len(vectors)} vectors")
        common = {"model": model, "revision": revision}
        little = np.ascontiguousarray(vectors, dtype="<f4")
        rows = [
            {"claim_hash": hash_, "vector": vector.tobytes(), **common}
            for hash_, vector in zip(hashes, little, strict=True)
        ]
        insert_new(self._transaction.write, Embeddings, rows)

    def without_embedding(self, model: str, revision: str, hashes: Sequence[str]) -> list[str]:
        """Those of the hashes that have no vector of this model, in their order."""
        known: set[str] = set()
        for part in chunks(sorted(set(hashes))):
            query = select(Embeddings.claim_hash).where(
                Embeddings.claim_hash.in_(part), Embeddings.model == model, Embeddings.revision == revision
            )
            known.update(self._transaction.read.execute(query).scalars())
        return [hash_ for hash_ in hashes if hash_ not in known]

    def embeddings(self, model: str, revision: str, hashes: Sequence[str]) -> Vectors:
        """Vectors in the order of the hashes; KeyError names the first missing one."""
        found: dict[str, bytes] = {}
        for part in chunks(sorted(set(hashes))):
            query = select(Embeddings.claim_hash, Embeddings.vector).where(
                Embeddings.claim_hash.in_(part), Embeddings.model == model, Embeddings.revision == revision
            )
            found.update(dict(iter(self._transaction.read.execute(query))))
        if not hashes:
            return np.empty((0, 0), np.float32)
        joined = b"".join(found[hash_] for hash_ in hashes)
        return np.frombuffer(joined, "<f4").reshape(len(hashes), -1).astype(np.float32)


def _in_place() -> tuple[Place, Select[Any]]:
    """A query for the sides of current versions."""
    place = Place("one")
    query = place.around(select(*place.columns()).select_from(place.statement)).where(place.version.is_current)
    return place, query.order_by(place.statement.id)


def _unpaired(extractor: str, gates: str) -> Left:
    looked = select(Pairings.statement_id).where(
        Pairings.statement_id == Statements.id, Pairings.gates_version == gates
    )
    query = _current(select(Statements.version_id, Statements.id), extractor)
    return query.where(~looked.exists()), Statements.version_id


def _unembedded(extractor: str, model: str, revision: str) -> Left:
    embedded = select(Embeddings.claim_hash).where(
        Embeddings.claim_hash == Statements.claim_hash, Embeddings.model == model, Embeddings.revision == revision
    )
    query = _current(select(Statements.version_id, Statements.claim_hash, Statements.claim), extractor)
    return query.where(~embedded.exists()), Statements.version_id


def _current(query: Any, extractor: str) -> Any:
    joined = query.join(ArticleVersions, ArticleVersions.id == Statements.version_id)
    return joined.where(ArticleVersions.is_current, Statements.extractor == extractor)


def _text_of(connection: Connection, version_id: int) -> str:
    text = connection.execute(select(ArticleVersions.text).where(ArticleVersions.id == version_id)).scalar()
    if text is None:
        raise KeyError(version_id)
    return text


def _require_cut_from(text: str, statements: Iterable[Statement]) -> None:
    """The invariant of every span ever stored: `article.text[start:end] == span.text`."""
    for statement in statements:
        require_storable(f"statement {statement.id}", _words_of(statement))
        for span in (statement.source, statement.cue, *statement.content):
            if span is not None and (span.start < 0 or text[span.start : span.end] != span.text):
                raise BadInput(
                    f"statement {statement.id}: the words at {span.start}:{span.end} are not the article's; "
                    "extract from the stored text"
                )


def _words_of(statement: Statement) -> dict[str, str | None]:
    """The words that need not be the article's own."""
    words = {"claim": statement.claim, "speaker's reason": statement.speaker_reason}
    if statement.speaker is not None:
        words |= {"speaker": statement.speaker.name, "aliases": " ".join(statement.speaker.aliases)}
    return words


def _require_nested(statements: Iterable[Statement], known: set[str]) -> None:
    for statement in statements:
        if statement.nested_in and statement.nested_in not in known:
            raise BadInput(f"statement {statement.id}: nested in {statement.nested_in}, which is not stored; add both")


def _known(connection: Connection, ids: Sequence[str]) -> set[str]:
    found: set[str] = set()
    for part in chunks(ids):
        found.update(connection.execute(select(Statements.id).where(Statements.id.in_(part))).scalars())
    return found


def _note_extracted(connection: Connection, version_id: int, extractor: str) -> None:
    """The extractor that came to a version last gives its current statements; coming again changes nothing."""
    done = select(Extractions.extractor).where(Extractions.version_id == version_id, Extractions.extractor == extractor)
    if connection.execute(done).first() is None:
        earlier = update(Extractions).where(Extractions.version_id == version_id, Extractions.is_current)
        connection.execute(earlier.values(is_current=False))
        insert_new(connection, Extractions, [{"version_id": version_id, "extractor": extractor, "is_current": True}])
