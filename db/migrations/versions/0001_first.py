"""The first schema: tables and the views for analysts."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from db.migrations.first_views import FIRST_VIEWS

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None

TIME = sa.DateTime(timezone=True)
SHA256 = sa.String(length=64)
STATEMENT = sa.String(length=16)
TABLES = (
    "runs",
    "run_failures",
    "outlets",
    "articles",
    "article_versions",
    "paragraphs",
    "speakers",
    "speaker_aliases",
    "extractions",
    "statements",
    "embeddings",
    "pairs",
    "pairings",
    "nli_scores",
    "verdicts",
    "judgements",
)


def upgrade() -> None:
    """Make the tables, then the views."""
    _runs()
    _articles()
    _statements()
    _pairs()
    _verdicts()
    for name, select in FIRST_VIEWS[op.get_bind().dialect.name].items():
        op.execute(f"CREATE VIEW {name} AS {select}")


def downgrade() -> None:
    """Remove everything."""
    for name in reversed(FIRST_VIEWS[op.get_bind().dialect.name]):
        op.execute(f"DROP VIEW {name}")
    for name in reversed(TABLES):
        op.drop_table(name)


def _runs() -> None:
    """Runs and what they dropped."""
    op.create_table(
        "runs",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("started_at", TIME, nullable=False),
        sa.Column("finished_at", TIME, nullable=True),
        sa.Column("locations", sa.JSON(), nullable=False),
        sa.Column("profile", sa.Text(), nullable=False),
        sa.Column("counts", sa.JSON(), nullable=True),
        sa.PrimaryKeyConstraint("id", name="pk_runs"),
    )
    op.create_table(
        "run_failures",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("run_id", sa.Integer(), nullable=False),
        sa.Column("key", SHA256, nullable=False),
        sa.Column("stage", sa.Text(), nullable=False),
        sa.Column("item", sa.Text(), nullable=False),
        sa.Column("message", sa.Text(), nullable=False),
        sa.Column("transient", sa.Boolean(), nullable=False),
        sa.ForeignKeyConstraint(["run_id"], ["runs.id"], name="fk_run_failures_run_id"),
        sa.PrimaryKeyConstraint("id", name="pk_run_failures"),
        sa.UniqueConstraint("run_id", "key", name="uq_run_failures_run_id_key"),
    )


def _articles() -> None:
    """Outlets, articles, versions, paragraphs."""
    op.create_table(
        "outlets",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_outlets"),
        sa.UniqueConstraint("name", name="uq_outlets_name"),
    )
    op.create_table(
        "articles",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("url", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_articles"),
        sa.UniqueConstraint("url", name="uq_articles_url"),
    )
    op.create_table(
        "article_versions",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("article_id", sa.Integer(), nullable=False),
        sa.Column("outlet_id", sa.Integer(), nullable=True),
        sa.Column("content_hash", SHA256, nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("title", sa.Text(), nullable=True),
        sa.Column("author", sa.Text(), nullable=True),
        sa.Column("published_at", TIME, nullable=True),
        sa.Column("language", sa.Text(), nullable=False),
        sa.Column("stored_at", TIME, nullable=False),
        sa.Column("is_current", sa.Boolean(), nullable=False),
        sa.Column("run_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["article_id"], ["articles.id"], name="fk_article_versions_article_id"),
        sa.ForeignKeyConstraint(["outlet_id"], ["outlets.id"], name="fk_article_versions_outlet_id"),
        sa.ForeignKeyConstraint(["run_id"], ["runs.id"], name="fk_article_versions_run_id"),
        sa.PrimaryKeyConstraint("id", name="pk_article_versions"),
        sa.UniqueConstraint("article_id", "content_hash", name="uq_article_versions_article_id_content_hash"),
    )
    op.create_index("ix_article_versions_outlet_id", "article_versions", ["outlet_id"])
    op.create_index("ix_article_versions_run_id", "article_versions", ["run_id"])
    op.create_index(
        "uq_article_versions_current",
        "article_versions",
        ["article_id"],
        unique=True,
        sqlite_where=sa.text("is_current"),
        postgresql_where=sa.text("is_current"),
    )
    op.create_table(
        "paragraphs",
        sa.Column("version_id", sa.Integer(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("start_char", sa.Integer(), nullable=False),
        sa.Column("end_char", sa.Integer(), nullable=False),
        sa.Column("mark", sa.Text(), nullable=True),
        sa.Column("words_hash", SHA256, nullable=False),
        sa.ForeignKeyConstraint(["version_id"], ["article_versions.id"], name="fk_paragraphs_version_id"),
        sa.PrimaryKeyConstraint("version_id", "position", name="pk_paragraphs"),
    )
    op.create_index("ix_paragraphs_words_hash", "paragraphs", ["words_hash"])


def _statements() -> None:
    """Speakers, statements, what has been extracted, vectors."""
    op.create_table(
        "speakers",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("key", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_speakers"),
        sa.UniqueConstraint("key", "kind", name="uq_speakers_key_kind"),
    )
    op.create_table(
        "speaker_aliases",
        sa.Column("speaker_id", sa.Integer(), nullable=False),
        sa.Column("key", sa.Text(), nullable=False),
        sa.Column("alias", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["speaker_id"], ["speakers.id"], name="fk_speaker_aliases_speaker_id"),
        sa.PrimaryKeyConstraint("speaker_id", "key", name="pk_speaker_aliases"),
    )
    op.create_table(
        "extractions",
        sa.Column("version_id", sa.Integer(), nullable=False),
        sa.Column("extractor", sa.Text(), nullable=False),
        sa.Column("is_current", sa.Boolean(), nullable=False),
        sa.ForeignKeyConstraint(["version_id"], ["article_versions.id"], name="fk_extractions_version_id"),
        sa.PrimaryKeyConstraint("version_id", "extractor", name="pk_extractions"),
    )
    op.create_index(
        "uq_extractions_current",
        "extractions",
        ["version_id"],
        unique=True,
        sqlite_where=sa.text("is_current"),
        postgresql_where=sa.text("is_current"),
    )
    op.create_table(
        "statements",
        sa.Column("id", STATEMENT, nullable=False),
        sa.Column("version_id", sa.Integer(), nullable=False),
        sa.Column("extractor", sa.Text(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("speaker_id", sa.Integer(), nullable=True),
        sa.Column("speaker_name", sa.Text(), nullable=True),
        sa.Column("speaker_aliases", sa.JSON(), nullable=True),
        sa.Column("speaker_reason", sa.Text(), nullable=True),
        sa.Column("source", sa.JSON(), nullable=True),
        sa.Column("cue", sa.JSON(), nullable=True),
        sa.Column("cue_class", sa.Text(), nullable=True),
        sa.Column("content", sa.JSON(), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("start_char", sa.Integer(), nullable=False),
        sa.Column("end_char", sa.Integer(), nullable=False),
        sa.Column("claim", sa.Text(), nullable=False),
        sa.Column("claim_hash", SHA256, nullable=False),
        sa.Column("confidence", sa.Double(), nullable=False),
        sa.Column("nested_in", STATEMENT, nullable=True),
        sa.Column("run_id", sa.Integer(), nullable=False),
        sa.CheckConstraint("confidence >= 0 AND confidence <= 1", name="ck_statements_confidence"),
        sa.ForeignKeyConstraint(
            ["nested_in"], ["statements.id"], name="fk_statements_nested_in", initially="DEFERRED", deferrable=True
        ),
        sa.ForeignKeyConstraint(["run_id"], ["runs.id"], name="fk_statements_run_id"),
        sa.ForeignKeyConstraint(["speaker_id"], ["speakers.id"], name="fk_statements_speaker_id"),
        sa.ForeignKeyConstraint(["version_id"], ["article_versions.id"], name="fk_statements_version_id"),
        sa.PrimaryKeyConstraint("id", name="pk_statements"),
    )
    op.create_index("ix_statements_claim_hash", "statements", ["claim_hash"])
    op.create_index("ix_statements_nested_in", "statements", ["nested_in"])
    op.create_index("ix_statements_run_id", "statements", ["run_id"])
    op.create_index("ix_statements_speaker_id", "statements", ["speaker_id"])
    op.create_index("ix_statements_version_id_extractor", "statements", ["version_id", "extractor"])
    op.create_table(
        "embeddings",
        sa.Column("claim_hash", SHA256, nullable=False),
        sa.Column("model", sa.Text(), nullable=False),
        sa.Column("revision", sa.Text(), nullable=False),
        sa.Column("vector", sa.LargeBinary(), nullable=False),
        sa.PrimaryKeyConstraint("claim_hash", "model", "revision", name="pk_embeddings"),
    )


def _pairs() -> None:
    """Pairs, what has been paired, scores."""
    op.create_table(
        "pairs",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("a_id", STATEMENT, nullable=False),
        sa.Column("b_id", STATEMENT, nullable=False),
        sa.Column("gates_version", sa.Text(), nullable=False),
        sa.Column("similarity", sa.Double(), nullable=False),
        sa.Column("gates", sa.JSON(), nullable=False),
        sa.Column("run_id", sa.Integer(), nullable=False),
        sa.CheckConstraint("a_id < b_id", name="ck_pairs_order"),
        sa.CheckConstraint("similarity >= -1.001 AND similarity <= 1.001", name="ck_pairs_similarity"),
        sa.ForeignKeyConstraint(["a_id"], ["statements.id"], name="fk_pairs_a_id"),
        sa.ForeignKeyConstraint(["b_id"], ["statements.id"], name="fk_pairs_b_id"),
        sa.ForeignKeyConstraint(["run_id"], ["runs.id"], name="fk_pairs_run_id"),
        sa.PrimaryKeyConstraint("id", name="pk_pairs"),
        sa.UniqueConstraint("a_id", "b_id", name="uq_pairs_a_id_b_id"),
    )
    op.create_index("ix_pairs_b_id", "pairs", ["b_id"])
    op.create_index("ix_pairs_run_id", "pairs", ["run_id"])
    op.create_table(
        "pairings",
        sa.Column("statement_id", STATEMENT, nullable=False),
        sa.Column("gates_version", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["statement_id"], ["statements.id"], name="fk_pairings_statement_id"),
        sa.PrimaryKeyConstraint("statement_id", "gates_version", name="pk_pairings"),
    )
    op.create_table(
        "nli_scores",
        sa.Column("premise_hash", SHA256, nullable=False),
        sa.Column("hypothesis_hash", SHA256, nullable=False),
        sa.Column("model", sa.Text(), nullable=False),
        sa.Column("revision", sa.Text(), nullable=False),
        sa.Column("entailment", sa.Double(), nullable=False),
        sa.Column("neutral", sa.Double(), nullable=False),
        sa.Column("contradiction", sa.Double(), nullable=False),
        sa.CheckConstraint("contradiction >= -0.001 AND contradiction <= 1.001", name="ck_nli_scores_contradiction"),
        sa.CheckConstraint("entailment >= -0.001 AND entailment <= 1.001", name="ck_nli_scores_entailment"),
        sa.CheckConstraint("neutral >= -0.001 AND neutral <= 1.001", name="ck_nli_scores_neutral"),
        sa.PrimaryKeyConstraint("premise_hash", "hypothesis_hash", "model", "revision", name="pk_nli_scores"),
    )


def _verdicts() -> None:
    """Verdicts and judgements."""
    op.create_table(
        "verdicts",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("pair_id", sa.Integer(), nullable=False),
        sa.Column("policy_version", sa.Text(), nullable=False),
        sa.Column("stance", sa.Text(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=True),
        sa.Column("confidence", sa.Double(), nullable=False),
        sa.Column("agree", sa.Double(), nullable=False),
        sa.Column("conflict", sa.Double(), nullable=False),
        sa.Column("neutral", sa.Double(), nullable=False),
        sa.Column("a_to_b_entailment", sa.Double(), nullable=False),
        sa.Column("a_to_b_neutral", sa.Double(), nullable=False),
        sa.Column("a_to_b_contradiction", sa.Double(), nullable=False),
        sa.Column("b_to_a_entailment", sa.Double(), nullable=False),
        sa.Column("b_to_a_neutral", sa.Double(), nullable=False),
        sa.Column("b_to_a_contradiction", sa.Double(), nullable=False),
        sa.Column("reasons", sa.JSON(), nullable=False),
        sa.Column("reason_code", sa.Text(), nullable=True),
        sa.Column("nli_model", sa.Text(), nullable=False),
        sa.Column("nli_revision", sa.Text(), nullable=False),
        sa.Column("is_current", sa.Boolean(), nullable=False),
        sa.Column("decided_at", TIME, nullable=False),
        sa.Column("run_id", sa.Integer(), nullable=False),
        sa.CheckConstraint("agree >= -0.001 AND agree <= 1.001", name="ck_verdicts_agree"),
        sa.CheckConstraint("confidence >= -0.001 AND confidence <= 1.001", name="ck_verdicts_confidence"),
        sa.CheckConstraint("conflict >= -0.001 AND conflict <= 1.001", name="ck_verdicts_conflict"),
        sa.CheckConstraint("neutral >= -0.001 AND neutral <= 1.001", name="ck_verdicts_neutral"),
        sa.ForeignKeyConstraint(["pair_id"], ["pairs.id"], name="fk_verdicts_pair_id"),
        sa.ForeignKeyConstraint(["run_id"], ["runs.id"], name="fk_verdicts_run_id"),
        sa.PrimaryKeyConstraint("id", name="pk_verdicts"),
        sa.UniqueConstraint("pair_id", "policy_version", name="uq_verdicts_pair_id_policy_version"),
    )
    op.create_index("ix_verdicts_run_id", "verdicts", ["run_id"])
    op.create_index("ix_verdicts_stance_kind", "verdicts", ["stance", "kind"])
    op.create_index(
        "uq_verdicts_current",
        "verdicts",
        ["pair_id"],
        unique=True,
        sqlite_where=sa.text("is_current"),
        postgresql_where=sa.text("is_current"),
    )
    op.create_table(
        "judgements",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("pair_id", sa.Integer(), nullable=False),
        sa.Column("stance", sa.Text(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=True),
        sa.Column("reviewer", sa.Text(), nullable=False),
        sa.Column("decided_at", TIME, nullable=False),
        sa.Column("comment", sa.Text(), nullable=True),
        sa.Column("entered_at", TIME, nullable=False),
        sa.Column("superseded_at", TIME, nullable=True),
        sa.ForeignKeyConstraint(["pair_id"], ["pairs.id"], name="fk_judgements_pair_id"),
        sa.PrimaryKeyConstraint("id", name="pk_judgements"),
    )
    op.create_index("ix_judgements_pair_id", "judgements", ["pair_id"])
    op.create_index(
        "uq_judgements_current",
        "judgements",
        ["pair_id"],
        unique=True,
        sqlite_where=sa.text("superseded_at IS NULL"),
        postgresql_where=sa.text("superseded_at IS NULL"),
    )
