"""Classification within the time budget: remembered, shared, and never failing."""

import asyncio
from collections.abc import Callable
from dataclasses import dataclass, field

import structlog
from msgspec import Struct
from msgspec.structs import replace

from routelab.classifier import LOCAL, asks_model, classify, heuristic, is_local, redacted
from routelab.errors import EndpointError
from routelab.llm import EndpointClient
from routelab.records import Candidate, Classification, NormalisedRequest
from routelab.taxonomy import Taxonomy
from routelab_serve.breaker import Breaker
from routelab_serve.calls import Calls
from routelab_serve.contract import ClassifierProblem
from routelab_serve.local_stage import LocalStage
from routelab_serve.sessions import Session, Sessions

_PATIENCE = 4
"""Budgets after which a late call is given up; until then it may serve the conversation's next request."""
_FAILURES = 5
"""Failed or late calls in a row after which the endpoint is left alone: chance alone makes no five of them."""
_log = structlog.get_logger()


class Content(Struct, frozen=True):
    """What is to be classified: a request, its exact hash and the key of its conversation."""

    request: NormalisedRequest
    exact: str
    conversation: str


class Classified(Struct, frozen=True, kw_only=True):
    """A classification, and what it cost the request it was made for.

    `classifier` is who was asked, None when nobody was. `cost_usd` is 0 when that request made no
    call, None when unknown; `calls` counts those it made. `cached`: a classifier answered, but to an
    earlier or a concurrent request. `error`: why a classifier gave no answer; `left_alone`: it was not
    even asked, since it kept failing.
    """

    classification: Classification
    classifier: Candidate | None
    cost_usd: float | None = 0.0
    cached: bool = False
    calls: int = 0
    error: str | None = None


@dataclass(eq=False)
class _Call:
    """A call under way; the first of the `waiting` who gets something of it pays for it."""

    task: "asyncio.Task[Classified]" = field(init=False)
    waiting: int = 0
    is_paid: bool = False
    is_late: bool = False
    is_given_up: bool = False


