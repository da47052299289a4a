"""Digests of articles, so that new ones are compared without a look at the texts of old ones."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0016"
down_revision = "0015"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Make the table, empty: a run works out what it lacks."""
    op.create_table(
        "digests",
        sa.Column("version_id", sa.Integer(), nullable=False),
        sa.Column("method", sa.Text(), nullable=False),
        sa.Column("names", sa.JSON(), nullable=False),
        sa.Column("lead_hash", sa.String(64), nullable=False),
        sa.Column("passages", sa.LargeBinary(), nullable=False),
        sa.ForeignKeyConstraint(["version_id"], ["article_versions.id"], name="fk_digests_version_id"),
        sa.PrimaryKeyConstraint("version_id", name="pk_digests"),
    )


def downgrade() -> None:
    """Remove it: it can be worked out again."""
    op.drop_table("digests")
