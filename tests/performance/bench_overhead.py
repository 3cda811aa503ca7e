"""Overhead an attempt: routelab beside inspect_ai, both on an endpoint that answers at once.

Prints samples a second and peak memory of each, and their ratio. Each runs in a process of its own,
in turn, three times; the medians are compared.
"""

import asyncio
import json
import os
import resource
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

SAMPLES = 2_000
ROUNDS = 3


def run_routelab() -> float:
    """Seconds for 2,000 answer cases, every row committed."""
    import httpx

    from routelab.bench import Bench
    from routelab.config import Config, parse_config
    from routelab.llm import EndpointClient, MoneyLimit
    from routelab.settings import Settings
    from routelab.store import open_store

    answer = {
        "choices": [{"message": {"content": "42"}, "finish_reason": "stop"}],
        "usage": {"prompt_tokens": 10, "completion_tokens": 1, "cost": 0.0001},
    }

    class Instant(httpx.AsyncBaseTransport):
        async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
            body = {"data": [{"id": "instant"}]} if request.url.path.endswith("/models") else answer
            return httpx.Response(200, json=body)

    def make_client(config: Config, settings: Settings, limit: MoneyLimit) -> EndpointClient:
        return EndpointClient(config.endpoint, limit=limit, transport=Instant())

    with tempfile.TemporaryDirectory() as name:
        root = Path(name)
        _write_dataset(root)
        config = parse_config(
            {
                "endpoint": {"kind": "openai", "billing_account": "nobody"},
                "decider": {"dataset": "decider/v1", "candidates": ["instant"], "agent": "direct"},
                "sandbox": {"kind": "process"},
                "limits": {"max_concurrency": 8, "max_cost_usd": 100.0},
            },
            root=root,
        )
        store = open_store(f"sqlite:///{root / 'routelab.db'}")
        began = time.perf_counter()
        run = asyncio.run(Bench(config, Settings(), store, make_client=make_client).start("decider"))
        elapsed = time.perf_counter() - began
        graded = [attempt for attempt in store.results.attempts(run.id) if attempt.score == 1.0]
        assert run.status == "completed", run.stop_reason
        assert len(graded) == SAMPLES
        return elapsed


def run_inspect() -> float:
    """Seconds for as many samples with inspect_ai's own mock model; its tokenizer is stubbed, being offline."""
    import inspect_ai
    from inspect_ai import Task
    from inspect_ai.dataset import Sample
    from inspect_ai.model import ModelAPI, ModelOutput, get_model
    from inspect_ai.scorer import match
    from inspect_ai.solver import generate

    async def count(_self: ModelAPI, text: str) -> int:
        return len(text) // 4

    ModelAPI.count_text_tokens = count
    outputs = (ModelOutput.from_content("mockllm/model", "42") for _ in range(SAMPLES + 10))
    task = Task(
        dataset=[Sample(input=f"Question {number}: six times seven?", target="42") for number in range(SAMPLES)],
        solver=generate(),
        scorer=match(),
    )
    with tempfile.TemporaryDirectory() as folder:
        began = time.perf_counter()
        [log] = inspect_ai.eval(
            task,
            model=get_model("mockllm/model", custom_outputs=outputs),
            display="none",
            log_dir=folder,
            max_connections=8,
        )
        elapsed = time.perf_counter() - began
    assert log.status == "success", log.error
    return elapsed


def _write_dataset(root: Path) -> None:
    from routelab.datasets import seal

    repository = Path(__file__).parents[2]
    taxonomy = (repository / "datasets/taxonomy/v1/taxonomy.json").read_bytes()
    (root / "datasets/taxonomy/v1").mkdir(parents=True)
    (root / "datasets/taxonomy/v1/taxonomy.json").write_bytes(taxonomy)
    folder = root / "datasets/decider/v1"
    folder.mkdir(parents=True)
    case = {
        "route": "debugging/bug_fixing",
        "difficulty": "low",
        "system_prompt": None,
        "workspace": None,
        "check": {"kind": "exact", "value": "42"},
        "solution": {"answer": "42"},
        "distractors": [{"answer": "41"}, {"answer": "43"}],
        "proof": {"kind": "code", "code": "print(6 * 7)"},
        "rationale": "Arithmetic.",
        "timeout_s": 60,
    }
    rows = (
        {**case, "id": f"bench-case-{number}", "user_prompt": f"Question {number}: six times seven?"}
        for number in range(SAMPLES)
    )
    (folder / "cases.jsonl").write_text("".join(json.dumps(row) + "\n" for row in rows))
    seal(folder, taxonomy_version="v1")


def _measure(name: str) -> tuple[float, float]:
    """Samples a second, and peak memory in MB, of a fresh process."""
    code = f"import runpy; runpy.run_path({__file__!r})['_child']({name!r})"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)
    if done.returncode != 0:
        raise SystemExit(f"{name} failed:\n{done.stderr[-3000:]}")
    seconds, peak_mb = map(float, done.stdout.split()[-2:])
    return SAMPLES / seconds, peak_mb


def _child(name: str) -> None:
    runners: dict[str, Callable[[], float]] = {"routelab": run_routelab, "inspect_ai": run_inspect}
    elapsed = runners[name]()
    print(elapsed, resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024)


def main() -> None:
    os.environ.setdefault("INSPECT_NO_ANSI", "1")
    rates: dict[str, list[float]] = {"routelab": [], "inspect_ai": []}
    peaks: dict[str, list[float]] = {"routelab": [], "inspect_ai": []}
    for _ in range(ROUNDS):
        for name in rates:
            rate, peak = _measure(name)
            rates[name].append(rate)
            peaks[name].append(peak)
    print(f"Overhead of {SAMPLES} answer cases, {ROUNDS} rounds in turn, medians (minimum to maximum)")
    for name, found in rates.items():
        print(
            f"  {name:<10} {statistics.median(found):7.0f} samples/s ({min(found):.0f} to {max(found):.0f}), "
            f"{statistics.median(peaks[name]):.0f} MB"
        )
    ratio = statistics.median(rates["routelab"]) / statistics.median(rates["inspect_ai"])
    memory = statistics.median(peaks["routelab"]) / statistics.median(peaks["inspect_ai"])
    print(f"  routelab / inspect_ai: {ratio:.1f} x samples/s, {memory:.2f} x memory")


if __name__ == "__main__":
    main()
