"""Copies found by digests are those that a comparison of everything with everything finds, in any order of arrival."""

from __future__ import annotations

import random
from datetime import UTC, datetime, timedelta
from pathlib import Path

import numpy as np
import pytest

from tests.services import services
from verifier import pipeline
from verifier.digests import Passages, digest_of
from verifier.independence import passages_of, wire_clusters
from verifier.near_copies import bands, candidates
from verifier.pipeline import Services
from verifier.text.paragraphs import paragraphs_of
from verifier.values import Article, Mark

COPY = "Rescuers pulled eleven miners from the flooded shaft near Karvin late on Tuesday, and the search for two others went on"
WORDS = "bridge harvest ferry tender ballot signal winter permit road water budget school inquiry border report price".split()
FIRST = datetime(2026, 3, 1, 12, tzinfo=UTC)


def test_passages_meet_where_they_are_candidates() -> None:
    rng = random.Random(3)
    sets = [frozenset(rng.sample(range(60), rng.randint(3, 30))) for _ in range(120)]
    found = bands(sets)
    pairs = {
        (a, b) for a in range(len(sets)) for b in range(a + 1, len(sets)) if np.intersect1d(found[a], found[b]).size
    }
    assert pairs == set(candidates(sets))
    rows = Passages(np.arange(120), np.zeros(120, np.int64), found)
    one = Passages(np.array([7]), np.array([0]), found[7:8])
    met = {version for version, _ in rows.meeting(one).places()}
    assert met == {7, *(other for pair in pairs if 7 in pair for other in pair)}


def test_a_digest_of_nothing() -> None:
    found = digest_of(Article("https://x.example/", "Short."))
    assert (found.positions, found.bands.shape, found.names) == ((), (0, 32), frozenset())


def articles() -> list[Article]:
    """Copies with small changes over two months, one of them undated, between paragraphs of their own."""
    rng = random.Random(5)
    found = []
    for number in range(14):
        own = " ".join(rng.choices(WORDS, k=20))
        copy = COPY if number % 3 else f"{COPY}, {rng.choice(WORDS)} officials said"
        second = f"A second paragraph says that {' '.join(WORDS[:12])} {'too' if number % 2 else ''}"
        text = "\n\n".join([own, copy, second] if number % 4 else [own, second])
        date = None if number == 9 else FIRST + timedelta(days=(number * 5) % 60)
        url = f"https://p{number}.example/"
        found.append(Article(url, text, f"P{number}", published_at=date, paragraphs=paragraphs_of(text)))
    return found


def clusters(made: Services) -> set[frozenset[tuple[str, int]]]:
    """As stored."""
    with made.unit_of_work() as work:
        stored = work.articles(range(1, 40))
        places = work.wire_places(sorted(stored))
    found: dict[int, set[tuple[str, int]]] = {}
    for (version, position), cluster in places.items():
        found.setdefault(cluster, set()).add((stored[version].url, position))
    return {frozenset(one) for one in found.values()}


def expected() -> set[frozenset[tuple[str, int]]]:
    """By a comparison of everything with everything."""
    every = dict(enumerate(articles()))
    passages = [one for number, article in every.items() for one in passages_of(number, article)]
    found = wire_clusters(passages, frozenset(every), {})
    return {frozenset((every[one.place[0]].url, one.place[1]) for one in cluster.members) for cluster in found}


def arrive(made: Services, found: list[Article]) -> None:
    run_id = pipeline.start(made, [])
    with made.unit_of_work() as work:
        for article in found:
            work.add_article(run_id, article)
        work.commit()
    pipeline.copies(made, run_id)


@pytest.mark.parametrize("at_once", [14, 5, 1])
def test_in_any_order_of_arrival(sqlite_url: str, at_once: int) -> None:
    made, found = services(sqlite_url), articles()
    random.Random(at_once).shuffle(found)
    for start in range(0, len(found), at_once):
        arrive(made, found[start : start + at_once])
    assert len(expected()) > 1
    assert clusters(made) == expected()


def test_a_paragraph_that_is_marked_later_meets_nobody_any_more(sqlite_url: str) -> None:
    made, (first, second, *_) = services(sqlite_url), [one for one in articles() if COPY in one.text]
    arrive(made, [first])
    with made.unit_of_work() as work:
        assert work.without_digest("any", [1]) == [1]
        work.mark_paragraphs(1, dict.fromkeys(range(len(first.paragraphs)), Mark.RECURRING))
        work.commit()
        assert len(work.passages([1]).versions) == 0
    arrive(made, [second])
    assert clusters(made) == set()


def test_articles_of_an_older_database_get_their_digests(sqlite_url: str, tmp_path: Path) -> None:
    made, found = services(sqlite_url), articles()
    arrive(made, found[:7])
    with made.unit_of_work() as work:
        work.add_digests("older rules", {number: digest_of(found[number - 1]) for number in range(1, 8)})
        work.commit()
    arrive(made, found[7:])
    assert clusters(made) == expected()
