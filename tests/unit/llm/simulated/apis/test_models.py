import pytest

from routelab.llm.simulated import load_cast
from routelab.llm.simulated.apis import models
from routelab.llm.simulated.simulator import CallError


@pytest.mark.parametrize(
    ("data", "effort"),
    [
        (models.listed(load_cast())["data"], "reasoning_effort"),
        (models.listed_for_openrouter(load_cast())["data"], "reasoning"),
    ],
)
def test_models_are_listed_with_their_price_per_token(data: list[dict[str, object]], effort: str) -> None:
    cast = load_cast()
    listed = {model["id"]: model for model in data}
    assert list(listed) == list(cast.models)
    for name, model in cast.models.items():
        pricing = listed[name]["pricing"]
        assert isinstance(pricing, dict)
        assert float(pricing["prompt"]) * 1e6 == pytest.approx(model.input_usd_per_million)
        assert float(pricing["completion"]) * 1e6 == pytest.approx(model.output_usd_per_million)
        assert "e" not in pricing["prompt"].casefold()
        assert listed[name]["context_length"] == model.context_length
        parameters = listed[name]["supported_parameters"]
        assert isinstance(parameters, list)
        assert "tools" in parameters
        assert (effort in parameters) == bool(model.variants)


def test_kilo_is_told_what_it_asks_for_a_variant() -> None:
    [high] = [model for model in models.listed_for_openrouter(load_cast())["data"] if model["id"] == "sim/beacon-pro"]
    assert high["opencode"] == {"variants": {"high": {"reasoning": {"effort": "high"}}}}


def test_one_model_is_described_as_in_the_list() -> None:
    cast = load_cast()
    assert [models.described(cast, name) for name in cast.models] == models.listed(cast)["data"]
    with pytest.raises(CallError, match="'sim/none' does not exist") as caught:
        models.described(cast, "sim/none")
    assert (caught.value.status, caught.value.code) == (404, "model_not_found")
