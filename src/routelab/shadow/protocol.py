"""What a shadow router is asked and what it says."""

from typing import Literal, Protocol, TypeVar

from msgspec import Struct

from routelab.records import Constraints, Decision, NormalisedRequest, Policy, RoutingTable, ShadowContext

T = TypeVar("T")


class ShadowQuestion(Struct, frozen=True, kw_only=True):
    """One decision of ours, as a shadow router may look at it.

    `conversation` and `content` are the hashes decisions are remembered by. `context` None: the
    gateway wants nothing of this request to leave. `fallback`: the classification behind `route`
    is a guess. `decision` is ours, made from `table`, None when there was none.
    """

    decision_id: str
    request: NormalisedRequest
    conversation: str
    content: str
    route: str
    fallback: bool
    decision: Decision | None
    table: RoutingTable | None = None
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
    """What one router said to one question. `cached`: it was said to an earlier one."""

    question: ShadowQuestion
    router: str
    answer: ShadowAnswer
    cached: bool


class ShadowRouter(Protocol):
    """Another router. It may raise: that is its own failure and nobody else's."""

    @property
    def name(self) -> str:
        """The word it is logged under."""

    def reason_to_skip(self, question: ShadowQuestion) -> str | None:
        """In one word why it is not to be asked this; None: it is."""

    def fingerprint(self, question: ShadowQuestion) -> str | None:
        """What beside conversation and content its answer hangs on, such as candidates and policy.

        None: an answer holds for its question alone, and comes without waiting for anybody.
        """

    async def ask(self, question: ShadowQuestion) -> ShadowAnswer:
        """Its answer to what it does not skip."""


class Memory(Protocol[T]):
    """A bounded place to remember things in; forgetting is always allowed."""

    def get(self, key: str, /) -> T | None:
        """What was put under a key, None when it is not there or no longer."""

    def put(self, key: str, value: T, /) -> None:
        """Remember a value."""
