"""A benchmark on models whose true skill is known finds that skill."""

import asyncio
from math import sqrt
from pathlib import Path

import pytest

from routelab.bench import Bench
from routelab.config import load_config, parse_config
from routelab.datasets import load_classifier, load_decider
from routelab.llm.simulated import World, load_cast, true_accuracy
from routelab.llm.simulated.app import create_app
from routelab.llm.simulated.server import running
from routelab.settings import Settings
from routelab.store import open_store
from routelab.taxonomy import load_taxonomy

ROOT = Path(__file__).parents[2]


@pytest.mark.slow
def test_measured_accuracy_agrees_with_true_skill(tmp_path: Path) -> None:
    config = load_config(ROOT / "routelab.toml")
    world = World(
        load_taxonomy(config.taxonomy_path),
        load_classifier(config.dataset_path(config.classifier.dataset)).cases,
        load_decider(config.dataset_path(config.decider.dataset)).cases,
    )
    store = open_store(f"sqlite:///{tmp_path / 'routelab.db'}")

    async def measure() -> str:
        async with running(create_app(world, load_cast(), time_scale=0.1)) as server:
            given = config.model_dump()
            given["endpoint"]["base_url"] = server.url
            bench = Bench(parse_config(given, root=config.root), Settings(), store)
            return (await bench.start("decider")).id

    run_id = asyncio.run(measure())
    cast = load_cast()
    summaries = [summary for summary in store.results.summaries(run_id) if summary.route is None]
    assert len(summaries) == len(config.decider.candidates)
    for summary in summaries:
        by_route = true_accuracy(cast, summary.candidate, world.decider)
        true = sum(by_route.values()) / len(by_route)
        assert summary.accuracy is not None
        assert summary.infrastructure_failures == 0
        # 4 standard errors: one false alarm in some 15,000 candidates.
        assert abs(summary.accuracy - true) < 4 * sqrt(true * (1 - true) / summary.cases), summary.candidate
