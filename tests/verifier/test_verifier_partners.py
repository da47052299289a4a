"""Partners through the store: the same as the gates find among all statements, on both databases."""

from __future__ import annotations

from dataclasses import replace

from db.store import SqlStore
from models.fakes import FakeEmbedder
from tests.verifier.sides import side
from verifier.pairing import GateSettings, Pairing
from verifier.partners import partners
from verifier.ports import Space
from verifier.values import Article, Side
from verifier.verdicts import Candidate

EXTRACTOR = "test"
SUBJECTS = ("bridge in Orsk", "harvest in Omsk", "school in Tomsk")
WIRE = "An agency wrote of the bridge in Orsk that it is safe and open to all. " * 6


def stored(store: SqlStore, texts: list[str]) -> tuple[Space, list[Side]]:
    """An article a text, of one statement: its first sentence."""
    embedder = FakeEmbedder()
    with store.unit_of_work() as work:
        run_id = work.start_run([], "p")
        for number, text in enumerate(texts):
            made = side(text.split(". ")[0], f"Speaker {number}", article=f"https://n.example/{number}")
            found = replace(made.statement, source=None, cue=None)
            version, _ = work.add_article(run_id, Article(made.article, text, published_at=made.published_at))
            work.add_statements(run_id, version, EXTRACTOR, [found])
            work.add_embeddings(embedder.model_id, embedder.revision, [found.claim_hash], embedder.embed([found.claim]))
        space = Space(EXTRACTOR, embedder.model_id, embedder.revision)
        sides = work.sides(EXTRACTOR)
        work.index_statements(space, [one.statement.id for one in sides])
        work.commit()
    return space, sides


def among_all(store: SqlStore, pairing: Pairing, space: Space, sides: list[Side]) -> list[Candidate]:
    with store.unit_of_work() as work:
        hashes = [one.statement.claim_hash for one in sides]
        vectors = work.embeddings(space.model, space.revision, hashes)
        pool = pairing.pool(sides, vectors, work.texts([one.version_id for one in sides]))
    return pool.candidates([one.statement.id for one in sides])


def by_search(store: SqlStore, pairing: Pairing, space: Space, sides: list[Side]) -> list[Candidate]:
    with store.unit_of_work() as work:
        return partners(work, pairing, space, [one.statement.id for one in sides])


def test_a_search_finds_what_the_gates_find_among_all(store: SqlStore) -> None:
    texts = [f"The {SUBJECTS[n % 3]} was seen by {n} people and {n % 5} judges. It was day {n}." for n in range(40)]
    pairing = Pairing(GateSettings(top_k=4))
    space, sides = stored(store, texts)
    assert by_search(store, pairing, space, sides) == among_all(store, pairing, space, sides) != []


def test_copies_that_fill_the_list_do_not_hide_who_stands_behind_them(store: SqlStore) -> None:
    """Twelve reprints are nearer than the one article that says something of its own."""
    own = "The bridge in Orsk is not safe and not open to all. Engineers looked at it for days and wrote it down."
    space, sides = stored(store, [*(f"{WIRE}Paper {n}." for n in range(12)), own])
    pairing = Pairing(GateSettings(top_k=2))
    found = by_search(store, pairing, space, sides)
    assert found == among_all(store, pairing, space, sides)
    assert len(found) == 12
