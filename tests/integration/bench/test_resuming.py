"""Stopping and resuming: nothing is lost, nothing is paid for twice."""

import json
import os
import signal
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from tests.integration.bench import golden
from tests.integration.bench.golden import CASES
from tests.integration.loopback import Call, Endpoint, Reply, completion, serving

from routelab.bench import Bench
from routelab.config import parse_config
from routelab.errors import DatasetError, UserError
from routelab.llm.simulated.app import create_app
from routelab.settings import Settings
from routelab.store import Store, open_store

Configure = Callable[..., Any]


def cells(store: Store, run_id: str) -> Counter[tuple[str, str, int]]:
    """How many graded rows each cell has."""
    rows = store.results.attempts(run_id)
    return Counter((str(row.candidate), row.case_id, row.repetition) for row in rows if row.status == "graded")


async def test_a_run_stopped_by_its_money_limit_goes_on_under_a_higher_one(
    real_bench: Callable[..., Bench], store: Store, real_endpoint: Endpoint
) -> None:
    real_endpoint.script = lambda _call, _number: completion("137", cost=0.01)
    run = await real_bench(limits={"max_cost_usd": 0.05}).start("decider")
    assert run.status == "interrupted"
    assert run.stop_reason is not None
    assert "the money limit of $0.05 is reached" in run.stop_reason
    before = store.results.attempts(run.id)
    paid = len(real_endpoint.calls)
    assert store.results.spent_usd(run.id) == pytest.approx(0.01 * paid)
    assert paid <= 5 + 1  # one call of each other lane may be in flight

    still = await real_bench(limits={"max_cost_usd": 0.05}).resume(run.id)
    assert still.status == "interrupted"
    assert len(real_endpoint.calls) == paid

    done = await real_bench(limits={"max_cost_usd": 1.0}).resume(run.id)
    assert (done.status, done.stop_reason) == ("completed", None)
    assert store.results.attempts(run.id)[: len(before)] == before
    assert set(cells(store, run.id).values()) == {1}
    assert len(cells(store, run.id)) == CASES
    assert len([prompt for prompt in real_endpoint.prompts() if "question 1 about planning" in prompt]) == 1
    assert store.results.spent_usd(run.id) == pytest.approx(0.01 * len(real_endpoint.calls))
    assert all(item.infrastructure_failures == 0 for item in store.results.summaries(run.id))


async def test_a_classifier_run_stops_at_its_money_limit_as_well(
    real_bench: Callable[..., Bench], store: Store, real_endpoint: Endpoint
) -> None:
    # An invalid answer is asked again, so the limit is met between the two calls of a case.
    real_endpoint.script = lambda _call, _number: completion("no JSON", cost=0.01)
    run = await real_bench(limits={"max_cost_usd": 0.05, "max_concurrency": 1}).start("classifier")
    assert run.status == "interrupted"
    assert run.stop_reason is not None
    assert "the money limit of $0.05 is reached" in run.stop_reason
    assert store.results.lane_failures(run.id) == []
    assert len(real_endpoint.calls) == 5
    assert store.results.spent_usd(run.id) == pytest.approx(0.05)
    last = store.results.attempts(run.id)[-1]
    assert (last.status, last.error_kind, last.cost_usd) == ("infrastructure", "budget", 0.01)


async def test_an_unknown_cost_stops_a_run_that_must_be_bounded(
    real_bench: Callable[..., Bench], store: Store, real_endpoint: Endpoint
) -> None:
    real_endpoint.script = lambda _call, _number: completion("137", cost=None)
    run = await real_bench(limits={"max_concurrency": 1}).start("decider")
    assert run.status == "interrupted"
    assert run.stop_reason is not None
    assert "the endpoint reports no cost for real/one and there is no price for it" in run.stop_reason
    assert len(real_endpoint.calls) == 1
    assert store.results.attempts(run.id)[0].cost_usd is None

    price = {"input_per_million": 1, "output_per_million": 2, "as_of": "2026-04-01"}
    again = real_bench(**{'prices."real/one"': price})
    assert (await again.resume(run.id)).status == "completed"
    assert store.results.attempts(run.id)[-1].cost_usd == pytest.approx(140e-6)


async def test_a_refused_key_is_no_try_of_the_case(
    real_bench: Callable[..., Bench], store: Store, real_endpoint: Endpoint
) -> None:
    real_endpoint.script = lambda _call, _number: Reply({"error": "no credit"}, status=402)
    run = await real_bench().start("decider")
    for _ in range(3):
        run = await real_bench().resume(run.id)
    assert run.status == "interrupted"
    real_endpoint.script = lambda _call, _number: completion("137")
    done = await real_bench().resume(run.id)
    assert done.status == "completed"
    assert len(cells(store, run.id)) == CASES


