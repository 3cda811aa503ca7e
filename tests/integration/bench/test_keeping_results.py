"""What was paid for is kept, and secrets are not."""

import asyncio
from collections.abc import Callable
from contextlib import suppress
from typing import Any

import pytest
from tests.integration.bench.answers import ONE, about, only, simulated
from tests.integration.bench.golden import CASES
from tests.integration.loopback import Endpoint, Reply, completion

from routelab.bench import Bench
from routelab.errors import StoreError
from routelab.settings import Settings
from routelab.store import Store

KEY = "sk-0123456789abcdef0123456789"


async def test_a_refused_key_stops_the_run_and_stands_nowhere(
    configure: Callable[..., Any], real_endpoint: Endpoint, store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("ROUTELAB_API_KEY", KEY)
    refusal = Reply({"error": {"message": f"Incorrect API key provided: {KEY}"}}, status=401)
    real_endpoint.script = lambda _call, number: completion(f"137, says {KEY}") if number <= 3 else refusal
    config = configure(
        real_endpoint,
        endpoint={"billing_account": "team"},
        limits={"max_cost_usd": 1.0, "max_concurrency": 2},
    )
    run = await Bench(config, Settings(), store).start("decider")
    assert run.status == "interrupted"
    assert run.stop_reason is not None
    assert "the endpoint answered 401" in run.stop_reason
    assert len(real_endpoint.calls) <= 6
    assert real_endpoint.calls[0].headers["authorization"] == f"Bearer {KEY}"
    dump = "\n".join(store_dump(store))
    assert "137, says [redacted]" in dump
    assert KEY not in dump


def store_dump(store: Store) -> list[str]:
    with store.database.reading() as connection:
        names = [row[0] for row in connection.exec_driver_sql("SELECT name FROM sqlite_master WHERE type = 'table'")]
        return [str(tuple(row)) for name in names for row in connection.exec_driver_sql(f"SELECT * FROM {name}")]


async def test_what_no_database_holds_neither_hangs_nor_loses_a_result(
    bench: Callable[..., Bench], store: Store, endpoint: Endpoint
) -> None:
    odd = simulated(completion("half \ud800 and \x00 null\n137"))
    endpoint.script = lambda call, _: odd if about(call, "question 3 about debugging") else None
    async with asyncio.timeout(20):
        run = await bench(decider=ONE).start("decider")
    [row] = only(store, run.id, "debugging-bug-fixing-3")
    assert (row.score, row.output_prefix) == (1.0, "half ? and \N{REPLACEMENT CHARACTER} null\n137")
    assert len(store.results.attempts(run.id)) == CASES


@pytest.mark.parametrize("finish_reason", ["x" * 500, ["a", "list"], 7])
async def test_an_odd_finish_reason_is_kept_short(
    bench: Callable[..., Bench], store: Store, endpoint: Endpoint, finish_reason: Any
) -> None:
    odd = simulated(completion("137", finish_reason=finish_reason))
    endpoint.script = lambda call, _: odd if about(call, "question 3 about debugging") else None
    run = await bench(decider=ONE).start("decider")
    [row] = only(store, run.id, "debugging-bug-fixing-3")
    assert len(row.finish_reason or "") <= 60
    assert len(row.error_kind or "") <= 60


async def test_a_store_that_fails_stops_the_run_before_more_is_paid(
    bench: Callable[..., Bench], store: Store, endpoint: Endpoint, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("routelab.bench.writer._PAUSES_S", (0.01,))
    commit = store.results.add_attempts

    def refuse(attempts: Any) -> None:
        if len(store.results.attempts(attempts[0].run_id)) >= 4:
            raise StoreError("the store failed: database or disk is full")
        commit(attempts)

    monkeypatch.setattr(store.results, "add_attempts", refuse)
    made = bench()
    run = await made.start("decider")
    assert (run.status, run.stop_reason) == ("interrupted", "the store failed: database or disk is full")
    stored = store.results.attempts(run.id)
    assert 4 <= len(stored) <= 8
    assert len(endpoint.calls) < 20
    monkeypatch.undo()
    finished = await made.resume(run.id)
    assert finished.status == "completed"
    rows = store.results.attempts(run.id)
    assert rows[: len(stored)] == stored
    assert len({(item.candidate, item.case_id) for item in rows}) == len(rows) == 2 * CASES


async def test_a_stopped_run_says_so_and_keeps_its_rows(
    bench: Callable[..., Bench], store: Store, endpoint: Endpoint
) -> None:
    endpoint.script = lambda _call, number: None if number <= 6 else simulated(Reply(delay_s=30))
    made = bench()
    task = asyncio.create_task(made.start("decider"))
    while len(endpoint.calls) < 8:  # noqa: ASYNC110 - the server runs in another thread
        await asyncio.sleep(0.01)
    task.cancel()
    with suppress(asyncio.CancelledError):
        await task
    [run] = store.runs.all()
    assert (run.status, run.stop_reason) == ("interrupted", "it was stopped")
    kept = store.results.attempts(run.id)
    assert 0 < len(kept) <= 6
    endpoint.script = lambda _call, _number: None
    assert (await made.resume(run.id)).status == "completed"
    assert store.results.attempts(run.id)[: len(kept)] == kept
