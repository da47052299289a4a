"""What a store finds for the gates to choose from, on every database: exact where windows are small, nearly so where not."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import numpy as np
import pytest

from db import search_postgres
from db.store import SqlStore
from tests.db.samples import EXTRACTOR, NOON, article, statement
from verifier.ports import Reach, Space, Vectors
from verifier.values import Speaker, SpeakerKind

SPACE = Space(EXTRACTOR, "model", "r1")
REACH = Reach(most=3, least=0.2, days=14, own_days=400)
ASKED = 0


def fill(store: SqlStore, vectors: Vectors, days: dict[int, int | None], speakers: dict[int, str]) -> list[str]:
    """An article a vector, of one statement; published so many days after the first; returns their ids."""
    ids = []
    with store.unit_of_work() as work:
        run_id = work.start_run([], "p")
        for number in range(len(vectors)):
            day = days.get(number, 0)
            at = None if day is None else NOON + timedelta(days=day)
            one = replace(article(f"https://n.example/{number}", f"Claim {number} was said."), published_at=at)
            version_id, _ = work.add_article(run_id, one)
            name = speakers.get(number, f"Speaker {number}")
            found = statement(one, [f"Claim {number}"], Speaker(name, SpeakerKind.PERSON))
            work.add_statements(run_id, version_id, EXTRACTOR, [found])
            work.add_embeddings("model", "r1", [found.claim_hash], vectors[number : number + 1])
            ids.append(found.id)
        work.commit()
        work.index_statements(SPACE, ids)
        work.commit()
    return ids


def at_cosine(*cosines: float) -> Vectors:
    """The first vector, and others at these cosines to it."""
    rows = [(1.0, 0.0), *((cosine, (1 - cosine**2) ** 0.5) for cosine in cosines)]
    return np.array(rows, dtype=np.float32)


def found_by(store: SqlStore, ids: list[str], reach: Reach = REACH) -> tuple[list[int], bool]:
    """What the first statement finds, by number."""
    with store.unit_of_work() as work:
        lists = work.nearest(SPACE, [ids[ASKED]], reach)
    return [ids.index(one) for one in lists[ids[ASKED]].ids], lists[ids[ASKED]].more


@pytest.mark.parametrize(
    ("days", "speakers", "expected"),
    [
        pytest.param({}, {}, ([2, 1, 4], True), id="the nearest, and there are more"),
        pytest.param({2: 14, 1: 15, 4: -15}, {}, ([2, 3], False), id="the window"),
        pytest.param({1: 300, 2: 300}, {0: "Ana", 1: "Ana", 2: "Bo"}, ([1, 4, 3], False), id="own words later"),
        pytest.param({2: None, 1: 90, 3: 90}, {}, ([2, 4], False), id="no date is near all"),
        pytest.param({0: None, 1: 90, 2: -900}, {}, ([2, 1, 4], True), id="the asked one has no date"),
    ],
)
def test_nearest(
    store: SqlStore, days: dict[int, int | None], speakers: dict[int, str], expected: tuple[list[int], bool]
) -> None:
    ids = fill(store, at_cosine(0.8, 0.9, 0.3, 0.5, 0.1), days, speakers)
    assert found_by(store, ids) == expected
    assert found_by(store, ids) == expected  # what is kept in between changes nothing


def test_statements_of_an_older_version_are_not_found(store: SqlStore) -> None:
    ids = fill(store, at_cosine(0.8, 0.9), {}, {})
    assert found_by(store, ids) == ([2, 1], False)
    with store.unit_of_work() as work:
        work.add_article(work.start_run([], "p"), article("https://n.example/2", "All new."))
        work.commit()
    assert found_by(store, ids) == ([1], False)


def test_vectors_of_another_model_are_another_space(store: SqlStore) -> None:
    ids = fill(store, at_cosine(0.9), {}, {})
    with store.unit_of_work() as work:
        assert work.nearest(replace(SPACE, revision="r2"), ids, REACH) == {}


@pytest.mark.postgres
def test_the_hnsw_index_finds_what_an_exact_search_finds(
    postgres_url: str, request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch
) -> None:
    from db.engine import open_engine

    rng = np.random.default_rng(7)
    vectors = rng.normal(size=(200, 384)).astype(np.float32)
    vectors[1:] = 0.2 * vectors[1:] + vectors[0]
    vectors /= np.linalg.norm(vectors, axis=1, keepdims=True)
    engine = open_engine(postgres_url)
    request.addfinalizer(engine.dispose)
    ids = fill(SqlStore(engine), vectors, {number: number % 30 for number in range(200)}, {})
    reach = replace(REACH, most=10)
    exact = found_by(SqlStore(engine), ids, reach)
    assert len(exact[0]) == 10
    monkeypatch.setattr(search_postgres, "EXACT_ROWS", 0)
    monkeypatch.setattr(search_postgres, "WALK", 0)
    assert found_by(SqlStore(engine), ids, reach) == exact
