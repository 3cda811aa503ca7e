"""Classifier runs with the local classifier as a candidate."""

from collections.abc import Callable
from pathlib import Path

import pytest
from tests.integration.loopback import Endpoint

from routelab.bench import Bench
from routelab.config import parse_config
from routelab.errors import UserError
from routelab.settings import Settings
from routelab.store import Store

REPOSITORY = Path(__file__).parents[3]


def golden_bench(store: Store, *candidates: str) -> Bench:
    """A bench over the repository's golden requests whose endpoint does not exist."""
    sections = {
        "paths": {"datasets": str(REPOSITORY / "datasets")},
        "endpoint": {"kind": "simulated", "base_url": "http://127.0.0.1:9/v1", "attempts": 1},
        "classifier": {"dataset": "classifier/v2", "candidates": list(candidates)},
    }
    return Bench(parse_config(sections, root=REPOSITORY), Settings(), store)


async def test_it_is_measured_on_the_whole_golden_set_without_an_endpoint(store: Store) -> None:
    run = await golden_bench(store, "local/tfidf").start("classifier")
    assert run.status == "completed"
    [whole] = [item for item in store.results.summaries(run.id) if item.route is None]
    assert (whole.cases, whole.infrastructure_failures, whole.avg_cost_usd) == (216, 0, 0.0)
    assert whole.accuracy is not None
    assert whole.accuracy > 0.6
    assert whole.p50_latency_ms is not None
    attempt = store.results.attempts(run.id)[0]
    assert attempt.latency_ms is not None
    assert attempt.event_tail is not None
    assert attempt.event_tail.startswith("local model ")


async def test_it_is_never_carried_since_it_may_be_trained_again(store: Store) -> None:
    await golden_bench(store, "local/tfidf").start("classifier", per_route=1)
    again = await golden_bench(store, "local/tfidf").start("classifier", per_route=1)
    assert [item.carried_from for item in store.runs.candidates(again.id)] == [None]


async def test_a_local_classifier_that_does_not_exist_is_refused(store: Store) -> None:
    with pytest.raises(UserError, match="local/bert"):
        await golden_bench(store, "local/bert").start("classifier")


async def test_another_taxonomy_than_it_was_trained_for_is_refused_before_there_is_a_run(
    bench: Callable[..., Bench], store: Store, endpoint: Endpoint
) -> None:
    made = bench(classifier={"candidates": ["sim/sure", "local/tfidf"]})
    with pytest.raises(UserError, match="another taxonomy") as caught:
        await made.start("classifier")
    assert caught.value.exit_code == 2
    assert "\n" not in str(caught.value)
    assert store.runs.all() == []
    assert endpoint.calls == []


async def test_models_beside_it_are_still_asked_for_at_the_endpoint(bench: Callable[..., Bench]) -> None:
    with pytest.raises(UserError, match="does not list sim/none"):
        await bench(classifier={"candidates": ["sim/none", "local/tfidf"]}).start("classifier")
