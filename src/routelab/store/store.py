"""The store as a whole."""

from routelab.store import migrate
from routelab.store.database import Database
from routelab.store.leases import LeaseStore
from routelab.store.results import ResultStore
from routelab.store.runs import RunStore
from routelab.store.tables import TableStore


class Store:
    """Runs, their results, the leases of their lanes, and routing tables, in one database."""

    def __init__(self, database: Database) -> None:
        self.database = database
        self.runs = RunStore(database)
        self.results = ResultStore(database)
        self.leases = LeaseStore(database)
        self.tables = TableStore(database)

    def close(self) -> None:
        """Release all connections."""
        self.database.close()


def open_store(url: str, *, create: bool = True) -> Store:
    """Open the store at an SQLAlchemy URL; an empty database becomes a store, unless `create` is false.

    Raises StoreError when it cannot be opened, is no routelab store, or has another schema, and
    ConfigError for an unusable URL. Without `create` a store that is not there is a StoreError too,
    and nothing is made: no folder, no file, no table.
    """
    database = Database(url, create=create)
    try:
        migrate.ensure_current(database, create=create)
    except BaseException:
        database.close()
        raise
    return Store(database)
