"""The store: units of work over a database whose schema is at its head (`db.migrate.check`)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Self

from sqlalchemy import Engine

from db.articles import ArticleRecords
from db.digests import DigestRecords
from db.fetches import FetchRecords
from db.pairs import PairRecords
from db.runs import RunRecords
from db.search import open_search
from db.search_exact import VectorCache
from db.statements import StatementRecords
from db.stories import StoryRecords
from db.transaction import Transaction
from db.tries import TryRecords
from db.verdicts import VerdictRecords
from db.waiting import settle
from db.weights import weigh_pairs
from verifier.credits import Credit
from verifier.digests import Digest, Outline, Passages
from verifier.independence import Place, WireCluster
from verifier.ports import (
    ALL,
    Backlog,
    ItemFailure,
    Reach,
    RunSummary,
    Shortlist,
    Space,
    StoredArticle,
    Vectors,
    Versions,
)
from verifier.stories import Placement
from verifier.values import Article, Mark, Side, Statement
from verifier.verdicts import Candidate, Judgement, NliProbabilities, Pair, StanceProbabilities, Verdict


class SqlUnitOfWork:
    """`verifier.ports.UnitOfWork` on SQL: a `with` block, rolled back unless `commit` was called in it.

    It waits for another writer at its first write (Unavailable if that takes too long), so keep slow work between
    units of work, not inside one. After a commit the block may go on with a new transaction.
    """

    def __init__(self, engine: Engine, cache: VectorCache) -> None:
        self._engine = engine
        self._cache = cache

    def __enter__(self) -> Self:
        """Begin."""
        self._transaction = Transaction(self._engine)
        self._runs = RunRecords(self._transaction)
        self._articles = ArticleRecords(self._transaction)
        self._statements = StatementRecords(self._transaction)
        self._pairs = PairRecords(self._transaction)
        self._verdicts = VerdictRecords(self._transaction)
        self._stories = StoryRecords(self._transaction)
        self._digests = DigestRecords(self._transaction)
        self.fetches = FetchRecords(self._transaction)
        self._search = open_search(self._transaction, self._cache)
        self._tries = TryRecords(self._transaction)
        return self

    def __exit__(self, *exc: object) -> None:
        """Drop what was not committed."""
        self._transaction.close()

    def commit(self) -> None:
        """Keep what was added since the last commit."""
        self._transaction.commit()

    def start_run(self, locations: Sequence[str], profile: str) -> int:
        """Open a run and return its id."""
        return self._runs.start(locations, profile)

    def add_failures(self, run_id: int, failures: Sequence[ItemFailure]) -> None:
        """Keep what a run dropped, each failure once; characters that cannot be stored are written out."""
        self._runs.add_failures(run_id, failures)

    def finish_run(self, run_id: int) -> RunSummary:
        """Close the run and count what it added; a run that was closed keeps its time. KeyError if there is none."""
        return self._runs.finish(run_id)

    def add_article(self, run_id: int, article: Article) -> tuple[int, bool]:
        """Store a version, or find it: (version id, whether it is new). It is the article's current version after.

        BadInput where the database cannot hold it (NUL, lone surrogates, an address over 2,048 bytes).
        """
        return self._articles.add(run_id, article)

    def article(self, version_id: int) -> StoredArticle:
        """One stored version; KeyError if there is none."""
        return self._articles.one(version_id)

    def articles(self, versions: Sequence[int]) -> dict[int, Article]:
        """These versions in order of id, those that there are."""
        return self._articles.some(versions)

    def versions_to_extract(self, extractor: str) -> list[int]:
        """Current versions that this extractor version has not done, oldest id first."""
        return self._articles.to_extract(extractor)

    def paragraph_sharing(self, version_id: int) -> Mapping[int, frozenset[int]]:
        """For each paragraph index the ids of the outlet's other articles that carry its words now."""
        return self._articles.sharing(version_id)

    def mark_paragraphs(self, version_id: int, marks: Mapping[int, Mark]) -> None:
        """Set marks by paragraph index."""
        self._articles.mark(version_id, marks)

    def add_statements(self, run_id: int, version_id: int, extractor: str, statements: Sequence[Statement]) -> int:
        """Store a version's statements and note it as done; how many are new. KeyError: no such version.

        BadInput where a span is not the article's words, or `nested_in` names no statement; nothing is stored then.
        """
        return self._statements.add(run_id, version_id, extractor, statements)

    def claims_to_embed(self, extractor: str, model: str, revision: str) -> list[tuple[str, str]]:
        """(claim hash, claim) of current statements without a vector, each hash once, by hash."""
        return self._statements.claims_to_embed(extractor, model, revision)

    def claims(self, hashes: Sequence[str]) -> list[tuple[str, str]]:
        """(claim hash, claim) of these hashes, each once, by hash."""
        return self._statements.claims(hashes)

    def begin_extraction(self, extractor: str, versions: Sequence[int]) -> None:
        """Note versions as under way, until `add_statements` or `fail_extraction`."""
        self._tries.begin(extractor, versions)

    def extractions_under_way(self, extractor: str) -> list[int]:
        """Versions that a reader began and did not end: it died, or is still at work. By id."""
        return self._tries.under_way(extractor)

    def fail_extraction(self, extractor: str, version_id: int, reason: str, most: int) -> bool:
        """Count a failed try; True where it was the last of `most`: the version is put aside."""
        return self._tries.fail(extractor, version_id, reason, most)

    def add_embeddings(self, model: str, revision: str, hashes: Sequence[str], vectors: Vectors) -> None:
        """Store vectors, float32."""
        self._statements.add_embeddings(model, revision, hashes, vectors)

    def embeddings(self, model: str, revision: str, hashes: Sequence[str]) -> Vectors:
        """Vectors in the order of the hashes; KeyError names the first missing one."""
        return self._statements.embeddings(model, revision, hashes)

    def without_embedding(self, model: str, revision: str, hashes: Sequence[str]) -> list[str]:
        """Those of the hashes that have no vector of this model, in their order."""
        return self._statements.without_embedding(model, revision, hashes)

    def statements_to_pair(self, extractor: str, gates: str) -> list[str]:
        """Ids of current statements that these gates have not looked at, sorted."""
        return self._statements.to_pair(extractor, gates)

    def sides(self, extractor: str, versions: Sequence[int] | None = None) -> list[Side]:
        """Current statements of this extractor in place, of all versions or of these, sorted by statement id."""
        return self._statements.sides(extractor, versions)

    def sides_of(self, ids: Sequence[str]) -> list[Side]:
        """These statements in place, sorted by id; those of older versions are left out."""
        return self._statements.sides_of(ids)

    def texts(self, versions: Sequence[int]) -> dict[int, str]:
        """The texts of these versions."""
        return self._articles.texts(versions)

    def index_statements(self, space: Space, ids: Sequence[str]) -> None:
        """Let `nearest` find these statements; KeyError names the first claim without a vector."""
        self._search.index(space, ids)

    def nearest(self, space: Space, ids: Sequence[str], reach: Reach) -> dict[str, Shortlist]:
        """For each of these statements the nearest ones of other articles, current and within reach."""
        return self._search.nearest(space, ids, reach)

    def add_pairs(self, run_id: int, gates: str, paired: Sequence[str], candidates: Sequence[Candidate]) -> int:
        """Store candidates and note `paired` as looked at; how many pairs are new."""
        return self._pairs.add(run_id, gates, paired, candidates)

    def span_to_judge(self, policy: str, backlog: Backlog = ALL) -> tuple[datetime, datetime] | None:
        """From when to when the pairs of the backlog reach; None where there are none."""
        return self._pairs.span_to_judge(policy, backlog)

    def pair_ids_to_judge(self, policy: str, backlog: Backlog = ALL) -> list[int]:
        """Pairs of two current statements that this policy has not judged, or not since people decided anew who speaks in
        them, by id."""
        return self._pairs.ids_to_judge(policy, backlog)

    def pairs(self, ids: Sequence[int]) -> list[Pair]:
        """These pairs, by id; those of which a side is not current are left out."""
        return self._pairs.some(ids)

    def nli_scores(
        self, model: str, revision: str, keys: Sequence[tuple[str, str]]
    ) -> dict[tuple[str, str], NliProbabilities]:
        """Known scores by (premise claim hash, hypothesis claim hash)."""
        return self._pairs.nli_scores(model, revision, keys)

    def add_nli_scores(self, model: str, revision: str, scores: Mapping[tuple[str, str], NliProbabilities]) -> None:
        """Store scores."""
        self._pairs.add_nli_scores(model, revision, scores)

    def stance_scores(
        self, model: str, revision: str, keys: Sequence[tuple[str, str]]
    ) -> dict[tuple[str, str], StanceProbabilities]:
        """Known stances by the hashes of both reported statements, the lower one first."""
        return self._pairs.stance_scores(model, revision, keys)

    def add_stance_scores(
        self, model: str, revision: str, scores: Mapping[tuple[str, str], StanceProbabilities]
    ) -> None:
        """Store stances."""
        self._pairs.add_stance_scores(model, revision, scores)

    def add_verdict(self, run_id: int, pair_id: int, verdict: Verdict, speakers_as_of: int = 0) -> bool:
        """Store a verdict as the pair's current one; False if this policy had judged it with these speakers or later
        ones. KeyError: no such pair."""
        return self._verdicts.add(run_id, pair_id, verdict, speakers_as_of)

    def add_judgement(self, pair_id: int, judgement: Judgement) -> None:
        """Store a judgement, which supersedes the one that held. KeyError: no such pair."""
        self._verdicts.add_judgement(pair_id, judgement)

    def weigh_pairs(self) -> int:
        """Note the independent sources on each side of pairs that were judged, or whose stories grew; how many."""
        return weigh_pairs(self._transaction)

    def settle(self, by: Versions) -> None:
        """Tidy the work lists; what is left under these versions is found by them from then on."""
        space = by.space
        for left in (
            self._articles.left_to_extract(space.extractor),
            self._statements.left_to_embed(space.extractor, space.model, space.revision),
            self._stories.left_to_compare(by.copies),
            self._stories.left_to_place(),
            self._statements.left_to_pair(space.extractor, by.gates),
            self._pairs.left_to_judge(by.policy, ALL),
            self._pairs.left_to_judge(by.policy, Backlog(new_only=True)),
        ):
            settle(self._transaction.write, left)

    def versions_near(self, versions: Sequence[int], days: int) -> list[int]:
        """Current versions published within so many days of these, themselves among them; undated ones are near all."""
        return self._stories.near(versions, days)

    def versions_to_compare(self, method: str) -> list[int]:
        """Current versions that these rules have not looked at for copies and credits, by id."""
        return self._stories.to_compare(method)

    def wire_places(self, versions: Sequence[int]) -> dict[Place, int]:
        """The wire cluster of each paragraph of these versions that is in one."""
        return self._stories.wire_places(versions)

    def without_digest(self, method: str, versions: Sequence[int]) -> list[int]:
        """Those of these versions that have no digest by this method, or were marked since, sorted."""
        return self._digests.missing(method, versions)

    def add_digests(self, method: str, digests: Mapping[int, Digest]) -> None:
        """Store digests by version, each in place of an older one."""
        self._digests.add(method, digests)

    def passages(self, versions: Sequence[int]) -> Passages:
        """The passages of these versions, from their digests, by place."""
        return self._digests.passages(versions)

    def outlines(self, versions: Sequence[int]) -> dict[int, Outline]:
        """What stories are told by, from the digests of these versions, by id."""
        return self._digests.outlines(versions)

    def cluster_members(self, clusters: Sequence[int]) -> dict[Place, int]:
        """The paragraphs of these wire clusters, with their cluster."""
        return self._stories.members(clusters)

    def add_credits(self, version_id: int, credits: Sequence[Credit]) -> None:
        """Store the agencies that a version credits."""
        self._stories.add_credits(version_id, credits)

    def add_wire_clusters(
        self, run_id: int, method: str, versions: Sequence[int], clusters: Sequence[WireCluster]
    ) -> int:
        """Store clusters, note the versions as compared; how many are new. Clusters that are joined become the oldest."""
        return self._stories.add_clusters(run_id, method, versions, clusters)

    def versions_to_place(self) -> list[int]:
        """Current versions of articles that are in no story, by id."""
        return self._stories.to_place()

    def stories_of(self, versions: Sequence[int]) -> dict[int, int]:
        """The story of each of these versions whose article is in one."""
        return self._stories.stories_of(versions)

    def add_to_story(self, run_id: int, version_id: int, placement: Placement) -> int:
        """Put a version's article into its story or a new one; returns its story's id. One that is in a story stays."""
        return self._stories.add(run_id, version_id, placement)


class SqlStore:
    """Makes units of work on one engine; the engine stays its owner's to dispose of."""

    def __init__(self, engine: Engine) -> None:
        self.engine = engine
        self._cache = VectorCache()

    def unit_of_work(self) -> SqlUnitOfWork:
        """A new unit of work, for one `with` block."""
        return SqlUnitOfWork(self.engine, self._cache)
