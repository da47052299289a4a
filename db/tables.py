"""The tables. Rows stay inside `db`: `db.mapping` turns them into the frozen values of the domain and back.

Article → statements → pairs → verdicts and judgements; the rows that a run added carry its `run_id`.
"""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Any

from sqlalchemy import (
    BigInteger,
    CheckConstraint,
    ForeignKey,
    Index,
    LargeBinary,
    SmallInteger,
    String,
    UniqueConstraint,
    false,
    text,
)
from sqlalchemy.orm import Mapped, mapped_column

from db.base import Base

Id = Annotated[int, mapped_column(primary_key=True)]
Sha256 = Annotated[str, mapped_column(String(64))]
StatementKey = Annotated[str, mapped_column(String(16), ForeignKey("statements.id"))]
RunKey = Annotated[int, mapped_column(ForeignKey("runs.id"), index=True)]


def one_current(table: str, column: str, condition: str) -> Index:
    """At most one current row for each `column`: held by the database, not only by the store."""
    where = text(condition)
    return Index(f"uq_{table}_current", column, unique=True, sqlite_where=where, postgresql_where=where)


def _partial(name: str, *columns: str, where: str) -> Index:
    """An index of the rows where a flag is set."""
    return Index(name, *columns, sqlite_where=text(f"{where} = 1"), postgresql_where=text(where))


def _within(columns: str, low: float, high: float) -> tuple[CheckConstraint, ...]:
    """Ranges, so that both dialects refuse NaN alike (SQLite would store NULL, PostgreSQL NaN)."""
    return tuple(CheckConstraint(f"{name} >= {low} AND {name} <= {high}", name=name) for name in columns.split())


class Runs(Base):
    """One run of the pipeline; `finished_at` and `counts` are NULL while it is under way, or if it was killed."""

    __tablename__ = "runs"
    id: Mapped[Id]
    started_at: Mapped[datetime]
    finished_at: Mapped[datetime | None]
    locations: Mapped[list[Any]]
    profile: Mapped[str]
    counts: Mapped[dict[str, Any] | None]


class RunFailures(Base):
    """An item that a run dropped, and why; `key` is the hash of stage, item and message."""

    __tablename__ = "run_failures"
    __table_args__ = (UniqueConstraint("run_id", "key"),)
    id: Mapped[Id]
    run_id: Mapped[int] = mapped_column(ForeignKey("runs.id"))
    key: Mapped[Sha256]
    stage: Mapped[str]
    item: Mapped[str]
    message: Mapped[str]
    transient: Mapped[bool]


class Outlets(Base):
    """Who published."""

    __tablename__ = "outlets"
    id: Mapped[Id]
    name: Mapped[str] = mapped_column(unique=True)


class Articles(Base):
    """One canonical URL (or absolute path of a local file)."""

    __tablename__ = "articles"
    id: Mapped[Id]
    url: Mapped[str] = mapped_column(unique=True)


class ArticleVersions(Base):
    """One text of an article, with what was said about it when it was stored; the text last seen is the current one."""

    __tablename__ = "article_versions"
    __table_args__ = (
        UniqueConstraint("article_id", "content_hash"),
        one_current("article_versions", "article_id", "is_current"),
    )
    id: Mapped[Id]
    article_id: Mapped[int] = mapped_column(ForeignKey("articles.id"))
    outlet_id: Mapped[int | None] = mapped_column(ForeignKey("outlets.id"), index=True)
    content_hash: Mapped[Sha256]
    text: Mapped[str]
    title: Mapped[str | None]
    author: Mapped[str | None]
    published_at: Mapped[datetime | None] = mapped_column(index=True)
    language: Mapped[str]
    stored_at: Mapped[datetime]
    is_current: Mapped[bool]
    run_id: Mapped[RunKey]


class Paragraphs(Base):
    """A paragraph's place and mark; `words_hash` is of its words with white space folded."""

    __tablename__ = "paragraphs"
    version_id: Mapped[int] = mapped_column(ForeignKey("article_versions.id"), primary_key=True)
    position: Mapped[int] = mapped_column(primary_key=True)
    start_char: Mapped[int]
    end_char: Mapped[int]
    mark: Mapped[str | None]
    words_hash: Mapped[Sha256] = mapped_column(index=True)