async def test_a_completed_run_is_not_resumed(bench: Callable[..., Bench]) -> None:
    run = await bench().start("decider", per_route=1)
    with pytest.raises(UserError, match="is completed; there is nothing to resume"):
        await bench().resume(run.id)


async def test_an_unknown_run_is_not_resumed(bench: Callable[..., Bench]) -> None:
    with pytest.raises(UserError, match="there is no run decider-9"):
        await bench().resume("decider-9")


@pytest.fixture
async def stopped(real_bench: Callable[..., Bench], real_endpoint: Endpoint) -> str:
    """The id of a run on a real endpoint that stopped at its money limit."""
    real_endpoint.script = lambda _call, _number: completion("137", cost=0.01)
    run = await real_bench(limits={"max_cost_usd": 0.03}).start("decider")
    assert run.status == "interrupted"
    return run.id


async def test_resume_is_refused_when_the_dataset_was_changed_and_sealed(
    real_bench: Callable[..., Bench], stopped: str, project: Path
) -> None:
    folder = project / "datasets/decider/v1"
    lines = (folder / "cases.jsonl").read_text().replace("question 5", "riddle 5")
    (folder / "cases.jsonl").write_text(lines)
    with pytest.raises(DatasetError, match="is not what its manifest says"):
        await real_bench().resume(stopped)
    golden.reseal(folder)
    with pytest.raises(UserError, match=f"decider/v1 has changed since run {stopped} was started; start a new run"):
        await real_bench().resume(stopped)


async def test_resume_is_refused_when_the_taxonomy_was_changed(
    real_bench: Callable[..., Bench], stopped: str, project: Path
) -> None:
    file = project / "datasets/taxonomy/v1/taxonomy.json"
    file.write_text(file.read_text().replace("two kinds of work", "kinds of work"))
    with pytest.raises(UserError, match="the taxonomy has changed"):
        await real_bench().resume(stopped)


async def test_resume_is_refused_on_another_endpoint(
    real_bench: Callable[..., Bench], configure: Configure, store: Store, stopped: str, endpoint: Endpoint
) -> None:
    with serving(Endpoint()) as other:
        config = configure(other, endpoint={"billing_account": "team"}, limits={"max_cost_usd": 1})
        with pytest.raises(
            UserError, match=f"was started on the openai endpoint .* names the openai endpoint {other.url}"
        ):
            await Bench(config, Settings(), store).resume(stopped)
        assert other.calls == []
    with pytest.raises(UserError, match="but the configuration names the simulated endpoint"):
        await Bench(configure(endpoint), Settings(), store).resume(stopped)


@pytest.mark.parametrize(
    ("sections", "sentence"),
    [
        ({"endpoint": {"billing_account": "others"}}, "is billed to team, but the configuration names others"),
        ({"limits": {"max_cost_usd": None}}, "needs an upper bound"),
        ({"limits": {"max_concurrency": 2}, "endpoint": {"max_connections": 1}}, "is above endpoint.max_connections"),
    ],
)
async def test_resume_is_refused_without_a_bound_or_at_anothers_expense(
    real_bench: Callable[..., Bench], store: Store, stopped: str, sections: dict[str, Any], sentence: str
) -> None:
    made = real_bench(limits={"max_cost_usd": 1.0})
    config = made.config.model_dump()
    for name, values in sections.items():
        config[name].update(values)
    changed = Bench(parse_config(config, root=made.config.root), Settings(), store)
    with pytest.raises(UserError, match=sentence):
        await changed.resume(stopped)


async def test_resume_is_refused_when_the_simulation_was_changed(
    bench: Callable[..., Bench], configure: Configure, store: Store, endpoint: Endpoint, datasets: Path
) -> None:
    endpoint.script = lambda _call, number: None if number < 5 else Reply({"error": "who?"}, status=401)
    run = await bench().start("decider")
    other_cast = create_app(golden.world(datasets), golden.cast(empty=0.5), time_scale=0)
    with serving(Endpoint(behind=other_cast)) as other, pytest.raises(UserError, match="endpoint has changed"):
        await Bench(configure(other), Settings(), store).resume(run.id)
    endpoint.script = lambda _call, _number: None
    same = create_app(golden.world(datasets), golden.cast(), time_scale=0)
    with serving(Endpoint(behind=same)) as moved:  # another port is the same simulation
        assert (await Bench(configure(moved), Settings(), store).resume(run.id)).status == "completed"


