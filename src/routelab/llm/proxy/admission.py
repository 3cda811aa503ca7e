"""Who may call: attempts with their tokens, and what each of them called."""

import asyncio
import hmac
import secrets
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime

from msgspec import Struct, structs

from routelab.errors import BudgetError, EndpointError
from routelab.llm.money import MoneyLimit
from routelab.records import Candidate, Usage
from routelab.records.requests import ApiKind

MAX_CALLS = 10_000
"""Calls of one attempt that are recorded, far above any sane agent's; further ones are refused."""
MAX_CUTS = 3
"""Answers in a row that broke off, after which an attempt's calls are refused: opencode asks again without end."""
DRAIN_S = 30.0
"""How long an answer is read on for its usage when the agent is gone."""
_GIVEN_UP = "the agent was gone before the answer had ended"


class Pass(Struct, frozen=True, kw_only=True):
    """The attempt that a token stands for; `max_cost_usd` is its money limit (None: none)."""

    run_id: str
    candidate: Candidate
    case_id: str
    repetition: int
    max_cost_usd: float | None = None


class ProxyCall(Struct, frozen=True, kw_only=True):
    """One call of an agent, as it came out.

    `path` is what the agent asked for and `status` what it was answered (None: it did not wait for
    it). `api_kind` None: a path that calls no model. `cost_usd` None: unknown; `estimate_usd` is
    then what a call that was cut off may have cost. `error` is one sentence, None where all was well.
    """

    started_at: datetime
    path: str
    api_kind: ApiKind | None
    status: int | None
    prompt_tokens: int = 0
    completion_tokens: int = 0
    cost_usd: float | None = 0.0
    estimate_usd: float = 0.0
    latency_ms: float = 0.0
    finish_reason: str | None = None
    error: str | None = None


class Flight:
    """A call on its way to the endpoint. It is recorded once, by the first that ends it."""

    def __init__(
        self,
        admission: "Admission",
        path: str,
        api_kind: ApiKind,
        deadline: asyncio.Timeout,
        prompt_usd: float | None,
    ) -> None:
        self.api_kind = api_kind
        self.prompt_usd = prompt_usd
        self.ended = asyncio.Event()
        self._admission = admission
        self._path = path
        self._deadline = deadline
        self._started_at = datetime.now(UTC)
        self._started = time.perf_counter()

    def end(
        self,
        *,
        status: int | None,
        usage: Usage,
        finish_reason: str | None = None,
        failure: EndpointError | None = None,
        cut: bool = False,
        note: str | None = None,
    ) -> None:
        """Record the call. `cut`: its cost is unknown because its answer broke off.

        `note` is what to say of a call that failed without being the endpoint's failure.
        """
        if self.ended.is_set():
            return
        self.ended.set()
        error = note if failure is None else str(failure)
        usage = self._admission._landed(self, usage, cut=cut)
        call = ProxyCall(
            started_at=self._started_at,
            path=self._path,
            api_kind=self.api_kind,
            status=status,
            prompt_tokens=usage.prompt_tokens,
            completion_tokens=usage.completion_tokens,
            cost_usd=usage.cost_usd,
            estimate_usd=usage.estimate_usd,
            latency_ms=(time.perf_counter() - self._started) * 1000,
            finish_reason=finish_reason,
            error=error,
        )
        self._admission.calls.append(call)
        if note is None:
            self._admission.failure = failure
            is_cut = failure is not None and failure.kind == "cut_stream"
            self._admission.cuts = self._admission.cuts + 1 if is_cut else 0

    def agent_left(self) -> None:
        """The agent hung up: the answer is read on for a while, for what it tells of its cost."""
        if self.ended.is_set():
            return
        self._leave_by(asyncio.get_running_loop().time() + DRAIN_S)

    def give_up(self) -> None:
        """Stop waiting for the answer. This is no failure of the endpoint."""
        self.end(status=None, usage=Usage(cost_usd=None), cut=True, note=_GIVEN_UP)
        self._leave_by(asyncio.get_running_loop().time())

    def _leave_by(self, moment: float) -> None:
        if not self._deadline.expired():
            self._deadline.reschedule(moment)


