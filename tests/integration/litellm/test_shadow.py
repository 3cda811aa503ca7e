"""What a shadow router is told of requests that came through the proxy."""

import time

import httpx
from tests.integration.litellm.conftest import BUG, VIRTUAL, chat, proxy_process, running


def ask(url, key, text):
    headers = {"authorization": f"Bearer {key}"}
    body = {"model": VIRTUAL, **chat(text)}
    answer = httpx.post(f"{url}/v1/chat/completions", json=body, headers=headers, timeout=60, trust_env=False)
    assert answer.headers["x-routelab-decision-id"]


def told(morph, count):
    """The bodies a shadow router has got, once there are `count`; it is asked behind the answer."""
    deadline = time.monotonic() + 10
    while len(morph.calls) < count and time.monotonic() < deadline:
        time.sleep(0.05)
    time.sleep(0.3)
    return [call.body for call in morph.calls]


def test_only_what_the_operator_allows_of_keys_without_an_organisation_leaves(stack, tmp_path):
    for key in ("sk-ann", "sk-bob", "sk-oda", "sk-sid"):
        ask(stack.url, key, f"off for {key}: {BUG}")
    allowed = {"SHADOW": "true", "SHADOW_TIER": "balanced", "SHADOW_CANDIDATES": "sim/cedar-mini,sim/atlas-large"}
    proxy = proxy_process(tmp_path / "proxy", stack.endpoint, stack.shim, **allowed)
    url = proxy.ready_url.removesuffix("/health/liveliness")
    with running(proxy):
        for key in ("sk-ann", "sk-oda", "sk-bob", "sk-sid"):
            ask(url, key, f"on for {key}: {BUG}")
            told(stack.morph, {"sk-bob": 1, "sk-sid": 2}.get(key, 0))
    assert told(stack.morph, 2) == [
        {
            "input": f"on for sk-bob: {BUG}",
            "allowed_models": ["cedar", "atlas"],
            "policy": "balanced",
            "default_model": "cedar",
        },
        {
            "input": f"on for sk-sid: {BUG}",
            "allowed_models": ["atlas", "harbor"],
            "policy": "capability_heavy",
            "default_model": "harbor",
        },
    ]
