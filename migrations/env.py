"""Run by Alembic for every command: binds the migrations to a connection that is already open."""

from __future__ import annotations

from alembic import context

from library.tables import Base

context.configure(
    connection=context.config.attributes["connection"],
    target_metadata=Base.metadata,
    render_as_batch=True,
    transactional_ddl=True,
)
with context.begin_transaction():
    context.run_migrations()
