"""What may be told to shadow routers; LiteLLM itself is not needed."""

from dataclasses import dataclass, field
from typing import Any

import pytest

from routelab.integrations.litellm import GatewaySettings
from routelab.integrations.litellm.shadow import shadow_context
from routelab.records import Candidate

SETTINGS = {"shim_url": "http://shim", "fallback": "vendor/safe@low"}
ALLOWED = {"shadow": True, "shadow_tier": "balanced", "shadow_candidates": "vendor/a, vendor/b"}
DEFAULT = {"tier": "balanced", "candidate_models": ["vendor/a", "vendor/b"], "resolved_model": "vendor/safe"}


@dataclass
class Auth:
    org_id: str | None = None
    team_id: str | None = None
    metadata: Any = field(default_factory=dict)


def context(auth: Auth, **settings: Any) -> dict[str, Any] | None:
    return shadow_context(auth, GatewaySettings(**{**SETTINGS, **settings}), Candidate("vendor/safe", "low"))


def test_nothing_leaves_unless_the_operator_says_so():
    assert context(Auth()) is None
    assert context(Auth(metadata={"routelab_shadow": {"tier": "free"}})) is None
    assert context(Auth(), **ALLOWED) == DEFAULT


@pytest.mark.parametrize("owner", [{"org_id": "acme"}, {"team_id": "blue"}, {"org_id": "acme", "team_id": "blue"}])
def test_nothing_leaves_of_organisations_and_teams_whatever_their_keys_say(owner):
    assert context(Auth(**owner, metadata={"routelab_shadow": {"tier": "free"}}), **ALLOWED) is None


@pytest.mark.parametrize(
    ("said", "expected"),
    [
        ({}, DEFAULT),
        ({"tier": "frontier"}, {**DEFAULT, "tier": "frontier"}),
        ({"tier": None}, {**DEFAULT, "tier": None}),
        ({"candidate_models": ["vendor/c"]}, {**DEFAULT, "candidate_models": ["vendor/c"]}),
        (False, None),
        (None, None),
        ("frontier", None),
        ({"tier": 1}, None),
        ({"candidate_models": "vendor/c"}, None),
        ({"candidate_models": ["vendor/c", 1]}, None),
    ],
)
def test_a_key_has_its_own_tier_and_candidates_or_wants_none(said, expected):
    assert context(Auth(metadata={"routelab_shadow": said}), **ALLOWED) == expected


def test_a_key_without_metadata_is_like_any_other():
    assert context(Auth(metadata=None), **ALLOWED) == DEFAULT
