"""DecideClient and its synchronous twin against a shim that answers, fails, stalls and lies."""

import asyncio
import socket
import subprocess
import sys
import threading
import time

import pytest
from tests.unit.client.conftest import ANSWER, DECISION, http

from routelab.client import Chosen, DecideClient, SyncDecideClient, denies
from routelab.errors import ConfigError
from routelab.records import Candidate, Constraints, NormalisedRequest, Policy, PoolEntry

FALLBACK = Candidate("vendor/safe", "medium")
FALLEN_BACK = Chosen(model="vendor/safe", variant="medium", is_fallback=True)
ASKED = {"user_id": "ann", "input": NormalisedRequest(api_kind="messages", message_count=1)}


def client_of(shim, **changes):
    return DecideClient(shim.url, fallback=FALLBACK, **{"timeout_s": 0.3, **changes})


async def test_a_decision_names_the_model_and_what_it_cost(shim):
    async with client_of(shim) as client:
        answer = await client.decide(**ASKED)
    assert answer.chosen == Chosen(model="vendor/small", variant="low", is_fallback=False)
    assert (answer.decision_id, answer.cost_usd, answer.reason) == ("d1", 0.0002, None)
    assert answer.decision.evidence == "proven"
    assert answer.classification["classifier_model"] == "sorter"
    assert answer.latency_ms > 0


async def test_everything_told_reaches_the_shim_and_nothing_else(shim):
    async with client_of(shim, key=" secret-key\n") as client:
        await client.decide(
            **ASKED,
            session_id="s1",
            machine_id=None,
            body_bytes=0,
            policy=Policy(routing_mode="best_accuracy", pool=(PoolEntry("vendor/small"),)),
            constraints=Constraints(input_modalities=("image",)),
            shadow={"tier": "balanced"},
        )
    head = shim.requests[0][0]
    assert head.startswith(b"POST /decide ")
    assert b"authorization: Bearer secret-key\r\n" in head.lower().replace(b"bearer", b"Bearer")
    asked = shim.asked()
    assert asked.pop("input")["message_count"] == 1
    assert asked == {
        "user_id": "ann",
        "session_id": "s1",
        "body_bytes": 0,
        "policy": {
            "routing_mode": "best_accuracy",
            "denied_models": [],
            "pool": [{"model": "vendor/small", "variant": None}],
        },
        "constraints": {"input_modalities": ["image"], "prompt_tokens_estimate": None},
        "shadow": {"tier": "balanced"},
    }


async def test_of_a_raw_body_only_the_prefixes_leave(shim):
    body = {
        "model": "routelab/auto",
        "messages": [{"role": "user", "content": "Mend it. " + "x" * 3000}],
        "tools": [{"type": "function", "function": {"name": "secret_tool"}}],
    }
    async with client_of(shim) as client:
        await client.decide(user_id="ann", request=body, api_kind="chat_completions")
    sent = shim.asked()["input"]
    assert sent["api_kind"] == "chat_completions"
    assert len(sent["user_prompt_prefix"]) == 1000
    assert b"secret_tool" not in shim.requests[0][1]


async def test_a_path_before_decide_is_kept(shim):
    async with DecideClient(shim.url + "/routing/", fallback=FALLBACK) as client:
        await client.decide(**ASKED)
    assert shim.requests[0][0].startswith(b"POST /routing/decide ")


async def test_a_null_decision_gives_the_fallback_with_the_shims_reason_and_the_cost(shim):
    shim.says = http({**ANSWER, "decision": None, "reason": "no_candidate"})
    async with client_of(shim) as client:
        answer = await client.decide(**ASKED)
    assert answer.chosen == FALLEN_BACK
    assert (answer.reason, answer.cost_usd, answer.decision_id) == ("no_candidate", 0.0002, "d1")


@pytest.mark.parametrize("policy", [Policy(denied_models=("vendor/safe",)), {"denied_models": ["a", "vendor/safe"]}])
async def test_a_fallback_that_the_policy_denies_is_not_given(shim, policy):
    async with client_of(shim) as client:
        decided = await client.decide(**ASKED, policy=policy)
        shim.says = http({**ANSWER, "decision": None, "reason": "no_candidate"})
        undecided = await client.decide(**ASKED, policy=policy)
        shim.says = http(b"{}", 500)
        failed = await client.decide(**ASKED, policy=policy)
        own = await client.decide(**ASKED, policy=policy, fallback=Candidate("vendor/other", "low"))
    assert decided.chosen.model == "vendor/small"
    assert (undecided.chosen, undecided.reason, undecided.cost_usd) == (None, "no_candidate", 0.0002)
    assert (failed.chosen, failed.reason) == (None, "failed")
    for answer in (undecided, failed):
        assert "denies the fallback vendor/safe: ask with a `fallback` that it allows" in answer.detail
    assert own.chosen == Chosen(model="vendor/other", variant="low", is_fallback=True)
    assert "fallback" not in shim.asked()


