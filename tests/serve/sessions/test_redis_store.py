"""Sessions in a real Valkey or Redis that is killed, stopped, filled up and brought back."""

import asyncio
import os
import signal
import statistics
import time
from collections.abc import Iterator
from contextlib import aclosing

import pytest
from redis import Redis
from tests.services import RedisServer, redis_server

from routelab_serve.sessions import Sessions, open_session_store

pytestmark = pytest.mark.redis


@pytest.fixture
def server() -> Iterator[RedisServer]:
    with redis_server() as running:
        yield running


@pytest.fixture
async def sessions(server, taxonomy, errors):
    made = make(server, taxonomy, on_error=errors.append)
    async with aclosing(made):
        yield made


def make(server, taxonomy, **changes) -> Sessions:
    settings = {"max_conversations": 1000, "store": open_session_store(server.url, max_rows=1), "trust_s": 0.0}
    return Sessions(taxonomy, **{**settings, **changes})


async def eventually(found, within_s: float = 5.0) -> None:
    async with asyncio.timeout(within_s):
        while True:
            if await found():
                return
            await asyncio.sleep(0.05)


@pytest.mark.slow
async def test_killed_and_restarted_under_load_it_costs_bounded_delay_and_is_used_again(
    server, sessions, taxonomy, errors, new_key, on
):
    """200 requests a second at a constant rate, each a turn of one of 50 conversations."""
    keys = [new_key() for _ in range(50)]
    taken: list[float] = []

    async def turn(number: int) -> None:
        began, key = time.monotonic(), keys[number % len(keys)]
        session = await sessions.load(key)
        sessions.remember(key, on("atlas", session.conversation))
        taken.append(time.monotonic() - began)

    turns, began = [], time.monotonic()
    for number in range(800):
        await asyncio.sleep(max(0.0, began + number / 200 - time.monotonic()))
        turns.append(asyncio.create_task(turn(number)))
        if number == 200:
            server.kill()
        if number == 450:
            await asyncio.to_thread(server.start)
    await asyncio.gather(*turns)
    assert len(taken) == 800
    assert statistics.quantiles(taken, n=100)[98] < 0.2
    assert max(taken) < 1.0
    assert 3 <= errors.count("read_failed") + errors.count("read_timeout") < 30

    async with aclosing(make(server, taxonomy)) as other:

        async def all_known() -> bool:
            return all([(await other.load(key)).conversation is not None for key in keys])

        await eventually(all_known)


async def test_one_that_hangs_costs_its_deadline_and_never_gives_another_conversations_answer(
    server, sessions, errors, new_key, on
):
    keys = {new_key(): f"model-{number}" for number in range(200)}
    for key, model in keys.items():
        sessions.remember(key, on(model))
    await asyncio.sleep(0.3)
    os.kill(server.pid, signal.SIGSTOP)
    try:
        began = time.monotonic()
        for key, model in keys.items():
            assert (await sessions.load(key)).conversation.model == model
        assert time.monotonic() - began < 1.5
        assert errors.count("read_timeout") >= 3
    finally:
        os.kill(server.pid, signal.SIGCONT)
    reads = list(keys)
    for _ in range(5):
        await asyncio.sleep(0.3)
        found = await asyncio.gather(*(sessions.load(key) for key in reads))
        assert [session.conversation.model for session in found] == list(keys.values())


async def test_a_fresh_replica_reads_what_is_there_after_a_hang(server, taxonomy, new_key, on):
    key = new_key()
    async with aclosing(make(server, taxonomy)) as before:
        before.remember(key, on("atlas"))
    os.kill(server.pid, signal.SIGSTOP)
    async with aclosing(make(server, taxonomy)) as sessions:
        try:
            for _ in range(5):
                assert (await sessions.load(key)).conversation is None
        finally:
            os.kill(server.pid, signal.SIGCONT)

        async def known() -> bool:
            return (await sessions.load(key)).conversation is not None

        await eventually(known)


async def test_one_that_is_full_is_still_read(server, sessions, errors, new_key, on):
    old, new = new_key(), new_key()
    sessions.remember(old, on("atlas"))
    await asyncio.sleep(0.2)
    with Redis.from_url(server.url) as client:
        client.config_set("maxmemory", "1")
        sessions.remember(new, on("cedar"))
        await asyncio.sleep(0.2)
        assert (await sessions.load(old)).conversation.model == "atlas"
        assert set(errors) == {"write_failed"}
        client.config_set("maxmemory", "0")

        async def written() -> bool:
            return client.dbsize() == 2

        await eventually(written)


async def test_a_server_that_is_not_there_yet_is_no_failed_start(tmp_path, taxonomy, new_key, on, errors):
    store = open_session_store(f"unix://{tmp_path / 'nobody.sock'}", max_rows=1)
    async with aclosing(Sessions(taxonomy, max_conversations=10, store=store, on_error=errors.append)) as sessions:
        key = new_key()
        assert (await sessions.load(key)).conversation is None
        sessions.remember(key, on("atlas"))
        assert sessions.peek(key).conversation.model == "atlas"
    assert set(errors) == {"read_failed", "write_failed"}


async def test_entries_expire_in_the_server_and_have_a_name_of_their_own(server, taxonomy, new_key, on):
    key = new_key()
    async with aclosing(make(server, taxonomy)) as sessions:
        sessions.remember(key, on("atlas"))
    with Redis.from_url(server.url) as client:
        [name] = client.keys()
        assert name == b"routelab:session:" + bytes.fromhex(key)
        assert 1790 < client.ttl(name) <= 1800
