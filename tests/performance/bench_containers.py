"""What a case in a container costs beyond its agent's own run, and whether the lanes stay busy.

A private Docker engine, stub agents, the endpoint in this process. The agent's own run is timed inside
the container; the rest of the time between two rows of a lane is the overhead: workspace in, setup,
exec, check, wipe, row. Prints the overhead's median and 95th percentile, the share of the allowed lanes
with a case in work from the first case to the last, and the calls to the engine a case, in a short
run and a long one. ROUTELAB_TEST_ENGINE_DATA names a folder that keeps the image for the next time.
"""

import asyncio
import json
import os
import statistics
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, ClassVar

import requests
from msgspec import Struct, structs

from routelab.agents import PROGRAMS, AgentTask, Door
from routelab.agents.stub import StubProgram
from routelab.bench import Bench
from routelab.bench import containers as bench_containers
from routelab.bench.run import Progress
from routelab.bench.streams import read_stream, run_folder
from routelab.config import Config, parse_config
from routelab.datasets import load_decider, seal
from routelab.llm.simulated import World
from routelab.llm.simulated.app import create_app
from routelab.records import Attempt
from routelab.sandbox import Launch
from routelab.sandbox.build import build
from routelab.sandbox.containers import Engine
from routelab.settings import Settings
from routelab.store import open_store
from routelab.taxonomy import load_taxonomy

SCENES = ((1, 40), (2, 40), (4, 40), (4, 160))
"""Lanes, and cases of all of them together."""
ROUTE = "debugging/bug_fixing"
FILES = {
    "shop/__init__.py": "",
    "shop/prices.py": "".join(f"def price_{number}(net):\n    return net * {number}\n\n" for number in range(40)),
    "shop/orders.py": "".join(f"ORDER_{number} = {{'number': {number}, 'open': True}}\n" for number in range(60)),
    "tests/test_prices.py": "import unittest\n\nfrom shop import prices\n" * 20,
    "README.md": "Put the right number into number.txt.\n" * 20,
    "number.txt": "0\n",
}
CHECK = """import unittest


class Number(unittest.TestCase):
    def test_number(self):
        with open("number.txt") as file:
            self.assertEqual(file.read(), "137\\n")
"""


class TimedStub(StubProgram):
    """The stub, which also prints when it was started and when it ended, in ns."""

    def launch(self, task: AgentTask, door: Door) -> Launch:
        made = super().launch(task, door)
        return structs.replace(made, command=f"date +%s%N; {made.command}; code=$?; date +%s%N; exit $code")


class CountingEngine(Engine):
    """Counts the calls to the engine."""

    calls: ClassVar[list[str]] = []

    def __init__(self) -> None:
        super().__init__()
        self.client.api.hooks["response"].append(self._count)

    def _count(self, response: requests.Response, *_: Any, **__: Any) -> None:
        self.calls.append(str(response.request.method))  # from several threads at once


class Row(Struct, frozen=True):
    """A committed attempt: when (in s), and the calls to the engine until then."""

    attempt: Attempt
    at: float
    calls: int


def main() -> None:
    from tests.docker.engine import reason_against

    reason = reason_against()
    if reason is not None:
        print(f"Containers: not measured, {reason}")
        return
    PROGRAMS["stub"] = TimedStub()
    bench_containers.Engine = CountingEngine  # type: ignore[misc]
    with tempfile.TemporaryDirectory() as name:
        root = Path(name)
        (root / "engine").mkdir()
        with _engine(root / "engine"):
            print("A workspace case of a stub agent in a container")
            for lanes, cases in SCENES:
                _print(lanes, *_measure(root / f"{lanes}-{cases}", lanes, cases))


@contextmanager
def _engine(folder: Path) -> Iterator[None]:
    from tests.docker.engine import PrivateEngine

    kept = os.environ.get("ROUTELAB_TEST_ENGINE_DATA")
    private = PrivateEngine(folder, Path(kept) if kept else folder / "data")
    private.start()
    os.environ["DOCKER_HOST"] = private.url
    try:
        connection = Engine()
        build("stub", offline=True, client=connection.client)
        connection.close()
        yield
    finally:
        private.stop()


