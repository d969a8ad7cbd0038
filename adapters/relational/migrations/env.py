"""Where alembic starts: it runs on the connection and in the transaction that adapters.relational.migrate opened."""

from alembic import context

from adapters.relational.tables import metadata

context.configure(
    connection=context.config.attributes["connection"],
    target_metadata=metadata,
    render_as_batch=True,  # SQLite cannot change a column in place
)
context.run_migrations()
