"""What a call cost."""

import sys
from collections.abc import Mapping
from typing import Any

from routelab.config import Price

_BYTES_A_TOKEN = 4


def cost_usd(usage: Mapping[str, Any], price: Price | None) -> float | None:
    """The cost of one call in USD: the endpoint's own `usage.cost`, else the list price, else None.

    `usage` is the endpoint's usage object. None means unknown: no figure is made up.
    """
    billed = usage.get("cost")
    if isinstance(billed, int | float) and not isinstance(billed, bool) and 0 <= billed <= sys.float_info.max:
        return float(billed)
    prompt, completion = tokens(usage, "prompt_tokens"), tokens(usage, "completion_tokens")
    if price is None or (prompt == 0 and completion == 0):
        return None
    return (prompt * price.input_per_million + completion * price.output_per_million) / 1e6


def estimated_tokens(body: bytes) -> int:
    """About how many tokens the prompt in the body of a request has: one for every 4 bytes."""
    return len(body) // _BYTES_A_TOKEN


def prompt_usd(body: bytes, price: Price | None) -> float | None:
    """What the prompt in the body of a request costs by the list price, without any answer; None: no price.

    An estimate from its length, since only the endpoint counts tokens.
    """
    return None if price is None else estimated_tokens(body) * price.input_per_million / 1e6


def tokens(usage: Mapping[str, Any], name: str) -> int:
    """A token count of a usage object; 0 where it is missing or no count."""
    count = usage.get(name)
    return count if isinstance(count, int) and not isinstance(count, bool) and count >= 0 else 0