def test_the_synchronous_twin_gives_no_fallback_that_the_policy_denies():
    client = SyncDecideClient("http://127.0.0.1:9", fallback=FALLBACK)
    client.close()
    denied = {"denied_models": ["vendor/safe"]}
    assert client.decide(**ASKED, policy=denied).chosen is None
    assert client.decide(**ASKED, policy=denied, fallback=Candidate("m")).chosen.model == "m"


@pytest.mark.parametrize(
    ("policy", "expected"),
    [
        (None, False),
        (Policy(denied_models=("m",)), True),
        (Policy(pool=()), False),
        ({"denied_models": ["m"]}, True),
        ({"denied_models": "m"}, True),
        ({"denied_models": "some/m"}, False),
        ({"denied_models": None}, False),
        ({"denied_models": 3}, False),
        ("m", False),
    ],
)
def test_a_policy_denies_what_it_names(policy, expected):
    assert denies(policy, "m") is expected


async def test_a_newer_shim_is_understood(shim):
    newer = {**DECISION, "switch_reason": "weather", "evidence": "felt", "colour": "red"}
    shim.says = http({**ANSWER, "decision": newer, "mood": 3})
    async with client_of(shim) as client:
        answer = await client.decide(**ASKED)
    assert not answer.chosen.is_fallback
    assert answer.decision.switch_reason == "weather"


async def test_a_decision_of_nothing_but_a_model_is_enough(shim):
    shim.says = http({"decision": {"model": "m"}})
    async with client_of(shim) as client:
        answer = await client.decide(**ASKED)
    assert answer.chosen == Chosen(model="m", variant=None, is_fallback=False)
    assert answer.cost_usd is None


@pytest.mark.parametrize(
    ("said", "reason"),
    [
        (http(b"{}", 401), "refused"),
        (http(b"{}", 429), "refused"),
        (http(b"{}", 500), "failed"),
        (http(b"", 204), "failed"),
        (b"HTTP/1.1 302 Found\r\nlocation: http://elsewhere/\r\ncontent-length: 0\r\n\r\n", "failed"),
        (http(b""), "bad_answer"),
        (http(b"<html>"), "bad_answer"),
        (http(b"[]"), "bad_answer"),
        (http(b"{}"), "bad_answer"),
        (http(b'{"decision": {"model": 3}}'), "bad_answer"),
        (http(b'{"decision": {"model": " "}}'), "bad_answer"),
        (http(b'{"decision": ' + b"[" * 100_000), "bad_answer"),
        (http(b'{"decision": null, "reason": "\xff"}'), "bad_answer"),
        (b"SSH-2.0-OpenSSH_9.2\r\n\r\n", "unreachable"),
        (b"HTTP/1.1 200 OK\r\ncontent-encoding: gzip\r\ncontent-length: 4\r\n\r\nabcd", "unreachable"),
    ],
)
async def test_an_answer_that_is_none_gives_the_fallback(shim, said, reason):
    shim.says = said
    async with client_of(shim) as client:
        answer = await client.decide(**ASKED)
    assert answer.chosen == FALLEN_BACK
    assert answer.reason == reason
    assert answer.detail
    assert answer.cost_usd is None


async def close(writer):
    writer.close()


async def reset(writer):
    writer.transport.abort()


async def break_off(writer):
    writer.write(b"HTTP/1.1 200 OK\r\ncontent-length: 1000\r\n\r\n{")
    await writer.drain()
    writer.close()


@pytest.mark.parametrize("deed", [close, reset, break_off])
async def test_a_call_that_breaks_off_gives_the_fallback(shim, deed):
    shim.says = deed
    async with client_of(shim) as client:
        answer = await client.decide(**ASKED)
    assert (answer.chosen, answer.reason, answer.cost_usd) == (FALLEN_BACK, "unreachable", None)


async def say_nothing(writer):
    await asyncio.sleep(60)


async def dribble_head(writer):
    for _ in range(600):
        writer.write(b"H")
        await asyncio.sleep(0.1)


async def dribble_body(writer):
    writer.write(b"HTTP/1.1 200 OK\r\ncontent-length: 1000\r\n\r\n")
    await dribble_head(writer)


@pytest.mark.parametrize("deed", [say_nothing, dribble_head, dribble_body])
async def test_the_time_is_bounded_in_total(shim, deed):
    shim.says = deed
    started = time.perf_counter()
    async with client_of(shim) as client:
        answer = await client.decide(**ASKED)
    assert time.perf_counter() - started < 1
    assert (answer.chosen, answer.reason, answer.cost_usd) == (FALLEN_BACK, "timeout", None)


