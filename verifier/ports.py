"""What the use cases need from outside. Implementations live in `models`, `db` and `crossquote/sources`."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Protocol, Self

import numpy as np
from numpy.typing import NDArray

from verifier.credits import Credit
from verifier.digests import Digest, Outline, Passages
from verifier.independence import Place, WireCluster
from verifier.stories import Placement
from verifier.text.words import one_line
from verifier.values import Article, Attribution, Mark, Paragraph, Range, Side, Statement
from verifier.verdicts import Candidate, Judgement, NliProbabilities, Pair, Stance, StanceProbabilities, Verdict

Vectors = NDArray[np.float32]


@dataclass(frozen=True, slots=True)
class ItemFailure:
    """One item that was dropped: the stage, the item as the user knows it, and one line that says why and the remedy."""

    stage: str
    item: str
    message: str
    transient: bool = False

    def __str__(self) -> str:
        """One line; a message that names its item already does not say it twice."""
        message = one_line(self.message)
        return message if self.item in message else f"{self.item}: {message}"


@dataclass(frozen=True, slots=True)
class StoredArticle:
    """An article version with its database id."""

    version_id: int
    article: Article


@dataclass(frozen=True, slots=True)
class Backlog:
    """Which of the pairs that a policy has not judged: those whose later side was published (or, without a date, stored)
    from `since` until before `until`; `new_only` leaves out what an earlier policy has judged."""

    since: datetime | None = None
    until: datetime | None = None
    new_only: bool = False


ALL = Backlog()


@dataclass(frozen=True, slots=True)
class RunSummary:
    """What one run added, and what it dropped."""

    run_id: int
    articles: int
    statements: int
    pairs: int
    verdicts: Mapping[Stance, int]
    seconds: float
    failures: tuple[ItemFailure, ...] = field(default=())


@dataclass(frozen=True, slots=True)
class Space:
    """Whose statements are compared, by which vectors."""

    extractor: str
    model: str
    revision: str


@dataclass(frozen=True, slots=True)
class Versions:
    """By what each stage does its work: what another version has done is left to do."""

    space: Space
    gates: str
    policy: str
    copies: str


@dataclass(frozen=True, slots=True)
class Reach:
    """How far a search goes: the `most` nearest of at least the cosine `least`, published at most `days` apart.

    One speaker's own words are looked for over `own_days`.
    """

    most: int
    least: float
    days: int
    own_days: int


@dataclass(frozen=True, slots=True)
class Shortlist:
    """What a search found, the nearest first; `more` says that a wider one may find others."""

    ids: tuple[str, ...]
    more: bool


class ArticleReader(Protocol):
    """Turns locations (files, folders, URLs) into articles."""

    def expand(self, locations: Sequence[str]) -> tuple[list[str], list[ItemFailure]]:
        """The single files and URLs behind the locations (folders walked, sorted), and what cannot be read at all."""
        ...

    def read(self, location: str) -> Iterator[Article | ItemFailure]:
        """The articles of one file or URL; one bad item is a failure among the articles, never an exception."""
        ...


class Extractor(Protocol):
    """Finds the statements of an article. `version` is part of every statement's key."""

    @property
    def version(self) -> str: ...

    def extract(self, article: Article) -> list[Statement]:
        """The statements in order of their content; marked paragraphs give none."""
        ...

    def extract_all(self, articles: Sequence[Article]) -> list[list[Statement]]:
        """As `extract` for several articles at once, in their order: faster where a model reads them."""
        ...


@dataclass(frozen=True, slots=True)
class TextToTag:
    """A text with its paragraphs and the places of persons' names, for pronouns that may mean them."""

    text: str
    paragraphs: Sequence[Paragraph]
    names: Sequence[Range] = ()


class AttributionTagger(Protocol):
    """Finds attributions by offset. `revision` keys what it finds."""

    @property
    def model_id(self) -> str: ...

    @property
    def revision(self) -> str: ...

    def tag(self, articles: Sequence[TextToTag]) -> list[list[Attribution]]:
        """The attributions of each text outside its marked paragraphs, in order of their cues."""
        ...


class Embedder(Protocol):
    """Turns claims into unit vectors."""

    @property
    def model_id(self) -> str: ...

    @property
    def revision(self) -> str: ...

    def embed(self, texts: Sequence[str]) -> Vectors:
        """Vectors of shape (len(texts), dimensions), float32, each of length 1, in the order of the texts."""
        ...


class NliModel(Protocol):
    """Scores (premise, hypothesis) pairs."""

    @property
    def model_id(self) -> str: ...

    @property
    def revision(self) -> str: ...

    def score(self, pairs: Sequence[tuple[str, str]]) -> list[NliProbabilities]:
        """One result a pair, in order."""
        ...


