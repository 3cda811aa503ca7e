"""The live routing table and classifier, read from the store away from the requests."""

import asyncio
from collections.abc import AsyncIterator, Collection
from contextlib import asynccontextmanager, closing, suppress
from typing import Literal

import structlog
from msgspec import Struct
from msgspec.structs import replace

from routelab.errors import TableError
from routelab.records import Candidate, ClassifierWinner, RoutingTable
from routelab.store import open_store

TableProblem = Literal["unpublished", "source", "taxonomy", "untrusted", "store"]
_FIRST_READ_S = 5.0
_log = structlog.get_logger()


class Live(Struct, frozen=True, kw_only=True):
    """What decisions are made from.

    `table` None: there never was a usable one. `problem` None: the newest publication is served;
    otherwise why it is not. `classifier` None: there is no published winner that may serve.
    """

    table: RoutingTable | None = None
    problem: TableProblem | None = "unpublished"
    classifier: Candidate | None = None


class LiveTable:
    """Keeps `live` at most `max_age_s` seconds behind the store.

    What was live stays so while the store fails, or its newest table is of a source not in
    `sources`, was made for another taxonomy version, or was changed after it was written.
    """

    def __init__(
        self, store_url: str, *, sources: Collection[str], taxonomy_version: str, max_age_s: float = 60.0
    ) -> None:
        self.live = Live()
        self._store_url = store_url
        self._sources = frozenset(sources)
        self._taxonomy_version = taxonomy_version
        self._max_age_s = max_age_s

    @asynccontextmanager
    async def kept_fresh(self) -> AsyncIterator[None]:
        """Refresh within this context; it opens after the first read, or after 5 s of waiting for it."""
        first = asyncio.Event()
        refresher = asyncio.create_task(self._keep_fresh(first))
        with suppress(TimeoutError):
            await asyncio.wait_for(first.wait(), _FIRST_READ_S)
        try:
            yield
        finally:
            refresher.cancel()
            await asyncio.gather(refresher, return_exceptions=True)

    async def refresh(self) -> None:
        """Read the store once; whatever it does becomes a `problem`, not an exception."""
        before = self.live
        try:
            self.live = self._judged(*await asyncio.to_thread(self._read))
        except TableError as error:
            self.live = self._kept("untrusted", str(error))
        except Exception as error:
            self.live = self._kept("store", f"{type(error).__name__}: {error}")
        if self.live != before:
            table = self.live.table
            _log.info(
                "live_table",
                version=None if table is None else table.version,
                problem=self.live.problem,
                classifier=str(self.live.classifier),
            )

    async def _keep_fresh(self, first: asyncio.Event) -> None:
        while True:
            await self.refresh()
            first.set()
            await asyncio.sleep(self._max_age_s)

    def _read(self) -> tuple[RoutingTable | None, ClassifierWinner | None]:
        with closing(open_store(self._store_url)) as store:
            return store.tables.live(), store.tables.winner()

    def _judged(self, table: RoutingTable | None, winner: ClassifierWinner | None) -> Live:
        if table is None:
            return self._kept("unpublished", "the store has no published table")
        if table.source not in self._sources:
            return self._kept("source", f"table {table.version} is {table.source}, which serve.sources does not name")
        if table.taxonomy_version != self._taxonomy_version:
            return self._kept("taxonomy", f"table {table.version} is for taxonomy {table.taxonomy_version}")
        classifier = winner.candidate if winner is not None and winner.source in self._sources else None
        return Live(table=table, problem=None, classifier=classifier)

    def _kept(self, problem: TableProblem, detail: str) -> Live:
        _log.warning("table_not_taken_over", problem=problem, detail=detail)
        return replace(self.live, problem=problem)
