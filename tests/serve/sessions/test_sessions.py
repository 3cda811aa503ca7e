"""What the decider sees of sessions, in one process and over a store that misbehaves."""

import asyncio
import time
from collections.abc import Sequence
from contextlib import aclosing

import pytest
from hypothesis import given
from hypothesis import strategies as st

from routelab.decision import conversation_key
from routelab.errors import ConfigError
from routelab.records import Candidate, Classification
from routelab_serve.sessions import Conversation, Sessions, Warmed, continued, open_session_store
from routelab_serve.sessions.memory_store import MemoryStore

TINY, SMALL = Candidate("tiny"), Candidate("tiny", "high")


class Clock:
    now = 1_000_000.0

    def __call__(self) -> float:
        return self.now


class Unruly(MemoryStore):
    """A store that fails, or takes its time, when told to."""

    def __init__(self) -> None:
        super().__init__(100_000)
        self.delay_s = 0.0
        self.error: Exception | None = None
        self.reads: list[list[bytes]] = []
        self.writes: list[list[tuple[bytes, bytes]]] = []

    async def get_many(self, keys: Sequence[bytes]) -> list[bytes | None]:
        self.reads.append(list(keys))
        await self._behave()
        return await super().get_many(keys)

    async def put_many(self, entries: Sequence[tuple[bytes, bytes]]) -> None:
        self.writes.append(list(entries))
        await self._behave()
        await super().put_many(entries)

    async def _behave(self) -> None:
        await asyncio.sleep(self.delay_s)
        if self.error is not None:
            raise self.error


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def memory(taxonomy, clock) -> Sessions:
    return Sessions(taxonomy, max_conversations=100, clock=clock)


@pytest.fixture
def unruly() -> Unruly:
    return Unruly()


@pytest.fixture
def errors() -> list[str]:
    return []


@pytest.fixture
async def sessions(taxonomy, unruly, errors):
    made = Sessions(taxonomy, max_conversations=1000, store=unruly, trust_s=0.0, on_error=errors.append)
    async with aclosing(made):
        yield made


# In memory


def test_a_conversation_is_remembered_without_waiting(memory, new_key, on):
    key, other = new_key(), new_key()
    assert memory.peek(key).conversation is None
    memory.remember(key, on("atlas"))
    memory.remember(key, on("cedar", memory.peek(key).conversation))
    assert memory.peek(key).conversation.model == "cedar"
    assert [warm.model for warm in memory.peek(key).conversation.warmed] == ["cedar", "atlas"]
    assert memory.peek(other).conversation is None


async def test_loading_says_the_same_as_looking(memory, new_key, on):
    key = new_key()
    assert await memory.load(key) == memory.peek(key)
    memory.remember(key, on("atlas"))
    assert await memory.load(key) == memory.peek(key)


def test_a_conversation_is_forgotten_half_an_hour_after_it_was_last_told(memory, clock, new_key, on, classification):
    key = new_key()
    memory.remember(key, on("atlas"))
    clock.now += 1000
    memory.remember(key, on("cedar"))
    clock.now += 1799
    assert memory.peek(key).conversation.model == "cedar"
    clock.now += 1
    assert memory.peek(key).conversation is None
    memory.keep_classification(key, new_key(), TINY, classification)
    assert memory.peek(key).conversation is None


def test_users_with_equal_session_ids_share_nothing(memory, on):
    ann, bob = (conversation_key(user_id=user, session_id="s1") for user in ("ann", "bob"))
    memory.remember(ann, on("atlas"))
    assert memory.peek(bob).conversation is None


def test_a_classification_is_found_by_content_and_classifier(memory, new_key, classification):
    key, exact = new_key(), new_key()
    memory.keep_classification(key, exact, TINY, classification)
    session = memory.peek(key)
    assert memory.classification(session, exact, TINY) == classification
    assert memory.classification(session, exact, SMALL) is None
    assert memory.classification(session, new_key(), TINY) is None
    assert memory.classification(memory.peek(new_key()), exact, TINY) is None


def test_a_classification_is_kept_half_an_hour_however_long_the_conversation_goes_on(
    memory, clock, new_key, on, classification
):
    key, exact = new_key(), new_key()
    memory.keep_classification(key, exact, TINY, classification)
    clock.now += 1799
    memory.remember(key, on("atlas"))
    assert memory.classification(memory.peek(key), exact, TINY) == classification
    clock.now += 1
    assert memory.classification(memory.peek(key), exact, TINY) is None
    assert memory.peek(key).conversation.model == "atlas"


def test_of_many_classifications_the_last_four_are_kept_and_the_conversation_stays(memory, new_key, on, classification):
    key, exacts = new_key(), [new_key() for _ in range(10)]
    memory.remember(key, on("atlas"))
    for exact in [*exacts, exacts[-2]]:
        memory.keep_classification(key, exact, TINY, classification)
    session = memory.peek(key)
    kept = [exact for exact in exacts if memory.classification(session, exact, TINY) is not None]
    assert kept == exacts[-4:]
    assert session.conversation.model == "atlas"


