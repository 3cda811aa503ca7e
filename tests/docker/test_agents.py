"""Every real agent on golden workspace cases: the grades are what the simulated models deserve."""

import json
import shutil
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from tests.integration.loopback import Endpoint, serving

from routelab.bench import Bench
from routelab.config import load_config
from routelab.datasets import Dataset, load_decider, seal
from routelab.llm.simulated import World, load_cast
from routelab.llm.simulated.app import create_app
from routelab.llm.simulated.solving import _choose
from routelab.llm.simulated.spoiling import spoilt
from routelab.records import Attempt, Candidate, DeciderCase
from routelab.settings import Settings
from routelab.store import open_store
from routelab.taxonomy import load_taxonomy

pytestmark = pytest.mark.docker
DATASETS = Path(__file__).parents[2] / "datasets"
MODELS = ("sim/atlas-large", "sim/drift-nano")
LANES = 2


@pytest.fixture(scope="module")
def golden_cases() -> Dataset[DeciderCase]:
    return load_decider(DATASETS / "decider/v2")


@pytest.fixture(scope="module")
def url(golden_cases: Dataset[DeciderCase]) -> Iterator[str]:
    world = World(load_taxonomy(DATASETS / "taxonomy/v1/taxonomy.json"), (), golden_cases.cases)
    with serving(Endpoint(behind=create_app(world, load_cast(), time_scale=0))) as served:
        yield served.url


def chosen(cases: Dataset[DeciderCase], start: int, stop: int) -> list[DeciderCase]:
    """A part of: workspace cases that a command checks, one a route, in turn failed and solved by the weaker model."""
    by_route: dict[str, DeciderCase] = {}
    for case in cases.cases:
        if case.workspace is not None and "CommandCheck" in repr(case.check):
            by_route.setdefault(case.route, case)
    solved: dict[float, list[DeciderCase]] = {0.0: [], 1.0: []}
    for case in by_route.values():
        solved[deserved(case, MODELS[1])].append(case)
    in_turn = [case for pair in zip(solved[0.0], solved[1.0], strict=False) for case in pair]
    return in_turn[start:stop]


def write_dataset(folder: Path, cases: list[DeciderCase]) -> None:
    """A dataset of these cases only."""
    shutil.copytree(DATASETS / "taxonomy", folder / "taxonomy")
    small = folder / "decider/v2"
    shutil.copytree(DATASETS / "decider/v2", small, ignore=lambda *_: {"manifest.json", "quotas.json"})
    wanted = {case.id for case in cases}
    lines = (DATASETS / "decider/v2/cases.jsonl").read_text().splitlines()
    (small / "cases.jsonl").write_text("".join(f"{line}\n" for line in lines if json.loads(line)["id"] in wanted))
    seal(small, taxonomy_version="v1")


def deserved(case: DeciderCase, model: str) -> float:
    """1 where the simulated model knows the answer and gives it unspoilt."""
    player = load_cast().player(Candidate(model))
    return float(_choose(player, case, 1) == case.solution and spoilt(player, case.id, 1) is None)


async def measured(folder: Path, url: str, agent: str, cases: list[DeciderCase]) -> list[Attempt]:
    """Every attempt of a run of the agent on these cases with both models."""
    write_dataset(folder / "datasets", cases)
    file = folder / "routelab.toml"
    file.write_text(
        f'[endpoint]\nkind = "simulated"\nbase_url = "{url}"\n'
        f'[decider]\ndataset = "decider/v2"\nagent = "{agent}"\ncandidates = {json.dumps(MODELS)}\n'
        f"[limits]\nmax_concurrency = {LANES}\ntimeout_s = 120\n"
    )
    config = load_config(file)
    store = open_store(f"sqlite:///{folder / 'store.db'}")
    try:
        began = time.monotonic()
        run = await Bench(config, Settings(), store).start("decider")
        attempts = store.results.attempts(run.id)
        assert run.status == "completed", run.stop_reason
    finally:
        store.close()
    _print(agent, attempts, time.monotonic() - began)
    return attempts


def _print(agent: str, attempts: list[Attempt], wall_s: float) -> None:
    print(f"\n{agent}: {len(attempts)} attempts in {wall_s:.0f} s on {LANES} lanes")
    for row in attempts:
        said = "nothing" if row.agent_cost_usd is None else f"${row.agent_cost_usd:.6f}"
        outcome = f"{row.status} {row.score} {row.error_kind or ''}"
        spent = f"{(row.latency_ms or 0) / 1000:5.1f} s  billed ${row.cost_usd or 0:.6f}, the agent says {said}"
        print(f"  {row.case_id:<66} {row.candidate!s:<16} {spent}  {outcome}")


def assert_as_deserved(attempts: list[Attempt], cases: list[DeciderCase]) -> None:
    graded = {(row.case_id, row.candidate.model): row.score for row in attempts if row.status == "graded"}
    expected = {(case.id, model): deserved(case, model) for case in cases for model in MODELS}
    assert graded == expected
    assert all(row.cost_usd for row in attempts if row.status == "graded")
    assert set(expected.values()) == {0.0, 1.0}


@pytest.mark.parametrize(
    ("start", "stop"), [pytest.param(0, 4, id="4"), pytest.param(4, 12, id="8-more", marks=pytest.mark.slow)]
)
async def test_kilo(
    start: int, stop: int, tmp_path: Path, url: str, golden_cases: Dataset[DeciderCase], image: Callable[[str], str]
) -> None:
    image("kilo")
    cases = chosen(golden_cases, start, stop)
    assert len(cases) == stop - start
    attempts = await measured(tmp_path, url, "kilo", cases)
    assert_as_deserved(attempts, cases)
    for row in attempts:  # kilo is told what the endpoint bills, so both figures agree
        if row.status == "graded" and row.finish_reason == "stop":
            assert row.agent_cost_usd == pytest.approx(row.cost_usd)


@pytest.mark.parametrize("agent", ["codex", "opencode", "claude-code", "mini-swe-agent"])
async def test_another_agent(
    agent: str, tmp_path: Path, url: str, golden_cases: Dataset[DeciderCase], image: Callable[[str], str]
) -> None:
    image(agent)
    cases = chosen(golden_cases, 0, 3)
    assert_as_deserved(await measured(tmp_path, url, agent, cases), cases)
