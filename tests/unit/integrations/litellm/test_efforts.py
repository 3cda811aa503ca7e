"""Writing the chosen candidate into a request."""

import pytest

from routelab.integrations.litellm.efforts import apply

TOLD = {"reasoning_effort": "high", "thinking": {"type": "enabled"}, "output_config": {"effort": "max"}}


@pytest.mark.parametrize("api_kind", ["chat_completions", "messages", "responses"])
def test_without_a_variant_nothing_is_said_of_effort(api_kind):
    data = {"model": "routelab/auto", **TOLD, "reasoning": {"effort": "high", "summary": "auto"}}
    apply(data, api_kind, model="m", variant=None)
    assert data == {"model": "m", "reasoning": {"summary": "auto"}}


@pytest.mark.parametrize("api_kind", ["chat_completions", "messages"])
def test_the_variant_is_the_effort_and_litellm_may_not_refuse_it(api_kind):
    data = {"model": "routelab/auto", **TOLD, "allowed_openai_params": ["seed"]}
    apply(data, api_kind, model="m", variant="low")
    assert data == {
        "model": "m",
        "reasoning_effort": "low",
        "allowed_openai_params": ["seed", "reasoning_effort"],
    }


def test_the_responses_api_has_a_place_of_its_own():
    data = {"model": "routelab/auto", "reasoning": {"effort": "high", "summary": "auto"}}
    apply(data, "responses", model="m", variant="low")
    assert data == {"model": "m", "reasoning": {"summary": "auto", "effort": "low"}}


def test_other_output_configuration_stays():
    data = {"output_config": {"effort": "max", "format": "json"}}
    apply(data, "messages", model="m", variant="low")
    assert data["output_config"] == {"format": "json"}
