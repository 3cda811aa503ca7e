"""The endpoint client against a real server on loopback."""

import asyncio
import socket
import time
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from tests.integration.loopback import SIMULATED, Endpoint, Reply, closed_port, completion, serving, tool_call

from routelab.causes import FATAL_KINDS
from routelab.config import EndpointConfig, Price
from routelab.errors import BudgetError, ConfigError, EndpointError
from routelab.llm import EndpointClient, MoneyLimit
from routelab.records import Candidate, Completion, Usage

MODEL = Candidate("real/one")
ASK = [{"role": "user", "content": "How many?"}]
KEY = "sk-0123456789abcdef0123456789"
Client = Callable[..., EndpointClient]


@pytest.fixture
def endpoint() -> Iterator[Endpoint]:
    with serving(Endpoint()) as served:
        yield served


@pytest.fixture
def client(endpoint: Endpoint, monkeypatch: pytest.MonkeyPatch) -> Client:
    monkeypatch.setattr("routelab.llm.client._WAIT_INITIAL_S", 0.01)
    monkeypatch.setattr("routelab.llm.client._WAIT_MAX_S", 0.02)

    def make(*, api_key: str | None = None, limit: MoneyLimit | None = None, **config: Any) -> EndpointClient:
        prices = config.pop("prices", None)
        settled = EndpointConfig.model_validate({"base_url": endpoint.url, **config})
        return EndpointClient(settled, api_key=api_key, prices=prices, limit=limit)

    return make


async def ask(client: EndpointClient, candidate: Candidate = MODEL, **more: Any) -> Completion:
    async with client:
        return await client.complete(candidate, ASK, **more)


async def failed(client: EndpointClient, **more: Any) -> EndpointError:
    with pytest.raises(EndpointError) as caught:
        await ask(client, **more)
    assert "\n" not in str(caught.value)
    return caught.value


async def test_an_answer_is_read_with_its_tokens_and_cost(client: Client, endpoint: Endpoint) -> None:
    answer = await ask(client())
    assert (answer.text, answer.finish_reason, answer.tool_calls) == ("42", "stop", ())
    assert (answer.usage.prompt_tokens, answer.usage.completion_tokens, answer.usage.cost_usd) == (100, 20, 0.001)
    assert answer.latency_ms > 0
    [call] = endpoint.calls
    assert call.path == "/v1/chat/completions"
    assert call.body == {"model": "real/one", "messages": ASK}
    assert "authorization" not in call.headers


async def test_key_effort_and_tools_go_out(client: Client, endpoint: Endpoint) -> None:
    tools = [{"type": "function", "function": {"name": "shell"}}]
    endpoint.script = lambda _call, _number: tool_call('{"command": "ls"}')
    answer = await ask(client(api_key=f" {KEY}\n"), Candidate("real/one", "high"), tools=tools)
    [call] = endpoint.calls
    assert call.headers["authorization"] == f"Bearer {KEY}"
    assert call.body["reasoning_effort"] == "high"
    assert call.body["tools"] == tools
    [made] = answer.tool_calls
    assert (made.id, made.name, made.arguments) == ("call-1", "shell", '{"command": "ls"}')


@pytest.mark.parametrize("key", ["sk-“quoted”-0123456789", "sk-01234\n56789", "sk-\x00-0123456789"])
def test_a_key_that_no_header_carries_is_refused_without_being_shown(client: Client, key: str) -> None:
    with pytest.raises(ConfigError) as caught:
        client(api_key=key)
    assert str(caught.value).startswith("ROUTELAB_API_KEY holds characters")
    assert "0123" not in str(caught.value)


async def test_the_repetition_is_told_to_simulated_endpoints_only(client: Client, endpoint: Endpoint) -> None:
    await ask(client(), repetition=2)
    endpoint.script = lambda _call, _number: Reply(completion().body, headers=SIMULATED)
    await ask(client(kind="simulated"), repetition=3)
    await ask(client(kind="simulated"))
    assert [call.headers.get("x-routelab-repetition") for call in endpoint.calls] == [None, "3", None]