class Speakers(Base):
    """A person or body; `key` is the name as `db.names.name_key` folds it, `name` as first seen.

    One that people split off another has a key that no name folds to; `told_apart` marks both.
    """

    __tablename__ = "speakers"
    __table_args__ = (UniqueConstraint("key", "kind"),)
    id: Mapped[Id]
    name: Mapped[str]
    kind: Mapped[str]
    key: Mapped[str]
    told_apart: Mapped[bool] = mapped_column(server_default=false())


class SpeakerAliases(Base):
    """Other words for a speaker, from any article."""

    __tablename__ = "speaker_aliases"
    speaker_id: Mapped[int] = mapped_column(ForeignKey("speakers.id"), primary_key=True)
    key: Mapped[str] = mapped_column(primary_key=True)
    alias: Mapped[str]


class Extractions(Base):
    """Which extractor version has done which article version; the last one to do it gives the current statements."""

    __tablename__ = "extractions"
    __table_args__ = (one_current("extractions", "version_id", "is_current"),)
    version_id: Mapped[int] = mapped_column(ForeignKey("article_versions.id"), primary_key=True)
    extractor: Mapped[str] = mapped_column(primary_key=True)
    is_current: Mapped[bool]


class Statements(Base):
    """Something an article asserts.

    `content` is `[[start, end], …]`, whose words joined by spaces are `text`; `source` and `cue` are
    `[start, end, words]`. Offsets are code points of the version's text. `speaker_name` and `speaker_aliases` are as
    this article has them; `speaker_id` is whom people took that for, where they decided, else whom the extractor did.
    `nested_in` may name a statement that is stored after this one. `is_current` is kept by triggers (`db.migrations.kept`): the
    version is current, and the extractor was the last to read it.
    """

    __tablename__ = "statements"
    __table_args__ = (
        Index(None, "version_id", "extractor"),
        _partial(
            "ix_statements_current", "speaker_id", "is_current", "version_id", "start_char", "id", where="is_current"
        ),
        *_within("confidence", 0, 1),
    )
    id: Mapped[str] = mapped_column(String(16), primary_key=True)
    version_id: Mapped[int] = mapped_column(ForeignKey("article_versions.id"))
    extractor: Mapped[str]
    position: Mapped[int]
    kind: Mapped[str]
    speaker_id: Mapped[int | None] = mapped_column(ForeignKey("speakers.id"), index=True)
    speaker_name: Mapped[str | None]
    speaker_aliases: Mapped[list[Any] | None]
    speaker_reason: Mapped[str | None]
    source: Mapped[list[Any] | None]
    cue: Mapped[list[Any] | None]
    cue_class: Mapped[str | None]
    content: Mapped[list[Any]]
    text: Mapped[str]
    start_char: Mapped[int]
    end_char: Mapped[int]
    claim: Mapped[str]
    claim_hash: Mapped[Sha256] = mapped_column(index=True)
    confidence: Mapped[float]
    nested_in: Mapped[str | None] = mapped_column(
        String(16), ForeignKey("statements.id", deferrable=True, initially="DEFERRED"), index=True
    )
    is_current: Mapped[bool] = mapped_column(server_default=false())
    run_id: Mapped[RunKey]


class Embeddings(Base):
    """The unit vector of a claim, or of an article's lead: little-endian float32."""

    __tablename__ = "embeddings"
    claim_hash: Mapped[Sha256] = mapped_column(primary_key=True)
    model: Mapped[str] = mapped_column(primary_key=True)
    revision: Mapped[str] = mapped_column(primary_key=True)
    vector: Mapped[bytes] = mapped_column(LargeBinary)


class Pairs(Base):
    """Two statements worth comparing, a before b, and the gates that let them pass: `[{"name", "detail"}, …]`."""

    __tablename__ = "pairs"
    __table_args__ = (
        UniqueConstraint("a_id", "b_id"),
        CheckConstraint("a_id < b_id", name="order"),
        *_within("similarity", -1.001, 1.001),
    )
    id: Mapped[Id]
    a_id: Mapped[StatementKey]
    b_id: Mapped[StatementKey] = mapped_column(index=True)
    gates_version: Mapped[str]
    similarity: Mapped[float]
    gates: Mapped[list[Any]]
    run_id: Mapped[RunKey]


class Pairings(Base):
    """Which statements a gates version has looked at."""

    __tablename__ = "pairings"
    statement_id: Mapped[StatementKey] = mapped_column(primary_key=True)
    gates_version: Mapped[str] = mapped_column(primary_key=True)


