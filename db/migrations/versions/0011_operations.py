"""Operations: articles that break the extraction are put aside, and each announcement is made once."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0011"
down_revision = "0010"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Make the tables."""
    time = sa.DateTime(timezone=True)
    op.create_table(
        "extraction_tries",
        sa.Column("version_id", sa.Integer(), nullable=False),
        sa.Column("extractor", sa.Text(), nullable=False),
        sa.Column("under_way", sa.Boolean(), nullable=False),
        sa.Column("tries", sa.Integer(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=True),
        sa.Column("put_aside_at", time, nullable=True),
        sa.ForeignKeyConstraint(["version_id"], ["article_versions.id"], name="fk_extraction_tries_version_id"),
        sa.PrimaryKeyConstraint("version_id", "extractor", name="pk_extraction_tries"),
    )
    op.create_table(
        "announcements",
        sa.Column("key", sa.Text(), nullable=False),
        sa.Column("channel", sa.Text(), nullable=False),
        sa.Column("event", sa.Text(), nullable=False),
        sa.Column("payload", sa.JSON(), nullable=False),
        sa.Column("noted_at", time, nullable=False),
        sa.Column("claimed_at", time, nullable=True),
        sa.Column("sent_at", time, nullable=True),
        sa.PrimaryKeyConstraint("key", "channel", name="pk_announcements"),
    )


def downgrade() -> None:
    """Remove them."""
    op.drop_table("announcements")
    op.drop_table("extraction_tries")