async def test_a_simulated_endpoint_is_not_taken_for_a_real_one(client: Client, endpoint: Endpoint) -> None:
    endpoint.script = lambda _call, _number: Reply(completion().body, headers=SIMULATED)
    error = await failed(client())
    assert (error.kind, str(error).startswith("the endpoint is a simulated one")) == ("rejected", True)
    assert len(endpoint.calls) == 1


async def test_a_real_endpoint_is_not_taken_for_a_simulated_one(client: Client, endpoint: Endpoint) -> None:
    error = await failed(client(kind="simulated"))
    assert (error.kind, str(error).startswith("the endpoint is not a simulated one")) == ("rejected", True)


async def test_retry_after_is_honoured(client: Client, endpoint: Endpoint) -> None:
    busy = Reply({"error": {"message": "slow down"}}, status=429, headers={"retry-after": "0.4"})
    endpoint.script = lambda _call, number: busy if number == 1 else None
    started = time.perf_counter()
    assert (await ask(client())).text == "42"
    assert time.perf_counter() - started >= 0.4
    assert len(endpoint.calls) == 2


@pytest.mark.parametrize("status", [408, 429, 500, 502, 503, 529])
async def test_a_failure_that_passes_is_retried(client: Client, endpoint: Endpoint, status: int) -> None:
    endpoint.script = lambda _call, number: Reply({"error": "later"}, status=status) if number < 3 else None
    assert (await ask(client(attempts=3))).text == "42"
    assert len(endpoint.calls) == 3


async def test_a_failure_that_stays_is_told_after_the_last_try(client: Client, endpoint: Endpoint) -> None:
    endpoint.script = lambda _call, _number: Reply({"error": {"message": "out of\n memory"}}, status=500)
    error = await failed(client(attempts=2))
    assert (error.kind, error.status, error.retryable, error.kind in FATAL_KINDS) == ("server_error", 500, True, False)
    assert str(error) == "the endpoint answered 500: out of memory"
    assert len(endpoint.calls) == 2


@pytest.mark.parametrize(
    ("status", "kind", "fatal"),
    [
        (400, "rejected", False),
        (401, "unauthorized", True),
        (402, "no_credit", True),
        (403, "rejected", False),
        (404, "unknown_model", False),
        (422, "rejected", False),
        (302, "rejected", False),
    ],
)
async def test_a_refusal_is_not_retried(
    client: Client, endpoint: Endpoint, status: int, kind: str, fatal: bool
) -> None:
    endpoint.script = lambda _call, _number: Reply({"error": "no"}, status=status)
    error = await failed(client())
    assert (error.kind, error.kind in FATAL_KINDS, error.retryable) == (kind, fatal, False)
    assert len(endpoint.calls) == 1


@pytest.mark.parametrize("body", [{"error": {"message": f"wrong key {KEY}"}}, f"<h1>{KEY} is wrong</h1>".encode()])
async def test_a_refusal_that_repeats_the_key_is_told_without_it(client: Client, endpoint: Endpoint, body: Any) -> None:
    endpoint.script = lambda _call, _number: Reply(body, status=401)
    error = await failed(client(api_key=KEY))
    assert KEY not in str(error)
    assert "[redacted]" in str(error)


async def test_nobody_listening_is_unreachable(client: Client) -> None:
    url = f"http://127.0.0.1:{closed_port()}/v1"
    error = await failed(client(base_url=url, attempts=2))
    assert (error.kind, error.status, error.usage) == ("unreachable", None, Usage())
    assert str(error).startswith(f"cannot reach {url}")


async def test_a_connection_that_is_never_made_is_unreachable_and_no_slow_model(client: Client) -> None:
    with socket.create_server(("127.0.0.1", 0), backlog=0) as full:
        address = full.getsockname()
        with socket.create_connection(address):  # takes the only place in the queue
            error = await failed(client(base_url=f"http://127.0.0.1:{address[1]}/v1", attempts=1, timeout_s=0.3))
    assert error.kind == "unreachable"


