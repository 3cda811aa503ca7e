"""A hook for the LiteLLM proxy: virtual models such as `routelab/auto` are resolved by the shim.

Name it in the proxy's configuration, after guardrails that change prompts:

    litellm_settings:
      callbacks: ["routelab.integrations.litellm.hook"]

and say in the environment what GatewaySettings lists. Needs `litellm[proxy]`. Guardrails that the
proxy's configuration ties to single models do not run before the call of a virtual one.

What LiteLLM keeps in the metadata of a key can say more: `routelab_policy` as in `POST /decide` and
`routelab_fallback`, which serves instead of the hook's (both also a team's), and `routelab_shadow` (see
`shadow_context`). A fallback among the policy's `denied_models` is not served: the request is answered
403. The policy's `pool` does not bind it.
"""

from typing import Any

from pydantic import ValidationError

from routelab.errors import ConfigError
from routelab.integrations.litellm.settings import GatewaySettings

__all__ = ["GatewaySettings"]


def __getattr__(name: str) -> Any:
    """`hook`, made from the environment; raises ConfigError where that does not say enough."""
    if name != "hook":
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    try:
        settings = GatewaySettings()
    except ValidationError as error:
        wrong = "; ".join(f"{'.'.join(map(str, each['loc'])) or 'value'}: {each['msg']}" for each in error.errors())
        raise ConfigError(f"the environment (ROUTELAB_GATEWAY_…) does not configure the hook: {wrong}") from error
    from routelab.integrations.litellm.callbacks import RoutelabHook

    return RoutelabHook(settings)
