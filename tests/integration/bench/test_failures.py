"""Who is to blame: the model, or what it ran on."""

import json
from collections.abc import Callable
from typing import Any

import pytest
from tests.integration.bench.answers import ONE, about, only, simulated
from tests.integration.bench.golden import CASES, PER_ROUTE, reseal
from tests.integration.loopback import Call, Endpoint, Reply, completion, tool_call

from routelab.bench import Bench
from routelab.errors import EndpointError
from routelab.records import Candidate
from routelab.settings import Settings
from routelab.store import Store


@pytest.fixture(autouse=True)
def quick_backoff(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("routelab.bench.lane._BACKOFF_S", 0.01)


@pytest.mark.parametrize(
    ("reply", "error_kind"),
    [
        (completion("139"), None),
        (completion("137", finish_reason="length"), "truncated"),
        (completion("137", finish_reason="content_filter"), "refusal"),
        (completion(""), "empty"),
        (tool_call('{"command": "echo 137"}'), "incomplete"),
    ],
)
async def test_what_the_model_did_wrong_scores_0_and_is_not_tried_again(
    bench: Callable[..., Bench], store: Store, endpoint: Endpoint, reply: Reply, error_kind: str | None
) -> None:
    endpoint.script = lambda call, _: simulated(reply) if about(call, "question 3 about debugging") else None
    run = await bench(decider=ONE).start("decider")
    [row] = only(store, run.id, "debugging-bug-fixing-3")
    assert (row.status, row.score, row.error_kind) == ("graded", 0.0, error_kind)
    whole = next(item for item in store.results.summaries(run.id) if item.route is None)
    assert (whole.cases, whole.infrastructure_failures, whole.errors) == (CASES, 0, int(error_kind is not None))
    assert whole.accuracy == pytest.approx((CASES - 1) / CASES)


@pytest.mark.parametrize(
    ("reply", "error_kind", "tries"),
    [
        (Reply({"error": {"message": "the provider is down"}}, status=503), "server_error", 2),
        (Reply({"error": {"message": "slow down"}}, status=429, headers={"retry-after": "0.01"}), "rate_limited", 2),
        (Reply({"error": {"message": "provider failed", "code": 502}}), "server_error", 2),
        (completion("13", finish_reason="error"), "server_error", 2),
        (Reply(b"<html>Service page</html>", headers={"content-type": "text/html"}), "bad_response", 2),
        (Reply({"choices": []}), "bad_response", 2),
        (Reply({"error": {"message": "flagged"}}, status=403), "rejected", 1),
        (Reply({"error": {"message": "no such field"}}, status=400), "rejected", 1),
        (Reply({"error": {"message": "gone"}}, status=404), "unknown_model", 1),
    ],
)
async def test_what_the_endpoint_did_wrong_is_left_out_and_told(
    bench: Callable[..., Bench], store: Store, endpoint: Endpoint, reply: Reply, error_kind: str, tries: int
) -> None:
    endpoint.script = lambda call, _: simulated(reply) if about(call, "question 3 about debugging") else None
    run = await bench(decider=ONE, endpoint={"attempts": 1}).start("decider")
    assert run.status == "completed"
    rows = only(store, run.id, "debugging-bug-fixing-3")
    assert [(item.status, item.score, item.error_kind) for item in rows] == [
        ("infrastructure", None, error_kind)
    ] * tries
    assert [item.number for item in rows] == list(range(1, tries + 1))
    whole = next(item for item in store.results.summaries(run.id) if item.route is None)
    assert (whole.accuracy, whole.cases, whole.infrastructure_failures) == (1.0, CASES - 1, 1)
    assert whole.attempts == CASES - 1 + tries


async def test_a_failure_that_passes_leaves_a_row_and_a_graded_one(
    bench: Callable[..., Bench], store: Store, endpoint: Endpoint
) -> None:
    failed: list[int] = []

    def script(call: Call, number: int) -> Reply | None:
        if about(call, "question 3 about debugging") and not failed:
            failed.append(number)
            return Reply({"error": "down"}, status=500)
        return None

    endpoint.script = script
    run = await bench(decider=ONE, endpoint={"attempts": 1}).start("decider")
    assert [(item.number, item.status, item.score) for item in only(store, run.id, "debugging-bug-fixing-3")] == [
        (1, "infrastructure", None),
        (2, "graded", 1.0),
    ]


async def test_a_model_that_is_too_slow_scores_0_and_its_cost_is_unknown(
    bench: Callable[..., Bench], store: Store, endpoint: Endpoint
) -> None:
    endpoint.script = lambda call, _: simulated(Reply(delay_s=5)) if about(call, "question 3 about planning") else None
    run = await bench(decider=ONE, limits={"timeout_s": 1}).start("decider")
    [slow] = [item for item in store.results.attempts(run.id) if item.timed_out]
    assert (slow.case_id, slow.score, slow.error_kind, slow.cost_usd) == ("planning-design-3", 0.0, "deadline", None)


async def test_a_classifier_that_is_too_slow_scores_0_and_its_cost_is_unknown(
    bench: Callable[..., Bench], store: Store, endpoint: Endpoint
) -> None:
    endpoint.script = lambda call, _: simulated(Reply(delay_s=5)) if about(call, "Request 3 for design") else None
    run = await bench(classifier=ONE, limits={"timeout_s": 1}).start("classifier")
    [slow] = [item for item in store.results.attempts(run.id) if item.timed_out]
    assert (slow.score, slow.error_kind, slow.cost_usd, slow.fallback_reason) == (0.0, "deadline", None, "timeout")


async def test_an_endpoint_that_holds_off_to_the_deadline_is_no_slow_model(
    bench: Callable[..., Bench], store: Store, endpoint: Endpoint
) -> None:
    busy = Reply({"error": "busy"}, status=429, headers={"retry-after": "30"})
    endpoint.script = lambda call, _: busy if about(call, "question 3 about debugging") else None
    run = await bench(decider=ONE, limits={"timeout_s": 1, "infrastructure_attempts": 1}).start("decider")
    [row] = only(store, run.id, "debugging-bug-fixing-3")
    assert (row.status, row.error_kind, row.timed_out) == ("infrastructure", "rate_limited", False)


async def test_an_endpoint_that_goes_down_in_the_middle_costs_no_row(
    configure: Callable[..., Any], endpoint: Endpoint, store: Store
) -> None:
    endpoint.script = lambda _call, number: None if number <= 8 else Reply(status=503)
    bench = Bench(configure(endpoint, endpoint={"attempts": 1}), Settings(), store)
    run = await bench.start("decider")
    rows = store.results.attempts(run.id)
    graded = [item for item in rows if item.status == "graded"]
    cells = {(item.candidate, item.case_id) for item in rows}
    assert len(cells) == 2 * CASES
    assert 0 < len(graded) <= 8
    lost = [item.infrastructure_failures for item in store.results.summaries(run.id) if item.route is None]
    assert sum(lost) == 2 * CASES - len(graded)


@pytest.mark.parametrize(
    "command", ["echo \x00", "echo \ud800", "echo " + "x" * 200_000], ids=["null", "surrogate", "too-long"]
)
async def test_a_command_that_cannot_be_started_is_the_models_problem(
    bench: Callable[..., Bench], store: Store, endpoint: Endpoint, command: str
) -> None:
    def script(call: Call, _: int) -> Reply | None:
        if not about(call, "number.txt"):
            return None
        answers = [message for message in call.body["messages"] if message["role"] == "tool"]
        return simulated(completion("Done.") if answers else tool_call(json.dumps({"command": command})))

    endpoint.script = script
    run = await bench(decider=ONE).start("decider", per_route=1)
    [row] = only(store, run.id, "debugging-bug-fixing-0")
    assert (row.status, row.score) == ("graded", 0.0)
    assert "exit code 126" in (row.event_tail or "")


async def test_a_missing_setup_is_infrastructure(bench: Callable[..., Bench], store: Store, project: Any) -> None:
    made = bench(decider=ONE)
    folder = project / "datasets/decider/v1"
    (folder / "setup/bug.sh").unlink()
    reseal(folder)
    run = await made.start("decider", per_route=1)
    rows = only(store, run.id, "debugging-bug-fixing-0")
    assert [(item.status, item.error_kind, item.cost_usd) for item in rows] == [("infrastructure", "sandbox", 0.0)] * 2
    assert rows[0].error_message is not None
    assert "cannot read the setup of case debugging-bug-fixing-0" in rows[0].error_message


async def test_a_setup_that_fails_is_infrastructure(bench: Callable[..., Bench], store: Store, project: Any) -> None:
    made = bench(decider=ONE)
    folder = project / "datasets/decider/v1"
    (folder / "setup/bug.sh").write_text("echo no compiler here; exit 3\n")
    reseal(folder)
    run = await made.start("decider", per_route=1)
    [first, _] = only(store, run.id, "debugging-bug-fixing-0")
    assert "the setup of the workspace failed: no compiler here" in (first.error_message or "")


async def test_a_check_that_cannot_be_made_keeps_what_was_paid(
    bench: Callable[..., Bench], store: Store, project: Any
) -> None:
    made = bench(decider=ONE)
    folder = project / "datasets/decider/v1"
    (folder / "hidden/bug/check.sh").unlink()
    (folder / "hidden/bug").rmdir()
    reseal(folder)
    run = await made.start("decider", per_route=1)
    rows = only(store, run.id, "debugging-bug-fixing-0")
    assert [(item.status, item.error_kind) for item in rows] == [("infrastructure", "sandbox")] * 2
    assert all(item.cost_usd for item in rows)


async def test_an_endpoint_that_answers_html_is_refused_before_a_run_begins(
    configure: Callable[..., Any], real_endpoint: Endpoint, store: Store
) -> None:
    page = Reply(b"<html>hello</html>", headers={"content-type": "text/html"})
    config = configure(real_endpoint, endpoint={"billing_account": "team"}, limits={"max_cost_usd": 1.0})
    real_endpoint.models = page
    with pytest.raises(EndpointError, match="answered text/html where a JSON object was expected"):
        await Bench(config, Settings(), store).start("decider")
    assert store.runs.all() == []


async def test_each_candidate_answers_for_itself(bench: Callable[..., Bench], store: Store, endpoint: Endpoint) -> None:
    down = Reply({"error": "down"}, status=500)
    endpoint.script = lambda call, _: down if call.body["model"] == "sim/wrong" else None
    run = await bench(endpoint={"attempts": 1}, limits={"infrastructure_attempts": 1}).start("decider")
    whole = {item.candidate: item for item in store.results.summaries(run.id) if item.route is None}
    sure, wrong = whole[Candidate("sim/sure")], whole[Candidate("sim/wrong")]
    assert (sure.accuracy, sure.cases, sure.infrastructure_failures) == (1.0, CASES, 0)
    assert (wrong.accuracy, wrong.accuracy_low, wrong.cases, wrong.infrastructure_failures) == (None, None, 0, CASES)
    by_route = [item.infrastructure_failures for item in store.results.summaries(run.id) if item.route]
    assert by_route == [0, 0, PER_ROUTE, PER_ROUTE]
