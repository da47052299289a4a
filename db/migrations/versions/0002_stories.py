"""Stories, agency credits and wire clusters."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from db.migrations.story_views import STORY_VIEWS

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None

TABLES = ("stories", "story_articles", "credits", "wire_clusters", "wire_members", "copy_checks")


def upgrade() -> None:
    """Make the tables, then the views. The next run fills them for the articles that are there."""
    _stories()
    _copies()
    for name, select in STORY_VIEWS.items():
        op.execute(f"CREATE VIEW {name} AS {select}")


def downgrade() -> None:
    """Remove both."""
    for name in reversed(STORY_VIEWS):
        op.execute(f"DROP VIEW {name}")
    for name in reversed(TABLES):
        op.drop_table(name)


def _stories() -> None:
    op.create_table(
        "stories",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("founder_id", sa.Integer(), nullable=False),
        sa.Column("run_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["founder_id"], ["articles.id"], name="fk_stories_founder_id"),
        sa.ForeignKeyConstraint(["run_id"], ["runs.id"], name="fk_stories_run_id"),
        sa.PrimaryKeyConstraint("id", name="pk_stories"),
        sa.UniqueConstraint("founder_id", name="uq_stories_founder_id"),
    )
    op.create_index("ix_stories_run_id", "stories", ["run_id"])
    op.create_table(
        "story_articles",
        sa.Column("article_id", sa.Integer(), nullable=False),
        sa.Column("story_id", sa.Integer(), nullable=False),
        sa.Column("likeness", sa.Double(), nullable=False),
        sa.Column("shared", sa.JSON(), nullable=False),
        sa.Column("run_id", sa.Integer(), nullable=False),
        sa.CheckConstraint("likeness >= 0 AND likeness <= 1", name=op.f("ck_story_articles_likeness")),
        sa.ForeignKeyConstraint(["article_id"], ["articles.id"], name="fk_story_articles_article_id"),
        sa.ForeignKeyConstraint(["story_id"], ["stories.id"], name="fk_story_articles_story_id"),
        sa.ForeignKeyConstraint(["run_id"], ["runs.id"], name="fk_story_articles_run_id"),
        sa.PrimaryKeyConstraint("article_id", name="pk_story_articles"),
    )
    op.create_index("ix_story_articles_story_id", "story_articles", ["story_id"])
    op.create_index("ix_story_articles_run_id", "story_articles", ["run_id"])


def _copies() -> None:
    """Who carries whose copy."""
    op.create_table(
        "credits",
        sa.Column("version_id", sa.Integer(), nullable=False),
        sa.Column("agency", sa.Text(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("words", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["version_id"], ["article_versions.id"], name="fk_credits_version_id"),
        sa.PrimaryKeyConstraint("version_id", "agency", name="pk_credits"),
    )
    op.create_table(
        "wire_clusters",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("first_version_id", sa.Integer(), nullable=False),
        sa.Column("first_position", sa.Integer(), nullable=False),
        sa.Column("run_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["first_version_id"], ["article_versions.id"], name="fk_wire_clusters_first_version_id"
        ),
        sa.ForeignKeyConstraint(["run_id"], ["runs.id"], name="fk_wire_clusters_run_id"),
        sa.PrimaryKeyConstraint("id", name="pk_wire_clusters"),
        sa.UniqueConstraint(
            "first_version_id", "first_position", name="uq_wire_clusters_first_version_id_first_position"
        ),
    )
    op.create_index("ix_wire_clusters_run_id", "wire_clusters", ["run_id"])
    op.create_table(
        "wire_members",
        sa.Column("version_id", sa.Integer(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("cluster_id", sa.Integer(), nullable=False),
        sa.Column("containment", sa.Double(), nullable=False),
        sa.CheckConstraint("containment >= 0 AND containment <= 1", name=op.f("ck_wire_members_containment")),
        sa.ForeignKeyConstraint(["version_id"], ["article_versions.id"], name="fk_wire_members_version_id"),
        sa.ForeignKeyConstraint(["cluster_id"], ["wire_clusters.id"], name="fk_wire_members_cluster_id"),
        sa.PrimaryKeyConstraint("version_id", "position", name="pk_wire_members"),
    )
    op.create_index("ix_wire_members_cluster_id", "wire_members", ["cluster_id"])
    op.create_table(
        "copy_checks",
        sa.Column("version_id", sa.Integer(), nullable=False),
        sa.Column("method", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["version_id"], ["article_versions.id"], name="fk_copy_checks_version_id"),
        sa.PrimaryKeyConstraint("version_id", "method", name="pk_copy_checks"),
    )
