"""How Alembic runs the scripts: on the connection and in the transaction that `db.migrate` hands over."""

from alembic import context

from db import desk_tables, speaker_tables, tables  # noqa: F401 - they fill the metadata
from db.base import Base

context.configure(
    connection=context.config.attributes["connection"],
    target_metadata=Base.metadata,
    render_as_batch=True,
    compare_type=True,
    transactional_ddl=True,
)
with context.begin_transaction():
    context.run_migrations()