def test_a_fallback_is_never_kept(memory, new_key, classification):
    key, exact = new_key(), new_key()
    guess = type(classification)(**{**_fields(classification), "fallback": True})
    memory.keep_classification(key, exact, TINY, guess)
    assert memory.peek(key).classifications == ()


def _fields(classification):
    return {name: getattr(classification, name) for name in classification.__struct_fields__}


def test_what_cannot_be_kept_is_counted_and_changes_nothing(taxonomy, new_key, on, classification, errors):
    sessions, key = Sessions(taxonomy, max_conversations=10, on_error=errors.append), new_key()
    sessions.remember(key, on("atlas"))
    sessions.remember(key, on("m" * 5000))
    foreign = type(classification)(**{**_fields(classification), "task_type": "gardening"})
    sessions.keep_classification(key, new_key(), TINY, foreign)
    assert errors == ["bad_entry", "bad_entry"]
    assert sessions.peek(key).conversation.model == "atlas"


words = st.lists(
    st.tuples(st.sampled_from(["remember", "classify", "look"]), st.integers(0, 2), st.integers(0, 3)), max_size=40
)


@given(words=words)
def test_conversations_never_mix(taxonomy, words):
    """Whatever is said of whom in whatever order, each conversation knows what was said of it."""
    sessions = Sessions(taxonomy, max_conversations=10)
    classification = Classification(**taxonomy.fallback)
    models: dict[str, str] = {}
    asked: dict[str, list[str]] = {}
    for word, number, what in words:
        key = number.to_bytes(16).hex()
        exact = what.to_bytes().hex() * 16
        if word == "remember":
            models[key] = f"model-{what}"
            sessions.remember(key, Conversation(models[key], None, "a/b"))
        elif word == "classify":
            sessions.keep_classification(key, exact, TINY, classification)
            asked.setdefault(key, []).append(exact)
        session = sessions.peek(key)
        assert session is not None
        assert (session.conversation and session.conversation.model) == models.get(key)
        found = {exact for exact in _EXACTS if sessions.classification(session, exact, TINY) is not None}
        assert found == set(asked.get(key, ()))


_EXACTS = [what.to_bytes().hex() * 16 for what in range(4)]


# Over a shared store


async def test_what_is_trusted_is_not_asked_again(taxonomy, unruly, new_key, on):
    key = new_key()
    async with aclosing(Sessions(taxonomy, max_conversations=10, store=unruly, trust_s=0.3)) as sessions:
        assert sessions.peek(key) is None
        sessions.remember(key, on("atlas"))
        assert sessions.peek(key).conversation.model == "atlas"
        assert (await sessions.load(key)).conversation.model == "atlas"
        assert unruly.reads == []
        await asyncio.sleep(0.35)
        assert sessions.peek(key) is None
        assert (await sessions.load(key)).conversation.model == "atlas"
        assert len(unruly.reads) == 1


async def test_concurrent_requests_share_reads(sessions, unruly, new_key):
    unruly.delay_s = 0.01
    keys = [new_key() for _ in range(20)]
    await asyncio.gather(*(sessions.load(key) for key in keys * 3))
    assert len(unruly.reads) == 1
    assert len(unruly.reads[0]) == 20


async def test_writes_gather_and_only_the_newest_value_of_a_conversation_is_written(sessions, unruly, new_key, on):
    key, others = new_key(), [new_key() for _ in range(50)]
    for number in range(100):
        sessions.remember(key, on(f"model-{number}"))
    for other in others:
        sessions.remember(other, on("atlas"))
    assert unruly.writes == []
    await asyncio.sleep(0.1)
    assert [len(batch) for batch in unruly.writes] == [51]
    assert b"model-99" in unruly.writes[0][0][1]


async def test_a_word_said_while_the_store_is_asked_is_not_lost(sessions, unruly, new_key, on, classification):
    key, exact = new_key(), new_key()
    sessions.remember(key, on("atlas"))
    await asyncio.sleep(0.1)
    unruly.delay_s = 0.02
    loading = asyncio.create_task(sessions.load(key))
    await asyncio.sleep(0.01)
    sessions.remember(key, on("cedar"))
    sessions.keep_classification(key, exact, TINY, classification)
    session = await loading
    assert session.conversation.model == "cedar"
    assert sessions.classification(session, exact, TINY) == classification


async def test_a_replica_whose_clock_is_behind_is_heard(taxonomy, unruly, clock, new_key, on):
    behind, key = Clock(), new_key()
    behind.now -= 600
    here = Sessions(taxonomy, max_conversations=10, store=unruly, trust_s=0.0, clock=clock)
    there = Sessions(taxonomy, max_conversations=10, store=unruly, trust_s=0.0, clock=behind)
    async with aclosing(here), aclosing(there):
        here.remember(key, on("atlas"))
        await asyncio.sleep(0.1)
        there.remember(key, on("cedar", (await there.load(key)).conversation))
        await asyncio.sleep(0.1)
        assert (await here.load(key)).conversation.model == "cedar"


