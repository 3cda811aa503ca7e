"""Tables from the store that `routelab publish` writes."""

from contextlib import closing

from routelab.errors import UserError
from routelab.records import Publication, RoutingTable
from routelab.store import open_store
from routelab.table_sources import Published, SourceKind


class StoreSource:
    """The store at an SQLAlchemy URL. It is opened for each read, so one that was replaced is seen."""

    kind: SourceKind = "store"

    def __init__(self, url: str) -> None:
        self._url = url

    def read(self) -> Published:
        """The live table and the published classifier."""
        with closing(open_store(self._url, create=False)) as store:
            return Published(store.tables.live(), store.tables.winner())

    def history(self) -> list[Publication]:
        """Every publication, newest first."""
        with closing(open_store(self._url, create=False)) as store:
            return store.tables.history()

    def version(self, version: str) -> RoutingTable | None:
        """The table of a version, published or not; None when the store does not have it."""
        with closing(open_store(self._url, create=False)) as store:
            try:
                return store.tables.get(version)
            except UserError:
                return None

    def stamp(self) -> None:
        """A store changes with every result that is written, which says nothing of its tables."""
        return