class NliScores(Base):
    """What an NLI model says of two claims in one direction."""

    __tablename__ = "nli_scores"
    __table_args__ = _within("entailment neutral contradiction", -0.001, 1.001)
    premise_hash: Mapped[Sha256] = mapped_column(primary_key=True)
    hypothesis_hash: Mapped[Sha256] = mapped_column(primary_key=True)
    model: Mapped[str] = mapped_column(primary_key=True)
    revision: Mapped[str] = mapped_column(primary_key=True)
    entailment: Mapped[float]
    neutral: Mapped[float]
    contradiction: Mapped[float]


class StanceScores(Base):
    """What a verdict model says of two reported statements, the one with the lower hash first."""

    __tablename__ = "stance_scores"
    __table_args__ = _within("agree conflict tension unrelated", -0.001, 1.001)
    first_hash: Mapped[Sha256] = mapped_column(primary_key=True)
    second_hash: Mapped[Sha256] = mapped_column(primary_key=True)
    model: Mapped[str] = mapped_column(primary_key=True)
    revision: Mapped[str] = mapped_column(primary_key=True)
    agree: Mapped[float]
    conflict: Mapped[float]
    tension: Mapped[float]
    unrelated: Mapped[float]


class Verdicts(Base):
    """What the machine held of a pair under one policy version, with the six probabilities it saw.

    `speakers_as_of` is the latest decision about the pair's speakers (`speaker_decisions`) that it knew of; 0: none.
    The rest is kept by triggers (`db.migrations.shown`, `kept`). `is_shown`: the verdict is current, and so are both statements.
    `queue_rank`: its place in the queue, the least first. `is_judged`: a judgement of the pair holds. `earliest_at` and
    `latest_at`: when the earlier and the later side was published (stored, where it is undated). `apart`: 0 where both sides stand in
    one article, 1 where in two, 2 where in two outlets (`db.migrations.apart`).
    """

    __tablename__ = "verdicts"
    __table_args__ = (
        UniqueConstraint("pair_id", "policy_version", "speakers_as_of"),
        one_current("verdicts", "pair_id", "is_current"),
        Index(None, "stance", "kind"),
        _partial(
            *("ix_verdicts_shown", "queue_rank", "is_judged", "kind", "confidence", "run_id"),
            *("earliest_at", "latest_at", "apart", "pair_id", "is_shown"),
            where="is_shown",
        ),
        *_within("confidence agree conflict neutral", -0.001, 1.001),
    )
    id: Mapped[Id]
    pair_id: Mapped[int] = mapped_column(ForeignKey("pairs.id"))
    policy_version: Mapped[str]
    stance: Mapped[str]
    kind: Mapped[str | None]
    confidence: Mapped[float]
    agree: Mapped[float]
    conflict: Mapped[float]
    neutral: Mapped[float]
    a_to_b_entailment: Mapped[float]
    a_to_b_neutral: Mapped[float]
    a_to_b_contradiction: Mapped[float]
    b_to_a_entailment: Mapped[float]
    b_to_a_neutral: Mapped[float]
    b_to_a_contradiction: Mapped[float]
    reasons: Mapped[list[Any]]
    reason_code: Mapped[str | None]
    deciding: Mapped[dict[str, Any] | None]
    nli_model: Mapped[str]
    nli_revision: Mapped[str]
    speakers_as_of: Mapped[int] = mapped_column(server_default="0")
    is_current: Mapped[bool]
    is_shown: Mapped[bool] = mapped_column(server_default=false())
    queue_rank: Mapped[int] = mapped_column(BigInteger, server_default="0")
    is_judged: Mapped[bool] = mapped_column(server_default=false())
    earliest_at: Mapped[datetime | None]
    latest_at: Mapped[datetime | None]
    apart: Mapped[int] = mapped_column(SmallInteger, server_default="0")
    decided_at: Mapped[datetime]
    run_id: Mapped[RunKey]


class OutletClaims(Base):
    """What two outlets agree or conflict on by a shown verdict, or by the judgement that holds: the one with the lower id first.

    A claim is its wire cluster, or the hash of its words where it is in none. Kept by triggers (`db.migrations.kept`).
    """

    __tablename__ = "outlet_claims"
    __table_args__ = (Index(None, "one_id", "other_id", "stance", "one_claim", "other_claim"),)
    verdict_id: Mapped[int] = mapped_column(
        ForeignKey("verdicts.id", ondelete="CASCADE"), primary_key=True, autoincrement=False
    )
    stance: Mapped[str]
    one_id: Mapped[int] = mapped_column(ForeignKey("outlets.id"))
    other_id: Mapped[int] = mapped_column(ForeignKey("outlets.id"))
    one_claim: Mapped[str]
    other_claim: Mapped[str]


