"""What a shadow router is asked and what it says."""

from typing import Literal, Protocol, TypeVar

from msgspec import Struct

from routelab.records import Candidate, Constraints, Decision, NormalisedRequest, Policy

T = TypeVar("T")


class ShadowContext(Struct, frozen=True, kw_only=True):
    """What a gateway lets shadow routers know: its tier, candidates, and the model it would serve."""

    tier: str | None = None
    candidate_models: tuple[str, ...] | None = None
    resolved_model: str | None = None


class ShadowQuestion(Struct, frozen=True, kw_only=True):
    """One decision of ours, as a shadow router may look at it.

    `conversation` and `content` are the hashes decisions are remembered by. `context` None: the
    gateway wants nothing of this request to leave. `fallback`: the classification behind `route`
    is a guess. `decision` is ours, None when there was none.
    """

    decision_id: str
    request: NormalisedRequest
    conversation: str
    content: str
    route: str | None
    fallback: bool
    decision: Decision | None
    context: ShadowContext | None = None
    policy: Policy | None = None
    constraints: Constraints | None = None


class ShadowAnswer(Struct, frozen=True, kw_only=True):
    """What a shadow router said.

    `reason` is one word: why it was `skipped`, how it `failed`, or why it `answered` without a
    model. `difficulty`, `confidence` (0 to 1) and `domain` are its own words, None where it has
    none. `latency_ms` is what asking took.
    """

    status: Literal["answered", "skipped", "failed"]
    model: str | None = None
    variant: str | None = None
    reason: str | None = None
    difficulty: str | None = None
    confidence: float | None = None
    domain: str | None = None
    latency_ms: float = 0.0


class ShadowRecord(Struct, frozen=True, kw_only=True):
    """One line of the log: three picks for one request, each None where there was none.

    `static_pick` is the model the gateway would have served. `agrees` compares models, None unless
    the shadow router answered. `cached`: the answer was given to an earlier question.
    """

    decision_id: str
    route: str | None
    router: str
    static_pick: str | None
    our_pick: str | None
    shadow_pick: str | None
    agrees: bool | None
    cached: bool
    answer: ShadowAnswer


class ShadowRouter(Protocol):
    """Another router. It may raise: that is its own failure and nobody else's."""

    @property
    def name(self) -> str:
        """The word it is logged under."""

    def fingerprint(self, question: ShadowQuestion) -> str:
        """What beside conversation and content its answer hangs on, such as candidates and policy."""

    async def ask(self, question: ShadowQuestion) -> ShadowAnswer:
        """Its answer."""


class Memory(Protocol[T]):
    """A bounded place to remember things in; forgetting is always allowed."""

    def get(self, key: str, /) -> T | None:
        """What was put under a key, None when it is not there or no longer."""

    def put(self, key: str, value: T, /) -> None:
        """Remember a value."""


def record(question: ShadowQuestion, router: str, answer: ShadowAnswer, *, cached: bool) -> ShadowRecord:
    """The line of the log for one answer."""
    ours = question.decision
    return ShadowRecord(
        decision_id=question.decision_id,
        route=question.route,
        router=router,
        static_pick=question.context.resolved_model if question.context else None,
        our_pick=str(ours.candidate) if ours else None,
        shadow_pick=str(Candidate(answer.model, answer.variant)) if answer.model else None,
        agrees=answer.model == (ours.model if ours else None) if answer.status == "answered" else None,
        cached=cached,
        answer=answer,
    )