async def test_html_at_200_is_a_bad_response(client: Client, endpoint: Endpoint) -> None:
    page = Reply(b"<html>Welcome</html>", headers={"content-type": "text/html; charset=utf-8"})
    endpoint.script = lambda _call, _number: page
    error = await failed(client())
    assert error.kind == "bad_response"
    assert "answered text/html; charset=utf-8 where a JSON object was expected; check endpoint.base_url" in str(error)


@pytest.mark.parametrize(
    "body",
    [
        {},
        {"choices": []},
        {"choices": None},
        {"choices": [{"message": None}]},
        {"choices": [{"message": {"tool_calls": [{"id": "1"}]}}]},
        {"choices": [{"message": {"tool_calls": [7]}}]},
        {"choices": [{"message": {"tool_calls": [{"id": "1", "function": {"name": "shell", "arguments": {}}}]}}]},
        {"choices": ["text"]},
        [1, 2],
        "text",
        b"",
        b"\xff\xfe{",
        b"[" * 100_000,
        b'{"usage": ' + b"9" * 5_000 + b"}",
    ],
    ids=lambda body: str(body)[:40],
)
async def test_anything_but_a_completion_is_a_bad_response(client: Client, endpoint: Endpoint, body: Any) -> None:
    endpoint.script = lambda _call, _number: Reply(body)
    assert (await failed(client())).kind == "bad_response"


@pytest.mark.parametrize(
    "content", [None, [], {"text": "42"}, 42, [{"type": "text", "text": "42"}]], ids=lambda content: str(content)[:20]
)
async def test_content_that_is_no_text_counts_as_none(client: Client, endpoint: Endpoint, content: Any) -> None:
    endpoint.script = lambda _call, _number: completion(content)
    assert (await ask(client())).text == ""


@pytest.mark.parametrize(
    ("reported", "kind"),
    [
        ({"code": 502, "message": "the provider is down"}, "server_error"),
        ({"code": 429, "message": "upstream limit"}, "rate_limited"),
        ({"code": 402, "message": "no money"}, "no_credit"),
        ({"code": "odd", "message": None}, "server_error"),
        ("plain words", "server_error"),
    ],
)
async def test_an_error_inside_a_success_is_an_error(
    client: Client, endpoint: Endpoint, reported: Any, kind: str
) -> None:
    endpoint.script = lambda _call, _number: Reply({"error": reported})
    assert (await failed(client())).kind == kind


async def test_a_provider_that_fails_in_the_middle_is_no_answer(client: Client, endpoint: Endpoint) -> None:
    endpoint.script = lambda _call, _number: completion("4", finish_reason="error")
    assert (await failed(client())).kind == "server_error"


async def test_a_slow_answer_is_a_timeout_that_may_be_billed(client: Client, endpoint: Endpoint) -> None:
    endpoint.script = lambda _call, _number: Reply(completion().body, delay_s=2)
    error = await failed(client(attempts=1, timeout_s=0.2))
    assert (error.kind, error.usage.cost_usd) == ("timeout", None)
    assert str(error) == "no answer within 0.2 s"


async def test_the_whole_call_is_bounded_with_all_its_retries(client: Client, endpoint: Endpoint) -> None:
    endpoint.script = lambda _call, _number: Reply(completion().body, delay_s=2)
    started = time.perf_counter()
    error = await failed(client(), timeout_s=0.3)
    assert time.perf_counter() - started < 1.5
    assert (error.kind, str(error)) == ("timeout", "no answer within 0.3 s")


async def test_time_used_up_by_refusals_is_not_the_models(client: Client, endpoint: Endpoint) -> None:
    endpoint.script = lambda _call, _number: Reply({"error": "busy"}, status=429, headers={"retry-after": "30"})
    error = await failed(client(), timeout_s=0.3)
    assert (error.kind, error.status) == ("rate_limited", 429)


