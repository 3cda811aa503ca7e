"""Keeping the live table and classifier fresh, away from the requests."""

import asyncio
import time
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager, suppress
from typing import TypeVar

import structlog
from msgspec import Struct
from msgspec.structs import replace

from routelab.errors import TableError
from routelab.records import Candidate, ClassifierWinner, Publication, RoutingTable
from routelab.table import Refusal, TableProblem, TableRules, with_winner
from routelab.table_sources import Published, SourceFailed, TableSource
from routelab_serve.logs import report_bug
from routelab_serve.off_loop import off_loop
from routelab_serve.tables.document import TableDocument, document_of

_FIRST_READ_S = 5.0
_READ_S = 10.0
_WATCH_S = 1.0
_RECOVER_S = 5.0
_MOST_LOOK_UPS = 8
T = TypeVar("T")
_log = structlog.get_logger()


class _Late(SourceFailed):
    """The source did not answer in time; it may still."""


class Live(Struct, frozen=True, kw_only=True):
    """What decisions are made from.

    `table` None: there never was a usable one. `problem` None: the newest publication is served;
    otherwise why it is not. `classifier` None: there is no published winner that may serve.
    """

    table: RoutingTable | None = None
    problem: TableProblem | None = "unpublished"
    classifier: Candidate | None = None


class ReloadReport(Struct, frozen=True, kw_only=True):
    """What a reload came to.

    `changed`: another table or classifier serves now. `version`: of the table that serves, None
    when there is none. `problem` and `detail`: why the newest table was not taken over.
    """

    changed: bool
    version: str | None
    problem: TableProblem | None
    detail: str | None


class LiveTable:
    """Keeps `live` at most `max_age_s` seconds behind its source; a file's change is seen in a second.

    What was live stays so while the source fails or holds a table that may not be served.
    `on_problem` is told of every table that was not taken over.
    """

    def __init__(
        self,
        source: TableSource,
        rules: TableRules,
        *,
        max_age_s: float = 60.0,
        on_problem: Callable[[TableProblem], None] | None = None,
    ) -> None:
        self.live = Live()
        self.document: TableDocument | None = None
        self._source = source
        self._rules = rules
        self._winner: ClassifierWinner | None = None
        self._max_age_s = max_age_s
        self._on_problem = on_problem
        self._said: Refusal | None = None
        self._hung: asyncio.Future[Published] | None = None
        self._looking_up = 0
        self._one_at_a_time = asyncio.Lock()

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

    async def reload(self) -> ReloadReport:
        """Read the source now; whatever it does becomes a `problem`, not an exception."""
        async with self._one_at_a_time:
            before = self.live
            refusal = await self._take_over()
            self._tell(refusal, before)
            return ReloadReport(
                changed=(self.live.table, self.live.classifier) != (before.table, before.classifier),
                version=None if self.live.table is None else self.live.table.version,
                problem=self.live.problem,
                detail=None if refusal is None else refusal.detail,
            )

    async def history(self) -> list[Publication] | None:
        """Every publication, newest first; None where the source does not know.

        Raises RoutelabError when the source cannot be read, or is asked too often at once.
        """
        return await self._look_up(self._source.history)

    async def version(self, version: str) -> RoutingTable | None:
        """The live table or any other the source has; None when it does not have it.

        Raises TableError for one that cannot be trusted, another RoutelabError when the source
        cannot be read, or is asked too often at once.
        """
        live = self.live.table
        if live is not None and live.version == version:
            return live
        return await self._look_up(lambda: self._source.version(version))

    async def _look_up(self, work: Callable[[], T]) -> T:
        """Ask the source in a thread; refused while it is asked so often already that it may hang."""
        if self._looking_up >= _MOST_LOOK_UPS:
            raise SourceFailed("the source of the table is asked too often at once; try again")
        try:
            answer = off_loop(work)
        except RuntimeError as error:  # there are no more threads to be had
            raise SourceFailed(f"the source of the table cannot be asked: {error}") from error
        self._looking_up += 1
        answer.add_done_callback(self._looked_up)
        return await _in_time(answer)

    def _looked_up(self, _: object) -> None:
        self._looking_up -= 1

    async def _keep_fresh(self, first: asyncio.Event) -> None:
        while True:
            try:
                stamp = await off_loop(self._source.stamp)
                await self.reload()
                first.set()
                await self._sleep_until_changed(stamp)
            except Exception as error:
                report_bug("table_not_refreshed", error)
                await asyncio.sleep(min(self._max_age_s, _RECOVER_S))

    async def _sleep_until_changed(self, stamp: object | None) -> None:
        if stamp is None:
            await asyncio.sleep(self._max_age_s)
            return
        until = time.monotonic() + self._max_age_s
        while (left_s := until - time.monotonic()) > 0:
            await asyncio.sleep(min(left_s, _WATCH_S))
            if await off_loop(self._source.stamp) != stamp:
                return

    async def _take_over(self) -> Refusal | None:
        """Serve what is published, as far as the rules allow; why not, where they do not."""
        try:
            published = await self._read()
        except TableError as error:
            return self._keep(Refusal("untrusted", str(error)))
        except Exception as error:
            return self._keep(Refusal(self._source.kind, f"{type(error).__name__}: {error}"))
        refusal = self._rules.refusal(published.table)
        table = published.table if refusal is None else self.live.table
        winner = published.winner
        if winner is not None and self._rules.refuse_winner(winner) is not None:
            winner = None
        if (table, winner) != (self.live.table, self._winner):
            self.document = None if table is None else document_of(with_winner(table, winner))
        self._winner = winner
        self.live = replace(self.live, table=table, classifier=None if winner is None else winner.candidate)
        return self._keep(refusal)

    def _keep(self, refusal: Refusal | None) -> Refusal | None:
        self.live = replace(self.live, problem=None if refusal is None else refusal.problem)
        return refusal

    async def _read(self) -> Published:
        """Read the source; one read that hangs is waited for again instead of starting another."""
        hung, self._hung = self._hung, None
        reading = off_loop(self._source.read) if hung is None or hung.done() else hung
        try:
            return await _in_time(reading)
        except _Late:
            self._hung = reading
            raise

    def _tell(self, refusal: Refusal | None, before: Live) -> None:
        if refusal is not None:
            if self._on_problem is not None:
                self._on_problem(refusal.problem)
            if refusal != self._said:  # once, not every minute
                _log.warning("table_not_taken_over", problem=refusal.problem, detail=refusal.detail)
        self._said = refusal
        if self.live != before:
            table, classifier = self.live.table, self.live.classifier
            _log.info(
                "live_table",
                version=None if table is None else table.version,
                problem=self.live.problem,
                classifier=None if classifier is None else str(classifier),
            )


async def _in_time(work: asyncio.Future[T]) -> T:
    await asyncio.wait({work}, timeout=_READ_S)
    if not work.done():
        raise _Late(f"the source of the table did not answer within {_READ_S:.0f} s")
    return work.result()
