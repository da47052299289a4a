"""What the desk sorts, filters and counts by is kept with the rows themselves."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from db.migrations import kept

revision = "0013"
down_revision = "0012"
branch_labels = None
depends_on = None

OLD, NEW = (
    ["stance", "kind", "confidence", "pair_id"],
    ["queue_rank", "is_judged", "kind", "confidence", "run_id", "earliest_at", "latest_at", "pair_id", "is_shown"],
)


def upgrade() -> None:
    """Fill the columns for what is there; from now on triggers keep them."""
    op.add_column("statements", sa.Column("is_current", sa.Boolean(), nullable=False, server_default=sa.false()))
    op.add_column("verdicts", sa.Column("queue_rank", sa.BigInteger(), nullable=False, server_default="0"))
    op.add_column("verdicts", sa.Column("is_judged", sa.Boolean(), nullable=False, server_default=sa.false()))
    op.add_column("verdicts", sa.Column("earliest_at", sa.DateTime(timezone=True), nullable=True))
    op.add_column("verdicts", sa.Column("latest_at", sa.DateTime(timezone=True), nullable=True))
    _claims()
    _run(*kept.FILL)
    _index(NEW)
    op.create_index(
        "ix_statements_current",
        "statements",
        ["speaker_id", "is_current", "version_id", "start_char", "id"],
        sqlite_where=sa.text("is_current = 1"),
        postgresql_where=sa.text("is_current"),
    )
    _run(*(kept.SQLITE if _sqlite() else kept.POSTGRES))


def downgrade() -> None:
    """Nothing is lost: it can be worked out again."""
    _run(*(kept.SQLITE_DROP if _sqlite() else kept.POSTGRES_DROP))
    op.drop_table("outlet_claims")
    op.drop_index("ix_statements_current", "statements")
    _index(OLD)
    for column in ("latest_at", "earliest_at", "is_judged", "queue_rank"):
        op.drop_column("verdicts", column)
    op.drop_column("statements", "is_current")


def _claims() -> None:
    op.create_table(
        "outlet_claims",
        sa.Column("verdict_id", sa.Integer(), nullable=False),
        sa.Column("stance", sa.Text(), nullable=False),
        sa.Column("one_id", sa.Integer(), nullable=False),
        sa.Column("other_id", sa.Integer(), nullable=False),
        sa.Column("one_claim", sa.Text(), nullable=False),
        sa.Column("other_claim", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(
            ["verdict_id"], ["verdicts.id"], name="fk_outlet_claims_verdict_id", ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(["one_id"], ["outlets.id"], name="fk_outlet_claims_one_id"),
        sa.ForeignKeyConstraint(["other_id"], ["outlets.id"], name="fk_outlet_claims_other_id"),
        sa.PrimaryKeyConstraint("verdict_id", name="pk_outlet_claims"),
    )
    columns = ["one_id", "other_id", "stance", "one_claim", "other_claim"]
    op.create_index(f"ix_outlet_claims_{'_'.join(columns)}", "outlet_claims", columns)


def _index(columns: list[str]) -> None:
    op.drop_index("ix_verdicts_shown", "verdicts")
    sqlite, postgresql = sa.text("is_shown = 1"), sa.text("is_shown")
    op.create_index("ix_verdicts_shown", "verdicts", columns, sqlite_where=sqlite, postgresql_where=postgresql)


def _sqlite() -> bool:
    return op.get_bind().dialect.name == "sqlite"


def _run(*statements: str) -> None:
    for one in statements:
        op.get_bind().exec_driver_sql(one)
