"""Two checks before anything is believed: of the key, and of the endpoint's kind."""

import httpx

from routelab.config import EndpointConfig
from routelab.errors import ConfigError, EndpointError
from routelab.records import UNKNOWN_COST

SIMULATED_HEADER = "x-routelab-simulated"
"""Every answer of a simulated endpoint bears it."""


def usable_key(api_key: str | None) -> str | None:
    """The key without outer white space; None where there is none. Raises ConfigError without showing it."""
    key = (api_key or "").strip()
    if not (key.isascii() and key.isprintable()):
        raise ConfigError("ROUTELAB_API_KEY holds characters that no HTTP header can carry; set it anew")
    return key or None


def wrong_kind(config: EndpointConfig, response: httpx.Response) -> EndpointError | None:
    """The error when a simulated endpoint is configured as a real one or the reverse; None when all is well.

    What such an answer cost is unknown.
    """
    simulated = SIMULATED_HEADER in response.headers
    if simulated and config.kind != "simulated":
        return EndpointError(
            "the endpoint is a simulated one; set endpoint.kind to 'simulated', so that results say so",
            kind="rejected",
            usage=UNKNOWN_COST,
        )
    if not simulated and config.kind == "simulated" and response.is_success:
        return EndpointError(
            "the endpoint is not a simulated one; set endpoint.kind to 'openai', to bound its cost",
            kind="rejected",
            usage=UNKNOWN_COST,
        )
    return None
