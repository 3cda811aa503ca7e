"""Sessions over a store that is shared, slow, or down."""

import asyncio
import time
from contextlib import aclosing

import pytest
from tests.serve.sessions.conftest import Clock

from routelab.records import Candidate
from routelab_serve.sessions import Sessions, continued

TINY = Candidate("tiny")


async def test_what_is_trusted_is_known_without_the_store(taxonomy, unruly, new_key, on):
    key = new_key()
    async with aclosing(Sessions(taxonomy, max_conversations=10, store=unruly, trust_s=0.3)) as sessions:
        assert sessions.peek(key) is None
        assert (await sessions.load(key)).conversation is None
        sessions.remember(key, on("atlas"))
        for _ in range(2):
            assert sessions.peek(key).conversation.model == "atlas"
            await asyncio.sleep(0.1)
        assert len(unruly.reads) == 1
        await asyncio.sleep(0.15)
        assert sessions.peek(key) is None
        assert (await sessions.load(key)).conversation.model == "atlas"
        assert len(unruly.reads) == 2
        assert sessions.peek(key).conversation.model == "atlas"


async def test_what_this_process_says_does_not_prolong_its_trust(taxonomy, unruly, new_key, on):
    key, conversation = new_key(), None
    async with aclosing(Sessions(taxonomy, max_conversations=10, store=unruly, trust_s=0.2)) as sessions:
        await sessions.load(key)
        for number in range(3):
            conversation = on(f"model-{number}", conversation)
            sessions.remember(key, conversation)
            assert sessions.peek(key).conversation == conversation
            await asyncio.sleep(0.08)
        assert sessions.peek(key) is None


@pytest.mark.parametrize("stored", [None, b"broken"])
async def test_a_store_that_knows_nothing_of_it_is_not_asked_at_every_turn(taxonomy, unruly, new_key, on, stored):
    key = new_key()
    async with aclosing(Sessions(taxonomy, max_conversations=10, store=unruly, trust_s=0.1)) as sessions:
        sessions.remember(key, on("atlas"))
        await asyncio.sleep(0.12)
        await unruly.close()  # it forgets
        if stored is not None:
            unruly.keep(bytes.fromhex(key), stored)
        assert sessions.peek(key) is None
        assert (await sessions.load(key)).conversation.model == "atlas"
        assert sessions.peek(key).conversation.model == "atlas"


async def test_replicas_that_both_stay_busy_come_to_agree(taxonomy, unruly, new_key, on):
    made = [Sessions(taxonomy, max_conversations=10, store=unruly, trust_s=0.2) for _ in range(2)]
    async with aclosing(made[0]), aclosing(made[1]):
        key, models = new_key(), []
        for number, sessions in enumerate(made):
            sessions.remember(key, on(f"model-{number}"))
        for turn in range(12):
            sessions = made[turn % 2]
            before = (sessions.peek(key) or await sessions.load(key)).conversation
            models.append(before.model)
            # Something new to say at every turn, so that every turn is written.
            sessions.remember(key, continued(before, model=before.model, variant=None, route=f"a/{turn}", at_s=1e9))
            await asyncio.sleep(0.07)
    assert models[:2] == ["model-0", "model-1"]
    assert len(set(models[-4:])) == 1


async def test_before_a_paid_call_the_store_is_asked_though_this_process_is_trusted(
    taxonomy, unruly, new_key, on, classification
):
    made = [Sessions(taxonomy, max_conversations=10, store=unruly, trust_s=60) for _ in range(2)]
    async with aclosing(made[0]) as here, aclosing(made[1]) as there:
        key, exact = new_key(), new_key()
        for sessions in made:
            await sessions.load(key)
        here.remember(key, on("atlas"))
        await asyncio.sleep(0.1)
        there.keep_classification(key, exact, TINY, classification)
        await asyncio.sleep(0.1)
        trusted = here.peek(key)
        assert here.classification(trusted, exact, TINY) is None
        loaded = await here.load(key)
        assert here.classification(loaded, exact, TINY) == classification
        # One turn is one lookup, which `peek` has counted.
        assert (here.lookups.here, here.lookups.store, here.lookups.nowhere) == (1, 0, 1)


async def test_a_store_that_gives_too_few_values_has_failed(sessions, unruly, errors, new_key):
    async def none_at_all(_):
        return []

    unruly.get_many = none_at_all
    async with asyncio.timeout(1):
        assert (await sessions.load(new_key())).conversation is None
    assert errors == ["read_failed"]


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
