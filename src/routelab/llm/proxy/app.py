"""The only way from an agent to a model: an ASGI application in front of the endpoint."""

import asyncio
import re
from collections.abc import Mapping
from contextlib import AbstractContextManager
from typing import Self

import msgspec
import structlog

from routelab.config import CapabilityConfig, EndpointConfig, Price
from routelab.errors import BudgetError
from routelab.llm.checks import usable_key
from routelab.llm.money import MoneyLimit
from routelab.llm.pricing import estimated_tokens, prompt_usd
from routelab.llm.proxy.adjust import RefusedRequestError, adjusted
from routelab.llm.proxy.admission import MAX_CALLS, MAX_CUTS, Admission, Admissions, Flight, Pass
from routelab.llm.proxy.http import (
    AgentGoneError,
    Receive,
    Scope,
    Send,
    TooLargeError,
    answer,
    answer_error,
    read_body,
)
from routelab.llm.proxy.listing import model_entry, model_list
from routelab.llm.proxy.upstream import Order, Upstream
from routelab.llm.proxy.warm_up import canned
from routelab.records import Candidate
from routelab.records.requests import ApiKind

_log = structlog.get_logger(__name__)
_API_KINDS: Mapping[str, ApiKind] = {
    "/v1/chat/completions": "chat_completions",
    "/api/openrouter/chat/completions": "chat_completions",
    "/v1/responses": "responses",
    "/v1/messages": "messages",
}
_COUNT_TOKENS = "/v1/messages/count_tokens"
_MODELS = re.compile(r"(?:/v1|/api/openrouter)/models(?:/(?P<model>.+))?")
_PATH_CHARS = 200


class Proxy:
    """Lets agents that hold a token call their candidate's model, and nothing else.

    `prices` by model id are used where a call reports no cost; `limit` is the run's money limit,
    and what calls cost is added to it. `capabilities` by model id are shown to agents that ask.
    An async context manager that closes its connections. Raises ConfigError for a key that no HTTP
    header can carry.
    """

    def __init__(
        self,
        config: EndpointConfig,
        *,
        api_key: str | None = None,
        prices: Mapping[str, Price] | None = None,
        limit: MoneyLimit | None = None,
        capabilities: Mapping[str, CapabilityConfig] | None = None,
    ) -> None:
        self._prices = prices or {}
        self._capabilities = capabilities or {}
        self._limit = limit or MoneyLimit(None)
        self._upstream = Upstream(config, usable_key(api_key), self._prices)
        self._admissions = Admissions()

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(self, *_: object) -> None:
        await self._upstream.aclose()

    def admit(self, holder: Pass) -> AbstractContextManager[Admission]:
        """A fresh token for an attempt, which is let in while the block runs.

        Calls still in flight at its end are given up.
        """
        return self._admissions.admit(Admission(holder, self._limit))

    def admit_warm_up(self, candidate: Candidate) -> AbstractContextManager[Admission]:
        """A fresh token for an agent's first start: every call is answered with a short "ok", free of cost."""
        holder = Pass(run_id="warm-up", candidate=candidate, case_id="warm-up", repetition=1)
        return self._admissions.admit(Admission(holder, MoneyLimit(None), for_warm_up=True))

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request."""
        path = str(scope["path"])[:_PATH_CHARS]
        token = _token(scope["headers"])
        admission = self._admissions.find(token)
        if admission is None:
            if token:
                _log.info("a call with an unknown or ended token", path=path)
            await answer_error(send, 401, "this token is unknown, or its attempt is over")
            return
        api_kind = _API_KINDS.get(path)
        try:
            if len(admission.calls) >= MAX_CALLS:
                await answer_error(send, 403, f"this attempt has made {MAX_CALLS} calls, which is too many")
            elif api_kind is None:
                await self._answer_locally(admission, scope["method"], path, receive, send)
            elif scope["method"] != "POST":
                raise RefusedRequestError(405, f"{path} takes POST only")
            else:
                await self._call(admission, api_kind, path, scope, receive, send)
        except RefusedRequestError as refusal:
            admission.answered(path, api_kind, refusal.status, str(refusal))
            await answer_error(send, refusal.status, str(refusal))
        except AgentGoneError:
            admission.answered(path, api_kind, None, "the agent hung up in the middle of its request")
        except Exception:
            _log.exception("the proxy failed", path=path)
            raise

    async def _answer_locally(self, admission: Admission, method: str, path: str, receive: Receive, send: Send) -> None:
        model = admission.holder.candidate.model
        price = self._prices.get(model)
        if path == _COUNT_TOKENS and method == "POST":
            body = await _whole(receive)
            found: object = {"input_tokens": estimated_tokens(body)}
        elif (listing := _MODELS.fullmatch(path)) and listing["model"] is None:
            found = model_list(model, self._capabilities, price)
        elif listing and listing["model"].casefold() == model.casefold():
            found = model_entry(model, self._capabilities, price)
        else:
            raise RefusedRequestError(404, f"there is nothing at {method} {path}")
        admission.answered(path, None, 200)
        await answer(send, 200, msgspec.json.encode(found))

    async def _call(
        self, admission: Admission, api_kind: ApiKind, path: str, scope: Scope, receive: Receive, send: Send
    ) -> None:
        candidate = admission.holder.candidate
        body, streamed = adjusted(await _whole(receive), api_kind, candidate)
        if admission.for_warm_up:
            admission.answered(path, api_kind, 200)
            await answer(send, 200, *canned(api_kind, candidate.model, body, streamed=streamed))
            return
        if admission.cuts >= MAX_CUTS:
            raise RefusedRequestError(403, f"the last {MAX_CUTS} answers broke off; this attempt is over")
        try:
            admission.check_money()
        except BudgetError as error:
            raise RefusedRequestError(402, str(error)) from error
        order = Order(
            api_kind=api_kind,
            body=body,
            headers=scope["headers"],
            beta=b"beta=true" in scope["query_string"].split(b"&"),
            model=candidate.model,
            repetition=admission.holder.repetition,
        )
        try:
            async with asyncio.timeout(None) as deadline:
                asks_usd = prompt_usd(body, self._prices.get(candidate.model))
                with admission.flight(path, api_kind, deadline, prompt_usd=asks_usd) as flight:
                    await self._fly(order, flight, receive, send)
        except TimeoutError:
            return  # given up, and recorded so

    async def _fly(self, order: Order, flight: Flight, receive: Receive, send: Send) -> None:
        watch = asyncio.create_task(_watch(receive, flight))
        try:
            await self._upstream.exchange(order, flight, send)
        finally:
            watch.cancel()


async def _watch(receive: Receive, flight: Flight) -> None:
    while (await receive())["type"] != "http.disconnect":
        pass
    flight.agent_left()


async def _whole(receive: Receive) -> bytes:
    try:
        return await read_body(receive)
    except TooLargeError as error:
        raise RefusedRequestError(413, "the request is longer than 20 MB") from error


def _token(headers: list[tuple[bytes, bytes]]) -> str:
    given = dict(headers)
    bearer = given.get(b"authorization", b"").decode("latin-1")
    scheme, _, token = bearer.partition(" ")
    if scheme.lower() == "bearer" and token.strip():
        return token.strip()
    return given.get(b"x-api-key", b"").decode("latin-1").strip()
