"""What shadow routers may be told of a request."""

from collections.abc import Mapping
from typing import Any

from routelab.integrations.litellm.settings import GatewaySettings
from routelab.records import Candidate


def shadow_context(auth: Any, settings: GatewaySettings, fallback: Candidate) -> dict[str, Any] | None:
    """Tier, candidates, and the key's fallback as the model served without routing; None: nothing may leave.

    That is so unless the operator allows it, and always for the keys of an organisation or a team,
    since a team may be an organisation's. `routelab_shadow` in a key's metadata has a `tier` and
    `candidate_models` of its own, or is anything else, such as false, for a key that wants none.
    """
    if not settings.shadow or auth.org_id is not None or auth.team_id is not None:
        return None
    own = auth.metadata.get("routelab_shadow", {}) if isinstance(auth.metadata, Mapping) else {}
    if not isinstance(own, Mapping):
        return None
    tier = own.get("tier", settings.shadow_tier)
    candidates = own.get("candidate_models", settings.shadow_candidates)
    if not isinstance(tier, str | None) or not _are_names(candidates):
        return None
    return {
        "tier": tier,
        "candidate_models": list(candidates),
        "resolved_model": fallback.model,
    }


def _are_names(given: Any) -> bool:
    return isinstance(given, list | tuple) and all(isinstance(name, str) for name in given)
