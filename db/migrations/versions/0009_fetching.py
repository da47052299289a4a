"""Fetching: the queue of pages and files, every request, pages as they came, robots files."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None

TABLES = ("fetch_items", "fetches", "raw_pages", "robots_files")


def upgrade() -> None:
    """Make the tables."""
    _items()
    _fetches()
    _kept()


def downgrade() -> None:
    """Remove them."""
    for name in reversed(TABLES):
        op.drop_table(name)


def _items() -> None:
    time = sa.DateTime(timezone=True)
    op.create_table(
        "fetch_items",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("key", sa.Text(), nullable=False),
        sa.Column("source", sa.Text(), nullable=False),
        sa.Column("address", sa.Text(), nullable=False),
        sa.Column("fields", sa.JSON(), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("tries", sa.Integer(), nullable=False),
        sa.Column("not_before", time, nullable=True),
        sa.Column("etag", sa.Text(), nullable=True),
        sa.Column("last_modified", sa.Text(), nullable=True),
        sa.Column("fingerprint", sa.Text(), nullable=True),
        sa.Column("position", sa.BigInteger(), nullable=False),
        sa.Column("error", sa.Text(), nullable=True),
        sa.Column("seen_at", time, nullable=False),
        sa.Column("changed_at", time, nullable=False),
        sa.CheckConstraint("kind IN ('feed', 'sitemap', 'page', 'file')", name=op.f("ck_fetch_items_kind")),
        sa.CheckConstraint("state IN ('queued', 'done', 'dropped')", name=op.f("ck_fetch_items_state")),
        sa.PrimaryKeyConstraint("id", name="pk_fetch_items"),
        sa.UniqueConstraint("kind", "key", name="uq_fetch_items_kind_key"),
    )
    op.create_index("ix_fetch_items_state", "fetch_items", ["state", "source"])


def _fetches() -> None:
    op.create_table(
        "fetches",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("run_id", sa.Integer(), nullable=True),
        sa.Column("source", sa.Text(), nullable=True),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("url", sa.Text(), nullable=False),
        sa.Column("final_url", sa.Text(), nullable=True),
        sa.Column("status", sa.Integer(), nullable=True),
        sa.Column("content_type", sa.Text(), nullable=True),
        sa.Column("wire_bytes", sa.BigInteger(), nullable=False),
        sa.Column("body_bytes", sa.BigInteger(), nullable=False),
        sa.Column("started_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("seconds", sa.Double(), nullable=False),
        sa.Column("etag", sa.Text(), nullable=True),
        sa.Column("last_modified", sa.Text(), nullable=True),
        sa.Column("extractor", sa.Text(), nullable=True),
        sa.Column("error", sa.Text(), nullable=True),
        sa.ForeignKeyConstraint(["run_id"], ["runs.id"], name="fk_fetches_run_id"),
        sa.PrimaryKeyConstraint("id", name="pk_fetches"),
    )
    for column in ("run_id", "url", "started_at"):
        op.create_index(f"ix_fetches_{column}", "fetches", [column])


def _kept() -> None:
    op.create_table(
        "raw_pages",
        sa.Column("fetch_id", sa.Integer(), nullable=False),
        sa.Column("encoding", sa.Text(), nullable=False),
        sa.Column("body", sa.LargeBinary(), nullable=False),
        sa.ForeignKeyConstraint(["fetch_id"], ["fetches.id"], name="fk_raw_pages_fetch_id"),
        sa.PrimaryKeyConstraint("fetch_id", name="pk_raw_pages"),
    )
    op.create_table(
        "robots_files",
        sa.Column("origin", sa.Text(), nullable=False),
        sa.Column("status", sa.Integer(), nullable=False),
        sa.Column("body", sa.Text(), nullable=False),
        sa.Column("fetched_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("origin", name="pk_robots_files"),
    )