async def test_an_endless_answer_is_not_read_to_its_end(shim):
    async def endless(writer):
        writer.write(b"HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n")
        while True:
            writer.write(b"100000\r\n" + b" " * 0x100000 + b"\r\n")
            await writer.drain()

    shim.says = endless
    async with client_of(shim, timeout_s=10) as client:
        answer = await client.decide(**ASKED)
    assert (answer.chosen, answer.reason) == (FALLEN_BACK, "bad_answer")


async def test_without_a_shim_nothing_was_spent():
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
    async with DecideClient(f"http://127.0.0.1:{port}", fallback=FALLBACK) as client:
        answer = await client.decide(**ASKED)
    assert (answer.chosen, answer.reason, answer.cost_usd) == (FALLEN_BACK, "unreachable", 0)


async def test_a_shim_that_comes_back_is_used_again(shim):
    async with client_of(shim) as client:
        shim.says = reset
        assert (await client.decide(**ASKED)).chosen.is_fallback
        shim.says = http(ANSWER)
        assert not (await client.decide(**ASKED)).chosen.is_fallback


async def test_a_closed_client_gives_the_fallback(shim):
    client = client_of(shim)
    await client.aclose()
    assert (await client.decide(**ASKED)).chosen == FALLEN_BACK


async def test_a_cancelled_question_stays_cancelled(shim):
    shim.says = say_nothing
    async with client_of(shim, timeout_s=30) as client:
        asking = asyncio.create_task(client.decide(**ASKED))
        await asyncio.sleep(0.05)
        asking.cancel()
        with pytest.raises(asyncio.CancelledError):
            await asking


@pytest.mark.parametrize(
    "body",
    [
        {"messages": [{"role": "user", "content": "x"}], "provider": {"order": object()}},
        {"messages": [{"role": "user", "content": "x"}], "provider": {"note": {1, object()}}},
        ["not", "an", "object"],
    ],
)
async def test_a_body_that_is_no_json_gives_the_fallback(shim, body):
    async with client_of(shim) as client:
        answer = await client.decide(user_id="ann", request=body, api_kind="messages")
    assert (answer.chosen, answer.reason, answer.cost_usd) == (FALLEN_BACK, "bad_request", 0)
    assert not shim.requests


@pytest.mark.parametrize(
    ("asked", "error"),
    [
        ({"user_id": "ann"}, ValueError),
        ({**ASKED, "request": {}}, ValueError),
        ({"user_id": "ann", "request": {}}, ValueError),
        ({**ASKED, "user_id": ""}, ValueError),
        ({**ASKED, "sesion_id": "s1"}, TypeError),
    ],
)
async def test_a_question_that_contradicts_itself_is_a_mistake_in_the_program(shim, asked, error):
    async with client_of(shim) as client:
        with pytest.raises(error):
            await client.decide(**asked)


@pytest.mark.parametrize("url", ["shim:8800", "", "ftp://shim", "http://", "http://a:port"])
def test_a_url_that_cannot_be_called_is_refused_at_once(url):
    with pytest.raises(ConfigError):
        DecideClient(url, fallback=FALLBACK)


@pytest.mark.parametrize("key", ["", " ", "clé", "a\nb"])
def test_a_key_that_no_header_can_carry_is_refused_without_telling_it(key):
    with pytest.raises(ConfigError) as told:
        DecideClient("http://shim", fallback=FALLBACK, key=key)
    assert "clé" not in str(told.value)


async def test_the_synchronous_twin_asks_from_many_threads(shim):
    def ask_all():
        answers = []
        with SyncDecideClient(shim.url, fallback=FALLBACK, timeout_s=5) as client:
            threads = [threading.Thread(target=lambda: answers.append(client.decide(**ASKED))) for _ in range(20)]
            for thread in threads:
                thread.start()
            for thread in threads:
                thread.join()
        return answers

    answers = await asyncio.to_thread(ask_all)
    assert [answer.chosen.model for answer in answers] == ["vendor/small"] * 20
    assert "routelab-decide" not in {thread.name for thread in threading.enumerate()}


async def test_the_synchronous_twin_is_bounded_in_total(shim):
    shim.says = dribble_body

    def ask():
        with SyncDecideClient(shim.url, fallback=FALLBACK, timeout_s=0.3) as client:
            started = time.perf_counter()
            return client.decide(**ASKED), time.perf_counter() - started

    answer, elapsed_s = await asyncio.to_thread(ask)
    assert elapsed_s < 1
    assert (answer.chosen, answer.reason) == (FALLEN_BACK, "timeout")


