import json
import tomllib
from pathlib import Path

from tests.integration.loopback import Endpoint, Reply, serving
from tests.unit.cli.conftest import Routelab

LISTED = [
    {"id": "acme/large", "context_length": 200_000, "architecture": {"input_modalities": ["text", "image"]}},
    {"id": 'acme/"odd"', "max_model_len": 8192},
    {"id": "acme/plain"},
]


def test_what_the_endpoints_models_can_take(routelab: Routelab, tmp_path: Path) -> None:
    with serving(Endpoint(models=Reply({"data": LISTED}))) as endpoint:
        (tmp_path / "routelab.toml").write_text(
            f'endpoint = {{ base_url = "{endpoint.url}" }}\n[capabilities."acme/large"]\ncontext_length = 100\n'
        )
        told = json.loads(routelab("endpoint", "models", "--json").out)
        sections = routelab("endpoint", "models", "--toml").out
        shown = routelab("endpoint", "models").out
    assert told["acme/large"] == {"context_length": 100, "input_modalities": ["text", "image"]}
    assert told["acme/plain"] == {"context_length": None, "input_modalities": None}
    known = {model: {name: value for name, value in able.items() if value is not None} for model, able in told.items()}
    assert tomllib.loads(sections) == {"capabilities": known}
    (tmp_path / "routelab.toml").write_text(sections)
    assert routelab("config", "check").code == 0
    assert "text, image" in shown


def test_an_endpoint_without_a_list_is_one_sentence(routelab: Routelab, tmp_path: Path) -> None:
    with serving(Endpoint(models=Reply({}, status=404))) as endpoint:
        (tmp_path / "routelab.toml").write_text(f'endpoint = {{ base_url = "{endpoint.url}" }}\n')
        result = routelab("endpoint", "models")
    assert (result.code, result.out) == (2, "")
    assert result.err == f"routelab: the endpoint {endpoint.url} has no list of models\n"
