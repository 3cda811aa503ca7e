"""Runs migrations on the connection that `routelab.store.migrate` hands over."""

from alembic import context

from routelab.store.schema import metadata

context.configure(connection=context.config.attributes["connection"], target_metadata=metadata, render_as_batch=True)
context.run_migrations()
