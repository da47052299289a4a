"""Which articles belong together: who carries whose copy, and which are on one event. The work of two stages."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence

import numpy as np
from numpy.typing import NDArray

from verifier.credits import credits_of
from verifier.independence import COPY_DAYS, WIRE_METHOD, passages_of, wire_clusters
from verifier.ports import Embedder, UnitOfWork
from verifier.stories import STORY_DAYS, Report, Stories, by_date, lead, names_of
from verifier.values import Article, text_hash

STORY_BATCH = 64
LEAD_BATCH = 512

Open = Callable[[], UnitOfWork]
Vector = NDArray[np.float32]


def find_copies(open_work: Open, run_id: int) -> tuple[int, int]:
    """Compare the versions that these rules have not seen with all near in time: (versions looked at, clusters added).

    One transaction: what is stored of a cluster depends on all that came together.
    """
    with open_work() as work:
        waiting = work.versions_to_compare(WIRE_METHOD)
        if not waiting:
            return 0, 0
        near = sorted({*waiting, *work.versions_near(waiting, COPY_DAYS)})
        articles = work.articles(near)
        known = work.wire_places(near)
    passages = [passage for version, article in articles.items() for passage in passages_of(version, article)]
    clusters = wire_clusters(passages, frozenset(waiting), known)
    with open_work() as work:
        for version in waiting:
            work.add_credits(version, credits_of(articles[version]))
        added = work.add_wire_clusters(run_id, WIRE_METHOD, waiting, clusters)
        work.commit()
    return len(waiting), added


def place_articles(open_work: Open, embedder: Embedder, run_id: int) -> Iterator[tuple[int, int, int]]:
    """Put the articles that are in no story into one, in order of date: (placed, of all, stories started) a batch."""
    with open_work() as work:
        waiting = work.versions_to_place()
        near = sorted({*waiting, *work.versions_near(waiting, STORY_DAYS)}) if waiting else []
        articles = work.articles(near)
        placed = work.stories_of(near)
    reports = _reports(open_work, embedder, articles)
    stories = Stories((placed[one.version_id], one) for one in by_date(reports) if one.version_id in placed)
    left = [one for one in by_date(reports) if one.version_id not in placed]
    for start in range(0, len(left), STORY_BATCH):
        part = left[start : start + STORY_BATCH]
        with open_work() as work:
            started = sum(_place(work, run_id, stories, one) for one in part)
            work.commit()
        yield start + len(part), len(left), started


def _place(work: UnitOfWork, run_id: int, stories: Stories, report: Report) -> bool:
    """Whether a story was started."""
    placement = stories.place(report)
    stories.add(work.add_to_story(run_id, report.version_id, placement), report)
    return placement.story is None


def _reports(open_work: Open, embedder: Embedder, articles: dict[int, Article]) -> list[Report]:
    """The articles with the vectors of their leads, which are kept beside those of the claims."""
    leads = {version: lead(article) for version, article in articles.items()}
    vectors = _embedded(open_work, embedder, sorted(set(leads.values())))
    return [
        Report(version, one.url, one.published_at, names_of(one), vectors[leads[version]])
        for version, one in articles.items()
    ]


def _embedded(open_work: Open, embedder: Embedder, texts: Sequence[str]) -> dict[str, Vector]:
    """A vector for each text: from the store where known, otherwise from the model and then stored."""
    hashes = {text: text_hash(text) for text in texts}
    model, revision = embedder.model_id, embedder.revision
    with open_work() as work:
        missing = frozenset(work.without_embedding(model, revision, sorted(hashes.values())))
    fresh = [text for text in texts if hashes[text] in missing]
    for start in range(0, len(fresh), LEAD_BATCH):
        part = fresh[start : start + LEAD_BATCH]
        vectors = embedder.embed(part)
        with open_work() as work:
            work.add_embeddings(model, revision, [hashes[text] for text in part], vectors)
            work.commit()
    with open_work() as work:
        return dict(zip(texts, work.embeddings(model, revision, [hashes[text] for text in texts]), strict=True))
