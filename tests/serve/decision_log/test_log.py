"""What is taken, sampled, dropped and hashed; the files are told in test_files."""

import asyncio
import hmac
import threading
import time
from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.serve.decision_log.conftest import NOON, Memory, classification, decision

from routelab.decision_log import LoggedShadow
from routelab.records import Policy, PoolEntry
from routelab.settings import Settings
from routelab_serve.decision_log import DecisionLog

AT = datetime.fromtimestamp(NOON, UTC)


def log_to(memory, **settings):
    return DecisionLog(memory, **{"sample_rate": 1.0, "flush_s": 0.01, **settings})


async def logged(memory, entries, **settings):
    """The rows that come of entries."""
    log = log_to(memory, **settings)
    async with log.running():
        for entry in entries:
            log.record(entry)
    return memory.rows


async def test_an_entry_becomes_a_row_with_everything_a_replay_needs(memory, make_entry):
    (row,) = await logged(memory, [make_entry()])
    assert (row.route, row.model, row.variant) == ("debugging/bug_fixing", "cheap", None)
    assert (row.source, row.table_version, row.evidence) == ("benchmark", "v-table", "proven")
    assert (row.sticky, row.switch_reason, row.reason) == (True, None, None)
    assert (row.incumbent_model, row.incumbent_variant) == ("middle", "low")
    assert (row.routing_mode, row.denied_models, row.pool) == ("best_accuracy", ("dear",), ("cheap", "middle@low"))
    assert (row.input_modalities, row.prompt_tokens_estimate, row.policy_cut) == (("image",), 1200, False)
    assert (row.task_type, row.requires_tools, row.confidence) == ("debugging", False, 0.9)
    assert (row.classifier_model, row.classifier_cost_usd, row.cached) == ("sorter@low", 0.0002, False)
    assert (row.classify_ms, row.encode_ms, row.total_ms) == (80.5, None, 81.0)
    assert (row.api_kind, row.message_count, row.has_tools) == ("messages", 3, True)
    assert row.at.isoformat() == "2026-11-21T12:00:00+00:00"
    assert (row.sampled, row.sample_rate, row.weight) == (True, 1.0, 1.0)


@pytest.mark.parametrize(
    "changes",
    [
        {"decision": decision(switch_reason="cost")},
        {"classification": classification(fallback=True)},
        {"classification": None},
        {"decision": None, "reason": "no_table"},
        {"error": "TimeoutError"},
        {"classifier_calls": 2},
    ],
)
async def test_what_is_no_plain_success_is_always_kept(memory, make_entry, changes):
    (row,) = await logged(memory, [make_entry(**changes), make_entry()], sample_rate=0.0)
    assert (row.sampled, row.sample_rate) == (False, 1.0)


async def test_weights_add_up_to_the_traffic(memory, make_entry):
    entries = [make_entry() for _ in range(20_000)] + [make_entry(error="x") for _ in range(500)]
    rows = await logged(memory, entries, sample_rate=0.1, max_waiting=30_000)
    assert sum(not row.sampled for row in rows) == 500
    assert sum(row.weight for row in rows) == pytest.approx(20_500, rel=0.1)


async def test_a_conversation_is_sampled_as_a_whole(memory, make_entry):
    entries = [make_entry(conversation=f"c{number % 100}") for number in range(1000)]
    await logged(memory, entries, sample_rate=0.3, hash_key=b"k")
    sizes = {}
    for row in memory.rows:
        sizes[row.conversation_hash] = sizes.get(row.conversation_hash, 0) + 1
    assert set(sizes.values()) == {10}
    assert 10 < len(sizes) < 60


@given(conversation=st.text(), rate=st.floats(0, 1))
def test_a_higher_rate_keeps_whatever_a_lower_one_keeps(conversation, rate):
    low, high = (DecisionLog(Memory(), sample_rate=share) for share in (rate / 2, rate))
    assert not low.samples(conversation) or high.samples(conversation)
    assert DecisionLog(Memory(), sample_rate=1.0).samples(conversation)
    assert not DecisionLog(Memory(), sample_rate=0.0).samples(conversation)


async def test_users_are_hashed_with_the_operators_key(memory, make_entry):
    rows = await logged(memory, [make_entry(), make_entry(), make_entry(user_id="bob")], hash_key=b"secret")
    expected = hmac.new(b"secret", b"user:ann@example.org", "sha256").hexdigest()[:32]
    assert [row.user_hash == expected for row in rows] == [True, True, False]


async def test_without_a_key_there_is_no_user_and_no_conversation_another_process_would_know(make_entry):
    entries = [make_entry(conversation="c"), make_entry(conversation="c")]
    runs = [await logged(Memory(), entries) for _ in range(2)]
    assert {row.user_hash for rows in runs for row in rows} == {None}
    hashes = [{row.conversation_hash for row in rows} for rows in runs]
    assert [len(found) for found in hashes] == [1, 1]
    assert hashes[0] != hashes[1]


async def test_prompts_are_kept_only_when_wanted_and_without_secrets(make_entry):
    (bare,) = await logged(Memory(), [make_entry()])
    assert (bare.system_prompt, bare.user_prompt, bare.latest_user_prompt) == (None, None, None)
    (full,) = await logged(Memory(), [make_entry()], redact=Settings().redact)
    assert full.system_prompt == "You are a helper"
    assert full.user_prompt == "My key is [redacted]"


