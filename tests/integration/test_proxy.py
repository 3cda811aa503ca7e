"""The endpoint proxy on real sockets, in front of real servers on loopback."""

import asyncio
import gzip
import json
import os
import signal
import socket
import stat
import subprocess
import sys
import time
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import asynccontextmanager, suppress
from datetime import date
from pathlib import Path
from typing import Any

import httpx
import pytest
from tests.integration.loopback import SIMULATED, closed_port
from tests.integration.loopback import serving as served
from tests.integration.streaming import JSON, SSE, Stream, StreamingEndpoint
from tests.unit.llm.proxy import answers
from tests.unit.llm.proxy.answers import KINDS

from routelab.config import EndpointConfig, Price
from routelab.errors import BudgetError, ConfigError, EndpointError, UserError
from routelab.llm import MoneyLimit
from routelab.llm.proxy import Admission, Pass, Proxy, serving
from routelab.records import Candidate, Usage
from routelab.records.requests import ApiKind
from routelab.settings import Settings

KEY = "sk-real-0123456789abcdef0123456789"
MODEL = Candidate("real/one")
ATTEMPT = Pass(run_id="run-1", candidate=MODEL, case_id="case-1", repetition=2)
PATHS: dict[ApiKind, str] = {
    "chat_completions": "/v1/chat/completions",
    "responses": "/v1/responses",
    "messages": "/v1/messages",
}
KIND_OF = {path.removeprefix("/v1"): kind for kind, path in PATHS.items()}
ASK = {"model": "real/one", "messages": [{"role": "user", "content": "How many?"}]}
PAID = Usage(100, 20, 0.25)


def answer(call: Any, _number: int = 0) -> Stream:
    """A good answer of the API that was called, streamed if so asked."""
    kind = KIND_OF[call.path.removeprefix("/v1")]
    if call.body.get("stream"):
        return Stream((answers.streamed(kind),))
    return Stream((answers.plain(kind),), headers=JSON)


@pytest.fixture
def endpoint() -> Iterator[StreamingEndpoint]:
    with served(StreamingEndpoint(answer)) as running:
        yield running


class Desk:
    """A running proxy, and agents that call through it."""

    def __init__(self, proxy: Proxy, address: str) -> None:
        self.proxy = proxy
        self.address = address

    @asynccontextmanager
    async def agent(self, admission: Admission | None = None, **headers: str) -> AsyncIterator[httpx.AsyncClient]:
        if admission is not None:
            headers["authorization"] = f"Bearer {admission.token}"
        async with httpx.AsyncClient(base_url=self.address, headers=headers, timeout=20, verify=False) as client:
            yield client

    async def ask(self, admission: Admission, api_kind: ApiKind = "chat_completions", **fields: Any) -> httpx.Response:
        async with self.agent(admission) as agent:
            return await agent.post(PATHS[api_kind], json={**ASK, **fields})


@asynccontextmanager
async def desk(url: str, *, limit: MoneyLimit | None = None, prices: Any = None, **config: Any) -> AsyncIterator[Desk]:
    settled = EndpointConfig.model_validate({"base_url": url, **config})
    async with Proxy(settled, api_key=KEY, prices=prices, limit=limit) as proxy, serving(proxy, None) as address:
        yield Desk(proxy, address)


def sentence(response: httpx.Response) -> str:
    return str(response.json()["error"]["message"])


# What passes through


@pytest.mark.parametrize("api_kind", KINDS)
@pytest.mark.parametrize("stream", [True, False])
async def test_an_answer_passes_byte_for_byte_and_is_counted(
    endpoint: StreamingEndpoint, api_kind: ApiKind, stream: bool
) -> None:
    async with desk(endpoint.url) as at:
        with at.proxy.admit(ATTEMPT) as admission:
            response = await at.ask(admission, api_kind, stream=stream)
            await admission.settled(5)
    assert response.content == (answers.streamed(api_kind) if stream else answers.plain(api_kind))
    assert response.headers["content-type"] == ("text/event-stream" if stream else "application/json")
    [call] = admission.calls
    assert (call.path, call.api_kind, call.status) == (PATHS[api_kind], api_kind, 200)
    assert (call.finish_reason, call.error, call.latency_ms > 0) == ("stop", None, True)
    assert (admission.usage, admission.failure) == (PAID, None)


async def test_a_stream_passes_as_it_comes(endpoint: StreamingEndpoint) -> None:
    events = [answers.stream(event) for event in answers.chat_events()]
    endpoint.script = lambda _call, _number: Stream((events[0], 1.0, b"".join(events[1:])))
    async with desk(endpoint.url) as at:
        with at.proxy.admit(ATTEMPT) as admission:
            async with at.agent(admission) as agent, agent.stream("POST", PATHS["chat_completions"], json=ASK) as got:
                pieces = [(time.perf_counter(), piece) async for piece in got.aiter_raw()]
            await admission.settled(5)
    assert pieces[0][1] == events[0]
    assert pieces[1][0] - pieces[0][0] > 0.8
    assert admission.usage == PAID


