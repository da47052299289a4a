"""Work lists: what each stage may have left to do."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0015"
down_revision = "0013"
branch_labels = None
depends_on = None

UNWEIGHED = (
    "INSERT INTO waiting (stage, item) SELECT 'weigh', v.pair_id FROM verdicts v "
    "LEFT JOIN pair_weights w ON w.pair_id = v.pair_id "
    "WHERE v.is_current AND v.stance IN ('conflict', 'agree') AND w.pair_id IS NULL"
)


def upgrade() -> None:
    """Make the lists, empty: the next run looks at everything once more and fills them. Killed runs left pairs unweighed."""
    op.create_table(
        "waiting",
        sa.Column("stage", sa.Text(), nullable=False),
        sa.Column("item", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("stage", "item", name="pk_waiting"),
    )
    op.create_table(
        "waiting_keys",
        sa.Column("stage", sa.Text(), nullable=False),
        sa.Column("key", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("stage", name="pk_waiting_keys"),
    )
    op.execute(UNWEIGHED)


def downgrade() -> None:
    """Remove them: they only save looking."""
    op.drop_table("waiting_keys")
    op.drop_table("waiting")
