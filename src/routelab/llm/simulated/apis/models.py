"""The lists of models, as the OpenAI API and as OpenRouter give them."""

from decimal import Decimal
from typing import Any

from routelab.llm.simulated.cast import Cast, Model
from routelab.llm.simulated.simulator import unknown_model

_PARAMETERS = ("tools", "tool_choice", "stream")


def listed(cast: Cast) -> dict[str, Any]:
    """The body of `/v1/models`; prices are USD per token, written as decimals."""
    return {"object": "list", "data": [described(cast, name) for name in cast.models]}


def listed_for_openrouter(cast: Cast) -> dict[str, Any]:
    """The body of `/api/openrouter/models`."""
    return {"data": [_for_openrouter(name, model) for name, model in cast.models.items()]}


def described(cast: Cast, name: str) -> dict[str, Any]:
    """The body of `/v1/models/{name}`; CallError with status 404 for a model that is not in the cast."""
    model = cast.models.get(name)
    if model is None:
        raise unknown_model(name)
    return {
        "id": name,
        "object": "model",
        "created": 0,
        "owned_by": "simulation",
        "context_length": model.context_length,
        "architecture": {"input_modalities": ["text"]},
        "pricing": _pricing(model),
        "supported_parameters": [*_PARAMETERS, *(["reasoning_effort"] if model.variants else [])],
    }


def _for_openrouter(name: str, model: Model) -> dict[str, Any]:
    return {
        "id": name,
        "name": name,
        "created": 0,
        "description": "An invented model.",
        "context_length": model.context_length,
        "architecture": {"input_modalities": ["text"], "output_modalities": ["text"]},
        "pricing": _pricing(model),
        "top_provider": {"context_length": model.context_length, "is_moderated": False},
        "supported_parameters": [*_PARAMETERS, *(["reasoning"] if model.variants else [])],
        # kilo offers a variant only where it is described here.
        "opencode": {"variants": {variant: {"reasoning": {"effort": variant}} for variant in model.variants}},
    }


def _pricing(model: Model) -> dict[str, str]:
    return {
        "prompt": _per_token(model.input_usd_per_million),
        "completion": _per_token(model.output_usd_per_million),
    }


def _per_token(usd_per_million: float) -> str:
    return format(Decimal(str(usd_per_million)) / 1_000_000, "f")