async def test_model_variant_and_key_are_put_in(endpoint: StreamingEndpoint) -> None:
    attempt = Pass(run_id="r", candidate=Candidate("real/one", "high"), case_id="c", repetition=1)
    async with desk(endpoint.url) as at:
        with at.proxy.admit(attempt) as admission:
            await at.ask(admission, "chat_completions", model="kilo/Real/One", stream=True, reasoning_effort="low")
            await at.ask(admission, "responses")
            await at.ask(admission, "messages")
            token = admission.token
    chat, responses, messages = endpoint.calls
    own = {"model": "real/one", "messages": ASK["messages"]}
    assert chat.body == {**own, "stream": True, "reasoning_effort": "high", "stream_options": {"include_usage": True}}
    assert responses.body == {**own, "reasoning": {"effort": "high"}}
    assert messages.body == {**own, "output_config": {"effort": "high"}}
    assert [call.headers["authorization"] for call in endpoint.calls] == [f"Bearer {KEY}"] * 3
    assert [call.headers.get("x-api-key") for call in endpoint.calls] == [None, None, KEY]
    assert not any(token in str(call) for call in endpoint.calls)


async def test_few_headers_go_out(endpoint: StreamingEndpoint) -> None:
    asked = {
        "anthropic-version": "2023-06-01",
        "anthropic-beta": "tools-1",
        "accept": "text/event-stream",
        "accept-encoding": "gzip",
        "cookie": "a=b",
        "x-agent": "1",
        "user-agent": "agent/1",
    }
    async with desk(endpoint.url) as at:
        with at.proxy.admit(ATTEMPT) as admission:
            async with at.agent(admission, **asked) as agent:
                await agent.post("/v1/messages?beta=true&x=1", json=ASK)
    [call] = endpoint.calls
    assert endpoint.paths == ["/v1/messages?beta=true"]
    assert (call.headers["anthropic-version"], call.headers["anthropic-beta"]) == ("2023-06-01", "tools-1")
    assert (call.headers["accept"], call.headers["accept-encoding"]) == ("text/event-stream", "identity")
    assert not {"cookie", "x-agent", "x-routelab-repetition"} & set(call.headers)
    assert call.headers["user-agent"] != "agent/1"


async def test_the_path_of_kilo_leads_to_chat_completions(endpoint: StreamingEndpoint) -> None:
    async with desk(endpoint.url) as at:
        with at.proxy.admit(ATTEMPT) as admission:
            async with at.agent(admission) as agent:
                response = await agent.post(
                    "/api/openrouter/chat/completions", json={**ASK, "usage": {"include": True}}
                )
    assert response.status_code == 200
    assert (endpoint.calls[0].path, endpoint.calls[0].body["usage"]) == ("/v1/chat/completions", {"include": True})
    assert admission.usage == PAID


async def test_prices_serve_where_the_endpoint_tells_no_cost(endpoint: StreamingEndpoint) -> None:
    endpoint.script = lambda call, _number: Stream((answers.plain(KIND_OF[call.path[3:]], cost=None),), headers=JSON)
    price = Price(input_per_million=1000, output_per_million=2000, as_of=date(2026, 11, 1))
    async with desk(endpoint.url, prices={"real/one": price}) as at:
        for kind in KINDS:
            with at.proxy.admit(ATTEMPT) as admission:
                await at.ask(admission, kind)
            assert admission.usage == Usage(100, 20, pytest.approx(0.14))


async def test_an_unknown_cost_makes_the_sum_unknown(endpoint: StreamingEndpoint) -> None:
    endpoint.script = lambda call, number: Stream(
        (answers.plain("messages", cost=None if number == 2 else 0.25),), headers=JSON
    )
    async with desk(endpoint.url) as at:
        with at.proxy.admit(ATTEMPT) as admission:
            await at.ask(admission, "messages")
            assert admission.usage == PAID
            await at.ask(admission, "messages")
            await at.ask(admission, "messages")
    assert admission.usage == Usage(300, 60, None, 0.5)
    assert [call.cost_usd for call in admission.calls] == [0.25, None, 0.25]


async def test_attempts_at_once_are_counted_apart(endpoint: StreamingEndpoint) -> None:
    two = Pass(run_id="run-1", candidate=Candidate("real/two"), case_id="case-1", repetition=1)
    async with desk(endpoint.url) as at:
        with at.proxy.admit(ATTEMPT) as first, at.proxy.admit(two) as second:
            asked = [at.ask(first) for _ in range(5)] + [at.ask(second, model="real/two") for _ in range(3)]
            await asyncio.gather(*asked)
    assert (first.usage.prompt_tokens, second.usage.prompt_tokens) == (500, 300)
    assert (first.holder, second.holder) == (ATTEMPT, two)


