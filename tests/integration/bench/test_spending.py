"""What was spent counts towards the limit of a run, whatever became of the attempt it was spent in."""

import json
from collections.abc import Callable
from typing import Any

import pytest
from tests.integration.bench.answers import ONE, about, only, simulated
from tests.integration.loopback import Call, Endpoint, Reply, completion, tool_call

from routelab.bench import Bench
from routelab.store import Store


@pytest.fixture(autouse=True)
def quick_backoff(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("routelab.bench.lane._BACKOFF_S", 0.01)


async def test_a_resumed_run_remembers_what_attempts_of_unknown_cost_have_spent(
    real_bench: Callable[..., Bench], store: Store, real_endpoint: Endpoint
) -> None:
    def script(call: Call, _: int) -> Reply:
        if not about(call, "number.txt"):
            return completion("137", cost=0.125)
        in_workspace = any(message["role"] == "tool" for message in call.body["messages"])
        return Reply(delay_s=5) if in_workspace else tool_call(json.dumps({"command": "true"}), cost=0.25)

    real_endpoint.script = script
    limits = {"max_cost_usd": 0.75, "max_concurrency": 1, "timeout_s": 1}
    run = await real_bench(limits=limits).start("decider")
    [slow] = [item for item in store.results.attempts(run.id) if item.timed_out]
    assert (slow.error_kind, slow.cost_usd, slow.spent_usd) == ("deadline", None, 0.5)  # one paid, one cut off
    assert run.status == "interrupted"
    assert "the money limit of $0.75 is reached" in (run.stop_reason or "")
    assert store.results.spent_usd(run.id) == 0.75
    paid = len(real_endpoint.calls)

    again = await real_bench(limits=limits).resume(run.id)
    assert again.status == "interrupted"
    assert len(real_endpoint.calls) == paid


async def test_what_an_answer_that_broke_off_cost_stands_in_its_row(
    real_bench: Callable[..., Bench], store: Store, real_endpoint: Endpoint
) -> None:
    broken = completion("13", cost=0.125, finish_reason="error")
    real_endpoint.script = lambda call, _: broken if about(call, "question 3 about debugging") else None
    run = await real_bench(limits={"infrastructure_attempts": 1}).start("decider")
    [row] = only(store, run.id, "debugging-bug-fixing-3")
    assert (row.status, row.error_kind, row.cost_usd, row.spent_usd) == ("infrastructure", "server_error", 0.125, 0.125)


async def test_an_empty_account_stops_the_run_also_where_it_is_answered_as_too_many_calls(
    real_bench: Callable[..., Bench], store: Store, real_endpoint: Endpoint
) -> None:
    said = {"message": "You exceeded your current quota", "type": "insufficient_quota", "code": "insufficient_quota"}
    real_endpoint.script = lambda _call, _number: Reply({"error": said}, status=429)
    run = await real_bench(limits={"max_concurrency": 1}).start("decider")
    assert (run.status, len(real_endpoint.calls)) == ("interrupted", 1)
    assert "You exceeded your current quota" in (run.stop_reason or "")


async def test_an_endpoint_that_is_slower_than_its_own_time_is_no_slow_classifier(
    bench: Callable[..., Bench], store: Store, endpoint: Endpoint
) -> None:
    endpoint.script = lambda call, _: simulated(Reply(delay_s=5)) if about(call, "Request 3 for design") else None
    run = await bench(classifier=ONE, endpoint={"timeout_s": 0.2, "attempts": 1}).start("classifier")
    rows = only(store, run.id, "sort-design-3")
    assert [(row.status, row.score, row.error_kind, row.timed_out) for row in rows] == [
        ("infrastructure", None, "timeout", False)
    ] * 2
    assert [row.cost_usd for row in rows] == [None, None]


@pytest.mark.parametrize("delay_s", [0.6, 1.4])
async def test_both_calls_of_a_classification_share_the_time_of_their_case(
    bench: Callable[..., Bench], store: Store, endpoint: Endpoint, delay_s: float
) -> None:
    late: Any = simulated(Reply(completion("no JSON").body, delay_s=delay_s))
    endpoint.script = lambda call, _: late if about(call, "Request 3 for design") else None
    run = await bench(classifier=ONE, limits={"timeout_s": 1}).start("classifier")
    [row] = only(store, run.id, "sort-design-3")
    assert (row.status, row.score, row.error_kind, row.timed_out) == ("graded", 0.0, "deadline", True)
    assert row.latency_ms is not None
    assert row.latency_ms < 1350
