"""The shadow routers of `routelab.shadow`, as the shim asks them and logs what they say."""

import asyncio
from collections.abc import AsyncIterator, Callable, Mapping
from contextlib import AsyncExitStack, aclosing, asynccontextmanager
from datetime import UTC, datetime
from typing import Any, Generic, Literal, TypeVar

import msgspec
import structlog
from msgspec.structs import replace

from routelab.config import ShadowConfig
from routelab.decision_log.rows import LoggedShadow
from routelab.records import Capabilities, Decision, PoolEntry
from routelab.shadow import (
    MorphRouter,
    ShadowAnswer,
    ShadowQuestion,
    ShadowRecord,
    ShadowRouter,
    ShadowRunner,
    TableRouter,
)
from routelab.table import TableRules
from routelab_serve.sessions.memory_store import MemoryStore
from routelab_serve.tables import LiveTable
from routelab_serve.turn import Turn

_MAX_ANSWERS = 10_000
_log = structlog.get_logger()
T = TypeVar("T")
Sink = Callable[[LoggedShadow, str], None]
"""Is told what a router said, and in which conversation."""


class ServedShadows:
    """Asks the configured routers about each turn; `sink` is told what each said.

    A table that is not there, or that `rules` refuse, is looked for again every `retry_s` seconds.
    Nobody is asked before `running`.
    """

    def __init__(
        self,
        config: ShadowConfig,
        live_table: LiveTable,
        rules: TableRules,
        sink: Sink,
        *,
        morph_key: str | None,
        max_conversations: int,
        capabilities: Mapping[str, Capabilities],
        retry_s: float = 60.0,
    ) -> None:
        self._config = config
        self._live_table = live_table
        self._rules = rules
        self._sink = sink
        self._morph_key = morph_key
        self._max_conversations = max_conversations
        self._capabilities = capabilities
        self._retry_s = retry_s
        self._runner: ShadowRunner | None = None

    @asynccontextmanager
    async def running(self) -> AsyncIterator[None]:
        """Ask within this context."""
        async with AsyncExitStack() as opened:
            routers: list[ShadowRouter] = []
            if self._config.morph is not None:
                routers.append(await opened.enter_async_context(aclosing(self._morph())))
            if self._config.table is not None:
                incumbents = _Remembered(PoolEntry, self._max_conversations)
                router = TableRouter(self._config.table, incumbents, capabilities=self._capabilities)
                opened.callback(asyncio.create_task(self._find(router, self._config.table)).cancel)
                routers.append(router)
            self._runner = ShadowRunner(
                routers,
                sink=lambda said: self._sink(_logged(said), said.question.conversation),
                answers=_Remembered(ShadowAnswer, _MAX_ANSWERS),
            )
            await opened.enter_async_context(aclosing(self._runner))
            yield

    def ask(
        self, turn: Turn, decision: Decision | None, decision_id: str
    ) -> dict[str, Any] | Literal["pending"] | None:
        """As the decider's Shadows wants it. Without a context from the gateway nothing is sent to anyone."""
        told, classified = turn.asked.shadow, turn.classified
        if self._runner is None or classified is None or (told is None and self._config.table is None):
            return None
        question = ShadowQuestion(
            decision_id=decision_id,
            # What a gateway says of providers is nobody else's business.
            request=replace(turn.content.request, provider_hints=None),
            conversation=turn.content.conversation,
            content=turn.content.exact,
            route=classified.classification.route,
            fallback=classified.classification.fallback,
            decision=decision,
            table=turn.live.table,
            context=told,
            policy=turn.asked.policy,
            constraints=turn.asked.constraints,
        )
        return self._runner.ask(question)

    def _morph(self) -> MorphRouter:
        morph = self._config.morph
        assert morph is not None
        return MorphRouter(
            str(morph.base_url),
            key=self._morph_key,
            model_ids=morph.model_ids,
            experiments={experiment.model for experiment in morph.experiments},
        )

    async def _find(self, router: TableRouter, version: str) -> None:
        """Give the router its table as soon as it is there and may be served."""
        said = None
        while (problem := await self._take_over(router, version)) is not None:
            if problem != said:  # once, not every minute
                _log.warning("shadow_table_unavailable", version=version, detail=problem)
            said = problem
            await asyncio.sleep(self._retry_s)
        _log.info("shadow_table", version=version)

    async def _take_over(self, router: TableRouter, version: str) -> str | None:
        """Why the router has no table; None: it has."""
        try:
            table = await self._live_table.version(version)
        except Exception as error:  # each source has its own
            return f"{type(error).__name__}: {error}"
        if table is None:
            return "its source does not have it"
        refusal = self._rules.refusal(table)
        if refusal is None:
            router.table = table
        return None if refusal is None else refusal.detail


class _Remembered(Generic[T]):
    """Values of one type in a bounded store, for half an hour each."""

    def __init__(self, kind: type[T], max_entries: int) -> None:
        self._store = MemoryStore(max_entries)
        self._encode = msgspec.msgpack.Encoder().encode
        self._decode = msgspec.msgpack.Decoder(kind).decode

    def get(self, key: str) -> T | None:
        stored = self._store.peek(key.encode())
        return None if stored is None else self._decode(stored)

    def put(self, key: str, value: T) -> None:
        self._store.keep(key.encode(), self._encode(value))


def _logged(said: ShadowRecord) -> LoggedShadow:
    question, answer = said.question, said.answer
    ours = question.decision
    return LoggedShadow(
        decision_id=question.decision_id,
        at=datetime.now(UTC),
        router=said.router,
        outcome=answer.status,
        reason=answer.reason,
        cached=said.cached,
        route=question.route,
        static_model=question.context.resolved_model if question.context else None,
        our_model=ours.model if ours else None,
        our_variant=ours.variant if ours else None,
        shadow_model=answer.model,
        shadow_variant=answer.variant,
        difficulty=answer.difficulty,
        confidence=answer.confidence,
        domain=answer.domain,
        latency_ms=answer.latency_ms,
        our_avg_cost_usd=ours.avg_cost_usd if ours else None,
        shadow_avg_cost_usd=_avg_cost_usd(question, answer),
    )


def _avg_cost_usd(question: ShadowQuestion, answer: ShadowAnswer) -> float | None:
    """The mean cost of the shadow's pick on this route, by the table of our decision."""
    ranked = question.table.routes.get(question.route, ()) if question.table else ()
    pick = answer.model, answer.variant
    return next((row.avg_cost_usd for row in ranked if (row.model, row.variant) == pick), None)