async def test_closing_the_synchronous_twin_lets_questions_under_way_end(shim):
    shim.says = say_nothing

    def close_while_asking():
        answers = []
        client = SyncDecideClient(shim.url, fallback=FALLBACK, timeout_s=0.3)
        asking = threading.Thread(target=lambda: answers.append(client.decide(**ASKED)))
        asking.start()
        time.sleep(0.1)
        client.close()
        asking.join(5)
        return answers

    (answer,) = await asyncio.to_thread(close_while_asking)
    assert answer.reason == "timeout"


FORKING = """
import os, sys, threading, time
from routelab.client import SyncDecideClient
from routelab.records import Candidate

def model():
    return client.decide(user_id="ann", input={"api_kind": "messages"}).chosen.model

def ask_on():
    while not ended.is_set():
        model()

client = SyncDecideClient(sys.argv[1], fallback=Candidate("safe"), timeout_s=5)
ended = threading.Event()
asked_before = [model()]
busy = [threading.Thread(target=ask_on) for _ in range(2)]
for thread in busy:
    thread.start()
children = []
for _ in range(10):
    child = os.fork()
    if child == 0:
        decided = [model(), model()] == ["vendor/small"] * 2
        client.close()
        os._exit(0 if decided and threading.active_count() == 1 else 1)
    children.append(child)
codes = [os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) for child in children]
ended.set()
for thread in busy:
    thread.join()
print(codes, [*asked_before, model()])
client.close()
"""


async def test_the_synchronous_twin_decides_on_both_sides_of_a_fork_also_while_it_is_asked(shim):
    forking = await asyncio.create_subprocess_exec(
        sys.executable, "-W", "default", "-c", FORKING, shim.url, stdout=asyncio.subprocess.PIPE, stderr=subprocess.PIPE
    )
    try:
        told, complaints = await asyncio.wait_for(forking.communicate(), 30)
    finally:
        if forking.returncode is None:
            forking.kill()
    assert told.decode().strip() == f"{[0] * 10} {['vendor/small'] * 2}"
    assert complaints == b""


async def test_a_synchronous_twin_may_be_closed_while_it_is_asked(shim):
    def ask_while_closing():
        answers = []
        for _ in range(20):
            client = SyncDecideClient(shim.url, fallback=FALLBACK, timeout_s=5)
            threads = [threading.Thread(target=ask_until_closed, args=(client, answers)) for _ in range(4)]
            for thread in threads:
                thread.start()
            time.sleep(0.01)
            client.close()
            for thread in threads:
                thread.join(5)
                assert not thread.is_alive()
        return answers

    def ask_until_closed(client, answers):
        while (answer := client.decide(**ASKED)).decision is not None:
            pass
        answers.append(answer)

    answers = await asyncio.to_thread(ask_while_closing)
    assert [(answer.chosen, answer.reason) for answer in answers] == [(FALLEN_BACK, "unreachable")] * 80
    assert "routelab-decide" not in {thread.name for thread in threading.enumerate()}


async def test_a_loop_that_does_not_come_to_its_questions_keeps_nobody(shim):
    def ask():
        with SyncDecideClient(shim.url, fallback=FALLBACK, timeout_s=0.1) as client:
            client.decide(**ASKED)
            client._loop.call_soon_threadsafe(time.sleep, 1.5)
            started = time.perf_counter()
            return client.decide(**ASKED), time.perf_counter() - started

    answer, elapsed_s = await asyncio.to_thread(ask)
    assert (answer.chosen, answer.reason) == (FALLEN_BACK, "timeout")
    assert elapsed_s < 1.2


def test_a_synchronous_twin_that_cannot_start_answers_with_the_fallback(monkeypatch):
    def no_more_files():
        raise OSError(24, "Too many open files")

    with SyncDecideClient("http://127.0.0.1:1", fallback=FALLBACK) as client:
        monkeypatch.setattr(asyncio, "new_event_loop", no_more_files)
        answer = client.decide(**ASKED)
        monkeypatch.undo()
        assert (answer.chosen, answer.reason, answer.cost_usd) == (FALLEN_BACK, "unreachable", 0)


def test_a_synchronous_twin_that_never_asked_starts_no_thread():
    before = threading.active_count()
    client = SyncDecideClient("http://127.0.0.1:1", fallback=FALLBACK)
    assert threading.active_count() == before
    client.close()


def test_the_client_imports_neither_server_nor_store():
    heavy = ("litestar", "sqlalchemy", "polars", "pydantic", "stamina", "routelab.llm", "routelab.store")
    code = f"import sys, routelab.client; print([name for name in {heavy} if name in sys.modules])"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"