# What is simulated says so


async def test_a_simulated_endpoint_is_told_the_repetition(endpoint: StreamingEndpoint) -> None:
    endpoint.script = lambda call, _number: Stream(answer(call).pieces, headers={**JSON, **SIMULATED})
    async with desk(endpoint.url, kind="simulated") as at:
        with at.proxy.admit(ATTEMPT) as admission:
            assert (await at.ask(admission)).status_code == 200
    assert endpoint.calls[0].headers["x-routelab-repetition"] == "2"


@pytest.mark.parametrize(("kind", "headers"), [("openai", {**JSON, **SIMULATED}), ("simulated", JSON)])
async def test_real_and_simulated_are_not_mixed_up(endpoint: StreamingEndpoint, kind: str, headers: Any) -> None:
    endpoint.script = lambda call, _number: Stream(answer(call).pieces, headers=headers)
    async with desk(endpoint.url, kind=kind) as at:
        with at.proxy.admit(ATTEMPT) as admission:
            response = await at.ask(admission)
    assert (response.status_code, "simulated one" in sentence(response)) == (502, True)
    assert isinstance(admission.failure, EndpointError)
    assert (admission.failure.kind, admission.usage.cost_usd) == ("rejected", None)


# Who is let in


async def test_only_a_living_token_is_let_in(endpoint: StreamingEndpoint) -> None:
    async with desk(endpoint.url) as at:
        with at.proxy.admit(ATTEMPT) as admission:
            token = admission.token
            other = token[:-1] + ("0" if token[-1] != "0" else "1")
            for header in ({}, {"authorization": "Bearer anonymous"}, {"authorization": f"Bearer {other}"},
                           {"authorization": f"Basic {token}"}, {"x-api-key": other}, {"x-api-key": "\xff"},
                           {"authorization": f"Bearer {token[:-1]}"}, {"x-api-key": f"{token}0"}):  # fmt: skip
                async with at.agent(None) as agent:
                    sent = {name: value.encode("latin-1") for name, value in header.items()}
                    response = await agent.post(PATHS["messages"], json=ASK, headers=sent)
                assert response.status_code == 401, header
            async with at.agent(None, **{"x-api-key": token}) as agent:
                assert (await agent.post(PATHS["messages"], json=ASK)).status_code == 200
            async with at.agent(None, authorization=f"bearer {token}", **{"x-api-key": "x"}) as agent:
                assert (await agent.post(PATHS["messages"], json=ASK)).status_code == 200
        assert (await at.ask(admission)).status_code == 401
    assert len(endpoint.calls) == len(admission.calls) == 2


async def test_tokens_have_a_shape_that_is_redacted(endpoint: StreamingEndpoint) -> None:
    async with desk(endpoint.url) as at:
        with at.proxy.admit(ATTEMPT) as one, at.proxy.admit(ATTEMPT) as two:
            assert one.token != two.token
            assert Settings().redact(f"key={one.token}.") == "key=[redacted]."


async def test_another_model_is_refused_and_recorded(endpoint: StreamingEndpoint) -> None:
    async with desk(endpoint.url) as at:
        with at.proxy.admit(ATTEMPT) as admission:
            response = await at.ask(admission, model="real/two")
    assert (response.status_code, endpoint.calls) == (403, [])
    [call] = admission.calls
    assert (call.status, call.error, call.cost_usd) == (403, "this attempt may call real/one only, not real/two", 0.0)
    assert admission.failure is None


async def test_junk_is_refused_and_recorded(endpoint: StreamingEndpoint) -> None:
    big = b'{"model": "real/one", "x": "' + b"x" * (20 << 20) + b'"}'
    async with desk(endpoint.url) as at:
        with at.proxy.admit(ATTEMPT) as admission:
            async with at.agent(admission) as agent:
                got = [
                    (await agent.post("/v1/responses", content=b"[1]")).status_code,
                    (await agent.post("/v1/responses", content=big)).status_code,
                    (await agent.get("/v1/responses")).status_code,
                    (await agent.post("/v1/embeddings", json=ASK)).status_code,
                    (await agent.get("/api/profile")).status_code,
                    (await agent.head("/")).status_code,
                    (await agent.post("/v1/messages", json=ASK)).status_code,
                ]
    assert got == [400, 413, 405, 404, 404, 404, 200]
    assert [call.status for call in admission.calls] == got
    assert admission.failure is None
    assert len(endpoint.calls) == 1


