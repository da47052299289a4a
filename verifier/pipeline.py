"""The use cases, in the order of the data: ingest, extract, embed, copies, stories, pair, judge, publish.

Each stage asks the store what is left to do, works in batches, commits each batch, and does nothing the second time.
So a run killed anywhere is finished by the next one. One bad item is reported and the rest goes on.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass, field
from functools import partial
from itertools import islice

from verifier.alignment import compared, shown
from verifier.apart import USUAL_CARE, Care, Crash, each, watched
from verifier.errors import BadInput
from verifier.grouping import Progress as Progress
from verifier.grouping import embed_leads, find_copies, place_articles
from verifier.independence import WIRE_METHOD
from verifier.pairing import Pairing
from verifier.partners import partners
from verifier.policy import Policy
from verifier.ports import (
    ALL,
    ArticleReader,
    Backlog,
    Embedder,
    Extractor,
    ItemFailure,
    NliModel,
    RunSummary,
    Space,
    StanceModel,
    UnitOfWork,
    Versions,
)
from verifier.reading import Reader, Readers, credited, explained, looked_at, may_matter
from verifier.text.boilerplate import recurring
from verifier.values import Article, Statement, text_hash
from verifier.verdicts import BothWays, NliProbabilities, Pair, StanceProbabilities, Verdict

ARTICLE_BATCH = 64
EXTRACT_BATCH = 16
NLI_BATCH = 256
EMBED_BATCH = 512
PAIR_BATCH = 256
ODD = (BadInput, ValueError, LookupError, RecursionError)
"""What an odd article raises: it is dropped, and the rest goes on."""


def silent(done: int, total: int) -> None:
    """The progress of nobody watching."""


@dataclass(frozen=True, slots=True)
class Services:
    """All that the use cases need, wired by `crossquote.bootstrap`. Models load at their first use.

    `backlog` says what a run judges, `care` bounds what a poison
    article can do; `alone` is held during a run, so that two runs never do the same work. `begun` are the versions that
    this process began to extract: it has survived them.
    """

    unit_of_work: Callable[[], UnitOfWork]
    reader: ArticleReader
    extractor: Extractor
    embedder: Embedder
    readers: Readers
    pairing: Pairing
    policy: Policy
    profile: str
    backlog: Backlog = ALL
    care: Care = USUAL_CARE
    alone: Callable[[], AbstractContextManager[None]] = nullcontext
    begun: set[int] = field(default_factory=set)


@dataclass(frozen=True, slots=True)
class StageReport:
    """What one stage (or one batch of it) did: items looked at, items added, items dropped."""

    stage: str
    seen: int = 0
    added: int = 0
    failures: tuple[ItemFailure, ...] = field(default=())

    def __add__(self, other: StageReport) -> StageReport:
        return StageReport(
            self.stage, self.seen + other.seen, self.added + other.added, (*self.failures, *other.failures)
        )


def start(services: Services, locations: Sequence[str]) -> int:
    """Open a run; returns its id."""
    with services.unit_of_work() as work:
        run_id = work.start_run(locations, services.profile)
        work.commit()
    return run_id


def expand(services: Services, run_id: int, locations: Sequence[str]) -> list[str]:
    """The single files and URLs behind the locations; what cannot be read at all is kept as the run's failures."""
    items, failures = services.reader.expand(locations)
    keep_failures(services, run_id, failures)
    return items


def ingest(services: Services, run_id: int, items: Sequence[str], progress: Progress = silent) -> StageReport:
    """Read and store articles, one transaction a file or URL.

    Failures are returned, not kept: a caller may try the transient ones again, and gives what remains to
    `keep_failures`.
    """
    report = StageReport("ingest")
    for number, item in enumerate(items, 1):
        report += _ingest_one(services, run_id, item)
        progress(number, len(items))
    return report


def keep_failures(services: Services, run_id: int, failures: Sequence[ItemFailure]) -> None:
    """Store what was dropped with the run."""
    if failures:
        with services.unit_of_work() as work:
            work.add_failures(run_id, failures)
            work.commit()


def _ingest_one(services: Services, run_id: int, item: str) -> StageReport:
    report = StageReport("ingest")
    found = services.reader.read(item)
    while part := list(islice(found, ARTICLE_BATCH)):  # read outside the transaction: fetching may be slow
        with services.unit_of_work() as work:
            report = sum((_store(work, run_id, one) for one in part), report)
            work.commit()
    return report


