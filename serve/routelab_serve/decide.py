"""The decision service: classify, route, decide, remember. It knows nothing of HTTP."""

import random
import time
from collections.abc import Callable, Mapping
from time import perf_counter
from typing import Any, Literal, Protocol

from msgspec import UNSET, UnsetType

from routelab.classifier import LOCAL, canonical, normalise
from routelab.decision import Considered, conversation_key, decide, exact_hash, explain
from routelab.records import Candidate, Capabilities, Decision, NormalisedRequest, PoolEntry, RoutingTable
from routelab_serve.classifier import Classified, Classifier, Content
from routelab_serve.contract import ClassifierProblem, DecideRequest, DecideResponse, Reason, ServedClassification
from routelab_serve.logs import report_bug
from routelab_serve.sessions import Session, Sessions, continued
from routelab_serve.tables import Live
from routelab_serve.turn import Turn

_TO_CLASSIFY = 0.95
"""The share of the time budget that a classifier may take."""


class Shadows(Protocol):
    """Other routers, asked beside ours."""

    def ask(
        self, turn: Turn, decision: Decision | None, decision_id: str
    ) -> dict[str, Any] | Literal["pending"] | None:
        """Begin asking and return at once what is known already; None: nobody is asked. Never raises."""


class Decider:
    """Answers every request within `budget_s` seconds, at worst with the reason why there is no decision.

    `live` gives what to decide from. `override` classifies instead of the published winner, and
    `default` where there is no winner. `capabilities` is what is known of models, by
    id. A caller `begin`s a turn and takes the answer `at_once`; where that is None, it `recall`s the
    conversation and tries again, and where that is None too, it `wait`s for a classifier.
    """

    def __init__(
        self,
        live: Callable[[], Live],
        classifier: Classifier,
        sessions: Sessions,
        *,
        budget_s: float,
        override: Candidate | None = None,
        default: Candidate = LOCAL,
        capabilities: Mapping[str, Capabilities] | None = None,
        shadows: Shadows | None = None,
    ) -> None:
        self._live = live
        self._classifier = classifier
        self._sessions = sessions
        self._budget_s = budget_s
        self._override = override
        self._default = default
        self._capabilities = capabilities
        self._shadows = shadows

    @property
    def classifier_model(self) -> Candidate:
        """Who classifies now: the override, the published winner or the default."""
        return self._override or self._live().classifier or self._default

    @property
    def classifier_problem(self) -> ClassifierProblem | None:
        """Why guesses stand in for who classifies now; None: they do not."""
        return self._classifier.problem(self.classifier_model)

    def begin(self, asked: DecideRequest, *, explained: bool, began_s: float) -> Turn:
        """A turn for one request, which came at `began_s` (`perf_counter` seconds)."""
        request = _normalised(asked)
        conversation = conversation_key(
            request, user_id=asked.user_id, session_id=asked.session_id, machine_id=asked.machine_id
        )
        live = self._live()
        return Turn(
            asked=asked,
            explained=explained,
            content=Content(request, exact_hash(request), conversation),
            live=live,
            # Without a table nothing can be decided, so nobody is asked to classify.
            candidate=None if live.table is None else self._override or live.classifier or self._default,
            began_s=began_s,
            decoded_s=perf_counter(),
        )

    def at_once(self, turn: Turn, session: Session | None = None) -> DecideResponse | None:
        """The answer, if nothing must be waited for; `session` None: as far as this process knows it."""
        try:
            session = session or self._sessions.peek(turn.content.conversation)
            if session is None:
                return None
            turn.session_s = perf_counter()
            classified = self._classifier.at_once(turn.content, session, turn.candidate)
            if classified is None:
                if not _is_shut_out(turn.asked):
                    return None
                classified = self._classifier.guess(turn.content, None)
            turn.classified = classified
            return self._answer(turn, session, classified)
        except Exception as error:
            report_bug("decision_failed", error)
            return self._no_decision(turn, "internal_error")

    async def recall(self, turn: Turn) -> Session:
        """What is known of the conversation here and in the shared store. Never raises."""
        return await self._sessions.load(turn.content.conversation)

    async def wait(self, turn: Turn, session: Session) -> DecideResponse:
        """The answer of a turn that has none at once; cancelling it gives up its classifier call."""
        content, candidate = turn.content, turn.candidate
        assert candidate is not None
        try:
            within_s = turn.left_s(self._budget_s * _TO_CLASSIFY)
            turn.classified = await self._classifier.ask(content, candidate, within_s=within_s)
            # Another request's turn may have changed it since.
            session = self._sessions.current(content.conversation) or session
            return self._answer(turn, session, turn.classified)
        except Exception as error:
            report_bug("decision_failed", error)
            return self._no_decision(turn, "internal_error")

    def _answer(self, turn: Turn, session: Session, classified: Classified) -> DecideResponse:
        turn.classified_s = perf_counter()
        table, route = turn.live.table, classified.classification.route
        decision = None if table is None else self._choose(turn, session, table, classified)
        decision_id = new_id()
        explanation: list[Considered] | UnsetType = UNSET
        if turn.explained:
            explanation = [] if table is None else self._explain(turn.asked, table, route, decision)
        shadow = None if self._shadows is None else self._shadows.ask(turn, decision, decision_id)
        turn.decided_s = perf_counter()
        return DecideResponse(
            decision=decision,
            reason=None if decision is not None else _reason(turn.asked, table, route),
            classification=_served(classified),
            cost_usd=classified.cost_usd,
            shadow=shadow,
            decision_id=decision_id,
            explanation=explanation,
        )

    def _choose(self, turn: Turn, session: Session, table: RoutingTable, classified: Classified) -> Decision | None:
        asked, route, before = turn.asked, classified.classification.route, session.conversation
        turn.incumbent = None if before is None else PoolEntry(before.model, before.variant)
        decision = decide(
            route,
            table,
            incumbent=turn.incumbent,
            policy=asked.policy,
            constraints=asked.constraints,
            capabilities=self._capabilities,
        )
        if decision is not None and not classified.classification.fallback:
            after = continued(before, model=decision.model, variant=decision.variant, route=route, at_s=time.time())
            if after is not before:
                self._sessions.remember(turn.content.conversation, after)
        return decision

    def _explain(
        self, asked: DecideRequest, table: RoutingTable, route: str, decision: Decision | None
    ) -> list[Considered]:
        return explain(
            decision,
            route,
            table,
            policy=asked.policy,
            constraints=asked.constraints,
            capabilities=self._capabilities,
        )

    def _no_decision(self, turn: Turn, reason: Reason) -> DecideResponse:
        classified = turn.classified
        return DecideResponse(
            decision=None,
            reason=reason,
            classification=None if classified is None else _served(classified),
            cost_usd=None if classified is None else classified.cost_usd,
            decision_id=new_id(),
            explanation=[] if turn.explained else UNSET,
        )