async def test_an_attempt_that_calls_without_end_is_stopped(
    endpoint: StreamingEndpoint, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("routelab.llm.proxy.app.MAX_CALLS", 3)
    async with desk(endpoint.url) as at:
        with at.proxy.admit(ATTEMPT) as admission:
            got = [(await at.ask(admission)).status_code for _ in range(5)]
    assert (got, len(admission.calls)) == ([200, 200, 200, 403, 403], 3)


# What the proxy answers itself


async def test_models_are_listed_without_the_endpoint(endpoint: StreamingEndpoint) -> None:
    async with desk(endpoint.url) as at:
        with at.proxy.admit(ATTEMPT) as admission:
            async with at.agent(admission) as agent:
                for path in ("/v1/models", "/v1/models?client_version=0.169.0", "/api/openrouter/models"):
                    [entry] = (await agent.get(path)).json()["data"]
                    assert (entry["id"], "tools" in entry["supported_parameters"]) == ("real/one", True)
                assert (await agent.get("/v1/models/real/one")).json()["id"] == "real/one"
                assert (await agent.get("/v1/models/real/two")).status_code == 404
                counted = await agent.post("/v1/messages/count_tokens", json=ASK)
    assert counted.json() == {"input_tokens": len(counted.request.content) // 4}
    assert endpoint.calls == []
    assert admission.usage == Usage(0, 0, 0.0)


@pytest.mark.parametrize("api_kind", KINDS)
@pytest.mark.parametrize("stream", [True, False])
async def test_warming_up_reaches_no_endpoint(api_kind: ApiKind, stream: bool) -> None:
    limit = MoneyLimit(1.0, spent_usd=2.0)
    async with desk(f"http://127.0.0.1:{closed_port()}/v1", limit=limit) as at:
        with at.proxy.admit_warm_up(MODEL) as admission:
            response = await at.ask(admission, api_kind, stream=stream)
            other = await at.ask(admission, api_kind, model="real/two")
        assert (await at.ask(admission, api_kind)).status_code == 401
    assert (response.status_code, '"ok"' in response.text, other.status_code) == (200, True, 403)
    assert (admission.usage, admission.failure, limit.spent_usd) == (Usage(0, 0, 0.0), None, 2.0)


# What fails


@pytest.mark.parametrize(
    ("status", "kind"),
    [(400, "rejected"), (401, "unauthorized"), (402, "no_credit"), (403, "rejected"), (404, "unknown_model"),
     (429, "rate_limited"), (500, "server_error"), (503, "server_error"), (529, "server_error")],
)  # fmt: skip
async def test_a_failure_passes_and_is_told(endpoint: StreamingEndpoint, status: int, kind: str) -> None:
    body = json.dumps({"error": {"message": f"no,\n not with {KEY}"}}).encode()
    headers = {**JSON, "retry-after": "7", "content-length": str(len(body)), "x-key": KEY, "set-cookie": "a=b"}
    endpoint.script = lambda call, number: (
        Stream((body[:40], body[40:]), status=status, headers=headers) if number == 1 else answer(call)
    )
    async with desk(endpoint.url) as at:
        with at.proxy.admit(ATTEMPT) as admission:
            response = await at.ask(admission, stream=True)
            failure = admission.failure
            assert (await at.ask(admission)).status_code == 200
    assert (response.status_code, response.content) == (status, body.replace(KEY.encode(), b"*" * len(KEY)))
    assert (response.headers["retry-after"], response.headers["content-length"]) == ("7", str(len(body)))
    assert not {"x-key", "set-cookie"} & set(response.headers)
    assert "cookie" not in endpoint.calls[1].headers
    assert isinstance(failure, EndpointError)
    assert (failure.kind, failure.status, failure.retry_after_s) == (kind, status, 7.0)
    assert (KEY in str(failure), "\n" in str(failure)) == (False, False)
    assert admission.failure is None
    assert [(call.status, call.cost_usd) for call in admission.calls] == [(status, 0.0), (200, 0.25)]
    assert admission.calls[0].error == str(failure)


async def test_a_key_in_a_good_answer_does_not_reach_the_agent(endpoint: StreamingEndpoint) -> None:
    text = f"your key is {KEY}!"
    half = len(text) // 2
    end = answers.streamed("chat_completions")
    endpoint.script = lambda _call, _number: Stream(
        (f": {text[:half]}".encode(), 0.1, f"{text[half:]}\n\n".encode(), end)
    )
    async with desk(endpoint.url) as at:
        with at.proxy.admit(ATTEMPT) as admission:
            response = await at.ask(admission, stream=True)
    assert response.content == f": your key is {'*' * len(KEY)}!\n\n".encode() + end
    assert admission.usage == PAID


async def test_an_endpoint_that_is_down_is_told() -> None:
    async with desk(f"http://127.0.0.1:{closed_port()}/v1") as at:
        with at.proxy.admit(ATTEMPT) as admission:
            response = await at.ask(admission)
    assert (response.status_code, "cannot reach" in sentence(response)) == (502, True)
    assert isinstance(admission.failure, EndpointError)
    assert (admission.failure.kind, admission.usage) == ("unreachable", Usage(0, 0, 0.0))


async def test_an_endpoint_that_does_not_answer_in_time_is_told(endpoint: StreamingEndpoint) -> None:
    endpoint.script = lambda call, _number: Stream(answer(call).pieces, wait_s=0.6)
    async with desk(endpoint.url, timeout_s=0.2) as at:
        with at.proxy.admit(ATTEMPT) as admission:
            response = await at.ask(admission)
    assert (response.status_code, sentence(response)) == (504, "routelab: no answer within 0.2 s")
    assert isinstance(admission.failure, EndpointError)
    assert (admission.failure.kind, admission.usage.cost_usd) == ("timeout", None)


async def test_calls_that_are_never_answered_reach_the_limit_by_their_price(endpoint: StreamingEndpoint) -> None:
    endpoint.script = lambda call, _number: Stream(answer(call).pieces, wait_s=0.6)
    price = Price.model_validate({"input_per_million": 1000.0, "output_per_million": 0.0, "as_of": "2026-04-01"})
    limit = MoneyLimit(0.03)
    async with desk(endpoint.url, timeout_s=0.1, limit=limit, prices={MODEL.model: price}) as at:
        with at.proxy.admit(ATTEMPT) as admission:
            statuses = [(await at.ask(admission)).status_code for _ in range(6)]
    cut = statuses.count(504)
    assert 0 < cut < 6
    assert statuses == [504] * cut + [402] * (6 - cut)
    assert admission.usage.cost_usd is None
    assert admission.usage.spent_usd == pytest.approx(limit.estimated_usd)


async def test_an_empty_account_that_is_answered_as_too_many_calls_is_told(endpoint: StreamingEndpoint) -> None:
    body = b'{"error": {"message": "You exceeded your current quota", "type": "insufficient_quota", "code": null}}'
    endpoint.script = lambda _call, _number: Stream((body,), status=429, headers=JSON)
    async with desk(endpoint.url) as at:
        with at.proxy.admit(ATTEMPT) as admission:
            assert (await at.ask(admission)).status_code == 429
    assert isinstance(admission.failure, EndpointError)
    assert (admission.failure.kind, admission.usage) == ("no_credit", Usage())


async def test_an_endpoint_that_hangs_up_without_a_word_is_told(endpoint: StreamingEndpoint) -> None:
    async def hang_up(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.readuntil(b"\r\n\r\n")
        writer.close()

    server = await asyncio.start_server(hang_up, "127.0.0.1", 0)
    async with server, desk(f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}/v1") as at:
        with at.proxy.admit(ATTEMPT) as admission:
            assert (await at.ask(admission)).status_code == 502
    assert isinstance(admission.failure, EndpointError)
    assert (admission.failure.kind, admission.usage.cost_usd) == ("unreachable", None)


@pytest.mark.parametrize("api_kind", KINDS)
@pytest.mark.parametrize("stream", [True, False])
async def test_an_answer_that_breaks_off_breaks_off_for_the_agent(
    endpoint: StreamingEndpoint, api_kind: ApiKind, stream: bool
) -> None:
    whole = answers.streamed(api_kind) if stream else answers.plain(api_kind)
    endpoint.script = lambda _call, _number: Stream((whole[:120],), headers=SSE if stream else JSON, cut=True)
    limit = MoneyLimit(100.0)
    limit.add(MODEL.model, 0.5)
    async with desk(endpoint.url, limit=limit) as at:
        with at.proxy.admit(ATTEMPT) as admission:
            with pytest.raises(httpx.RemoteProtocolError):
                await at.ask(admission, api_kind, stream=stream)
            await admission.settled(5)
    assert isinstance(admission.failure, EndpointError)
    assert (admission.failure.kind, admission.usage.cost_usd) == ("cut_stream", None)
    assert (limit.spent_usd, limit.estimated_usd, admission.usage.spent_usd) == (0.5, 0.5, 0.5)
    limit.check()


async def test_a_stream_that_ends_too_early_is_cut_though_the_connection_ends_well(endpoint: StreamingEndpoint) -> None:
    events = answers.stream(*answers.message_events()[:2])
    endpoint.script = lambda _call, _number: Stream((events,))
    async with desk(endpoint.url) as at:
        with at.proxy.admit(ATTEMPT) as admission:
            assert (await at.ask(admission, "messages", stream=True)).content == events
    assert isinstance(admission.failure, EndpointError)
    assert (admission.failure.kind, admission.usage) == ("cut_stream", Usage(100, 1, None))


async def test_an_attempt_whose_answers_keep_breaking_off_is_ended(endpoint: StreamingEndpoint) -> None:
    cut = Stream((answers.stream(*answers.message_events()[:2]),))
    fine = Stream((answers.stream(*answers.message_events()),))
    endpoint.script = lambda _call, number: fine if number == 3 else cut
    async with desk(endpoint.url) as at:
        with at.proxy.admit(ATTEMPT) as admission:
            statuses = [(await at.ask(admission, "messages", stream=True)).status_code for _ in range(8)]
    assert statuses == [200] * 6 + [403] * 2
    assert len(endpoint.calls) == 6
    assert isinstance(admission.failure, EndpointError)
    assert admission.failure.kind == "cut_stream"


async def test_what_is_no_answer_is_told_but_passes(endpoint: StreamingEndpoint) -> None:
    endpoint.script = lambda _call, _number: Stream((b"<html>",), headers={"content-type": "text/html"})
    async with desk(endpoint.url) as at:
        with at.proxy.admit(ATTEMPT) as admission:
            response = await at.ask(admission)
    assert (response.status_code, response.text) == (200, "<html>")
    assert isinstance(admission.failure, EndpointError)
    assert (admission.failure.kind, admission.usage.cost_usd) == ("bad_response", None)


async def test_an_answer_that_comes_packed_although_asked_not_to_is_unpacked(endpoint: StreamingEndpoint) -> None:
    packed = gzip.compress(answers.plain("chat_completions"))
    headers = {**JSON, "content-encoding": "gzip", "content-length": str(len(packed))}
    endpoint.script = lambda _call, _number: Stream((packed,), headers=headers)
    async with desk(endpoint.url) as at:
        with at.proxy.admit(ATTEMPT) as admission:
            response = await at.ask(admission)
    assert response.content == answers.plain("chat_completions")
    assert admission.usage == PAID


# Money


async def test_the_runs_money_limit_refuses_calls(endpoint: StreamingEndpoint) -> None:
    limit = MoneyLimit(0.5)
    async with desk(endpoint.url, limit=limit) as at:
        with at.proxy.admit(ATTEMPT) as admission:
            got = [(await at.ask(admission)).status_code for _ in range(3)]
    assert (got, len(endpoint.calls), limit.spent_usd) == ([200, 200, 402], 2, 0.5)
    assert isinstance(admission.failure, BudgetError)
    assert (admission.over_case_limit, admission.usage.cost_usd) == (False, 0.5)
    assert "the money limit of $0.5 is reached" in (admission.calls[-1].error or "")


async def test_the_attempts_own_limit_is_no_matter_of_the_run(endpoint: StreamingEndpoint) -> None:
    limit = MoneyLimit(100.0)
    attempt = Pass(run_id="r", candidate=MODEL, case_id="c", repetition=1, max_cost_usd=0.3)
    async with desk(endpoint.url, limit=limit) as at:
        with at.proxy.admit(attempt) as admission:
            got = [(await at.ask(admission)).status_code for _ in range(3)]
        with at.proxy.admit(attempt) as again:
            assert (await at.ask(again)).status_code == 200
    assert (got, admission.over_case_limit, admission.failure) == ([200, 200, 402], True, None)
    assert again.over_case_limit is False
    assert limit.spent_usd == 0.75


async def test_a_finished_answer_without_a_cost_ends_a_bounded_run(endpoint: StreamingEndpoint) -> None:
    endpoint.script = lambda _call, _number: Stream((answers.streamed("messages", cost=None),))
    async with desk(endpoint.url, limit=MoneyLimit(1.0)) as at:
        with at.proxy.admit(ATTEMPT) as admission:
            got = [(await at.ask(admission, "messages", stream=True)).status_code for _ in range(2)]
    assert got == [200, 402]
    assert isinstance(admission.failure, BudgetError)
    assert "reports no cost for real/one" in str(admission.failure)


# Agents that go away


async def hung_up(at: Desk, admission: Admission, *, after: int = 1) -> None:
    """An agent that hangs up after so many pieces of the answer; 0: before it began."""
    async with at.agent(admission) as agent:
        call = agent.stream("POST", PATHS["chat_completions"], json={**ASK, "stream": True})
        if after == 0:
            with pytest.raises(TimeoutError):
                async with asyncio.timeout(0.2), call:
                    pass
            return
        async with call as response:
            async for _ in response.aiter_raw():
                after -= 1
                if after == 0:
                    break


def in_two(pause_s: float) -> Callable[[Any, int], Stream]:
    events = [answers.stream(event) for event in answers.chat_events()]
    return lambda _call, _number: Stream((events[0], pause_s, b"".join(events[1:])))


async def test_the_usage_of_an_agent_that_hung_up_is_learned(endpoint: StreamingEndpoint) -> None:
    endpoint.script = in_two(0.5)
    limit = MoneyLimit(100.0)
    async with desk(endpoint.url, limit=limit) as at:
        with at.proxy.admit(ATTEMPT) as admission:
            await hung_up(at, admission)
            assert (admission.calls, admission.usage.cost_usd) == ([], None)
            await admission.settled(5)
    assert (admission.usage, admission.failure, limit.spent_usd) == (PAID, None, 0.25)


async def test_an_agent_that_hung_up_before_the_answer_began_is_waited_for_too(endpoint: StreamingEndpoint) -> None:
    endpoint.script = lambda _call, _number: Stream((answers.streamed("chat_completions"),), wait_s=0.5)
    async with desk(endpoint.url) as at:
        with at.proxy.admit(ATTEMPT) as admission:
            await hung_up(at, admission, after=0)
            await admission.settled(5)
    assert (admission.usage, admission.failure) == (PAID, None)


async def test_a_killed_process_is_paid_for(endpoint: StreamingEndpoint, tmp_path: Path) -> None:
    endpoint.script = in_two(0.5)
    program = (
        "import sys, httpx\n"
        "transport = httpx.HTTPTransport(uds=sys.argv[1])\n"
        "with httpx.Client(transport=transport, headers={'x-api-key': sys.argv[2]}) as client:\n"
        "    with client.stream('POST', 'http://proxy/v1/chat/completions', content=sys.argv[3]) as response:\n"
        "        for _ in response.iter_raw():\n"
        "            print('.', flush=True)\n"
    )
    config = EndpointConfig.model_validate({"base_url": endpoint.url})
    async with Proxy(config) as proxy, serving(proxy, tmp_path / "door" / "proxy.sock") as address:
        with proxy.admit(ATTEMPT) as admission:
            arguments = (address, admission.token, json.dumps({**ASK, "stream": True}))
            process = await asyncio.create_subprocess_exec(
                sys.executable, "-c", program, *arguments, stdout=subprocess.PIPE
            )
            assert process.stdout is not None
            await process.stdout.readline()
            process.kill()
            await process.wait()
            await admission.settled(5)
    assert process.returncode == -signal.SIGKILL
    assert admission.usage == PAID


async def test_a_hanging_answer_is_given_up(endpoint: StreamingEndpoint) -> None:
    endpoint.script = in_two(2.0)
    limit = MoneyLimit(100.0)
    limit.add(MODEL.model, 0.5)
    async with desk(endpoint.url, limit=limit) as at:
        with at.proxy.admit(ATTEMPT) as admission:
            await hung_up(at, admission)
            began = time.perf_counter()
            await admission.settled(0.2)
            assert time.perf_counter() - began < 1
            [call] = admission.calls
    assert (call.status, call.cost_usd) == (None, None)
    assert call.error == "the agent was gone before the answer had ended"
    assert (admission.usage.cost_usd, admission.failure, limit.estimated_usd) == (None, None, 0.5)


async def test_a_hanging_answer_is_given_up_after_a_while_though_nobody_settles(
    endpoint: StreamingEndpoint, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("routelab.llm.proxy.admission.DRAIN_S", 0.2)
    endpoint.script = in_two(2.0)
    async with desk(endpoint.url) as at:
        with at.proxy.admit(ATTEMPT) as admission:
            await hung_up(at, admission)
            await asyncio.sleep(0.6)
            assert len(admission.calls) == 1
    assert admission.usage.cost_usd is None


async def test_an_attempt_that_ends_leaves_no_call_behind(endpoint: StreamingEndpoint) -> None:
    endpoint.script = in_two(2.0)
    async with desk(endpoint.url) as at:
        with at.proxy.admit(ATTEMPT) as admission:
            await hung_up(at, admission)
        assert [call.cost_usd for call in admission.calls] == [None]
        before = asyncio.all_tasks()
        await asyncio.sleep(0.1)
        assert len(asyncio.all_tasks()) < len(before)
    assert len(admission.calls) == 1


async def test_an_agent_that_still_waits_is_let_go_when_its_attempt_ends(endpoint: StreamingEndpoint) -> None:
    endpoint.script = in_two(3.0)
    async with desk(endpoint.url) as at:
        with at.proxy.admit(ATTEMPT) as admission:
            waiting = asyncio.create_task(at.ask(admission, stream=True))
            await asyncio.sleep(0.3)
        began = time.perf_counter()
        with pytest.raises(httpx.RemoteProtocolError):
            await waiting
        assert time.perf_counter() - began < 1


async def test_half_a_request_is_no_call(endpoint: StreamingEndpoint) -> None:
    async with desk(endpoint.url) as at:
        with at.proxy.admit(ATTEMPT) as admission:
            host, port = at.address.removeprefix("http://").split(":")
            _, writer = await asyncio.open_connection(host, int(port))
            head = (
                f"POST /v1/messages HTTP/1.1\r\nhost: x\r\nx-api-key: {admission.token}\r\ncontent-length: 99\r\n\r\n"
            )
            writer.write(f"{head}{{".encode())
            await writer.drain()
            await asyncio.sleep(0.1)
            writer.close()
            await writer.wait_closed()
            await asyncio.sleep(0.1)
    assert [(call.status, call.error) for call in admission.calls] == [
        (None, "the agent hung up in the middle of its request")
    ]
    assert endpoint.calls == []


# Where it listens


async def test_the_unix_socket_is_for_everyone_who_knows_it(endpoint: StreamingEndpoint, tmp_path: Path) -> None:
    path = tmp_path / "run" / "proxy.sock"
    config = EndpointConfig.model_validate({"base_url": endpoint.url})
    for _ in range(2):
        async with Proxy(config) as proxy, serving(proxy, path) as address:
            assert address == str(path)
            assert stat.S_IMODE(path.stat().st_mode) == 0o666
            assert stat.S_IMODE(path.parent.stat().st_mode) == 0o711
            with proxy.admit(ATTEMPT) as admission:
                transport = httpx.AsyncHTTPTransport(uds=address)
                headers = {"authorization": f"Bearer {admission.token}"}
                async with httpx.AsyncClient(transport=transport, headers=headers) as agent:
                    response = await agent.post("http://proxy/v1/chat/completions", json=ASK)
            assert response.content == answers.plain("chat_completions")
        assert not path.exists()


async def test_a_socket_that_a_dead_process_left_is_taken_over(tmp_path: Path) -> None:
    path = tmp_path / "run" / "proxy.sock"
    path.parent.mkdir()
    left = socket.socket(socket.AF_UNIX)
    left.bind(str(path))
    left.close()
    async with (
        Proxy(EndpointConfig()) as proxy,
        serving(proxy, path) as address,
        httpx.AsyncClient(transport=httpx.AsyncHTTPTransport(uds=address)) as agent,
    ):
        assert (await agent.get("http://proxy/v1/models")).status_code == 401


@pytest.mark.parametrize("name", ["a" * 200, "file"])
async def test_a_place_that_cannot_be_had_is_one_sentence(tmp_path: Path, name: str) -> None:
    (tmp_path / "file").write_text("keep me")
    async with Proxy(EndpointConfig()) as proxy:
        with pytest.raises(UserError, match=r"^cannot listen on .+: .+"):
            async with serving(proxy, tmp_path / name):
                pass
    assert (tmp_path / "file").read_text() == "keep me"


async def test_the_runs_signals_stay_its_own() -> None:
    before = signal.getsignal(signal.SIGINT), signal.getsignal(signal.SIGTERM)
    async with Proxy(EndpointConfig()) as proxy, serving(proxy, None):
        await asyncio.sleep(0.05)
        assert (signal.getsignal(signal.SIGINT), signal.getsignal(signal.SIGTERM)) == before


def test_a_key_that_no_header_carries_is_refused_without_being_shown() -> None:
    with pytest.raises(ConfigError) as caught:
        Proxy(EndpointConfig(), api_key="sk-“quoted”-0123456789")
    assert "0123" not in str(caught.value)


# In the long run


@pytest.mark.slow
async def test_a_thousand_calls_leave_no_task_and_no_socket(endpoint: StreamingEndpoint) -> None:
    endpoint.script = lambda call, number: (
        Stream((answers.streamed("chat_completions")[:99],), cut=True) if number % 20 == 0 else answer(call)
    )
    async with desk(endpoint.url, max_connections=8) as at:
        tasks, files = len(asyncio.all_tasks()), len(os.listdir("/proc/self/fd"))  # noqa: PTH208
        for number in range(10):
            with at.proxy.admit(ATTEMPT) as admission:
                async with at.agent(admission) as agent:

                    async def call(times: int, agent: httpx.AsyncClient = agent) -> None:
                        for _ in range(times):
                            with suppress(httpx.RemoteProtocolError):
                                await agent.post(PATHS["chat_completions"], json={**ASK, "stream": True})

                    await asyncio.gather(*(call(25) for _ in range(4)))
                await admission.settled(5)
                assert len(admission.calls) == 100, number
                assert sum(call.cost_usd is None for call in admission.calls) == 5
        await asyncio.sleep(0.2)
        assert len(asyncio.all_tasks()) == tasks
        idle = 8  # connections that are kept for the next call, and their other ends in the endpoint's thread
        assert len(os.listdir("/proc/self/fd")) <= files + 2 * idle  # noqa: PTH208
    assert len(endpoint.calls) == 1000
