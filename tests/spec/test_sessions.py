"""One spec of the session stores, every backend; and of what replicas share through them."""

import asyncio
import os
import time
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from contextlib import ExitStack, aclosing
from pathlib import Path

import pytest
from tests.services import RedisServer, find_redis_servers, redis_server
from tests.spec.session_backends import Backend, MemoryBackend, UrlBackend, sqlite_backend

from routelab.records import Candidate, Classification
from routelab.taxonomy import Taxonomy, load_taxonomy
from routelab_serve.sessions import Conversation, Sessions, SessionStore, continued

CLASSIFIER = Candidate("tiny")
Open = Callable[..., SessionStore]
MakeReplica = Callable[[], Sessions]


_PROGRAMS = find_redis_servers()
_SERVERS = [pytest.param(name, marks=pytest.mark.redis) for name in _PROGRAMS or ["redis"]]


@pytest.fixture(scope="module")
def servers() -> Iterator[Callable[[str], RedisServer]]:
    """The running server of a name; each is started when it is first wanted."""
    with ExitStack() as opened:
        running: dict[str, RedisServer] = {}

        def server(name: str) -> RedisServer:
            if name not in running:
                running[name] = opened.enter_context(redis_server(_PROGRAMS[name]))
            return running[name]

        yield server


@pytest.fixture(params=["memory", "sqlite", *_SERVERS])
def backend(request: pytest.FixtureRequest, tmp_path: Path, servers: Callable[[str], RedisServer]) -> Backend:
    if request.param == "memory":
        return MemoryBackend()
    if request.param == "sqlite":
        return sqlite_backend(tmp_path)
    return UrlBackend(servers(request.param).url)


@pytest.fixture(params=["sqlite", *_SERVERS])
def shared(request: pytest.FixtureRequest, tmp_path: Path, servers: Callable[[str], RedisServer]) -> Backend:
    return sqlite_backend(tmp_path) if request.param == "sqlite" else UrlBackend(servers(request.param).url)


@pytest.fixture
async def store(backend: Backend) -> AsyncIterator[SessionStore]:
    store = backend.open()
    yield store
    await store.close()


def new_key() -> bytes:
    return os.urandom(16)


async def test_a_value_comes_back_by_its_key_alone(store: SessionStore) -> None:
    key, other = new_key(), new_key()
    await store.put_many([(key, b"value"), (other, b"other")])
    assert await store.get_many([other, new_key(), key, other]) == [b"other", None, b"value", b"other"]


@pytest.mark.parametrize("value", [b"", b"\x00\xff\r\n$-1", bytes(range(256)) * 16])
async def test_a_value_is_opaque(store: SessionStore, value: bytes) -> None:
    key = b"\x00\r\n " + os.urandom(12)
    await store.put_many([(key, value)])
    assert await store.get_many([key]) == [value]


async def test_the_last_value_stays(store: SessionStore) -> None:
    key = new_key()
    await store.put_many([(key, b"1")])
    await store.put_many([(key, b"2"), (key, b"3")])
    assert await store.get_many([key]) == [b"3"]


async def test_nothing_is_asked_and_nothing_is_put(store: SessionStore) -> None:
    await store.put_many([])
    assert await store.get_many([]) == []


async def test_a_thousand_at_once(store: SessionStore) -> None:
    entries = [(new_key(), os.urandom(300)) for _ in range(1200)]
    await store.put_many(entries)
    assert await store.get_many([key for key, _ in entries]) == [value for _, value in entries]


async def test_many_readers_and_writers_at_once(store: SessionStore) -> None:
    async def client(number: int) -> None:
        key = new_key()
        for turn in range(20):
            await store.put_many([(key, b"%d %d" % (number, turn))])
            assert await store.get_many([key]) == [b"%d %d" % (number, turn)]

    await asyncio.gather(*(client(number) for number in range(10)))


async def test_a_value_lives_for_its_time_after_it_was_last_put(backend: Backend) -> None:
    store = backend.open(ttl_s=0.4)
    once, again = new_key(), new_key()
    await store.put_many([(once, b"1"), (again, b"1")])
    await asyncio.sleep(0.25)
    assert await store.get_many([once, again]) == [b"1", b"1"]
    await store.put_many([(again, b"2")])
    await asyncio.sleep(0.25)
    assert await store.get_many([once, again]) == [None, b"2"]
    await store.close()