def _normalised(asked: DecideRequest) -> NormalisedRequest:
    given = asked.input
    if given is None:
        return normalise(asked.request or {}, str(asked.api_kind))
    system, first, latest = given.system_prompt_prefix, given.user_prompt_prefix, given.latest_user_prompt_prefix
    # Spelt out, since every warm request comes by: whether `canonical` would change a text.
    if (
        (system is not None and (system.strip() or None) != system)
        or (first is not None and (first.strip() or None) != first)
        or (latest is not None and (first is None or latest == first or (latest.strip() or None) != latest))
    ):
        return canonical(given)
    return given


def _is_shut_out(asked: DecideRequest) -> bool:
    """Whether no candidate may serve, whatever the route: nobody is paid to classify such a request."""
    return asked.policy is not None and asked.policy.pool is not None and not asked.policy.pool


def _reason(asked: DecideRequest, table: RoutingTable | None, route: str) -> Reason:
    if table is None:
        return "no_table"
    return "no_candidate" if table.routes.get(route) or _is_shut_out(asked) else "unknown_route"


def _served(classified: Classified) -> ServedClassification:
    said = classified.classification
    return ServedClassification(  # spelt out: by way of a dict it takes twice as long
        task_type=said.task_type,
        subtask_type=said.subtask_type,
        context_complexity=said.context_complexity,
        reasoning_complexity=said.reasoning_complexity,
        risk_level=said.risk_level,
        execution_mode=said.execution_mode,
        requires_tools=said.requires_tools,
        confidence=said.confidence,
        fallback=said.fallback,
        classifier_model=None if classified.classifier is None else str(classified.classifier),
        cached=classified.cached,
    )


def new_id() -> str:
    """A new decision id: 32 hex digits."""
    return random.getrandbits(128).to_bytes(16).hex()