def _store(work: UnitOfWork, run_id: int, found: Article | ItemFailure) -> StageReport:
    if isinstance(found, ItemFailure):
        return StageReport("ingest", 1, 0, (found,))
    try:
        _, added = work.add_article(run_id, found)
    except BadInput as error:
        return StageReport("ingest", 1, 0, (ItemFailure("ingest", found.url, error.message),))
    return StageReport("ingest", 1, int(added))


def extract(services: Services, run_id: int, progress: Progress = silent) -> StageReport:
    """Find the statements of every current version that this extractor has not done."""
    extractor = services.extractor.version
    with services.unit_of_work() as work:
        versions = work.versions_to_extract(extractor)
        suspects = set(work.extractions_under_way(extractor)).intersection(versions) - services.begun
    report = _extract_apart(services, run_id, sorted(suspects))
    rest = [one for one in versions if one not in suspects]
    for start_ in range(0, len(rest), EXTRACT_BATCH):
        part = rest[start_ : start_ + EXTRACT_BATCH]
        report += extract_some(services, run_id, part)
        progress(report.seen, len(versions))
    return report


def _extract_apart(services: Services, run_id: int, suspects: Sequence[int]) -> StageReport:
    """Read what an earlier run died at in a process of its own, until it is done or has failed too often."""
    report = StageReport("extract")
    while suspects:
        articles = [_marked(services, version_id) for version_id in suspects]
        outcomes = each(services.extractor, articles, services.care)
        again: list[int] = []
        for version_id, article, outcome in zip(suspects, articles, outcomes, strict=True):
            if not isinstance(outcome, Crash):
                report += _extract_one(services, run_id, version_id, article, outcome)
            elif failure := _failed_try(services, run_id, version_id, article, f"the extraction {outcome.reason}"):
                report += StageReport("extract", 1, 0, (failure,))
            else:
                again.append(version_id)
        suspects = again
    return report


def _failed_try(services: Services, run_id: int, version_id: int, article: Article, reason: str) -> ItemFailure | None:
    """Count the try; the failure that stays with the run where it was the last one."""
    with services.unit_of_work() as work:
        last = work.fail_extraction(services.extractor.version, version_id, reason, services.care.tries)
        work.commit()
    if not last:
        return None
    words = f"{reason}; put aside after {services.care.tries} tries (`crossquote db aside --again` takes it up again)"
    failure = ItemFailure("extract", article.url, f"{words}; please report this one")
    keep_failures(services, run_id, [failure])
    return failure


def extract_some(services: Services, run_id: int, versions: Sequence[int]) -> StageReport:
    """Find and store the statements of these versions, which are noted as begun: a crash or a hang shows who was at work."""
    with services.unit_of_work() as work:
        work.begin_extraction(services.extractor.version, versions)
        work.commit()
    services.begun.update(versions)
    with watched(services.care.article_seconds * len(versions)):
        return _extract_some(services, run_id, versions)


def _extract_some(services: Services, run_id: int, versions: Sequence[int]) -> StageReport:
    articles = [_marked(services, version_id) for version_id in versions]
    report = StageReport("extract")
    for version_id, article, found in zip(versions, articles, _read_together(services, articles), strict=True):
        report += _extract_one(services, run_id, version_id, article, found)
    return report


def _read_together(services: Services, articles: Sequence[Article]) -> Sequence[Sequence[Statement] | None]:
    """The statements of each article; None for all where one of them cannot be read, so that each is tried by itself."""
    try:
        return services.extractor.extract_all(articles)
    except ODD:
        return [None] * len(articles)


def _extract_one(
    services: Services, run_id: int, version_id: int, article: Article, found: Sequence[Statement] | Exception | None
) -> StageReport:
    try:
        if isinstance(found, Exception):
            raise found
        statements = services.extractor.extract(article) if found is None else found
        with services.unit_of_work() as work:
            added = work.add_statements(run_id, version_id, services.extractor.version, statements)
            work.commit()
    except ODD as error:
        reason = error.message if isinstance(error, BadInput) else f"{type(error).__name__}: {error}"
        failure = _failed_try(services, run_id, version_id, article, reason)
        if failure is None:
            failure = ItemFailure("extract", article.url, f"{reason}; the other articles go on; please report this one")
            keep_failures(services, run_id, [failure])
        return StageReport("extract", 1, 0, (failure,))
    return StageReport("extract", 1, added)


