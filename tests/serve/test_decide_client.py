"""DecideClient against a real shim in its own process."""

import asyncio
from pathlib import Path

import pytest
from tests.serve.conftest import CALL_COST_USD
from tests.serve.test_process import environment, serving

from routelab.client import Chosen, DecideClient, SyncDecideClient
from routelab.records import Candidate, Constraints, Policy, PoolEntry

FALLBACK = Candidate("safe", "medium")
BODY = {"model": "routelab/auto", "messages": [{"role": "user", "content": "It crashes on start"}]}
ASKED = {"user_id": "ann", "session_id": "s1", "request": BODY, "api_kind": "chat_completions"}


@pytest.fixture
def shim_url(tmp_path, endpoint, root, store_url, make_table, publish):
    publish(make_table())
    file: Path = tmp_path / "routelab.toml"
    file.write_text(
        f'paths = {{ datasets = "{root / "datasets"}", work = "work" }}\n'
        f'endpoint = {{ base_url = "{endpoint.url}" }}\n'
        'serve = { classifier = "sorter", budget_ms = 5000 }\n'
    )
    env = environment(file, ROUTELAB_STORE_URL=store_url, ROUTELAB_DECIDE_KEYS="decide-key")
    with serving(env, tmp_path) as url:
        yield url


async def test_a_conversation_is_decided_billed_once_and_kept(shim_url):
    async with DecideClient(shim_url, fallback=FALLBACK, key="decide-key", timeout_s=10) as client:
        first = await client.decide(**ASKED)
        second = await client.decide(**ASKED)
        dearer = await client.decide(**ASKED, policy=Policy(denied_models=("cheap",)))
        outside = await client.decide(**ASKED, policy=Policy(pool=(PoolEntry("nobody"),)))
    assert first.chosen == Chosen(model="cheap", variant=None, is_fallback=False)
    assert (first.cost_usd, second.cost_usd) == (pytest.approx(CALL_COST_USD), 0)
    assert (first.classification["cached"], second.classification["cached"]) == (False, True)
    assert first.decision_id != second.decision_id
    assert (dearer.chosen.model, dearer.decision.switch_reason) == ("middle", "unavailable")
    assert outside.chosen == Chosen(model="safe", variant="medium", is_fallback=True)
    assert (outside.reason, outside.decision_id is not None) == ("no_candidate", True)


async def test_questions_at_the_same_time_are_billed_once(shim_url, endpoint):
    endpoint.delay_s = 0.2
    async with DecideClient(shim_url, fallback=FALLBACK, key="decide-key", timeout_s=10) as client:
        answers = await asyncio.gather(*(client.decide(**ASKED) for _ in range(10)))
    assert {answer.chosen.model for answer in answers} == {"cheap"}
    assert sum(answer.cost_usd for answer in answers) == pytest.approx(CALL_COST_USD)


async def test_what_the_shim_refuses_gives_the_fallback(shim_url):
    async with DecideClient(shim_url, fallback=FALLBACK, key="wrong") as stranger:
        refused = await stranger.decide(**ASKED)
    async with DecideClient(shim_url, fallback=FALLBACK, key="decide-key") as client:
        malformed = await client.decide(**ASKED, policy={"routing_mode": "cheapest"})
        unable = await client.decide(**ASKED, constraints=Constraints(input_modalities=("image",)))
    assert (refused.chosen.model, refused.reason) == ("safe", "refused")
    assert (malformed.chosen.model, malformed.reason) == ("safe", "refused")
    assert (unable.chosen.model, unable.reason) == ("safe", "no_candidate")


def test_the_synchronous_twin_gets_the_same(shim_url):
    with SyncDecideClient(shim_url, fallback=FALLBACK, key="decide-key", timeout_s=10) as client:
        answer = client.decide(**ASKED)
    assert answer.chosen.model == "cheap"
    assert answer.decision.evidence == "proven"