async def test_no_more_calls_at_once_than_connections(client: Client, endpoint: Endpoint) -> None:
    endpoint.script = lambda _call, _number: Reply(completion().body, delay_s=0.05)
    async with client(max_connections=3) as limited:
        answers = await asyncio.gather(*(limited.complete(MODEL, ASK) for _ in range(12)))
    assert len(answers) == 12
    assert endpoint.most_at_once == 3


async def test_the_money_limit_refuses_the_next_call(client: Client, endpoint: Endpoint) -> None:
    limit = MoneyLimit(0.002)
    async with client(limit=limit) as bounded:
        for _ in range(2):
            await bounded.complete(MODEL, ASK)
        with pytest.raises(BudgetError, match=r"the money limit of \$0.002 is reached"):
            await bounded.complete(MODEL, ASK)
        assert set(await bounded.models() or ()) == {"real/one", "real/two"}
    assert len(endpoint.calls) == 2
    assert limit.spent_usd == pytest.approx(0.002)


async def test_what_an_unreadable_answer_cost_counts_all_the_same(client: Client, endpoint: Endpoint) -> None:
    limit = MoneyLimit(1.0)
    endpoint.script = lambda _call, _number: Reply({"choices": [], "usage": {"cost": 0.25}})
    await failed(client(limit=limit))
    assert limit.spent_usd == 0.25


async def test_an_answer_that_broke_off_keeps_what_it_cost(client: Client, endpoint: Endpoint) -> None:
    limit = MoneyLimit(1.0)
    endpoint.script = lambda _call, _number: completion("4", cost=0.25, finish_reason="error")
    error = await failed(client(limit=limit))
    assert (error.usage, limit.spent_usd) == (Usage(100, 20, 0.25), 0.25)


async def test_calls_that_are_never_answered_reach_the_money_limit(client: Client, endpoint: Endpoint) -> None:
    limit = MoneyLimit(0.05)
    endpoint.script = lambda _call, number: completion(cost=0.01) if number == 1 else Reply(delay_s=2)
    async with client(limit=limit, attempts=1, timeout_s=0.1) as bounded:
        await bounded.complete(MODEL, ASK)
        for timeout_s in (None, 0.05, None, 0.05):
            with pytest.raises(EndpointError) as caught:
                await bounded.complete(MODEL, ASK, timeout_s=timeout_s)
            assert caught.value.usage == Usage(cost_usd=None, estimate_usd=0.01)
        with pytest.raises(BudgetError, match=r"\$0\.0100 spent, \$0\.0400 estimated"):
            await bounded.complete(MODEL, ASK)
    assert len(endpoint.calls) == 5


async def test_a_priced_model_that_never_answers_reaches_the_money_limit(client: Client, endpoint: Endpoint) -> None:
    price = Price.model_validate({"input_per_million": 1000.0, "output_per_million": 1000.0, "as_of": "2026-04-01"})
    endpoint.script = lambda _call, _number: Reply(delay_s=2)
    limit = MoneyLimit(0.02)
    async with client(limit=limit, prices={"real/one": price}, attempts=9, timeout_s=0.05) as bounded:
        with pytest.raises(BudgetError) as caught:
            await bounded.complete(MODEL, ASK)
    assert caught.value.usage.cost_usd is None
    assert caught.value.usage.spent_usd == pytest.approx(limit.estimated_usd)
    assert 0.02 <= limit.estimated_usd < 0.04
    assert len(endpoint.calls) < 9


async def test_an_answer_after_an_unanswered_try_is_of_unknown_cost(client: Client, endpoint: Endpoint) -> None:
    limit = MoneyLimit(1.0)
    limit.add("real/one", 0.25)
    endpoint.script = lambda _call, number: Reply(delay_s=2) if number < 3 else None
    answer = await ask(client(limit=limit, attempts=3, timeout_s=0.1))
    assert (answer.text, answer.usage) == ("42", Usage(100, 20, None, 0.501))
    assert (limit.spent_usd, limit.estimated_usd) == (0.251, 0.5)


