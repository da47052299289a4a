"""The search for partners on PostgreSQL: `search.vectors` with its HNSW indexes (pgvector); an index of dates on both."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from verifier.errors import BrokenSetup

revision = "0010"
down_revision = "0009"
branch_labels = None
depends_on = None

DIMENSIONS = (384, 768, 1024)
LEAST = (0, 8)
"""The first pgvector whose HNSW scan goes on until enough rows pass a filter."""


def upgrade() -> None:
    """Make the table, empty: the next run looks at all statements anew and fills it."""
    op.create_index("ix_article_versions_published_at", "article_versions", ["published_at"])
    if op.get_bind().dialect.name != "postgresql":
        return
    _require_pgvector()
    op.execute("CREATE EXTENSION IF NOT EXISTS vector")
    op.execute("CREATE SCHEMA search")
    op.execute(
        """
        CREATE TABLE search.vectors (
            statement_id varchar(16) NOT NULL,
            space varchar(8) NOT NULL,
            version_id integer NOT NULL,
            speaker_id integer,
            day integer,
            dimensions integer NOT NULL,
            vector halfvec NOT NULL,
            CONSTRAINT pk_vectors PRIMARY KEY (statement_id, space),
            CONSTRAINT fk_vectors_statement_id_statements FOREIGN KEY (statement_id)
                REFERENCES statements (id) ON DELETE CASCADE
        )
        """
    )
    op.execute("ALTER TABLE search.vectors ALTER COLUMN vector SET STORAGE PLAIN")
    op.execute("CREATE INDEX ix_vectors_day ON search.vectors (space, dimensions, day)")
    op.execute("CREATE INDEX ix_vectors_speaker ON search.vectors (speaker_id, space, dimensions, day)")
    for size in DIMENSIONS:
        op.execute(
            f"CREATE INDEX ix_vectors_hnsw_{size} ON search.vectors "
            f"USING hnsw ((vector::halfvec({size})) halfvec_ip_ops) WHERE dimensions = {size}"
        )


def downgrade() -> None:
    """Remove them; the extension stays, others may use it."""
    if op.get_bind().dialect.name == "postgresql":
        op.execute("DROP SCHEMA search CASCADE")
    op.drop_index("ix_article_versions_published_at", "article_versions")


def _require_pgvector() -> None:
    query = sa.text("SELECT default_version FROM pg_available_extensions WHERE name = 'vector'")
    found = op.get_bind().execute(query).scalar()
    if found is None or tuple(int(part) for part in found.split(".")[:2]) < LEAST:
        raise BrokenSetup(
            f"the PostgreSQL server has {'pgvector ' + found if found else 'no pgvector'}: install pgvector 0.8 or later "
            "(Debian and Ubuntu: postgresql-NN-pgvector; Docker: pgvector/pgvector) and upgrade again"
        )
