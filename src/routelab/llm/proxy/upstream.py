"""Passing a call on to the endpoint, and its answer back as it comes."""

from collections.abc import Callable, Mapping
from http.cookiejar import CookieJar, DefaultCookiePolicy

import httpx
from msgspec import Struct

from routelab.config import EndpointConfig, Price
from routelab.llm.checks import wrong_kind
from routelab.llm.client import KEPT_ALIVE_S, REPETITION_HEADER
from routelab.llm.failures import failure, unanswered
from routelab.llm.pricing import cost_usd, tokens
from routelab.llm.proxy.admission import Flight
from routelab.llm.proxy.http import Headers, Send, answer_error, end, more, start
from routelab.llm.proxy.metering import Meter, Reading
from routelab.llm.proxy.redactor import Redactor
from routelab.records import Usage
from routelab.records.requests import ApiKind

_PATHS: Mapping[ApiKind, str] = {
    "chat_completions": "chat/completions",
    "responses": "responses",
    "messages": "messages",
}
_PASSED_ON = (b"accept", b"anthropic-version", b"anthropic-beta")
_HOP_BY_HOP = b"connection keep-alive proxy-authenticate proxy-authorization te trailer transfer-encoding upgrade"
_KEPT_BACK = frozenset(_HOP_BY_HOP.split()) | {b"content-encoding", b"set-cookie", b"date", b"server"}
"""Hop-by-hop headers (RFC 9110, 7.6.1), those that are wrong for the body as passed on, and cookies."""
_SAMPLE_BYTES = 65_536


class Order(Struct, frozen=True, kw_only=True):
    """A call to make: the adjusted `body`, and the `headers` as the agent sent them.

    `beta`: the agent asked for `?beta=true`. `repetition` is told to simulated endpoints only.
    """

    api_kind: ApiKind
    body: bytes
    headers: list[tuple[bytes, bytes]]
    beta: bool
    model: str
    repetition: int


class Upstream:
    """The endpoint. Close it with `aclose`."""

    def __init__(self, config: EndpointConfig, api_key: str | None, prices: Mapping[str, Price]) -> None:
        self._config = config
        self._api_key = api_key
        self._prices = prices
        self._base = str(config.base_url).rstrip("/")
        self._urls = {kind: httpx.URL(f"{self._base}/{path}") for kind, path in _PATHS.items()}
        self._http = httpx.AsyncClient(
            timeout=httpx.Timeout(config.timeout_s, connect=min(10.0, config.timeout_s), pool=None),
            limits=httpx.Limits(max_connections=config.max_connections, keepalive_expiry=KEPT_ALIVE_S),
            cookies=CookieJar(DefaultCookiePolicy(allowed_domains=[])),  # attempts share nothing
            trust_env=False,
        )

    async def aclose(self) -> None:
        """Close all connections."""
        await self._http.aclose()

    async def exchange(self, order: Order, flight: Flight, send: Send) -> None:
        """Send one call, pass its answer on as it comes, and record what came of it.

        The bytes stay as they are, but a key that the endpoint repeats is starred out. An answer
        that breaks off breaks off for the agent too. Nothing is tried again: that is the agent's.
        """
        try:
            response = await self._http.send(self._request(order), stream=True)
        except httpx.HTTPError as error:
            await self._tell_unanswered(flight, error, send)
            return
        try:
            mismatch = wrong_kind(self._config, response)
            if mismatch is not None:
                flight.end(status=502, usage=mismatch.usage, failure=mismatch, cut=True)
                await answer_error(send, 502, str(mismatch))
            elif response.is_success:
                await self._relay(order, flight, response, send)
            else:
                await self._relay_failure(flight, response, send)
        finally:
            await response.aclose()

    def _request(self, order: Order) -> httpx.Request:
        headers = [(name, value) for name, value in order.headers if name in _PASSED_ON]
        headers += [(b"content-type", b"application/json"), (b"accept-encoding", b"identity")]
        if self._api_key is not None:
            headers.append((b"authorization", f"Bearer {self._api_key}".encode()))
            if order.api_kind == "messages":
                headers.append((b"x-api-key", self._api_key.encode()))
        if self._config.kind == "simulated":
            headers.append((REPETITION_HEADER.encode(), str(order.repetition).encode()))
        url = self._urls[order.api_kind]
        if order.beta:
            url = url.copy_merge_params({"beta": "true"})
        return self._http.build_request("POST", url, content=order.body, headers=headers)

    async def _relay(self, order: Order, flight: Flight, response: httpx.Response, send: Send) -> None:
        streamed = response.headers.get("content-type", "").startswith("text/event-stream")
        meter = Meter(order.api_kind, streamed=streamed)
        broken = await self._pass_on(response, meter.feed, send)
        reading = meter.finish(broken=broken)
        flight.end(
            status=response.status_code,
            usage=_used(reading, self._prices.get(order.model)),
            finish_reason=reading.finish_reason,
            failure=reading.failure,
            cut=reading.failure is not None or not reading.complete,
        )
        if not broken:
            await end(send)

    async def _relay_failure(self, flight: Flight, response: httpx.Response, send: Send) -> None:
        sample = bytearray()
        broken = await self._pass_on(response, lambda piece: sample.extend(piece[: _SAMPLE_BYTES - len(sample)]), send)
        headers = {name: response.headers[name] for name in ("retry-after",) if name in response.headers}
        told = failure(httpx.Response(response.status_code, headers=headers, content=bytes(sample)))
        flight.end(status=response.status_code, usage=Usage(), failure=told)
        if not broken:
            await end(send)

    async def _pass_on(self, response: httpx.Response, take: Callable[[bytes], None], send: Send) -> bool:
        """Send all but the end of the answer; whether the connection was lost before its end."""
        redactor = Redactor(self._api_key)
        await start(send, min(response.status_code, 599), _headers(response, redactor))
        broken = False
        try:
            async for piece in response.aiter_bytes():
                clean = redactor.feed(piece)
                take(clean)
                if clean:
                    await more(send, clean)
        except httpx.HTTPError:
            broken = True
        rest = redactor.close()
        if rest:
            take(rest)
            await more(send, rest)
        return broken

    async def _tell_unanswered(self, flight: Flight, error: httpx.HTTPError, send: Send) -> None:
        told = unanswered(error, self._base, self._config.timeout_s)
        status = 504 if told.kind == "timeout" else 502
        flight.end(status=status, usage=told.usage, failure=told, cut=True)
        await answer_error(send, status, str(told))


def _headers(response: httpx.Response, redactor: Redactor) -> Headers:
    kept_back = _KEPT_BACK | ({b"content-length"} if "content-encoding" in response.headers else set())
    return [
        (name, value)
        for name, value in response.headers.raw
        if name.lower() not in kept_back and not redactor.hides(value)
    ]


def _used(reading: Reading, price: Price | None) -> Usage:
    # The list price holds for whole answers only: a broken one has told a part of its tokens.
    cost = cost_usd(reading.usage, price if reading.complete else None)
    if cost is None and reading.refused:
        cost = 0.0
    return Usage(tokens(reading.usage, "prompt_tokens"), tokens(reading.usage, "completion_tokens"), cost)