class Admission:
    """What one token may do, and what was done with it.

    `failure` is what the last call that came to an end failed with (None: it did not fail, or there
    was none): an EndpointError, or a BudgetError where the run's money limit refused the call.
    `over_case_limit`: a call was refused because the attempt had used up its own money limit.
    `cuts`: how many answers in a row broke off. `for_warm_up`: its calls are answered by the proxy itself.
    """

    def __init__(self, holder: Pass, limit: MoneyLimit, *, for_warm_up: bool = False) -> None:
        self.holder = holder
        self.for_warm_up = for_warm_up
        self.calls: list[ProxyCall] = []
        self.failure: EndpointError | BudgetError | None = None
        self.over_case_limit = False
        self.cuts = 0
        self._id = secrets.token_hex(8)
        self.token = f"sk-routelab-{self._id}-{secrets.token_hex(24)}"
        self._limit = limit
        self._own_limit = MoneyLimit(holder.max_cost_usd)
        self._flights: set[Flight] = set()

    @property
    def usage(self) -> Usage:
        """The sum over all calls; its cost is unknown as soon as one call's is."""
        usage = Usage(cost_usd=None if self._flights else 0.0)
        for call in self.calls:
            usage += Usage(call.prompt_tokens, call.completion_tokens, call.cost_usd, call.estimate_usd)
        return usage

    async def settled(self, timeout_s: float) -> None:
        """Wait until no call is in flight; after `timeout_s` seconds give up on those that are."""
        try:
            async with asyncio.timeout(timeout_s):
                while self._flights:
                    await next(iter(self._flights)).ended.wait()
        except TimeoutError:
            self.give_up()

    def give_up(self) -> None:
        """Stop waiting for every call in flight."""
        for flight in list(self._flights):
            flight.give_up()

    def check_money(self) -> None:
        """Raise BudgetError when the attempt or the run may not spend any more."""
        if self._own_limit.reached:
            self.over_case_limit = True
            raise BudgetError(f"this attempt has used up its money limit of ${self._own_limit.max_usd:g}")
        try:
            self._own_limit.check()
            self._limit.check()
        except BudgetError as error:
            self.failure = error
            raise

    def answered(self, path: str, api_kind: ApiKind | None, status: int | None, error: str | None = None) -> None:
        """Record a call that the proxy answered itself; `error` None: it was no refusal."""
        self.calls.append(
            ProxyCall(started_at=datetime.now(UTC), path=path, api_kind=api_kind, status=status, error=error)
        )

    @contextmanager
    def flight(
        self, path: str, api_kind: ApiKind, deadline: asyncio.Timeout, *, prompt_usd: float | None
    ) -> Iterator[Flight]:
        """A call in flight while the block runs; what the block does not record was given up.

        `prompt_usd` is what its prompt costs by the price list; None: there is no price.
        """
        flight = Flight(self, path, api_kind, deadline, prompt_usd)
        self._flights.add(flight)
        try:
            yield flight
        except Exception as error:
            told = EndpointError(f"the proxy failed: {type(error).__name__}", kind="bad_response")
            flight.end(status=None, usage=Usage(cost_usd=None), cut=True, failure=told)
            raise
        finally:
            flight.end(status=None, usage=Usage(cost_usd=None), cut=True, note=_GIVEN_UP)

    def _landed(self, flight: Flight, usage: Usage, *, cut: bool) -> Usage:
        """Count what a call used towards both limits; the usage, with an estimate where it was cut off."""
        self._flights.discard(flight)
        model = self.holder.candidate.model
        if cut and usage.cost_usd is None:
            self._own_limit.add_cut(model, flight.prompt_usd)
            return structs.replace(usage, estimate_usd=self._limit.add_cut(model, flight.prompt_usd))
        for limit in (self._limit, self._own_limit):
            limit.add(model, usage.cost_usd)
        return usage


class Admissions:
    """The living tokens."""

    def __init__(self) -> None:
        self._by_id: dict[str, Admission] = {}

    @contextmanager
    def admit(self, admission: Admission) -> Iterator[Admission]:
        """Let the admission's token in while the block runs."""
        self._by_id[_id_in(admission.token)] = admission
        try:
            yield admission
        finally:
            del self._by_id[_id_in(admission.token)]
            admission.give_up()

    def find(self, token: str) -> Admission | None:
        """Whom the token belongs to; None when it is unknown or its attempt is over."""
        admission = self._by_id.get(_id_in(token))
        if admission is None or not hmac.compare_digest(admission.token.encode(), token.encode("utf-8", "replace")):
            return None
        return admission


def _id_in(token: str) -> str:
    return token.removeprefix("sk-routelab-").partition("-")[0]
