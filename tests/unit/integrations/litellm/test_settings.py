"""The hook's environment."""

import subprocess
import sys

import pytest
from pydantic import ValidationError

import routelab.integrations.litellm as integration
from routelab.errors import ConfigError
from routelab.integrations.litellm import GatewaySettings
from routelab.records import Candidate


@pytest.fixture
def env(monkeypatch):
    def set_all(**values):
        for name in GatewaySettings.model_fields:
            monkeypatch.delenv(f"ROUTELAB_GATEWAY_{name.upper()}", raising=False)
        for name, value in values.items():
            monkeypatch.setenv(f"ROUTELAB_GATEWAY_{name}", value)

    return set_all


def test_a_url_and_a_fallback_are_enough(env):
    env(SHIM_URL="http://shim:8800", FALLBACK="vendor/safe@low")
    settings = GatewaySettings()
    assert settings.fallback_candidate == Candidate("vendor/safe", "low")
    assert settings.virtual_models == ("routelab/auto",)
    assert (settings.shim_key, settings.listed, settings.timeout_s) == (None, False, 2.0)
    assert (settings.shadow, settings.shadow_tier, settings.shadow_candidates) == (False, None, ())


def test_virtual_models_are_separated_by_commas_and_the_key_is_not_shown(env):
    env(SHIM_URL="http://shim", SHIM_KEY="the-key", FALLBACK="m", VIRTUAL_MODELS=" routelab/auto, routelab/best ,")
    settings = GatewaySettings()
    assert settings.virtual_models == ("routelab/auto", "routelab/best")
    assert "the-key" not in repr(settings)


def test_shadow_routers_have_a_switch_a_tier_and_candidates(env):
    env(SHIM_URL="http://shim", FALLBACK="m", SHADOW="true", SHADOW_TIER="free", SHADOW_CANDIDATES="a, b")
    settings = GatewaySettings()
    assert (settings.shadow, settings.shadow_tier, settings.shadow_candidates) == (True, "free", ("a", "b"))


def test_a_tier_that_no_shadow_router_knows_is_refused(env):
    env(SHIM_URL="http://shim", FALLBACK="m", SHADOW_TIER="cheap")
    with pytest.raises(ValidationError, match="shadow_tier"):
        GatewaySettings()


@pytest.mark.parametrize("fallback", ["routelab/auto", "routelab/auto@low"])
def test_the_fallback_may_not_need_the_shim(env, fallback):
    env(SHIM_URL="http://shim", FALLBACK=fallback)
    with pytest.raises(ValidationError, match="virtual model"):
        GatewaySettings()


def test_a_missing_setting_is_one_sentence(env):
    env(FALLBACK="m")
    with pytest.raises(ConfigError, match=r"ROUTELAB_GATEWAY_.*shim_url: Field required"):
        _ = integration.hook


def test_without_litellm_the_rest_can_be_imported():
    code = "import sys, routelab.integrations.litellm.requests; print('litellm' in sys.modules)"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "False"
