"""Results and routing tables: SQLite by default, PostgreSQL by URL."""

from routelab.store.store import Store, open_store

__all__ = ["Store", "open_store"]