class Classifier:
    """Classifies with a model of the endpoint or in the process; keywords answer when that fails.

    `cascade_threshold` (None: no cascade): the local classifier is asked first, and the endpoint's
    model only where its confidence is lower. `budget_s` is how long a call is worth waiting for. An
    endpoint that fails or is late several times in a row is asked about once a second until it answers
    in time. `on_untold_cost` gets the model and the cost (None: unknown) of calls whose cost no answer
    tells, since they ended late or with their client.
    """

    def __init__(
        self,
        taxonomy: Taxonomy,
        client: EndpointClient,
        sessions: Sessions,
        *,
        budget_s: float,
        cascade_threshold: float | None = None,
        on_untold_cost: Callable[[str, float | None], None] | None = None,
    ) -> None:
        self._taxonomy = taxonomy
        self._client = client
        self._sessions = sessions
        self._budget_s = budget_s
        self._threshold = cascade_threshold
        self._on_untold_cost = on_untold_cost
        self._local = LocalStage(taxonomy)
        self._breaker = Breaker("classifier", failures=_FAILURES)
        self._calls: dict[tuple[str, str, Candidate], _Call] = {}

    async def prepare(self, candidate: Candidate | None) -> None:
        """Load what is needed to ask `candidate`, so that the first request need not wait."""
        if self._needs_local(candidate):
            await self._local.load()

    def problem(self, candidate: Candidate | None) -> ClassifierProblem | None:
        """What keeps `candidate` from classifying now; None: nothing that is known."""
        if self._needs_local(candidate) and self._local.has_failed:
            return "local"
        if candidate is not None and not is_local(candidate) and self._breaker.is_open:
            return "endpoint"
        return None

    def at_once(self, content: Content, session: Session, candidate: Candidate | None) -> Classified | None:
        """The classification if it is known or made without waiting; None: `ask`.

        Candidate None leaves it to the keywords.
        """
        if candidate is None:
            return self.guess(content, None)
        known = self._sessions.classification(session, content.exact, candidate)
        if known is not None:
            return Classified(classification=known, classifier=candidate, cached=True)
        if is_local(candidate):
            return self._locally(content, threshold=0.0) or self.guess(content, candidate, error="unavailable")
        if self._threshold is None:
            return None
        known = self._sessions.classification(session, content.exact, LOCAL)
        if known is not None and not asks_model(known.confidence, self._threshold):
            return Classified(classification=known, classifier=LOCAL, cached=True)
        return self._locally(content, threshold=self._threshold)

    async def ask(self, content: Content, candidate: Candidate, *, within_s: float) -> Classified:
        """Ask the endpoint's model; after `within_s` seconds, or when that fails, a guess.

        Concurrent requests that ask the same share one call. It goes on when it is late, though nobody
        waits for it any more, but not when everybody who waits for it is cancelled.
        """
        call = self._under_way(content, candidate)
        if call is None:
            if not self._breaker.allows():
                return self.guess(content, candidate, error="left_alone")
            call = self._begin(content, candidate)
        elif call.is_late:
            return self.guess(content, candidate, error="late")
        call.waiting += 1
        try:
            await asyncio.wait({call.task}, timeout=within_s)
        except asyncio.CancelledError:
            if call.waiting == 1:
                call.is_given_up = True
                call.task.cancel()
                if not call.is_paid:
                    self._tell_cost(candidate, None)
            raise
        finally:
            call.waiting -= 1
        pays, call.is_paid = not call.is_paid, True
        if call.task.done() and not call.task.cancelled():
            answer = call.task.result()
        else:
            self._judge(call, TimeoutError())
            call.is_late = True
            answer = self.guess(content, candidate, cost_usd=None, calls=1, error="late")
        if pays:
            return answer
        return replace(answer, cost_usd=0.0, calls=0, cached=not answer.classification.fallback)

    def guess(
        self,
        content: Content,
        candidate: Candidate | None,
        *,
        cost_usd: float | None = 0.0,
        calls: int = 0,
        error: str | None = None,
    ) -> Classified:
        """An answer that is marked as a fallback: the local classifier's where it is loaded, else by keywords.

        `candidate` is who should have answered, None: nobody was asked.
        """
        local = self._local.classify(content.request) if self._local.is_ready else None
        guess = heuristic(content.request, self._taxonomy) if local is None else replace(local, fallback=True)
        return Classified(classification=guess, classifier=candidate, cost_usd=cost_usd, calls=calls, error=error)

    async def aclose(self) -> None:
        """Give up the calls that are still under way."""
        tasks = [call.task for call in self._calls.values()]
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)

    def _needs_local(self, candidate: Candidate | None) -> bool:
        return self._threshold is not None or (candidate is not None and is_local(candidate))

    def _under_way(self, content: Content, candidate: Candidate) -> _Call | None:
        call = self._calls.get((content.conversation, content.exact, candidate))
        return None if call is None or call.is_given_up else call

    def _begin(self, content: Content, candidate: Candidate) -> _Call:
        key = (content.conversation, content.exact, candidate)
        call = self._calls[key] = _Call()
        call.task = asyncio.create_task(self._called(call, content, candidate))
        call.task.add_done_callback(lambda _: self._forget(key, call))
        return call

    def _forget(self, key: tuple[str, str, Candidate], call: _Call) -> None:
        if self._calls.get(key) is call:
            del self._calls[key]

    def _judge(self, call: _Call, error: Exception | None) -> None:
        """Tell the breaker how a call went; what comes of a late one changes nothing any more."""
        if call.is_late:
            return
        if error is None:
            self._breaker.succeeded()
        else:
            self._breaker.failed(error)

    def _tell_cost(self, candidate: Candidate, cost_usd: float | None) -> None:
        if self._on_untold_cost is not None:
            self._on_untold_cost(str(candidate), cost_usd)

    async def _called(self, call: _Call, content: Content, candidate: Candidate) -> Classified:
        answer, error = await self._asked(content, candidate)
        self._judge(call, error)
        if call.is_paid and answer.cost_usd:
            self._tell_cost(candidate, answer.cost_usd)
        return answer

    async def _asked(self, content: Content, candidate: Candidate) -> tuple[Classified, Exception | None]:
        """The answer, and the failure of the endpoint if it is one."""
        patience_s = self._budget_s * _PATIENCE
        calls = Calls(self._client, candidate, budget_s=self._budget_s, patience_s=patience_s)
        hints = content.request.provider_hints
        request = content.request if hints is None else replace(content.request, provider_hints=redacted(hints))
        try:
            async with asyncio.timeout(patience_s):
                result = await classify(request, self._taxonomy, calls.complete)
        except Exception as error:
            _log.warning("classification_failed", error=type(error).__name__)
            name = type(error).__name__
            return self.guess(content, candidate, cost_usd=None, calls=calls.made, error=name), error
        cost_usd = result.usage.cost_usd
        if result.fallback_reason is not None:
            _log.warning("classification_fell_back", reason=result.fallback_reason)
            guess = self.guess(content, candidate, cost_usd=cost_usd, calls=calls.made, error=result.fallback_reason)
            return guess, result.endpoint_error if _is_outage(result.endpoint_error) else None
        self._sessions.keep_classification(content.conversation, content.exact, candidate, result.classification)
        answer = Classified(
            classification=result.classification, classifier=candidate, cost_usd=cost_usd, calls=calls.made
        )
        return answer, None

    def _locally(self, content: Content, *, threshold: float) -> Classified | None:
        answer = self._local.classify(content.request)
        if answer is None or asks_model(answer.confidence, threshold):
            return None
        self._sessions.keep_classification(content.conversation, content.exact, LOCAL, answer)
        return Classified(classification=answer, classifier=LOCAL)


def _is_outage(error: EndpointError | None) -> bool:
    """Whether other requests would fail too; an endpoint that rejects this one is up."""
    return error is not None and error.kind != "rejected"
