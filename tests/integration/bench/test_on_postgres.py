"""A run into PostgreSQL, which is stricter about text than SQLite."""

from collections.abc import Callable, Iterator
from dataclasses import replace
from typing import Any

import pytest
from tests.integration.bench.golden import CASES
from tests.integration.loopback import SIMULATED, Call, Endpoint, Reply, completion
from tests.services import postgres_server

from routelab.bench import Bench
from routelab.publish import publish_decider, table_rules
from routelab.settings import Settings
from routelab.store import Store, open_store

pytestmark = pytest.mark.postgres


@pytest.fixture
def postgres() -> Iterator[Store]:
    with postgres_server() as url:
        store = open_store(url)
        yield store
        store.close()


async def test_odd_answers_are_stored_and_the_run_completes(
    configure: Callable[..., Any], endpoint: Endpoint, postgres: Store
) -> None:
    odd = replace(completion("null \x00, half \ud800\n137", finish_reason="stop"), headers=SIMULATED)
    strange = replace(completion("x", finish_reason="\x00" + "y" * 500), headers=SIMULATED)
    invalid = replace(completion('{"' + "k" * 500 + '\x00": 1}'), headers=SIMULATED)

    def script(call: Call, _: int) -> Reply | None:
        prompt = str(call.body["messages"])
        answers = {"question 3 about": odd, "question 4 about": strange, "Request 3 for": invalid}
        return next((reply for part, reply in answers.items() if part in prompt), None)

    endpoint.script = script
    bench = Bench(configure(endpoint), Settings(), postgres)
    decider = await bench.start("decider")
    classifier = await bench.start("classifier")
    assert (decider.status, classifier.status) == ("completed", "completed")
    assert postgres.results.lane_failures(decider.id) == postgres.results.lane_failures(classifier.id) == []
    assert len(postgres.results.attempts(decider.id)) == 2 * CASES
    assert postgres.tables.live() is None
    table = publish_decider(postgres, decider.id, table_rules(bench.config))
    assert postgres.tables.live() == table
