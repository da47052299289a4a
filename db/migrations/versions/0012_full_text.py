"""Full-text search of statements and articles; scopes and labels of tokens; which verdicts the desk shows."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from db.migrations import full_text, shown

revision = "0012"
down_revision = "0011"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Existing tokens keep what they may do: all that their user may."""
    with op.batch_alter_table("api_tokens") as tokens:
        tokens.add_column(sa.Column("label", sa.Text(), nullable=True))
        tokens.add_column(sa.Column("scope", sa.Text(), nullable=False, server_default="admin"))
        tokens.create_check_constraint(op.f("ck_api_tokens_scope"), "scope IN ('read', 'review', 'admin')")
    op.add_column("verdicts", sa.Column("is_shown", sa.Boolean(), nullable=False, server_default=sa.false()))
    _run(shown.FILL)
    op.create_index(
        "ix_verdicts_shown",
        "verdicts",
        ["stance", "kind", "confidence", "pair_id"],
        sqlite_where=sa.text("is_shown = 1"),
        postgresql_where=sa.text("is_shown"),
    )
    if op.get_bind().dialect.name == "sqlite":
        _run(*full_text.SQLITE_TABLES, *full_text.SQLITE_FILL, *full_text.SQLITE_TRIGGERS, *shown.SQLITE)
    else:
        _run(*full_text.POSTGRES, *shown.POSTGRES)


def downgrade() -> None:
    """The articles and statements stay; tokens lose their scopes."""
    if op.get_bind().dialect.name == "sqlite":
        _run(*shown.SQLITE_DROP, *full_text.SQLITE_DROP)
    else:
        _run(*shown.POSTGRES_DROP, *full_text.POSTGRES_DROP)
    op.drop_index("ix_verdicts_shown", "verdicts")
    op.drop_column("verdicts", "is_shown")
    with op.batch_alter_table("api_tokens") as tokens:
        tokens.drop_constraint(op.f("ck_api_tokens_scope"), type_="check")
        tokens.drop_column("scope")
        tokens.drop_column("label")


def _run(*statements: str) -> None:
    for one in statements:
        op.get_bind().exec_driver_sql(one)