def _marked(services: Services, version_id: int) -> Article:
    """The stored article, with paragraphs that recur in others of its outlet marked."""
    with services.unit_of_work() as work:
        article = work.article(version_id).article
        marks = recurring(work.paragraph_sharing(version_id), article.paragraphs, article.text)
        if not marks:
            return article
        work.mark_paragraphs(version_id, marks)
        work.commit()
    with services.unit_of_work() as work:
        return work.article(version_id).article


def embed(services: Services, run_id: int, progress: Progress = silent) -> StageReport:
    """Embed every claim that has no vector of this model."""
    model = services.embedder
    with services.unit_of_work() as work:
        claims = work.claims_to_embed(services.extractor.version, model.model_id, model.revision)
    report = StageReport("embed")
    for start_ in range(0, len(claims), EMBED_BATCH):
        report += embed_some(services, run_id, [key for key, _ in claims[start_ : start_ + EMBED_BATCH]])
        progress(report.seen, len(claims))
    return report


def embed_some(services: Services, run_id: int, hashes: Sequence[str]) -> StageReport:  # noqa: ARG001
    """Embed the claims of these hashes and store their vectors."""
    model = services.embedder
    with services.unit_of_work() as work:
        claims = work.claims(hashes)
    vectors = model.embed([claim for _, claim in claims])
    with services.unit_of_work() as work:
        work.add_embeddings(model.model_id, model.revision, [key for key, _ in claims], vectors)
        work.commit()
    return StageReport("embed", len(claims), len(claims))


def copies(services: Services, run_id: int, progress: Progress = silent) -> StageReport:
    """Find what the new articles carry of others' copy, and which agencies they credit."""
    seen, added = find_copies(services.unit_of_work, run_id, progress)
    if seen:
        progress(seen, seen)
    return StageReport("copies", seen, added)


def stories(services: Services, run_id: int, progress: Progress = silent) -> StageReport:
    """Put every article that is in no story into one."""
    report = StageReport("stories")
    for done, total, started in place_articles(services.unit_of_work, services.embedder, run_id):
        report = StageReport("stories", done, report.added + started)
        progress(done, total)
    return report


def leads_some(services: Services, run_id: int, versions: Sequence[int]) -> StageReport:  # noqa: ARG001
    """Embed the leads of these versions, by which stories are told apart."""
    embed_leads(services.unit_of_work, services.embedder, versions)
    return StageReport("stories")


def pair(services: Services, run_id: int, progress: Progress = silent) -> StageReport:
    """Find the candidate pairs of every statement that these gates have not looked at."""
    gates, space = services.pairing.version, _space(services)
    with services.unit_of_work() as work:
        waiting = work.statements_to_pair(space.extractor, gates)
    for start_ in range(0, len(waiting), EMBED_BATCH):
        with services.unit_of_work() as work:
            work.index_statements(space, waiting[start_ : start_ + EMBED_BATCH])
            work.commit()
    report = StageReport("pair")
    for start_ in range(0, len(waiting), PAIR_BATCH):
        part = waiting[start_ : start_ + PAIR_BATCH]
        with services.unit_of_work() as work:
            found = partners(work, services.pairing, space, part)
        with services.unit_of_work() as work:
            report += StageReport("pair", len(part), work.add_pairs(run_id, gates, part, found))
            work.commit()
        progress(start_ + len(part), len(waiting))
    return report


def _space(services: Services) -> Space:
    return Space(services.extractor.version, services.embedder.model_id, services.embedder.revision)


def judge(services: Services, run_id: int, progress: Progress = silent, backlog: Backlog | None = None) -> StageReport:
    """Score both directions of every pair of the backlog that this policy has not judged, and store its verdict."""
    with services.unit_of_work() as work:
        waiting = work.pair_ids_to_judge(services.policy.version, backlog or services.backlog)
    report = StageReport("judge")
    for start_ in range(0, len(waiting), NLI_BATCH):
        report += judge_some(services, run_id, waiting[start_ : start_ + NLI_BATCH])
        progress(min(start_ + NLI_BATCH, len(waiting)), len(waiting))
    return report


