"""The list of models an agent is shown: its candidate's, and no other."""

from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from routelab.config import CapabilityConfig, Price

_ASSUMED_CONTEXT = 200_000
"""For agents that insist on a figure where none is configured. It is no claim about the model."""


def model_list(model: str, capabilities: Mapping[str, CapabilityConfig], price: Price | None) -> dict[str, Any]:
    """The body of `/v1/models`, readable as OpenAI's, Anthropic's and OpenRouter's list."""
    entry = model_entry(model, capabilities, price)
    return {"object": "list", "data": [entry], "has_more": False, "first_id": model, "last_id": model}


def model_entry(model: str, capabilities: Mapping[str, CapabilityConfig], price: Price | None) -> dict[str, Any]:
    """The model's own entry; prices are USD per token, written as decimals."""
    known = capabilities.get(model, CapabilityConfig())
    context = known.context_length or _ASSUMED_CONTEXT
    modalities = ["text", *(name for name in known.input_modalities or () if name != "text")]
    return {
        "id": model,
        "object": "model",
        "type": "model",
        "name": model,
        "display_name": model,
        "created": 0,
        "created_at": "1970-01-01T00:00:00Z",
        "owned_by": "routelab",
        "context_length": context,
        "architecture": {"input_modalities": modalities, "output_modalities": ["text"], "tokenizer": "Other"},
        "top_provider": {"context_length": context, "max_completion_tokens": None, "is_moderated": False},
        "pricing": {
            "prompt": _per_token(price.input_per_million if price else 0),
            "completion": _per_token(price.output_per_million if price else 0),
        },
        "supported_parameters": ["tools", "tool_choice", "max_tokens", "reasoning", "include_reasoning"],
    }


def _per_token(usd_per_million: float) -> str:
    return format(Decimal(str(usd_per_million)) / 1_000_000, "f")