async def test_names_of_callers_are_cut_to_what_a_log_can_hold(memory, make_entry):
    policy = Policy(denied_models=tuple("x" * 1000 for _ in range(1000)), pool=(PoolEntry("a b", "c d"),) * 501)
    (row,) = await logged(memory, [make_entry(policy=policy, error="\ud800" + "e" * 1000)])
    assert (len(row.denied_models), len(row.denied_models[0]), len(row.pool), row.policy_cut) == (500, 300, 500, True)
    assert (row.error[0], len(row.error)) == ("?", 300)


async def test_what_does_not_fit_is_dropped_and_counted(memory, make_entry):
    log = log_to(memory, max_waiting=100)
    for _ in range(150):
        log.record(make_entry())
    assert log.counts.dropped == 50
    async with log.running():
        pass
    assert (len(memory.rows), log.counts.written, log.counts.dropped) == (100, 100, 50)
    assert memory.closed


async def test_rows_wait_while_nothing_can_be_written_and_no_longer_than_there_is_room(memory, make_entry):
    memory.unavailable = True
    log = log_to(memory, max_waiting=100)
    async with log.running():
        for _ in range(60):
            log.record(make_entry())
        await until(lambda: log.counts.problem == "no room")
        for _ in range(60):
            log.record(make_entry())
        await until(lambda: log.counts.dropped == 20)
        memory.unavailable = False
        await until(lambda: log.counts.written == 100)
        assert log.counts.problem is None
        log.record(make_entry())
    assert len(memory.rows) == 101


async def test_a_writer_that_is_broken_costs_its_rows_and_nothing_else(memory, make_entry):
    memory.broken = True
    log = log_to(memory)
    async with log.running():
        log.record(make_entry())
        await until(lambda: log.counts.dropped == 1)
        memory.broken = False
        log.record(make_entry())
        await until(lambda: log.counts.written == 1)


async def test_an_entry_that_cannot_become_a_row_costs_no_other(memory, make_entry):
    rows = await logged(memory, [make_entry(), make_entry(at=float("nan")), make_entry()])
    assert len(rows) == 2


async def test_a_writer_that_hangs_does_not_hold_up_recording_or_the_end(memory, make_entry, monkeypatch):
    monkeypatch.setattr("routelab_serve.decision_log.log._CLOSE_S", 0.1)
    go_on = threading.Event()
    memory.write = lambda rows: go_on.wait(20)
    log = log_to(memory, max_waiting=1000)
    started = time.monotonic()
    async with asyncio.timeout(5), log.running():
        for _ in range(3000):
            log.record(make_entry())
        await asyncio.sleep(0.05)
    assert time.monotonic() - started < 3
    assert log.counts.dropped >= 1000
    go_on.set()


async def shadows_logged(memory, answers, **settings):
    """What becomes of shadow answers, each in the conversation `c<its number>`."""
    log = log_to(memory, **settings)
    async with log.running():
        for number, answer in enumerate(answers):
            log.record_shadow(answer, f"c{number}")
    return memory.rows


async def test_a_shadow_answer_is_cut(memory):
    answer = LoggedShadow(
        decision_id="d", at=AT, router="morph", outcome="answered", our_model="a", shadow_model="a", domain="é" * 999
    )
    (row,) = await shadows_logged(memory, [answer])
    assert (row.agrees, row.domain, row.weight) == (True, "é" * 300, 1.0)


def of_shadow(outcome, count):
    return [LoggedShadow(decision_id=str(number), at=AT, router="morph", outcome=outcome) for number in range(count)]


async def test_a_shadows_failures_are_always_kept(memory):
    rows = await shadows_logged(memory, of_shadow("failed", 20), sample_rate=0.0)
    assert [row.weight for row in rows] == [1.0] * 20


@pytest.mark.parametrize("outcome", ["answered", "skipped"])
async def test_what_a_shadow_said_is_kept_where_its_decision_is(memory, make_entry, outcome):
    rows = await shadows_logged(memory, of_shadow(outcome, 2000), sample_rate=0.1, hash_key=b"k")
    assert sum(row.weight for row in rows) == pytest.approx(2000, rel=0.2)
    entries = [make_entry(conversation=f"c{number}") for number in range(2000)]
    decisions = await logged(Memory(), entries, sample_rate=0.1, hash_key=b"k")
    assert [row.conversation_hash for row in rows] == [row.conversation_hash for row in decisions]


async def test_what_a_gateway_told_is_cut_and_cannot_mislead_a_reader(memory, make_entry):
    told = {"client_request_id": "r-1\r\nforged", "mode": "\x1b[31mplan\u202e", "user_agent": "é\ud800" * 999}
    (row,) = await logged(memory, [make_entry(**told, body_bytes=2**70)])
    assert (row.client_request_id, row.mode) == ("r-1forged", "[31mplan")
    assert row.user_agent == "é" * 150
    assert row.body_bytes == 2**53


async def until(condition):
    for _ in range(500):
        if condition():
            return
        await asyncio.sleep(0.01)
    raise AssertionError("it did not come to this within 5 s")