def judge_some(services: Services, run_id: int, ids: Sequence[int]) -> StageReport:
    """Score these pairs and store their verdicts; those whose articles have changed meanwhile are left out."""
    with services.unit_of_work() as work:
        pairs = work.pairs(ids)
    plain = looked_at([partial(_look, services, reader) for reader in services.readers.looks], pairs, may_matter)
    verdicts = explained(services.readers, [(p.a, p.b) for p in pairs], plain)
    with services.unit_of_work() as work:
        added = sum(work.add_verdict(run_id, p.id, v, p.speakers_as_of) for p, v in zip(pairs, verdicts, strict=True))
        work.commit()
    return StageReport("judge", len(pairs), added)


def _look(services: Services, reader: Reader, pairs: Sequence[Pair]) -> Sequence[Verdict]:
    """What these models and the policy make of pairs."""
    said = nli_scores(services, reader.nli, pairs), stance_scores(services, reader.stances, pairs)
    return [credited(services.policy.decide(*one), reader) for one in zip(pairs, *said, strict=True)]


def nli_scores(services: Services, model: NliModel, pairs: Sequence[Pair]) -> list[BothWays]:
    """The six probabilities of each pair: from the store where known, otherwise from the model and then stored."""
    texts = [compared(p.a.statement, p.b.statement) for p in pairs]
    words = {text_hash(text): text for both in texts for text in both}
    keys = [key for a, b in texts for key in _directions(a, b)]
    with services.unit_of_work() as work:
        known = work.nli_scores(model.model_id, model.revision, keys)
    missing = sorted(set(keys) - set(known))
    fresh = dict(zip(missing, model.score([(words[a], words[b]) for a, b in missing]), strict=True)) if missing else {}
    if fresh:
        with services.unit_of_work() as work:
            work.add_nli_scores(model.model_id, model.revision, fresh)
            work.commit()
    scores: dict[tuple[str, str], NliProbabilities] = known | fresh
    return [BothWays(*(scores[key] for key in _directions(a, b))) for a, b in texts]


def stance_scores(
    services: Services, model: StanceModel | None, pairs: Sequence[Pair]
) -> Sequence[StanceProbabilities | None]:
    """What a verdict model, where there is one, says of each pair: from the store, otherwise from it and then stored."""
    if model is None:
        return [None] * len(pairs)
    texts = [(shown(p.a.statement), shown(p.b.statement)) for p in pairs]
    words = {text_hash(text): text for both in texts for text in both}
    keys = [min(both, both[::-1]) for a, b in texts for both in [(text_hash(a), text_hash(b))]]
    with services.unit_of_work() as work:
        known = work.stance_scores(model.model_id, model.revision, keys)
    missing = sorted(set(keys) - set(known))
    if missing:
        fresh = dict(zip(missing, model.stances([(words[a], words[b]) for a, b in missing]), strict=True))
        with services.unit_of_work() as work:
            work.add_stance_scores(model.model_id, model.revision, fresh)
            work.commit()
        known |= fresh
    return [known[key] for key in keys]


def run(services: Services, locations: Sequence[str], progress: Callable[[str], Progress]) -> RunSummary:
    """The whole job without a scheduler; the run is closed even where a stage fails as a whole."""
    with services.alone():
        return _run(services, locations, progress)


def _run(services: Services, locations: Sequence[str], progress: Callable[[str], Progress]) -> RunSummary:
    run_id = start(services, locations)
    try:
        report = ingest(services, run_id, expand(services, run_id, locations), progress("ingest"))
        keep_failures(services, run_id, report.failures)
        carry_on(services, run_id, progress)
    finally:
        summary = publish(services, run_id)
    return summary


def carry_on(services: Services, run_id: int, progress: Callable[[str], Progress]) -> None:
    """The stages that ask the store what is left to do, in order."""
    for stage in (extract, embed, copies, stories, pair, judge):
        stage(services, run_id, progress(stage.__name__))


def publish(services: Services, run_id: int) -> RunSummary:
    """Weigh the pairs, since what agrees and conflicts is known now; close the run and count what it added."""
    with services.unit_of_work() as work:
        work.weigh_pairs()
        work.commit()
        work.settle(Versions(_space(services), services.pairing.version, services.policy.version, WIRE_METHOD))
        summary = work.finish_run(run_id)
        work.commit()
    return summary


def _directions(a: str, b: str) -> tuple[tuple[str, str], tuple[str, str]]:
    first, second = text_hash(a), text_hash(b)
    return (first, second), (second, first)
