"""The team at the desk, saved filters, and a queue led by confidence: how independent each side is breaks near ties."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from db.migrations.analysis_views import ANALYSIS_VIEWS
from db.migrations.queue_view import QUEUE

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None

TABLES = (
    *("pair_weights", "assignments", "second_opinions", "bulk_decisions", "bulk_judgements"),
    *("saved_filters", "last_places"),
)
VIEW = "v_review_queue"


def upgrade() -> None:
    """Make the tables, and the view anew."""
    _weights()
    _team()
    _bulk()
    _own()
    _view(QUEUE)


def downgrade() -> None:
    """Remove them, and put the view back."""
    _view(ANALYSIS_VIEWS[op.get_bind().dialect.name][VIEW])
    for name in reversed(TABLES):
        op.drop_table(name)


def _view(select: str) -> None:
    op.execute(f"DROP VIEW {VIEW}")
    op.execute(f"CREATE VIEW {VIEW} AS {select}")


def _weights() -> None:
    op.create_table(
        "pair_weights",
        sa.Column("pair_id", sa.Integer(), nullable=False),
        sa.Column("a_independent", sa.Integer(), nullable=False),
        sa.Column("b_independent", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["pair_id"], ["pairs.id"], name="fk_pair_weights_pair_id"),
        sa.PrimaryKeyConstraint("pair_id", name="pk_pair_weights"),
    )


def _team() -> None:
    time = sa.DateTime(timezone=True)
    op.create_table(
        "assignments",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("pair_id", sa.Integer(), nullable=False),
        sa.Column("assignee", sa.Text(), nullable=False),
        sa.Column("assigned_by", sa.Text(), nullable=False),
        sa.Column("assigned_at", time, nullable=False),
        sa.Column("ended_at", time, nullable=True),
        sa.ForeignKeyConstraint(["pair_id"], ["pairs.id"], name="fk_assignments_pair_id"),
        sa.PrimaryKeyConstraint("id", name="pk_assignments"),
    )
    op.create_index("ix_assignments_assignee", "assignments", ["assignee"])
    op.create_table(
        "second_opinions",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("pair_id", sa.Integer(), nullable=False),
        sa.Column("asked_by", sa.Text(), nullable=False),
        sa.Column("asked_at", time, nullable=False),
        sa.Column("needed", sa.Integer(), nullable=False),
        sa.Column("ended_at", time, nullable=True),
        sa.ForeignKeyConstraint(["pair_id"], ["pairs.id"], name="fk_second_opinions_pair_id"),
        sa.PrimaryKeyConstraint("id", name="pk_second_opinions"),
    )
    for table in ("assignments", "second_opinions"):
        where = sa.text("ended_at IS NULL")
        name = f"uq_{table}_current"
        op.create_index(name, table, ["pair_id"], unique=True, sqlite_where=where, postgresql_where=where)


def _bulk() -> None:
    time = sa.DateTime(timezone=True)
    op.create_table(
        "bulk_decisions",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("actor", sa.Text(), nullable=False),
        sa.Column("stance", sa.Text(), nullable=False),
        sa.Column("filter", sa.Text(), nullable=False),
        sa.Column("pairs", sa.Integer(), nullable=False),
        sa.Column("at", time, nullable=False),
        sa.Column("undone_by", sa.Text(), nullable=True),
        sa.Column("undone_at", time, nullable=True),
        sa.PrimaryKeyConstraint("id", name="pk_bulk_decisions"),
    )
    op.create_table(
        "bulk_judgements",
        sa.Column("judgement_id", sa.Integer(), nullable=False),
        sa.Column("bulk_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["judgement_id"], ["judgements.id"], name="fk_bulk_judgements_judgement_id"),
        sa.ForeignKeyConstraint(["bulk_id"], ["bulk_decisions.id"], name="fk_bulk_judgements_bulk_id"),
        sa.PrimaryKeyConstraint("judgement_id", name="pk_bulk_judgements"),
    )
    op.create_index("ix_bulk_judgements_bulk_id", "bulk_judgements", ["bulk_id"])


def _own() -> None:
    time = sa.DateTime(timezone=True)
    op.create_table(
        "saved_filters",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("owner", sa.Text(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("query", sa.Text(), nullable=False),
        sa.Column("saved_at", time, nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_saved_filters"),
        sa.UniqueConstraint("owner", "name", name="uq_saved_filters_owner_name"),
    )
    op.create_table(
        "last_places",
        sa.Column("owner", sa.Text(), nullable=False),
        sa.Column("pair_id", sa.Integer(), nullable=False),
        sa.Column("query", sa.Text(), nullable=False),
        sa.Column("opened_at", time, nullable=False),
        sa.ForeignKeyConstraint(["pair_id"], ["pairs.id"], name="fk_last_places_pair_id"),
        sa.PrimaryKeyConstraint("owner", name="pk_last_places"),
    )
