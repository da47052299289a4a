"""What a verdict model says of pairs, and the words that decided a verdict."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None

STANCES = ("agree", "conflict", "tension", "unrelated")


def upgrade() -> None:
    """Make the table and the column. The next run fills it for the pairs that its policy judges anew."""
    op.create_table(
        "stance_scores",
        sa.Column("first_hash", sa.String(64), nullable=False),
        sa.Column("second_hash", sa.String(64), nullable=False),
        sa.Column("model", sa.Text(), nullable=False),
        sa.Column("revision", sa.Text(), nullable=False),
        *(sa.Column(name, sa.Double(), nullable=False) for name in STANCES),
        *(
            sa.CheckConstraint(f"{name} >= -0.001 AND {name} <= 1.001", name=op.f(f"ck_stance_scores_{name}"))
            for name in STANCES
        ),
        sa.PrimaryKeyConstraint("first_hash", "second_hash", "model", "revision", name="pk_stance_scores"),
    )
    op.add_column("verdicts", sa.Column("deciding", sa.JSON(), nullable=True))


def downgrade() -> None:
    """Remove both."""
    op.drop_column("verdicts", "deciding")
    op.drop_table("stance_scores")
