"""Classification within the time budget: remembered, shared, and never failing."""

import asyncio
from dataclasses import dataclass

import structlog
from msgspec import Struct
from msgspec.structs import replace

from routelab.classifier import LOCAL, asks_model, classify, heuristic, is_local, redacted
from routelab.llm import EndpointClient
from routelab.records import Candidate, Classification, NormalisedRequest
from routelab.taxonomy import Taxonomy
from routelab_serve.attempts import Attempts
from routelab_serve.local_stage import LocalStage
from routelab_serve.sessions import Session, Sessions

_PATIENCE = 4
"""Budgets after which a late call is given up; until then it may serve the conversation's next request."""
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
    earlier or a concurrent request. `error`: why a classifier that was asked gave no answer.
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

    task: "asyncio.Task[Classified]"
    waiting: int = 0
    is_paid: bool = False
    is_given_up: bool = False


class Classifier:
    """Classifies with a model of the endpoint or in the process; keywords answer when that fails.

    `cascade_threshold` (None: no cascade): the local classifier is asked first, and the endpoint's
    model only where its confidence is lower. `budget_s` is how long a call is worth waiting for.
    """

    def __init__(
        self,
        taxonomy: Taxonomy,
        client: EndpointClient,
        sessions: Sessions,
        *,
        budget_s: float,
        cascade_threshold: float | None = None,
    ) -> None:
        self._taxonomy = taxonomy
        self._client = client
        self._sessions = sessions
        self._budget_s = budget_s
        self._threshold = cascade_threshold
        self._local = LocalStage(taxonomy)
        self._calls: dict[tuple[str, str, Candidate], _Call] = {}

    async def prepare(self, candidate: Candidate | None) -> None:
        """Load what is needed to ask `candidate`, so that the first request need not wait."""
        if self._threshold is not None or (candidate is not None and is_local(candidate)):
            await self._local.load()

    def at_once(self, content: Content, session: Session, candidate: Candidate | None) -> Classified | None:
        """The classification if it is known or made without waiting; None: `ask`.

        Candidate None leaves it to the keywords.
        """
        if candidate is None:
            return self._guess(content, None)
        known = self._sessions.classification(session, content.exact, candidate)
        if known is not None:
            return Classified(classification=known, classifier=candidate, cached=True)
        if is_local(candidate):
            return self._locally(content, threshold=0.0) or self._guess(content, candidate, error="unavailable")
        if self._threshold is None:
            return None
        known = self._sessions.classification(session, content.exact, LOCAL)
        if known is not None and not asks_model(known.confidence, self._threshold):
            return Classified(classification=known, classifier=LOCAL, cached=True)
        return self._locally(content, threshold=self._threshold)

    async def ask(self, content: Content, candidate: Candidate, *, within_s: float) -> Classified:
        """Ask the endpoint's model; after `within_s` seconds, or when that fails, a guess.

        Concurrent requests that ask the same share one call. It goes on when it is late, but not
        when everybody who waits for it is cancelled.
        """
        call = self._call(content, candidate)
        call.waiting += 1
        try:
            await asyncio.wait({call.task}, timeout=within_s)
        except asyncio.CancelledError:
            if call.waiting == 1:
                call.is_given_up = True
                call.task.cancel()
            raise
        finally:
            call.waiting -= 1
        pays, call.is_paid = not call.is_paid, True
        if call.task.done() and not call.task.cancelled():
            answer = call.task.result()
        else:
            answer = self._guess(content, candidate, cost_usd=None, calls=1, error="late")
        if pays:
            return answer
        return replace(answer, cost_usd=0.0, calls=0, cached=not answer.classification.fallback)

    async def aclose(self) -> None:
        """Give up the calls that are still under way."""
        tasks = [call.task for call in self._calls.values()]
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)

    def _call(self, content: Content, candidate: Candidate) -> _Call:
        key = (content.conversation, content.exact, candidate)
        call = self._calls.get(key)
        if call is None or call.is_given_up:
            call = self._calls[key] = _Call(asyncio.create_task(self._asked(content, candidate)))
            call.task.add_done_callback(lambda task: self._forget(key, task))
        return call

    def _forget(self, key: tuple[str, str, Candidate], task: "asyncio.Task[Classified]") -> None:
        call = self._calls.get(key)
        if call is not None and call.task is task:
            del self._calls[key]

    async def _asked(self, content: Content, candidate: Candidate) -> Classified:
        patience_s = self._budget_s * _PATIENCE
        attempts = Attempts(self._client, candidate, budget_s=self._budget_s, patience_s=patience_s)
        hints = content.request.provider_hints
        request = content.request if hints is None else replace(content.request, provider_hints=redacted(hints))
        try:
            async with asyncio.timeout(patience_s):
                result = await classify(request, self._taxonomy, attempts.complete)
        except Exception as error:
            _log.warning("classification_failed", error=type(error).__name__)
            return self._guess(content, candidate, cost_usd=None, calls=attempts.made, error=type(error).__name__)
        cost_usd = None if attempts.may_have_cost else result.usage.cost_usd
        if result.fallback_reason is not None:
            _log.warning("classification_fell_back", reason=result.fallback_reason)
            return self._guess(content, candidate, cost_usd=cost_usd, calls=attempts.made, error=result.fallback_reason)
        self._sessions.keep_classification(content.conversation, content.exact, candidate, result.classification)
        return Classified(
            classification=result.classification, classifier=candidate, cost_usd=cost_usd, calls=attempts.made
        )

    def _locally(self, content: Content, *, threshold: float) -> Classified | None:
        answer = self._local.classify(content.request)
        if answer is None or asks_model(answer.confidence, threshold):
            return None
        self._sessions.keep_classification(content.conversation, content.exact, LOCAL, answer)
        return Classified(classification=answer, classifier=LOCAL)

    def _guess(
        self,
        content: Content,
        candidate: Candidate | None,
        *,
        cost_usd: float | None = 0.0,
        calls: int = 0,
        error: str | None = None,
    ) -> Classified:
        """An answer that is marked as a fallback: the local classifier's where it is loaded, else by keywords."""
        local = self._local.classify(content.request) if self._local.is_ready else None
        guess = heuristic(content.request, self._taxonomy) if local is None else replace(local, fallback=True)
        return Classified(classification=guess, classifier=candidate, cost_usd=cost_usd, calls=calls, error=error)
