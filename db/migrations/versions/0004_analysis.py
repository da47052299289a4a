"""Views for analysts: speakers over time, outlets against outlets, the review queue, calibration."""

from __future__ import annotations

from alembic import op

from db.migrations.analysis_views import ANALYSIS_VIEWS

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Make the views; no row changes."""
    for name, select in ANALYSIS_VIEWS[op.get_bind().dialect.name].items():
        op.execute(f"CREATE VIEW {name} AS {select}")


def downgrade() -> None:
    """Remove them."""
    for name in reversed(ANALYSIS_VIEWS[op.get_bind().dialect.name]):
        op.execute(f"DROP VIEW {name}")