class StanceModel(Protocol):
    """Says how two reported statements ("source cue: content") stand to each other."""

    @property
    def model_id(self) -> str: ...

    @property
    def revision(self) -> str: ...

    def stances(self, pairs: Sequence[tuple[str, str]], *, both_orders: bool = True) -> list[StanceProbabilities]:
        """One result a pair, in order; the same for (a, b) and (b, a), unless one order is enough, at half the cost."""
        ...


class PairModel(NliModel, StanceModel, Protocol):
    """Both in one."""


class UnitOfWork(Protocol):
    """One transaction on the store: rolled back unless `commit` was called. All adds are idempotent by natural key."""

    def __enter__(self) -> Self: ...

    def __exit__(self, *exc: object) -> None: ...

    def commit(self) -> None: ...

    # runs
    def start_run(self, locations: Sequence[str], profile: str) -> int:
        """Open a run and return its id."""
        ...

    def add_failures(self, run_id: int, failures: Sequence[ItemFailure]) -> None:
        """Keep what a run dropped."""
        ...

    def finish_run(self, run_id: int) -> RunSummary:
        """Close the run (idempotent) and count what it added; `seconds` is from its start to its finish."""
        ...

    # articles
    def add_article(self, run_id: int, article: Article) -> tuple[int, bool]:
        """Store a version; returns (version id, whether it is new). A new text of a known URL becomes the current
        version.

        BadInput names an article that a database cannot hold (NUL, lone surrogates).
        """
        ...

    def article(self, version_id: int) -> StoredArticle:
        """One stored version; KeyError if there is none."""
        ...

    def articles(self, versions: Sequence[int]) -> dict[int, Article]:
        """These versions in order of id, those that there are."""
        ...

    def versions_to_extract(self, extractor: str) -> list[int]:
        """Current versions that this extractor version has not done and that were not put aside, oldest id first."""
        ...

    def paragraph_sharing(self, version_id: int) -> Mapping[int, frozenset[int]]:
        """For each paragraph (by its index) the ids of the other articles of the same outlet whose current version
        carries
        the same words (white space folded); an article of no outlet shares nothing."""
        ...

    def mark_paragraphs(self, version_id: int, marks: Mapping[int, Mark]) -> None:
        """Set marks by paragraph index."""
        ...

    # statements
    def add_statements(self, run_id: int, version_id: int, extractor: str, statements: Sequence[Statement]) -> int:
        """Store a version's statements with their speakers and aliases and note the version as done; returns how many
        are new.

        BadInput where a span is not the article's text: nothing of the version is stored then.
        """
        ...

    def begin_extraction(self, extractor: str, versions: Sequence[int]) -> None:
        """Note versions as under way, until `add_statements` or `fail_extraction`."""
        ...

    def extractions_under_way(self, extractor: str) -> list[int]:
        """Versions that a reader began and did not end: it died, or is still at work. By id."""
        ...

    def fail_extraction(self, extractor: str, version_id: int, reason: str, most: int) -> bool:
        """Count a failed try; True where it was the last of `most`: `versions_to_extract` leaves the version out then."""
        ...

    # embeddings
    def claims_to_embed(self, extractor: str, model: str, revision: str) -> list[tuple[str, str]]:
        """(claim hash, claim) of current statements without a vector, each hash once, in order of hash."""
        ...

    def claims(self, hashes: Sequence[str]) -> list[tuple[str, str]]:
        """(claim hash, claim) of these hashes, each once, in order of hash."""
        ...

    def add_embeddings(self, model: str, revision: str, hashes: Sequence[str], vectors: Vectors) -> None:
        """Store vectors, float32."""
        ...

    def embeddings(self, model: str, revision: str, hashes: Sequence[str]) -> Vectors:
        """Vectors in the order of the hashes (which may repeat); KeyError names the first missing one."""
        ...

    def without_embedding(self, model: str, revision: str, hashes: Sequence[str]) -> list[str]:
        """Those of the hashes that have no vector of this model, in their order."""
        ...

    # pairs
    def statements_to_pair(self, extractor: str, gates: str) -> list[str]:
        """Ids of current statements that these gates have not looked at, sorted."""
        ...

    def sides(self, extractor: str, versions: Sequence[int] | None = None) -> list[Side]:
        """The current statements of this extractor in place, those of all versions or of these, sorted by statement id."""
        ...

    def sides_of(self, ids: Sequence[str]) -> list[Side]:
        """These statements in place, sorted by id; those of older versions are left out."""
        ...

    def texts(self, versions: Sequence[int]) -> dict[int, str]:
        """The texts of these versions."""
        ...

    def index_statements(self, space: Space, ids: Sequence[str]) -> None:
        """Let `nearest` find these statements; their claims have vectors."""
        ...

    def nearest(self, space: Space, ids: Sequence[str], reach: Reach) -> dict[str, Shortlist]:
        """For each of these statements the nearest ones of other articles, current and within reach.

        An article without a date is near all. The order is that of the exact cosines but for the store's rounding; where
        a store searches by an approximate index, a few may be missing.
        """
        ...

    def add_pairs(self, run_id: int, gates: str, paired: Sequence[str], candidates: Sequence[Candidate]) -> int:
        """Store candidates and note the statements in `paired` as looked at; returns how many pairs are new."""
        ...

    # verdicts
    def pair_ids_to_judge(self, policy: str, backlog: Backlog = ALL) -> list[int]:
        """Pairs of current versions that this policy has not judged, or not since people decided anew who speaks in them,
        by id."""
        ...

    def pairs(self, ids: Sequence[int]) -> list[Pair]:
        """These pairs, by id; those of which a side is not current are left out."""
        ...

    def span_to_judge(self, policy: str, backlog: Backlog = ALL) -> tuple[datetime, datetime] | None:
        """From when to when the pairs of the backlog reach; None where there are none."""
        ...

    def nli_scores(
        self, model: str, revision: str, keys: Sequence[tuple[str, str]]
    ) -> dict[tuple[str, str], NliProbabilities]:
        """Known scores by (premise claim hash, hypothesis claim hash)."""
        ...

    def add_nli_scores(self, model: str, revision: str, scores: Mapping[tuple[str, str], NliProbabilities]) -> None:
        """Store scores."""
        ...

    def stance_scores(
        self, model: str, revision: str, keys: Sequence[tuple[str, str]]
    ) -> dict[tuple[str, str], StanceProbabilities]:
        """Known stances by the hashes of both reported statements, the lower one first."""
        ...

    def add_stance_scores(
        self, model: str, revision: str, scores: Mapping[tuple[str, str], StanceProbabilities]
    ) -> None:
        """Store stances."""
        ...

    def add_verdict(self, run_id: int, pair_id: int, verdict: Verdict, speakers_as_of: int = 0) -> bool:
        """Store a verdict, key (pair, policy version, the pair's `speakers_as_of`); it becomes the pair's current one.

        False if it, or one that saw later decisions about the speakers, was there.
        """
        ...

    def add_judgement(self, pair_id: int, judgement: Judgement) -> None:
        """Store a judgement; the earlier current one is marked superseded, never changed otherwise."""
        ...

    def weigh_pairs(self) -> int:
        """Note how many independent sources stand on each side of the pairs that agree or conflict and were judged, or whose
        stories grew or have such pairs, since it was noted last; how many pairs."""
        ...

    def settle(self, by: Versions) -> None:
        """Note that nothing is left but what the questions by these versions find now.

        They are answered from then on without a look at all that is stored; by other versions they are answered as well.
        """
        ...

    # copies
    def versions_near(self, versions: Sequence[int], days: int) -> list[int]:
        """Current versions published within so many days of any time between these, themselves among them, by id; one
        without a date is near all."""
        ...

    def versions_to_compare(self, method: str) -> list[int]:
        """Current versions that these rules have not looked at for copies and credits, by id."""
        ...

    def wire_places(self, versions: Sequence[int]) -> dict[Place, int]:
        """The wire cluster of each paragraph of these versions that is in one."""
        ...

    def without_digest(self, method: str, versions: Sequence[int]) -> list[int]:
        """Those of these versions that have no digest by this method, or were marked since, sorted."""
        ...

    def add_digests(self, method: str, digests: Mapping[int, Digest]) -> None:
        """Store digests by version, each in place of an older one."""
        ...

    def passages(self, versions: Sequence[int]) -> Passages:
        """The passages of these versions, from their digests, by place."""
        ...

    def outlines(self, versions: Sequence[int]) -> dict[int, Outline]:
        """What stories are told by, from the digests of these versions, by id."""
        ...

    def cluster_members(self, clusters: Sequence[int]) -> dict[Place, int]:
        """The paragraphs of these wire clusters, with their cluster."""
        ...

    def add_credits(self, version_id: int, credits: Sequence[Credit]) -> None:
        """Store the agencies that a version credits."""
        ...

    def add_wire_clusters(
        self, run_id: int, method: str, versions: Sequence[int], clusters: Sequence[WireCluster]
    ) -> int:
        """Store clusters, each as the continuation of those it knows (the oldest stays), and note the versions as compared;
        how many are new."""
        ...

    # stories
    def versions_to_place(self) -> list[int]:
        """Current versions of articles that are in no story, by id."""
        ...

    def stories_of(self, versions: Sequence[int]) -> dict[int, int]:
        """The story of each of these versions whose article is in one."""
        ...

    def add_to_story(self, run_id: int, version_id: int, placement: Placement) -> int:
        """Put a version's article into its story or a new one; returns its story's id. One that is in a story stays."""
        ...
