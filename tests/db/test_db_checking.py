from __future__ import annotations

from collections.abc import Callable

import pytest
from sqlalchemy import Connection, delete, update

from db.checking import examine
from db.engine import open_engine
from db.store import SqlStore
from db.tables import Embeddings, Extractions, Paragraphs, Statements, Verdicts
from tests.db.samples import NLI, VERDICT, with_pair
from verifier.alignment import compared
from verifier.errors import BrokenSetup
from verifier.values import text_hash


def filled(url: str) -> None:
    """A judged pair with its scores, and a vector."""
    engine = open_engine(url)
    store = SqlStore(engine)
    pair = with_pair(store, VERDICT).pair
    a, b = (text_hash(words) for words in compared(pair.a.statement, pair.b.statement))
    with store.unit_of_work() as work:
        work.add_nli_scores(VERDICT.nli_model, VERDICT.nli_revision, {(a, b): NLI.a_to_b, (b, a): NLI.b_to_a})
        work.commit()
    with engine.begin() as connection:
        row = {"claim_hash": a, "model": "m", "revision": "r", "vector": b"\x00\x00\x80\x3f\x00\x00\x00\x00"}
        connection.execute(Embeddings.__table__.insert().values(row))  # type: ignore[attr-defined]
    engine.dispose()


def broken_rules(url: str) -> list[str]:
    return [finding.rule for finding in examine(url) if finding.broken]


def test_a_sound_database_keeps_every_rule(database_url: str) -> None:
    filled(database_url)
    assert broken_rules(database_url) == []
    assert all(finding.looked_at for finding in examine(database_url) if "judgement" not in finding.rule)


def test_rows_without_what_they_refer_to_are_found(sqlite_url: str) -> None:
    filled(sqlite_url)
    engine = open_engine(sqlite_url)
    raw = engine.raw_connection()
    raw.executescript("PRAGMA foreign_keys = OFF; UPDATE statements SET speaker_id = 99")
    raw.close()
    engine.dispose()
    assert broken_rules(sqlite_url) == ["rows refer to rows that are there"]


@pytest.mark.parametrize(
    ("damage", "rule"),
    [
        pytest.param(
            lambda c: c.execute(update(Verdicts).values(queue_rank=0)), "what triggers keep is current", id="kept"
        ),
        pytest.param(
            lambda c: c.execute(update(Statements).values(content=[[0, 3]])),
            "a statement's offsets give its words",
            id="offsets",
        ),
        pytest.param(
            lambda c: c.execute(update(Paragraphs).values(end_char=100_000)),
            "paragraphs lie in their article",
            id="paragraph",
        ),
        pytest.param(
            lambda c: c.execute(delete(Extractions)), "statements are of extractions that ended", id="extraction"
        ),
        pytest.param(
            lambda c: c.execute(update(Verdicts).values(is_current=False)),
            "a judged pair has one current verdict",
            id="verdict",
        ),
        pytest.param(
            lambda c: c.execute(update(Verdicts).values(nli_revision="other")),
            "verdicts stand on stored scores",
            id="scores",
        ),
        pytest.param(
            lambda c: c.execute(update(Embeddings).values(vector=b"\0" * 8)), "vectors have length 1", id="vector"
        ),
    ],
)
def test_what_is_broken_is_named(sqlite_url: str, damage: Callable[[Connection], object], rule: str) -> None:
    filled(sqlite_url)
    engine = open_engine(sqlite_url)
    with engine.begin() as connection:
        damage(connection)
    engine.dispose()
    assert rule in broken_rules(sqlite_url)


def test_another_schema_is_refused(empty_url: str) -> None:
    with pytest.raises(BrokenSetup, match="crossquote db upgrade"):
        list(examine(empty_url))
