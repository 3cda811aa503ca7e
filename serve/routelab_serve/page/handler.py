"""Answering `GET /`."""

import asyncio
import time
from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

from msgspec import Struct

from routelab.errors import RoutelabError
from routelab_serve.contract import ClassifierProblem
from routelab_serve.logs import report_bug
from routelab_serve.off_loop import off_loop
from routelab_serve.page.collect import collect, since_start
from routelab_serve.page.data import Activity
from routelab_serve.page.hour import last_hour
from routelab_serve.page.render import STYLE_HASH, render
from routelab_serve.tables import Live

if TYPE_CHECKING:
    from routelab_serve.metrics import Metrics

_KEPT_S = 5.0
_LOG_S = 5.0
HEADERS: Mapping[str, str] = {
    "content-type": "text/html; charset=utf-8",
    "content-security-policy": (
        f"default-src 'none'; style-src '{STYLE_HASH}'; img-src data:; "
        "base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
    ),
    "cache-control": "no-store",
    "referrer-policy": "no-referrer",
    "x-content-type-options": "nosniff",
}


class PageAnswer(Struct, frozen=True):
    """The answer to send with status 200."""

    body: bytes
    headers: Mapping[str, str]


class PageRoute:
    """The page of one app, made at most every 5 s and away from the event loop.

    `live` gives what decisions are made from. `log` is the folder of the decision log, None: there
    is none; so `metrics`. `classifier` names who classifies, `classifier_problem` tells what keeps it from
    that (None: nothing that is known).
    """

    def __init__(
        self,
        live: Callable[[], Live],
        *,
        log: Path | None = None,
        metrics: "Metrics | None" = None,
        classifier: Callable[[], str | None] = lambda: None,
        classifier_problem: Callable[[], ClassifierProblem | None] = lambda: None,
    ) -> None:
        self._live = live
        self._log = log
        self._metrics = metrics
        self._classifier = classifier
        self._classifier_problem = classifier_problem
        self._reading: asyncio.Future[Activity] | None = None
        self._one_at_a_time = asyncio.Lock()
        self._kept: PageAnswer | None = None
        self._kept_until = 0.0

    async def answer(self) -> PageAnswer:
        """The page. A log that cannot be read becomes a sentence on it."""
        async with self._one_at_a_time:
            if self._kept is None or time.monotonic() >= self._kept_until:
                self._kept = await self._made()
                self._kept_until = time.monotonic() + _KEPT_S
            return self._kept

    async def _made(self) -> PageAnswer:
        now = datetime.now(UTC)
        activity, log_problem = (None, None) if self._log is None else await self._read(self._log, now)
        live, classifier, problem = self._live(), self._classifier(), self._classifier_problem()
        counts = None if self._metrics is None else since_start(self._metrics)

        def make() -> PageAnswer:
            data = collect(
                live,
                now=now,
                activity=activity,
                log_problem=log_problem,
                counts=counts,
                classifier=classifier,
                classifier_problem=problem,
            )
            return PageAnswer(render(data).encode(), HEADERS)

        return await off_loop(make)

    async def _read(self, log: Path, now: datetime) -> tuple[Activity | None, str | None]:
        """The last hour, or why it is not known; a reading that takes long is waited for again."""
        if self._reading is None:
            self._reading = off_loop(lambda: last_hour(log, now))
        reading = self._reading
        await asyncio.wait({reading}, timeout=_LOG_S)
        if not reading.done():
            return None, f"Reading the decision log takes longer than {_LOG_S:.0f} s."
        self._reading = None
        try:
            return reading.result(), None
        except RoutelabError as error:
            return None, f"The decision log cannot be read: {error}."
        except Exception as error:
            report_bug("page_failed", error)
            return None, "The decision log cannot be read."