async def test_a_shared_store_shows_everyone_what_it_keeps(shared: Backend) -> None:
    here, there, key = shared.open(), shared.open(), new_key()
    assert await there.get_many([key]) == [None]
    await here.put_many([(key, b"value")])
    assert await there.get_many([key]) == [b"value"]
    await here.close()
    assert await there.get_many([key]) == [b"value"]
    await there.close()


# What replicas of the shim share


@pytest.fixture
def taxonomy() -> Taxonomy:
    return load_taxonomy(Path(__file__).parents[2] / "datasets/taxonomy/v1/taxonomy.json")


@pytest.fixture
def classification(taxonomy: Taxonomy) -> Classification:
    return Classification(**taxonomy.fallback, confidence=0.75)


@pytest.fixture
async def make_replica(shared: Backend, taxonomy: Taxonomy) -> AsyncIterator[MakeReplica]:
    made: list[Sessions] = []

    def make() -> Sessions:
        # Reading a real file may be late on a busy machine, which is not what is tested here.
        made.append(
            Sessions(
                taxonomy, max_conversations=100, store=shared.open(), trust_s=0.2, deadline_s=5, on_error=pytest.fail
            )
        )
        return made[-1]

    yield make
    for sessions in made:
        await sessions.aclose()


def on(model: str, before: Conversation | None = None) -> Conversation:
    return continued(before, model=model, variant=None, route="debugging/bug_fixing", at_s=time.time())


async def until(found: Callable[[], Awaitable[bool]]) -> None:
    async with asyncio.timeout(5):
        while True:
            if await found():
                return
            await asyncio.sleep(0.02)


async def test_replicas_share_conversations_and_classifications(
    make_replica: MakeReplica, classification: Classification
) -> None:
    here, there, key, exact = make_replica(), make_replica(), new_key().hex(), new_key().hex()
    here.keep_classification(key, exact, CLASSIFIER, classification)
    here.remember(key, on("atlas"))

    async def arrived() -> bool:
        return (await there.load(key)).conversation is not None

    await until(arrived)
    session = await there.load(key)
    assert session.conversation == (await here.load(key)).conversation
    assert there.classification(session, exact, CLASSIFIER) == classification
    assert there.peek(key) == session


async def test_the_newest_word_wins_wherever_it_was_said(make_replica: MakeReplica) -> None:
    here, there, key = make_replica(), make_replica(), new_key().hex()
    here.remember(key, on("atlas"))

    async def arrived() -> bool:
        return (await there.load(key)).conversation is not None

    await until(arrived)
    there.remember(key, on("cedar", (await there.load(key)).conversation))

    async def heard() -> bool:
        conversation = (await here.load(key)).conversation
        return conversation is not None and [warm.model for warm in conversation.warmed] == ["cedar", "atlas"]

    await until(heard)


async def test_what_was_told_last_is_written_before_a_replica_ends(shared: Backend, taxonomy: Taxonomy) -> None:
    key = new_key().hex()
    async with aclosing(Sessions(taxonomy, max_conversations=10, store=shared.open())) as here:
        here.remember(key, on("atlas"))
    async with aclosing(Sessions(taxonomy, max_conversations=10, store=shared.open(), deadline_s=5)) as there:
        conversation = (await there.load(key)).conversation
    assert conversation is not None
    assert conversation.model == "atlas"


async def test_junk_in_the_store_is_a_miss_and_is_overwritten(shared: Backend, taxonomy: Taxonomy) -> None:
    key, errors, store = new_key(), list[str](), shared.open()
    await store.put_many([(key, b"\x93junk")])
    async with aclosing(
        Sessions(taxonomy, max_conversations=10, store=shared.open(), deadline_s=5, on_error=errors.append)
    ) as sessions:
        assert (await sessions.load(key.hex())).conversation is None
        assert errors == ["bad_entry"]
        sessions.remember(key.hex(), on("atlas"))
    assert b"atlas" in ((await store.get_many([key]))[0] or b"")
    await store.close()
