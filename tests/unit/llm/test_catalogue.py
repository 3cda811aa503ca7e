from typing import Any

import pytest

from routelab.config import CapabilityConfig
from routelab.llm import ListedModel, known_capabilities
from routelab.llm.catalogue import listed_models
from routelab.llm.simulated import load_cast
from routelab.llm.simulated.apis import models
from routelab.records import Capabilities


@pytest.mark.parametrize(
    ("item", "expected"),
    [
        (
            {
                "context_length": 200_000,
                "architecture": {"input_modalities": ["text", "image"], "modality": "text+image->text"},
                "supported_parameters": ["tools", "reasoning"],
            },
            ListedModel(frozenset({"tools", "reasoning"}), Capabilities(200_000, ("text", "image"))),
        ),
        ({"object": "model", "max_model_len": 32_768}, ListedModel(None, Capabilities(32_768, None))),
        ({"object": "model", "owned_by": "openai"}, ListedModel()),
        ({"context_length": None, "architecture": None, "supported_parameters": None}, ListedModel()),
        ({"context_length": 0, "architecture": {"input_modalities": None}}, ListedModel()),
        ({"context_length": "8k", "architecture": ["text"], "supported_parameters": "tools"}, ListedModel()),
        ({"context_length": True, "max_model_len": -1}, ListedModel()),
    ],
    ids=["openrouter", "vllm", "ids only", "nulls", "zero", "strings", "junk"],
)
def test_a_list_tells_what_it_tells(item: dict[str, Any], expected: ListedModel) -> None:
    assert listed_models({"data": [{"id": "m", **item}]}) == {"m": expected}


@pytest.mark.parametrize("body", [{}, {"data": None}, {"data": {"id": "m"}}])
def test_what_is_no_list(body: dict[str, Any]) -> None:
    assert listed_models(body) is None


def test_the_simulated_endpoint_lists_what_its_models_can_take() -> None:
    cast = load_cast()
    for body in (models.listed(cast), models.listed_for_openrouter(cast)):
        listed = listed_models(body)
        assert listed is not None
        told = {name: item.capabilities for name, item in listed.items()}
        assert told == {name: Capabilities(model.context_length, ("text",)) for name, model in cast.models.items()}


def test_what_is_configured_wins_and_what_it_leaves_out_is_filled() -> None:
    listed = {name: ListedModel(None, Capabilities(1000, ("text", "image"))) for name in ("a", "b", "c")}
    configured = {
        "a": CapabilityConfig(context_length=500),
        "b": CapabilityConfig(input_modalities=()),
        "d": CapabilityConfig(context_length=7),
    }
    assert known_capabilities(configured, listed) == {
        "a": Capabilities(500, ("text", "image")),
        "b": Capabilities(1000, ()),
        "c": Capabilities(1000, ("text", "image")),
        "d": Capabilities(7, None),
    }