async def test_a_resumed_run_keeps_to_its_snapshot(
    bench: Callable[..., Bench], store: Store, endpoint: Endpoint
) -> None:
    endpoint.script = lambda _call, number: None if number < 5 else Reply({"error": "who?"}, status=401)
    run = await bench().start("decider")
    endpoint.script = lambda _call, _number: None
    changed = bench(
        decider={"candidates": ["sim/half"], "repetitions": 2},
        policy={"confidence": 0.5, "min_accuracy": 0.1},
        limits={"timeout_s": 7, "max_concurrency": 2},
    )
    done = await changed.resume(run.id)
    assert done.status == "completed"
    assert done.snapshot == run.snapshot
    assert {str(item.candidate) for item in store.results.summaries(run.id)} == {"sim/sure", "sim/wrong"}
    assert set(cells(store, run.id).values()) == {1}
    assert len(cells(store, run.id)) == 2 * CASES


async def test_a_resumed_run_keeps_to_its_prices(
    real_bench: Callable[..., Bench], store: Store, real_endpoint: Endpoint
) -> None:
    def priced(usd: float) -> Bench:
        price = {"input_per_million": usd, "output_per_million": usd, "as_of": "2026-04-01"}
        return real_bench(**{'prices."real/one"': price})

    unpriced = completion("137", cost=None)
    real_endpoint.script = lambda _call, number: unpriced if number < 5 else Reply({"error": "who?"}, status=401)
    run = await priced(1.0).start("decider")
    assert run.status == "interrupted"
    real_endpoint.script = lambda _call, _number: unpriced
    assert (await priced(7.0).resume(run.id)).status == "completed"
    costs = {item.cost_usd for item in store.results.attempts(run.id) if item.status == "graded"}
    assert len(costs) == 1


async def test_a_run_whose_owner_was_replaced_stops_and_leaves_the_run_alone(
    bench: Callable[..., Bench], store: Store, endpoint: Endpoint, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("routelab.bench.run.HEARTBEAT_S", 0.05)

    def script(_call: Call, number: int) -> Reply | None:
        if number == 3:
            with store.database.writing() as connection:
                connection.exec_driver_sql(f"UPDATE runs SET owner_pid = {os.getppid()}")
        if number > 3:
            time.sleep(0.05)
        return None

    endpoint.script = script
    await bench(limits={"max_concurrency": 2}).start("decider")
    [run] = store.runs.all()
    assert run.status == "running"
    assert run.owner is not None
    assert run.owner.pid == os.getppid()
    assert len(store.results.attempts(run.id)) < 2 * CASES


def command(project: Path, *arguments: str) -> list[str]:
    return [sys.executable, "-m", "routelab", *arguments, "--config", str(project / "routelab.toml")]


@pytest.mark.slow
def test_a_killed_process_loses_no_row_and_its_run_is_resumed(
    configure: Configure, project: Path, endpoint: Endpoint
) -> None:
    held: list[int] = []

    def script(_call: Call, number: int) -> Reply | None:
        if number <= 9:
            return None
        held.append(number)
        return Reply(delay_s=60)

    endpoint.script = script
    configure(endpoint)
    environment = {**os.environ, "TMPDIR": str(project)}  # where the killed process leaves its sandboxes
    process = subprocess.Popen(
        command(project, "bench", "decider"), stderr=subprocess.PIPE, cwd=project, env=environment
    )
    while not held:
        assert process.poll() is None, process.communicate()
        time.sleep(0.02)
    second = subprocess.run(command(project, "bench", "decider"), capture_output=True, text=True, cwd=project)
    assert second.returncode == 2
    assert f"is running in process {process.pid}" in second.stderr
    process.send_signal(signal.SIGKILL)
    process.communicate()

    store = open_store(f"sqlite:///{project / '.routelab/routelab.db'}")
    [run] = store.runs.all()
    before = store.results.attempts(run.id)
    assert 9 - 4 <= len(before) <= 9
    endpoint.script = lambda _call, _number: None
    calls = len(endpoint.calls)
    resumed = subprocess.run(
        command(project, "runs", "resume", run.id, "--json"), capture_output=True, text=True, cwd=project
    )
    assert resumed.returncode == 0, resumed.stderr
    assert json.loads(resumed.stdout)["status"] == "completed"
    after = store.results.attempts(run.id)
    assert after[: len(before)] == before
    assert set(cells(store, run.id).values()) == {1}
    assert len(cells(store, run.id)) == len(after) == 2 * CASES
    steps = 2  # the case in the workspace takes three calls a candidate instead of one
    assert len(endpoint.calls) - calls <= 2 * (CASES + steps) - len(before) + 4
    store.close()
