"""Asking the shadow routers off the answer's path."""

import asyncio
import time
from collections.abc import Callable, Sequence
from typing import Any, Literal

import structlog
from msgspec.structs import asdict, replace

from routelab.shadow.protocol import Memory, ShadowAnswer, ShadowQuestion, ShadowRecord, ShadowRouter

MAX_UNDER_WAY = 64
"""Questions a router may have open; more would only pile up behind one that is down."""
_log = structlog.get_logger()


class ShadowRunner:
    """Asks all routers in parallel; what they say goes to `sink`, one record a router and question.

    `answers` remembers what was answered, so that a conversation asks the same thing once. A sink
    that raises loses its record and nothing else.
    """

    def __init__(
        self,
        routers: Sequence[ShadowRouter],
        *,
        sink: Callable[[ShadowRecord], None],
        answers: Memory[ShadowAnswer],
        max_under_way: int = MAX_UNDER_WAY,
    ) -> None:
        self._routers = tuple(routers)
        self._sink = sink
        self._answers = answers
        self._max_under_way = max_under_way
        self._under_way: dict[str, dict[str, asyncio.Task[ShadowAnswer]]] = {router.name: {} for router in routers}

    def ask(self, question: ShadowQuestion) -> dict[str, Any] | Literal["pending"] | None:
        """Start asking and return at once: the answers by router that are known, `pending` while none is.

        None: nobody is asked, since there is nobody or all skip it. Never raises. Needs a running
        event loop.
        """
        known: dict[str, Any] = {}
        is_asked = False
        for router in self._routers:
            try:
                reason = router.reason_to_skip(question)
                if reason is not None:
                    self._note(question, router.name, ShadowAnswer(status="skipped", reason=reason))
                    continue
                is_asked = True
                answer = self._known_or_started(router, question)
            except Exception as error:
                answer = self._note(question, router.name, _failure(error))
            if answer is not None:
                known[router.name] = asdict(answer)
        return known or ("pending" if is_asked else None)

    async def aclose(self) -> None:
        """Give up the questions that are still under way."""
        tasks = [task for under_way in self._under_way.values() for task in under_way.values()]
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)

    def _known_or_started(self, router: ShadowRouter, question: ShadowQuestion) -> ShadowAnswer | None:
        fingerprint = router.fingerprint(question)
        key = None
        if fingerprint is not None:
            key = "\n".join((router.name, question.conversation, question.content, fingerprint))
            remembered = self._answers.get(key)
            if remembered is not None:
                return self._note(question, router.name, remembered, cached=True)
        under_way = self._under_way[router.name]
        place = key or question.decision_id
        task = under_way.get(place)
        if task is None:
            if key is not None and len(under_way) >= self._max_under_way:
                return self._note(question, router.name, ShadowAnswer(status="failed", reason="busy"))
            task = under_way[place] = asyncio.create_task(self._asked(router, question, key))
            task.add_done_callback(lambda _: under_way.pop(place, None))
        task.add_done_callback(lambda done: self._ended(done, question, router.name))
        return None

    async def _asked(self, router: ShadowRouter, question: ShadowQuestion, key: str | None) -> ShadowAnswer:
        started = time.perf_counter()
        try:
            answer = await router.ask(question)
        except Exception as error:
            answer = _failure(error)
        answer = replace(answer, latency_ms=(time.perf_counter() - started) * 1000)
        if key is not None and answer.status == "answered":
            self._answers.put(key, answer)
        return answer

    def _ended(self, task: asyncio.Task[ShadowAnswer], question: ShadowQuestion, router: str) -> None:
        if not task.cancelled():
            self._note(question, router, task.result())

    def _note(
        self, question: ShadowQuestion, router: str, answer: ShadowAnswer, *, cached: bool = False
    ) -> ShadowAnswer:
        try:
            self._sink(ShadowRecord(question=question, router=router, answer=answer, cached=cached))
        except Exception as error:
            _log.warning("shadow_record_lost", router=router, error=type(error).__name__)
        return answer


def _failure(error: Exception) -> ShadowAnswer:
    # The type alone: a message may hold what the router was told.
    return ShadowAnswer(status="failed", reason=type(error).__name__)
