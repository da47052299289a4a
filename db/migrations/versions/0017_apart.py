"""Of a verdict: whether both sides stand in one article, in two, or in two outlets."""

from __future__ import annotations

from collections.abc import Iterable

import sqlalchemy as sa
from alembic import op

from db.migrations import apart

revision = "0017"
down_revision = "0016"
branch_labels = None
depends_on = None

OLD = ["queue_rank", "is_judged", "kind", "confidence", "run_id", "earliest_at", "latest_at", "pair_id", "is_shown"]
NEW = [*OLD[:-2], "apart", *OLD[-2:]]


def upgrade() -> None:
    """Fill the column for what is there; from now on the trigger keeps it."""
    op.add_column("verdicts", sa.Column("apart", sa.SmallInteger(), nullable=False, server_default="0"))
    _run([apart.FILL])
    _index(NEW)
    _triggers(apart.SQLITE, apart.POSTGRES)


def downgrade() -> None:
    """Nothing is lost: it can be worked out again."""
    _triggers(apart.OLD_SQLITE, apart.OLD_POSTGRES)
    _index(OLD)
    op.drop_column("verdicts", "apart")


def _triggers(sqlite: Iterable[str], postgres: Iterable[str]) -> None:
    if op.get_bind().dialect.name == "sqlite":
        _run([*apart.SQLITE_DROP, *sqlite])
    else:
        _run([*apart.POSTGRES_DROP, *postgres])


def _index(columns: list[str]) -> None:
    op.drop_index("ix_verdicts_shown", "verdicts")
    sqlite, postgresql = sa.text("is_shown = 1"), sa.text("is_shown")
    op.create_index("ix_verdicts_shown", "verdicts", columns, sqlite_where=sqlite, postgresql_where=postgresql)


def _run(statements: Iterable[str]) -> None:
    for statement in statements:
        op.get_bind().exec_driver_sql(statement)
