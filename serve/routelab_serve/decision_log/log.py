"""The decision log: takes entries at once, and writes them from a thread of its own."""

import asyncio
import threading
from collections import deque
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from zlib import crc32

import structlog
from msgspec import Struct
from msgspec.structs import replace

from routelab.decision_log.rows import LoggedShadow, Row
from routelab_serve.breath import in_small_bites
from routelab_serve.decision_log.flatten import Flattener, Redact
from routelab_serve.decision_log.retention import Retention
from routelab_serve.decision_log.writer import LogUnavailable, LogWriter
from routelab_serve.entry import Entry
from routelab_serve.logs import report_bug

_CLOSE_S = 5.0
_log = structlog.get_logger()


class LogCounts(Struct, frozen=True, kw_only=True):
    """What became of the entries since the start; `problem` None: the last write succeeded."""

    written: int
    sampled_out: int
    dropped: int
    problem: str | None


class DecisionLog:
    """Keeps `sample_rate` of the plain successes, and all others; what waits is bounded and dropped when full.

    Nothing waits for it, and no failure of it is seen by the caller. Rows are written every
    `flush_s` seconds, which is what a killed process loses. `hash_key` and `redact` are those of
    Flattener. `retention` None: every file is kept.
    """

    def __init__(
        self,
        writer: LogWriter,
        *,
        sample_rate: float,
        hash_key: bytes | None = None,
        redact: Redact | None = None,
        retention: Retention | None = None,
        max_waiting: int = 10_000,
        flush_s: float = 0.25,
    ) -> None:
        self._writer = writer
        self._sample_rate = sample_rate
        self._threshold = int(sample_rate * 2**32)
        self._flattener = Flattener(hash_key=hash_key, redact=redact)
        self._retention = retention
        self._max_waiting = max_waiting
        self._flush_s = flush_s
        self._queue: deque[tuple[Entry, bool] | tuple[LoggedShadow, str]] = deque()
        self._pending: list[Row] = []
        self._stop = threading.Event()
        self._thread = threading.Thread(target=self._run, name="decision-log", daemon=True)
        self._written = self._sampled_out = self._dropped = 0
        self._problem: str | None = None

    @property
    def counts(self) -> LogCounts:
        """What became of the entries so far."""
        return LogCounts(
            written=self._written, sampled_out=self._sampled_out, dropped=self._dropped, problem=self._problem
        )

    def record(self, entry: Entry) -> None:
        """Take an entry; it is written soon, sampled out, or dropped."""
        plain = entry.is_plain
        if plain and not self.samples(entry.conversation or entry.decision_id):
            self._sampled_out += 1
        elif len(self._queue) >= self._max_waiting:
            self._dropped += 1
        else:
            self._queue.append((entry, plain))

    def record_shadow(self, answer: LoggedShadow, conversation: str) -> None:
        """Take what a shadow router said, which may be later than the decision.

        Failures are kept, the rest is sampled.
        """
        if answer.outcome != "failed":
            if not self.samples(conversation):
                self._sampled_out += 1
                return
            answer = replace(answer, sample_rate=self._sample_rate)
        if len(self._queue) >= self._max_waiting:
            self._dropped += 1
        else:
            self._queue.append((answer, conversation))

    def samples(self, conversation: str) -> bool:
        """Whether the plain successes of a conversation are kept: all or none, so that it can be replayed."""
        return crc32(conversation.encode(errors="surrogatepass")) < self._threshold

    @asynccontextmanager
    async def running(self) -> AsyncIterator[None]:
        """Write within this context; its end writes what waits, for at most 5 s."""
        self._thread.start()
        try:
            yield
        finally:
            self._stop.set()
            await asyncio.to_thread(self._thread.join, _CLOSE_S)

    def _run(self) -> None:
        while not self._stop.wait(self._flush_s):
            self._work()
        self._work()
        try:
            self._writer.close()
        except Exception as error:
            _log.warning("decision_log_not_closed", error=str(error))

    def _work(self) -> None:
        """Write and clear; whatever fails, the thread lives on."""
        try:
            self._write_out()
            if self._retention is not None:
                self._retention.apply()
        except Exception as error:
            report_bug("decision_log_failed", error)

    def _write_out(self) -> None:
        self._take_rows()
        try:
            self._writer.write(self._pending)
        except LogUnavailable as error:
            self._say(str(error))
            return
        except Exception as error:  # these rows would fail again
            report_bug("decision_log_failed", error)
            self._dropped += len(self._pending)
        else:
            self._written += len(self._pending)
            self._say(None)
        self._pending = []

    def _take_rows(self) -> None:
        """Move what waits to the rows to write, as far as these have room."""
        for _ in in_small_bites(range(len(self._queue))):
            item = self._queue.popleft()
            if len(self._pending) >= self._max_waiting:
                self._dropped += 1
                continue
            try:
                self._pending.append(self._row(item))
            except Exception as error:
                report_bug("decision_log_failed", error)
                self._dropped += 1

    def _row(self, item: tuple[Entry, bool] | tuple[LoggedShadow, str]) -> Row:
        match item:
            case LoggedShadow() as answer, str() as conversation:
                return self._flattener.shadow(answer, conversation)
            case Entry() as entry, plain:
                return self._flattener.row(entry, sampled=bool(plain), sample_rate=self._sample_rate if plain else 1.0)

    def _say(self, problem: str | None) -> None:
        if problem is not None and problem != self._problem:
            _log.warning("decision_log_unavailable", detail=problem)
        elif problem is None and self._problem is not None:
            _log.info("decision_log_available")
        self._problem = problem
