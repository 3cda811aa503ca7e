"""The decision service: classify, route, decide, remember. It knows nothing of HTTP."""

from collections.abc import Callable, Mapping
from uuid import uuid4

from msgspec import UNSET, UnsetType
from msgspec.structs import asdict, replace

from routelab.classifier import normalise, redacted
from routelab.decision import Considered, conversation_key, decide, explain
from routelab.records import (
    Candidate,
    Capabilities,
    Classification,
    Decision,
    NormalisedRequest,
    PoolEntry,
    RoutingTable,
)
from routelab_serve.classifier import Classified, Classifier
from routelab_serve.contract import DecideRequest, DecideResponse, Reason, ServedClassification
from routelab_serve.logs import report_bug
from routelab_serve.tables import Live
from routelab_serve.ttl_cache import TtlCache


class Decider:
    """Answers every request, at worst with the reason why there is no decision.

    `live` gives what to decide from. `classifier_override` classifies instead of the published
    winner (None: no override). `capabilities` is what is known of models, by id.
    """

    def __init__(
        self,
        live: Callable[[], Live],
        classifier: Classifier,
        *,
        max_conversations: int,
        classifier_override: Candidate | None = None,
        capabilities: Mapping[str, Capabilities] | None = None,
    ) -> None:
        self._live = live
        self._classifier = classifier
        self._override = classifier_override
        self._capabilities = capabilities
        self._incumbents: TtlCache[str, PoolEntry] = TtlCache(max_conversations)

    @property
    def classifier_model(self) -> Candidate | None:
        """Who classifies now; None: the keyword heuristic."""
        return self._override or self._live().classifier

    async def decide(self, asked: DecideRequest, *, explained: bool = False) -> DecideResponse:
        """The decision for one request, with every candidate considered when `explained`."""
        try:
            return await self._decide(asked, explained)
        except Exception as error:
            report_bug("decision_failed", error)
            return DecideResponse(
                decision=None,
                reason="internal_error",
                classification=None,
                cost_usd=None,
                decision_id=uuid4().hex,
                explanation=[] if explained else UNSET,
            )

    async def _decide(self, asked: DecideRequest, explained: bool) -> DecideResponse:
        request = _normalised(asked)
        conversation = conversation_key(
            request, user_id=asked.user_id, session_id=asked.session_id, machine_id=asked.machine_id
        )
        live = self._live()
        # Without a table nothing can be decided, so no model is paid for classifying.
        candidate = None if live.table is None else self.classifier_model
        classified = await self._classifier.classify(request, conversation=conversation, candidate=candidate)
        classification = classified.classification
        decision = self._choose(asked, live.table, classification, conversation)
        explanation: list[Considered] | UnsetType = UNSET
        if explained:
            explanation = self._explain(asked, live.table, classification.route, decision)
        return DecideResponse(
            decision=decision,
            reason=None if decision else _reason(live.table, classification.route),
            classification=_served(classified, candidate),
            cost_usd=classified.cost_usd,
            decision_id=uuid4().hex,
            explanation=explanation,
        )

    def _choose(
        self,
        asked: DecideRequest,
        table: RoutingTable | None,
        classification: Classification,
        conversation: str,
    ) -> Decision | None:
        if table is None:
            return None
        decision = decide(
            classification.route,
            table,
            incumbent=self._incumbents.get(conversation),
            policy=asked.policy,
            constraints=asked.constraints,
            capabilities=self._capabilities,
        )
        if decision is not None and not classification.fallback:
            self._incumbents.put(conversation, PoolEntry(decision.model, decision.variant))
        return decision

    def _explain(
        self, asked: DecideRequest, table: RoutingTable | None, route: str, decision: Decision | None
    ) -> list[Considered]:
        if table is None:
            return []
        return explain(
            decision,
            route,
            table,
            policy=asked.policy,
            constraints=asked.constraints,
            capabilities=self._capabilities,
        )


def _normalised(asked: DecideRequest) -> NormalisedRequest:
    given = asked.input
    if given is not None:
        hints = given.provider_hints
        return given if hints is None else replace(given, provider_hints=redacted(hints))
    return normalise(asked.request or {}, str(asked.api_kind))


def _reason(table: RoutingTable | None, route: str) -> Reason:
    if table is None:
        return "no_table"
    return "no_candidate" if table.routes.get(route) else "unknown_route"


def _served(classified: Classified, candidate: Candidate | None) -> ServedClassification:
    return ServedClassification(
        **asdict(classified.classification),
        classifier_model=None if candidate is None else str(candidate),
        cached=classified.cached,
    )
