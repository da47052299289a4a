"""Which articles belong together: who carries whose copy, and which are on one event. The work of two stages."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence

from verifier.credits import credits_of
from verifier.digests import DIGEST_METHOD, digest_of
from verifier.independence import COPY_DAYS, WIRE_METHOD, Place, passages_of, wire_clusters
from verifier.ports import Embedder, UnitOfWork
from verifier.stories import STORY_DAYS, Report, Stories, by_date, lead

STORY_BATCH = 64
LEAD_BATCH = 512
DIGEST_BATCH = 64
NEAR_BATCH = 2000

Open = Callable[[], UnitOfWork]
Progress = Callable[[int, int], None]


def find_copies(open_work: Open, run_id: int, progress: Progress) -> tuple[int, int]:
    """Compare the versions that these rules have not seen with all near in time: (versions looked at, clusters added).

    One transaction: what is stored of a cluster depends on all that came together.
    """
    with open_work() as work:
        waiting = work.versions_to_compare(WIRE_METHOD)
        if not waiting:
            return 0, 0
        near = work.versions_near(waiting, COPY_DAYS)
    digest(open_work, sorted({*waiting, *near}), progress)
    with open_work() as work:
        akin, known = _akin(work, waiting, near)
        articles = work.articles(sorted({*waiting, *(version for version, _ in akin)}))
    passages = [one for version, article in articles.items() for one in passages_of(version, article)]
    clusters = wire_clusters([one for one in passages if one.place in akin], frozenset(waiting), known)
    with open_work() as work:
        for version in waiting:
            work.add_credits(version, credits_of(articles[version]))
        added = work.add_wire_clusters(run_id, WIRE_METHOD, waiting, clusters)
        work.commit()
    return len(waiting), added


def _akin(work: UnitOfWork, waiting: Sequence[int], near: Sequence[int]) -> tuple[set[Place], dict[Place, int]]:
    """The passages of the waiting versions, those near that may be copies of them, and those of the same clusters; with the
    clusters as stored."""
    fresh = work.passages(waiting)
    others = sorted(set(near) - set(waiting))
    found = set(fresh.places())
    for start in range(0, len(others), NEAR_BATCH):
        found.update(work.passages(others[start : start + NEAR_BATCH]).meeting(fresh).places())
    places = work.wire_places(sorted({version for version, _ in found}))
    known = work.cluster_members(sorted({cluster for place, cluster in places.items() if place in found}))
    near_too = sorted({version for version, _ in known} & {*waiting, *near})
    found.update(place for place in work.passages(near_too).places() if place in known)
    return found, {place: cluster for place, cluster in known.items() if place in found}


def digest(open_work: Open, versions: Sequence[int], progress: Progress) -> None:
    """Work out the digests that these versions lack: those of new articles, and once those of an older database."""
    with open_work() as work:
        missing = work.without_digest(DIGEST_METHOD, versions)
    for start in range(0, len(missing), DIGEST_BATCH):
        part = missing[start : start + DIGEST_BATCH]
        with open_work() as work:
            articles = work.articles(part)
        made = {version: digest_of(article) for version, article in articles.items()}
        with open_work() as work:
            work.add_digests(DIGEST_METHOD, made)
            work.commit()
        progress(start + len(part), len(missing))


def place_articles(open_work: Open, embedder: Embedder, run_id: int) -> Iterator[tuple[int, int, int]]:
    """Put the articles that are in no story into one, in order of date: (placed, of all, stories started) a batch."""
    near = _to_compare(open_work)
    if not near:
        return
    reports = _reports(open_work, embedder, near)
    with open_work() as work:
        placed = work.stories_of(near)
    stories = Stories((placed[one.version_id], one) for one in by_date(reports) if one.version_id in placed)
    left = [one for one in by_date(reports) if one.version_id not in placed]
    for start in range(0, len(left), STORY_BATCH):
        part = left[start : start + STORY_BATCH]
        with open_work() as work:
            started = sum(_place(work, run_id, stories, one) for one in part)
            work.commit()
        yield start + len(part), len(left), started


def _to_compare(open_work: Open) -> list[int]:
    """The versions that are in no story and all near them in time, with their digests made; none where none waits."""
    with open_work() as work:
        waiting = work.versions_to_place()
        near = sorted({*waiting, *work.versions_near(waiting, STORY_DAYS)}) if waiting else []
    digest(open_work, near, lambda *_: None)
    return near


def _place(work: UnitOfWork, run_id: int, stories: Stories, report: Report) -> bool:
    """Whether a story was started."""
    placement = stories.place(report)
    stories.add(work.add_to_story(run_id, report.version_id, placement), report)
    return placement.story is None


def _reports(open_work: Open, embedder: Embedder, versions: Sequence[int]) -> list[Report]:
    """The articles with the vectors of their leads, which are kept beside those of the claims."""
    embed_leads(open_work, embedder, _without_lead(open_work, embedder, versions))
    with open_work() as work:
        outlines = work.outlines(versions)
        hashes = [one.lead_hash for one in outlines.values()]
        vectors = work.embeddings(embedder.model_id, embedder.revision, hashes)
    return [
        Report(version, one.url, one.published_at, one.names, vector)
        for (version, one), vector in zip(outlines.items(), vectors, strict=True)
    ]


def leads_to_embed(open_work: Open, embedder: Embedder) -> list[int]:
    """The versions whose leads `place_articles` will want the vectors of: for each lead that has none, one version."""
    return _without_lead(open_work, embedder, _to_compare(open_work))


def _without_lead(open_work: Open, embedder: Embedder, versions: Sequence[int]) -> list[int]:
    with open_work() as work:
        by_lead = {one.lead_hash: version for version, one in work.outlines(versions).items()}
        missing = work.without_embedding(embedder.model_id, embedder.revision, sorted(by_lead))
    return [by_lead[one] for one in missing]


def embed_leads(open_work: Open, embedder: Embedder, versions: Sequence[int]) -> None:
    """Store the vectors of these versions' leads."""
    for start in range(0, len(versions), LEAD_BATCH):
        part = versions[start : start + LEAD_BATCH]
        with open_work() as work:
            articles, outlines = work.articles(part), work.outlines(part)
        vectors = embedder.embed([lead(articles[one]) for one in part])
        with open_work() as work:
            hashes = [outlines[one].lead_hash for one in part]
            work.add_embeddings(embedder.model_id, embedder.revision, hashes, vectors)
            work.commit()
