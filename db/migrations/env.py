"""Alembic's entry: the connection is handed in by db.schema; no logger is touched."""

from alembic import context

from db.base import Base
from db.models import TABLES

connection = context.config.attributes["connection"]
context.configure(
    connection=connection,
    target_metadata=Base.metadata if TABLES else None,
    render_as_batch=True,
    compare_type=True,
    transaction_per_migration=False,
)
with context.begin_transaction():
    context.run_migrations()
