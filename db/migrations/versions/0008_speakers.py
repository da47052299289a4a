"""What people decide about speakers: merges and splits, and verdicts that were made with them."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0008"
down_revision = "0006"
branch_labels = None
depends_on = None

OLD_KEY, NEW_KEY = ["pair_id", "policy_version"], ["pair_id", "policy_version", "speakers_as_of"]


def upgrade() -> None:
    """Make the tables and columns; nobody has decided anything yet."""
    _decisions()
    _statements()
    op.add_column("speakers", sa.Column("told_apart", sa.Boolean(), nullable=False, server_default=sa.false()))
    op.add_column("verdicts", sa.Column("speakers_as_of", sa.Integer(), nullable=False, server_default="0"))
    _key_of_verdicts(OLD_KEY, NEW_KEY)


def downgrade() -> None:
    """Give every statement back to the speaker that the extractor meant; of each pair's verdicts keep the first."""
    _give_back()
    later = "speakers_as_of > 0"
    pairs = f"SELECT pair_id FROM verdicts WHERE {later} AND is_current"
    first = "SELECT max(id) FROM verdicts WHERE speakers_as_of = 0 GROUP BY pair_id"
    op.execute(f"CREATE TEMPORARY TABLE decided_again AS {pairs}")
    op.execute(f"DELETE FROM verdicts WHERE {later}")
    again = "pair_id IN (SELECT pair_id FROM decided_again)"
    op.execute(f"UPDATE verdicts SET is_current = true WHERE id IN ({first}) AND {again}")
    op.execute("DROP TABLE decided_again")
    _key_of_verdicts(NEW_KEY, OLD_KEY)
    op.drop_column("verdicts", "speakers_as_of")
    for name in ("speaker_moves", "speaker_choices", "speaker_decisions"):
        op.drop_table(name)
    op.drop_column("speakers", "told_apart")


def _decisions() -> None:
    op.create_table(
        "speaker_decisions",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("action", sa.Text(), nullable=False),
        sa.Column("source_id", sa.Integer(), nullable=False),
        sa.Column("target_id", sa.Integer(), nullable=False),
        sa.Column("alias", sa.Text(), nullable=True),
        sa.Column("alias_key", sa.Text(), nullable=True),
        sa.Column("undoes_id", sa.Integer(), nullable=True),
        sa.Column("actor", sa.Text(), nullable=False),
        sa.Column("comment", sa.Text(), nullable=True),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("action IN ('merge', 'split', 'undo')", name=op.f("ck_speaker_decisions_action")),
        sa.CheckConstraint("source_id <> target_id", name=op.f("ck_speaker_decisions_two")),
        sa.ForeignKeyConstraint(["source_id"], ["speakers.id"], name="fk_speaker_decisions_source_id"),
        sa.ForeignKeyConstraint(["target_id"], ["speakers.id"], name="fk_speaker_decisions_target_id"),
        sa.ForeignKeyConstraint(["undoes_id"], ["speaker_decisions.id"], name="fk_speaker_decisions_undoes_id"),
        sa.PrimaryKeyConstraint("id", name="pk_speaker_decisions"),
        sa.UniqueConstraint("undoes_id", name="uq_speaker_decisions_undoes_id"),
    )
    for column in ("source_id", "target_id"):
        op.create_index(f"ix_speaker_decisions_{column}", "speaker_decisions", [column])


def _statements() -> None:
    op.create_table(
        "speaker_choices",
        sa.Column("decision_id", sa.Integer(), nullable=False),
        sa.Column("statement_id", sa.String(16), nullable=False),
        sa.ForeignKeyConstraint(["decision_id"], ["speaker_decisions.id"], name="fk_speaker_choices_decision_id"),
        sa.ForeignKeyConstraint(["statement_id"], ["statements.id"], name="fk_speaker_choices_statement_id"),
        sa.PrimaryKeyConstraint("decision_id", "statement_id", name="pk_speaker_choices"),
    )
    op.create_index("ix_speaker_choices_statement_id", "speaker_choices", ["statement_id"])
    op.create_table(
        "speaker_moves",
        sa.Column("statement_id", sa.String(16), nullable=False),
        sa.Column("extracted_id", sa.Integer(), nullable=False),
        sa.Column("decision_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["statement_id"], ["statements.id"], name="fk_speaker_moves_statement_id"),
        sa.ForeignKeyConstraint(["extracted_id"], ["speakers.id"], name="fk_speaker_moves_extracted_id"),
        sa.ForeignKeyConstraint(["decision_id"], ["speaker_decisions.id"], name="fk_speaker_moves_decision_id"),
        sa.PrimaryKeyConstraint("statement_id", name="pk_speaker_moves"),
    )
    op.create_index("ix_speaker_moves_extracted_id", "speaker_moves", ["extracted_id"])


def _key_of_verdicts(old: list[str], new: list[str]) -> None:
    """Another key for the verdicts. SQLite makes the table anew, and its views must not be looked at meanwhile."""
    sqlite = op.get_bind().dialect.name == "sqlite"
    if sqlite:
        op.execute("PRAGMA legacy_alter_table = ON")
    with op.batch_alter_table("verdicts") as table:
        table.drop_constraint(f"uq_verdicts_{'_'.join(old)}", type_="unique")
        table.create_unique_constraint(f"uq_verdicts_{'_'.join(new)}", new)
    if sqlite:
        op.execute("PRAGMA legacy_alter_table = OFF")


def _give_back() -> None:
    meant = "SELECT extracted_id FROM speaker_moves m WHERE m.statement_id = statements.id"
    moved = "SELECT statement_id FROM speaker_moves"
    op.execute(f"UPDATE statements SET speaker_id = ({meant}) WHERE id IN ({moved})")