async def test_a_cut_try_counts_although_another_failure_is_told(client: Client, endpoint: Endpoint) -> None:
    busy = Reply({"error": "busy"}, status=503)
    endpoint.script = lambda _call, number: busy if number == 1 else Reply(delay_s=2)
    error = await failed(client(), timeout_s=0.4)
    assert (error.kind, error.usage.cost_usd) == ("server_error", None)


async def test_a_connection_lost_after_the_request_is_of_unknown_cost(client: Client) -> None:
    async def hang_up(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.readuntil(b"\r\n\r\n")
        writer.close()

    limit = MoneyLimit(1.0)
    limit.add("real/one", 0.25)
    server = await asyncio.start_server(hang_up, "127.0.0.1", 0)
    async with server:
        port = server.sockets[0].getsockname()[1]
        error = await failed(client(base_url=f"http://127.0.0.1:{port}/v1", attempts=2, limit=limit))
    assert (error.kind, error.usage) == ("unreachable", Usage(cost_usd=None, estimate_usd=0.5))
    assert limit.estimated_usd == 0.5


@pytest.mark.parametrize("body", [b"<html>", {"choices": []}])
async def test_what_is_no_answer_and_tells_no_cost_counts_as_cut_off(
    client: Client, endpoint: Endpoint, body: Any
) -> None:
    limit = MoneyLimit(1.0)
    limit.add("real/one", 0.25)
    endpoint.script = lambda _call, _number: Reply(body)
    error = await failed(client(limit=limit))
    assert (error.usage, limit.estimated_usd) == (Usage(cost_usd=None, estimate_usd=0.25), 0.25)
    limit.check()


async def test_a_refusal_is_free(client: Client, endpoint: Endpoint) -> None:
    limit = MoneyLimit(1.0)
    replies = [Reply({"error": "no"}, status=400), Reply({"error": {"code": 400, "message": "no"}})]
    endpoint.script = lambda _call, number: replies[number - 1]
    for _ in replies:
        assert (await failed(client(limit=limit))).usage == Usage()
    assert (limit.spent_usd, limit.estimated_usd) == (0, 0)
    limit.check()


async def test_an_empty_account_is_not_asked_again(client: Client, endpoint: Endpoint) -> None:
    said = {"message": "You exceeded your current quota", "type": "insufficient_quota", "code": "insufficient_quota"}
    endpoint.script = lambda _call, _number: Reply({"error": said}, status=429)
    error = await failed(client())
    assert (error.kind, error.kind in FATAL_KINDS, len(endpoint.calls)) == ("no_credit", True, 1)


async def test_the_price_list_counts_where_no_cost_is_told(client: Client, endpoint: Endpoint) -> None:
    price = Price.model_validate({"input_per_million": 1.0, "output_per_million": 10.0, "as_of": "2026-04-01"})
    endpoint.script = lambda _call, _number: completion(cost=None)
    assert (await ask(client(prices={"real/one": price}))).usage.cost_usd == pytest.approx(300e-6)
    assert (await ask(client(prices={"real/two": price}))).usage.cost_usd is None


@pytest.mark.parametrize(
    ("models", "expected"),
    [
        (Reply({"data": [{"id": "a"}, {"name": "b"}, "c"]}), {"a"}),
        (Reply({"data": "none"}), None),
        (Reply({"error": "no such path"}, status=404), None),
        (Reply({"error": "not allowed"}, status=405), None),
    ],
)
async def test_models_are_listed_where_there_is_a_list(
    client: Client, endpoint: Endpoint, models: Reply, expected: set[str] | None
) -> None:
    endpoint.models = models
    async with client() as asked:
        listed = await asked.models()
        assert (None if listed is None else set(listed)) == expected