def _measure(root: Path, lanes: int, cases: int) -> tuple[list[Row], list[float]]:
    """The rows of a run in order, and the seconds of every agent's own run."""
    from tests.integration.bench import golden
    from tests.integration.loopback import Endpoint, serving

    taxonomy = _write_dataset(root, cases)
    world = World(load_taxonomy(taxonomy), [], load_decider(root / "datasets/decider/v1").cases)
    rows: list[Row] = []

    def on_progress(progress: Progress) -> None:
        if progress.attempt is not None:
            rows.append(Row(progress.attempt, time.time(), len(CountingEngine.calls)))

    with serving(Endpoint(behind=create_app(world, golden.cast(), time_scale=0))) as endpoint:
        config = _config(root, endpoint.url, lanes)
        store = open_store(f"sqlite:///{root / 'routelab.db'}")
        run = asyncio.run(Bench(config, Settings(), store).start("decider", on_progress=on_progress))
        store.close()
    assert run.status == "completed", run.stop_reason
    assert [row.attempt.score for row in rows] == [1.0] * cases
    return rows, [_own_s(run_folder(config.work_path, run.id), row.attempt) for row in rows]


def _own_s(folder: Path, attempt: Attempt) -> float:
    printed = read_stream(folder, attempt)
    assert printed is not None
    lines = printed.splitlines()
    return (int(lines[-1]) - int(lines[0])) / 1e9


def _print(lanes: int, rows: list[Row], own_s: list[float]) -> None:
    overheads, before = [], dict[str | None, float]()
    for row, own in zip(rows, own_s, strict=True):
        if row.attempt.lane in before:
            overheads.append(row.at - before[row.attempt.lane] - own)
        before[row.attempt.lane] = row.at
    cuts = statistics.quantiles(overheads, n=20)
    begun = [row.attempt.started_at.timestamp() for row in rows]
    busy_s = sum(row.at - start for row, start in zip(rows, begun, strict=True))
    calls = (rows[-1].calls - rows[0].calls) / (len(rows) - 1)
    print(
        f"  {lanes} at once, {len(rows):3} cases: overhead {statistics.median(overheads):.3f} s, p95 {cuts[-1]:.3f} s "
        f"(own run {statistics.median(own_s):.3f} s); {calls:.1f} engine calls a case; "
        f"{busy_s / lanes / (rows[-1].at - min(begun)):.0%} of the lanes busy"
    )


def _config(root: Path, url: str, lanes: int) -> Config:
    return parse_config(
        {
            "endpoint": {"kind": "simulated", "base_url": url},
            "decider": {"dataset": "decider/v1", "candidates": ["sim/sure"], "agent": "stub"},
            "sandbox": {"memory_mb": 256, "disk_mb": 64, "cpus": 1.0},
            "limits": {"max_concurrency": lanes},
        },
        root=root,
    )


def _write_dataset(root: Path, cases: int) -> Path:
    """A decider dataset of so many workspace cases under `root`, and its taxonomy's file, which is given back."""
    taxonomy = root / "datasets/taxonomy/v1/taxonomy.json"
    taxonomy.parent.mkdir(parents=True)
    taxonomy.write_bytes((Path(__file__).parents[2] / "datasets/taxonomy/v1/taxonomy.json").read_bytes())
    folder = root / "datasets/decider/v1"
    for name, text in FILES.items():
        file = folder / "workspaces/shop" / name
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(text)
    for name, text in (("hidden/shop/hidden_test.py", CHECK), ("setup/shop.sh", "git init -q && git add .\n")):
        (folder / name).parent.mkdir(parents=True)
        (folder / name).write_text(text)
    case = {
        "route": ROUTE,
        "difficulty": "low",
        "system_prompt": None,
        "workspace": "workspaces/shop",
        "setup": "setup/shop.sh",
        "check": {"kind": "command", "command": "python3 -B -m unittest -q hidden_test", "hidden": "hidden/shop"},
        "solution": {"commands": "echo 137 > number.txt"},
        "distractors": [{"commands": "echo 1 > number.txt"}, {"commands": "rm number.txt"}],
        "proof": {"kind": "check"},
        "rationale": "A number.",
        "timeout_s": 60,
    }
    rows = (
        {
            **case,
            "id": f"bench-case-{number}",
            "user_prompt": f"Put the right number into number.txt, request {number}.",
        }
        for number in range(cases)
    )
    (folder / "cases.jsonl").write_text("".join(json.dumps(row) + "\n" for row in rows))
    seal(folder, taxonomy_version="v1")
    return taxonomy


if __name__ == "__main__":
    sys.path.insert(0, str(Path(__file__).parents[2]))  # where `tests` lies
    main()
