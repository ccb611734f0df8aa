"""What Alembic runs: the missing steps, on the connection that `triage.store.schema` hands it."""

from alembic import context

from triage.store.tables.base import METADATA

context.configure(connection=context.config.attributes["connection"], target_metadata=METADATA)
# The connection is already in the transaction of its owner, who alone commits.
with context.begin_transaction():
    context.run_migrations()