class Judgements(Base):
    """What a person held of a pair. Rows are only added; `superseded_at` is NULL for the one that holds."""

    __tablename__ = "judgements"
    __table_args__ = (one_current("judgements", "pair_id", "superseded_at IS NULL"),)
    id: Mapped[Id]
    pair_id: Mapped[int] = mapped_column(ForeignKey("pairs.id"), index=True)
    stance: Mapped[str]
    kind: Mapped[str | None]
    reviewer: Mapped[str]
    decided_at: Mapped[datetime]
    comment: Mapped[str | None]
    entered_at: Mapped[datetime]
    superseded_at: Mapped[datetime | None]


class Stories(Base):
    """Articles on one event; `founder_id` is the one that started it."""

    __tablename__ = "stories"
    id: Mapped[Id]
    founder_id: Mapped[int] = mapped_column(ForeignKey("articles.id"), unique=True)
    run_id: Mapped[RunKey]


class StoryArticles(Base):
    """An article's story, why it belongs there (likeness to it, names in common); a new version stays in it."""

    __tablename__ = "story_articles"
    __table_args__ = _within("likeness", 0, 1)
    article_id: Mapped[int] = mapped_column(ForeignKey("articles.id"), primary_key=True)
    story_id: Mapped[int] = mapped_column(ForeignKey("stories.id"), index=True)
    likeness: Mapped[float]
    shared: Mapped[list[Any]]
    run_id: Mapped[RunKey]


class Credits(Base):
    """An agency that a version credits, the words that do so, and from which paragraph on."""

    __tablename__ = "credits"
    version_id: Mapped[int] = mapped_column(ForeignKey("article_versions.id"), primary_key=True)
    agency: Mapped[str] = mapped_column(primary_key=True)
    position: Mapped[int]
    words: Mapped[str]


class WireClusters(Base):
    """Paragraphs that carry the same copy, named by the first to be published."""

    __tablename__ = "wire_clusters"
    __table_args__ = (UniqueConstraint("first_version_id", "first_position"),)
    id: Mapped[Id]
    first_version_id: Mapped[int] = mapped_column(ForeignKey("article_versions.id"))
    first_position: Mapped[int]
    run_id: Mapped[RunKey]


class WireMembers(Base):
    """A paragraph of a cluster, and how much of its words the nearest other one has."""

    __tablename__ = "wire_members"
    __table_args__ = _within("containment", 0, 1)
    version_id: Mapped[int] = mapped_column(ForeignKey("article_versions.id"), primary_key=True)
    position: Mapped[int] = mapped_column(primary_key=True)
    cluster_id: Mapped[int] = mapped_column(ForeignKey("wire_clusters.id"), index=True)
    containment: Mapped[float]


class Digests(Base):
    """What later articles need to know of a version, by the rules `method`; it goes when the paragraphs are marked anew.

    `passages` has 33 little-endian uint32 a passage: its paragraph's position, and 32 numbers of which near copies share some.
    `lead_hash` is the key of its lead in `embeddings`.
    """

    __tablename__ = "digests"
    version_id: Mapped[int] = mapped_column(ForeignKey("article_versions.id"), primary_key=True, autoincrement=False)
    method: Mapped[str]
    names: Mapped[list[Any]]
    lead_hash: Mapped[Sha256]
    passages: Mapped[bytes] = mapped_column(LargeBinary)


class CopyChecks(Base):
    """Which versions have been compared with the others, and read for credits, by which rules."""

    __tablename__ = "copy_checks"
    version_id: Mapped[int] = mapped_column(ForeignKey("article_versions.id"), primary_key=True)
    method: Mapped[str] = mapped_column(primary_key=True)


class PairWeights(Base):
    """How many independent sources stood on each side of a pair when the last run that touched its stories ended."""

    __tablename__ = "pair_weights"
    pair_id: Mapped[int] = mapped_column(ForeignKey("pairs.id"), primary_key=True, autoincrement=False)
    a_independent: Mapped[int]
    b_independent: Mapped[int]
