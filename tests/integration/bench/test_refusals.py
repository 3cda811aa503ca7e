"""What is refused before anything is paid for."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from tests.integration.bench.golden import reseal
from tests.integration.loopback import Endpoint, Reply, closed_port
from tests.spec import samples

from routelab.bench import Bench
from routelab.errors import ConfigError, DatasetError, EndpointError, UserError
from routelab.records import Candidate, RunCandidate
from routelab.settings import Settings
from routelab.store import Store, open_store

Configure = Callable[..., Any]


@pytest.fixture(autouse=True)
def nothing_was_paid(endpoint: Endpoint, real_endpoint: Endpoint, store: Store) -> Any:
    """No test here may cost anything or leave a run behind."""
    before = len(store.runs.all())
    yield
    assert endpoint.calls == []
    assert real_endpoint.calls == []
    assert [run for run in store.runs.all() if not run.id.startswith("decider-live")] == []
    assert before == 0


async def test_a_run_without_candidates(bench: Callable[..., Bench]) -> None:
    with pytest.raises(UserError, match=r"there is nothing to measure: list models under decider\.candidates"):
        await bench(decider={"candidates": []}).start("decider")


async def test_an_impossible_budget(bench: Callable[..., Bench]) -> None:
    with pytest.raises(UserError, match=r"2 candidates x 3 repetitions need as many lanes, but .* is 5"):
        await bench(decider={"repetitions": 3}, limits={"max_concurrency": 5}).start("decider")


async def test_lanes_that_would_wait_for_connections(bench: Callable[..., Bench]) -> None:
    with pytest.raises(UserError, match=r"limits\.max_concurrency \(4\) is above endpoint\.max_connections \(3\)"):
        await bench(endpoint={"max_connections": 3}).start("decider")


async def test_a_candidate_the_endpoint_does_not_list(bench: Callable[..., Bench]) -> None:
    with pytest.raises(UserError, match=r"does not list sim/unheard-of@high; see decider\.candidates"):
        await bench(decider={"candidates": ["sim/sure", "sim/unheard-of@high"]}).start("decider")


async def test_a_variant_the_endpoint_would_ignore(real_bench: Callable[..., Bench], real_endpoint: Endpoint) -> None:
    real_endpoint.models = Reply({"data": [{"id": "real/one", "supported_parameters": ["tools", "temperature"]}]})
    with pytest.raises(UserError, match="defines no reasoning effort for real/one@high; leave the variant out"):
        await real_bench(decider={"candidates": ["real/one@high"]}).start("decider")


async def test_a_duplicate_candidate(configure: Configure, endpoint: Endpoint) -> None:
    with pytest.raises(ConfigError, match=r"decider: candidate sim/sure@high stands twice"):
        configure(endpoint, decider={"candidates": ["sim/sure@high", "sim/sure", "sim/sure@high"]})


@pytest.mark.parametrize(
    ("section", "sentence"),
    [
        ({"limits": {}}, r"needs an upper bound: set limits\.max_cost_usd"),
        ({"limits": {"max_cost_usd": 1}}, r"who pays: set endpoint\.billing_account"),
        ({"limits": {"max_cost_usd": 1}, "endpoint": {"billing_account": ""}}, r"set endpoint\.billing_account"),
    ],
)
async def test_a_real_endpoint_without_a_bound_or_a_payer(
    configure: Configure, real_endpoint: Endpoint, store: Store, section: dict[str, Any], sentence: str
) -> None:
    with pytest.raises(UserError, match=sentence):
        await Bench(configure(real_endpoint, **section), Settings(), store).start("decider")


async def test_real_models_as_plain_processes(configure: Configure, real_endpoint: Endpoint, store: Store) -> None:
    config = configure(
        real_endpoint,
        endpoint={"billing_account": "team"},
        limits={"max_cost_usd": 1},
        sandbox={"allow_real_models": False},
    )
    with pytest.raises(UserError, match=r'set sandbox.kind to "docker", or sandbox.allow_real_models'):
        await Bench(config, Settings(), store).start("decider")
    assert real_endpoint.calls == []


async def test_a_simulated_endpoint_that_is_configured_as_real(
    configure: Configure, endpoint: Endpoint, store: Store
) -> None:
    section = {"kind": "openai", "billing_account": "team"}
    config = configure(endpoint, endpoint=section, limits={"max_cost_usd": 1}, sandbox={"allow_real_models": True})
    with pytest.raises(EndpointError, match="the endpoint is a simulated one"):
        await Bench(config, Settings(), store).start("decider")


async def test_a_real_endpoint_that_is_configured_as_simulated(
    configure: Configure, real_endpoint: Endpoint, store: Store
) -> None:
    config = configure(real_endpoint, endpoint={"kind": "simulated"})
    with pytest.raises(EndpointError, match="the endpoint is not a simulated one"):
        await Bench(config, Settings(), store).start("decider")


async def test_an_endpoint_that_is_not_there(configure: Configure, endpoint: Endpoint, store: Store) -> None:
    url = f"http://127.0.0.1:{closed_port()}/v1"
    config = configure(endpoint, endpoint={"base_url": url, "attempts": 1})
    with pytest.raises(EndpointError, match=f"cannot reach {url}"):
        await Bench(config, Settings(), store).start("decider")


async def test_a_key_that_no_header_carries(
    configure: Configure, endpoint: Endpoint, store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("ROUTELAB_API_KEY", "sk-“curly0123456789”")
    with pytest.raises(ConfigError, match="ROUTELAB_API_KEY holds characters") as caught:
        await Bench(configure(endpoint), Settings(), store).start("decider")
    assert "curly" not in str(caught.value)


async def test_a_second_run_of_the_kind_while_the_first_lives(
    bench: Callable[..., Bench], store: Store, project: Path
) -> None:
    other = open_store(f"sqlite:///{project / '.routelab/routelab.db'}")
    other.runs.create(samples.run("decider-live"), [RunCandidate(Candidate("sim/sure"))])
    with pytest.raises(UserError, match="decider run decider-live is running in process"):
        await bench().start("decider")
    other.close()


def edited(project: Path, **changes: Any) -> Path:
    """Change the first decider case, and give its folder."""
    folder = project / "datasets/decider/v1"
    first, *rest = (folder / "cases.jsonl").read_text().splitlines()
    changed = json.dumps({**json.loads(first), **changes})
    (folder / "cases.jsonl").write_text("\n".join([changed, *rest]) + "\n")
    return folder


async def test_a_dataset_that_is_not_what_its_manifest_says(bench: Callable[..., Bench], project: Path) -> None:
    folder = edited(project, user_prompt="Something easier")
    with pytest.raises(DatasetError, match=f"{folder} is not what its manifest says"):
        await bench().start("decider")


async def test_a_hidden_file_that_is_not_what_the_manifest_says(bench: Callable[..., Bench], project: Path) -> None:
    (project / "datasets/decider/v1/hidden/bug/check.sh").write_text("true\n")
    with pytest.raises(DatasetError, match="is not what its manifest says"):
        await bench().start("decider")


async def test_a_broken_line(bench: Callable[..., Bench], project: Path) -> None:
    reseal(edited(project, difficulty="devilish"))
    with pytest.raises(DatasetError, match=r"cases\.jsonl:1: difficulty: "):
        await bench().start("decider")


async def test_an_unknown_route(bench: Callable[..., Bench], project: Path) -> None:
    reseal(edited(project, route="cooking/soup"))
    with pytest.raises(DatasetError, match=r"case debugging-bug-fixing-0: route 'cooking/soup' is not in the taxonomy"):
        await bench().start("decider")


async def test_a_dataset_of_the_other_kind(bench: Callable[..., Bench]) -> None:
    with pytest.raises(DatasetError):
        await bench(decider={"dataset": "classifier/v1"}).start("decider")


async def test_a_dataset_that_is_not_there(bench: Callable[..., Bench]) -> None:
    with pytest.raises(DatasetError, match="is no dataset: cannot read manifest"):
        await bench(decider={"dataset": "decider/v9"}).start("decider")
