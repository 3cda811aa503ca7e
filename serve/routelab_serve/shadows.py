"""The shadow routers of `routelab.shadow`, as the shim asks them and logs what they say."""

from collections.abc import AsyncIterator, Callable, Mapping
from contextlib import AsyncExitStack, aclosing, asynccontextmanager
from datetime import UTC, datetime
from typing import Any, Literal

import structlog
from msgspec.structs import replace

from routelab.config import ShadowConfig
from routelab.decision_log.rows import ShadowAnswer as LoggedAnswer
from routelab.errors import RoutelabError
from routelab.records import Candidate, Capabilities, Decision, PoolEntry, RoutingTable
from routelab.shadow import (
    MorphRouter,
    ShadowAnswer,
    ShadowContext,
    ShadowQuestion,
    ShadowRecord,
    ShadowRouter,
    ShadowRunner,
    TableRouter,
)
from routelab_serve.tables import LiveTable
from routelab_serve.ttl_cache import TtlCache
from routelab_serve.turn import Turn

_MAX_ANSWERS = 10_000
_log = structlog.get_logger()


class ServedShadows:
    """Asks the configured routers about each turn; `sink` is told what each said.

    Nobody is asked before `running`.
    """

    def __init__(
        self,
        config: ShadowConfig,
        live_table: LiveTable,
        sink: Callable[[LoggedAnswer], None],
        *,
        morph_key: str | None,
        max_conversations: int,
        capabilities: Mapping[str, Capabilities],
    ) -> None:
        self._config = config
        self._live_table = live_table
        self._sink = sink
        self._morph_key = morph_key
        self._max_conversations = max_conversations
        self._capabilities = capabilities
        self._runner: ShadowRunner | None = None
        self._needs_context = True

    @asynccontextmanager
    async def running(self) -> AsyncIterator[None]:
        """Ask within this context."""
        async with AsyncExitStack() as opened:
            routers: list[ShadowRouter] = []
            if self._config.morph is not None:
                routers.append(await opened.enter_async_context(aclosing(self._morph())))
            if self._config.table is not None and (table := await self._table(self._config.table)) is not None:
                incumbents: TtlCache[str, PoolEntry] = TtlCache(self._max_conversations)
                routers.append(TableRouter(table, incumbents, capabilities=self._capabilities))
                self._needs_context = False
            answers: TtlCache[str, ShadowAnswer] = TtlCache(_MAX_ANSWERS)
            self._runner = ShadowRunner(
                routers,
                switch=lambda: self._config.enabled,
                sink=lambda said: self._sink(_logged(said)),
                answers=answers,
            )
            await opened.enter_async_context(aclosing(self._runner))
            yield

    def ask(
        self, turn: Turn, decision: Decision | None, decision_id: str
    ) -> dict[str, Any] | Literal["pending"] | None:
        """As the decider's Shadows wants it. Without a context from the gateway nothing is sent to anyone."""
        told, classified = turn.asked.shadow, turn.classified
        if self._runner is None or classified is None or (told is None and self._needs_context):
            return None
        context = None
        if told is not None:
            context = ShadowContext(
                tier=told.tier, candidate_models=told.candidate_models, resolved_model=told.resolved_model
            )
        question = ShadowQuestion(
            decision_id=decision_id,
            # What a gateway says of providers is nobody else's business.
            request=replace(turn.content.request, provider_hints=None),
            conversation=turn.content.conversation,
            content=turn.content.exact,
            route=classified.classification.route,
            fallback=classified.classification.fallback,
            decision=decision,
            context=context,
            policy=turn.asked.policy,
            constraints=turn.asked.constraints,
        )
        return self._runner.ask(question)

    def _morph(self) -> MorphRouter:
        morph = self._config.morph
        assert morph is not None
        return MorphRouter(
            str(morph.base_url), key=self._morph_key, model_ids=morph.model_ids, experiments=morph.experiments
        )

    async def _table(self, version: str) -> RoutingTable | None:
        try:
            table = await self._live_table.version(version)
        except RoutelabError as error:
            _log.warning("shadow_table_unavailable", version=version, detail=str(error))
            return None
        if table is None:
            _log.warning("shadow_table_unavailable", version=version, detail="its source does not have it")
        return table


def _logged(said: ShadowRecord) -> LoggedAnswer:
    ours = None if said.our_pick is None else Candidate.parse(said.our_pick)
    answer = said.answer
    return LoggedAnswer(
        decision_id=said.decision_id,
        at=datetime.now(UTC),
        router=said.router,
        outcome=answer.status,
        reason=answer.reason,
        cached=said.cached,
        route=said.route,
        static_model=said.static_pick,
        our_model=ours.model if ours else None,
        our_variant=ours.variant if ours else None,
        shadow_model=answer.model,
        shadow_variant=answer.variant,
        difficulty=answer.difficulty,
        confidence=answer.confidence,
        domain=answer.domain,
        latency_ms=answer.latency_ms,
    )