async def test_a_caller_that_goes_away_spoils_nothing_for_the_others(sessions, unruly, new_key):
    unruly.delay_s = 0.02
    key = new_key()
    first = asyncio.create_task(sessions.load(key))
    second = asyncio.create_task(sessions.load(key))
    await asyncio.sleep(0.005)
    first.cancel()
    assert (await second).conversation is None
    assert len(unruly.reads) == 1


# The store is down


async def test_a_store_that_hangs_costs_its_deadline_a_few_times_then_nothing(sessions, unruly, errors, new_key):
    unruly.delay_s = 60
    for _ in range(3):
        began = time.monotonic()
        assert (await sessions.load(new_key())).conversation is None
        assert 0.045 < time.monotonic() - began < 0.5
    began = time.monotonic()
    for _ in range(100):
        await sessions.load(new_key())
    assert time.monotonic() - began < 0.2
    assert errors == ["read_timeout"] * 3
    assert len(unruly.reads) == 3


async def test_requests_that_come_while_it_hangs_do_not_wait_twice(sessions, unruly, new_key):
    unruly.delay_s = 60

    async def timed() -> float:
        began = time.monotonic()
        await sessions.load(new_key())
        return time.monotonic() - began

    first = asyncio.create_task(timed())
    await asyncio.sleep(0.02)
    late = await asyncio.gather(*(timed() for _ in range(10)))
    assert max(late) < await first


async def test_what_this_process_knows_serves_while_the_store_is_down(sessions, unruly, errors, new_key, on):
    key = new_key()
    unruly.error = ConnectionError("down")
    sessions.remember(key, on("atlas"))
    assert sessions.peek(key) is None
    for _ in range(10):
        assert (await sessions.load(key)).conversation.model == "atlas"
    assert errors == ["read_failed"] * 3


async def test_what_could_not_be_written_is_written_when_the_store_is_back(sessions, unruly, errors, new_key, on):
    keys = [new_key() for _ in range(300)]
    unruly.error = ConnectionError("down")
    for key in keys:
        sessions.remember(key, on("atlas"))
    await asyncio.sleep(0.3)
    assert errors == ["write_failed"] * 3
    sessions.remember(keys[0], on("cedar"))
    unruly.error = None
    async with asyncio.timeout(3):
        while True:
            await asyncio.sleep(0.02)
            if len(unruly) == 300:
                break
    [value] = await unruly.get_many([bytes.fromhex(keys[0])])
    assert value is not None
    assert b"cedar" in value
    assert (await sessions.load(keys[1])).conversation.model == "atlas"


async def test_a_newer_word_is_not_undone_by_an_older_one_that_could_not_be_written(sessions, unruly, new_key, on):
    key = new_key()
    unruly.error, unruly.delay_s = ConnectionError("down"), 0.05
    sessions.remember(key, on("atlas"))
    await asyncio.sleep(0.08)
    assert len(unruly.writes) == 1
    sessions.remember(key, on("cedar"))
    await asyncio.sleep(0.05)
    unruly.error, unruly.delay_s = None, 0.0
    await sessions.aclose()
    assert [b"cedar" in value for batch in unruly.writes[1:] for _, value in batch] == [True]


async def test_what_is_being_written_when_the_process_ends_is_not_lost(taxonomy, unruly, new_key, on):
    sessions = Sessions(taxonomy, max_conversations=10, store=unruly)
    unruly.delay_s = 0.1
    sessions.remember(new_key(), on("atlas"))
    await asyncio.sleep(0.1)
    assert len(unruly.writes) == 1
    unruly.close = _stay
    await sessions.aclose()
    assert len(unruly) == 1


async def _stay() -> None:
    pass


async def test_no_more_than_a_bound_waits_to_be_written(taxonomy, unruly, errors, new_key, on):
    async with aclosing(Sessions(taxonomy, max_conversations=30_000, store=unruly, on_error=errors.append)) as sessions:
        conversation = on("atlas")
        for _ in range(20_010):
            sessions.remember(new_key(), conversation)
        assert errors == ["write_dropped"] * 10


async def test_closing_does_not_wait_for_a_store_that_hangs(taxonomy, unruly, new_key, on):
    sessions = Sessions(taxonomy, max_conversations=10, store=unruly)
    sessions.remember(new_key(), on("atlas"))
    unruly.delay_s = 60
    began = time.monotonic()
    await sessions.aclose()
    assert time.monotonic() - began < 3


# Opening


def test_memory_needs_no_store():
    assert open_session_store("memory", max_rows=10) is None


@pytest.mark.parametrize(
    "url", ["", "sqlite:///", "postgresql://u:hunter2@h/d", "redis:/hunter2", "redis://:hunter2@h:port/0"]
)
def test_another_url_is_the_users_mistake_and_its_password_is_not_told(url):
    with pytest.raises(ConfigError) as caught:
        open_session_store(url, max_rows=10)
    assert "hunter2" not in str(caught.value)
    assert "\n" not in str(caught.value)


def test_a_conversation_starts_with_its_first_model():
    assert continued(None, model="m", variant="low", route="a/b", at_s=12.9) == Conversation(
        "m", "low", "a/b", (Warmed("m", "low", 12),)
    )
