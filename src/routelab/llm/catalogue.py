"""What an endpoint lists: its models, and what each can take."""

from collections.abc import Mapping
from typing import Any

from msgspec import Struct

from routelab.config import CapabilityConfig
from routelab.records import Capabilities


class ListedModel(Struct, frozen=True):
    """One model of an endpoint's list; what the list does not tell is None.

    `parameters`: those of a request that it supports.
    """

    parameters: frozenset[str] | None = None
    capabilities: Capabilities = Capabilities()


def listed_models(body: Mapping[str, Any]) -> dict[str, ListedModel] | None:
    """The models in the body of `GET /models` by id; None when it is no list.

    OpenRouter tells `context_length`, `architecture.input_modalities` and `supported_parameters`,
    vLLM `max_model_len`; many others tell ids only.
    """
    listed = body.get("data")
    if not isinstance(listed, list):
        return None
    return {str(item["id"]): _model(item) for item in listed if isinstance(item, dict) and "id" in item}


def known_capabilities(
    configured: Mapping[str, CapabilityConfig], listed: Mapping[str, ListedModel]
) -> dict[str, Capabilities]:
    """What is known of every model by id: what is configured, and where that says nothing, what is listed."""
    known = {model: item.capabilities for model, item in listed.items()}
    for model, said in configured.items():
        told = known.get(model, Capabilities())
        known[model] = Capabilities(
            told.context_length if said.context_length is None else said.context_length,
            told.input_modalities if said.input_modalities is None else said.input_modalities,
        )
    return known


def _model(item: Mapping[str, Any]) -> ListedModel:
    parameters = _words(item.get("supported_parameters"))
    architecture = item.get("architecture")
    modalities = _words(architecture.get("input_modalities")) if isinstance(architecture, dict) else None
    length = _count(item.get("context_length")) or _count(item.get("max_model_len"))
    return ListedModel(None if parameters is None else frozenset(parameters), Capabilities(length, modalities))


def _words(listed: Any) -> tuple[str, ...] | None:
    return tuple(map(str, listed)) if isinstance(listed, list) else None


def _count(value: Any) -> int | None:
    return value if isinstance(value, int) and not isinstance(value, bool) and value > 0 else None
