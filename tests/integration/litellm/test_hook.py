"""What the hook does to requests of each kind, inside the real proxy."""

import json

import httpx
import pytest
from tests.integration.litellm.conftest import APIS, BUG, DESIGN, TESTS, VIRTUAL, chat, proxy_process, running


@pytest.mark.parametrize("stream", [False, True])
@pytest.mark.parametrize(
    ("path", "effort"),
    [
        ("/v1/chat/completions", lambda sent: sent["reasoning_effort"]),
        ("/v1/responses", lambda sent: sent["reasoning"]["effort"]),
        ("/v1/messages", lambda sent: sent["reasoning"]["effort"]),
    ],
)
def test_every_api_is_routed_and_gets_the_variant(call, path, effort, stream):
    ours, text, sent = call(path, {**APIS[path], "stream": stream})
    assert ours["model"] == "sim/atlas-large@high"
    assert "decision-id" in ours
    assert [(sent_body["model"], effort(sent_body)) for _, sent_body in sent] == [("sim/atlas-large", "high")]
    assert text


def test_equal_session_ids_of_two_users_share_nothing(stack, call):
    headers = {"x-litellm-session-id": "the-same-session"}
    stack.rows()
    costs = [call("/v1/chat/completions", chat(BUG), key=key, headers=headers)[0] for key in ("sk-ann", "sk-bob")]
    assert all(float(each["overhead-cost-usd"]) > 0 for each in costs)
    overhead = [row for row in stack.rows() if row["model_group"] == VIRTUAL]
    assert sorted(row["user"] for row in overhead) == ["ann", "bob"]


def test_a_policy_in_the_keys_metadata_is_followed(call):
    ours, _, sent = call("/v1/chat/completions", chat(BUG), key="sk-strict")
    assert (ours["model"], ours["fallback"]) == ("sim/harbor-think@low", "no_candidate")
    assert sent[0][1]["model"] == "sim/harbor-think"


@pytest.mark.parametrize("path", list(APIS))
def test_a_fallback_that_the_keys_policy_denies_is_not_served(stack, path):
    response, served = post(stack, path, APIS[path], key="sk-nobody")
    assert response.status_code == 403
    told = "the key's policy denies the fallback sim/harbor-think: set `routelab_fallback` in the metadata of the key"
    assert told in response.text
    assert served == []


def test_a_key_may_name_a_fallback_of_its_own(call):
    ours, _, sent = call("/v1/chat/completions", chat(BUG), key="sk-own")
    assert (ours["model"], ours["fallback"]) == ("sim/atlas-large@low", "no_candidate")
    assert [(body["model"], body["reasoning_effort"]) for _, body in sent] == [("sim/atlas-large", "low")]


def test_a_response_is_not_continued_where_the_keys_policy_denies_it(stack, call):
    _, text, _ = call("/v1/responses", {"input": DESIGN})
    body = {"input": BUG, "previous_response_id": json.loads(text)["id"]}
    response, served = post(stack, "/v1/responses", body, key="sk-late")
    assert response.status_code == 403
    assert "the key's policy denies sim/atlas-large" in response.text
    assert served == []


def post(stack, path, body, *, key):
    """An answer of the proxy, whatever its status, and what reached the models."""
    before = len(stack.served())
    headers = {"authorization": f"Bearer {key}"}
    asked = {"model": VIRTUAL, **body}
    response = httpx.post(f"{stack.url}{path}", json=asked, headers=headers, timeout=60, trust_env=False)
    return response, stack.served()[before:]


def test_a_model_the_proxy_does_not_serve_gives_the_fallback(call):
    ours, _, sent = call("/v1/chat/completions", chat(TESTS))
    assert (ours["model"], ours["fallback"]) == ("sim/harbor-think@low", "model_not_served")
    assert sent[0][1]["model"] == "sim/harbor-think"


def test_an_image_asks_for_a_model_that_is_known_to_take_one(call):
    parts = [{"type": "text", "text": BUG}, {"type": "image_url", "image_url": {"url": "data:image/png;base64,AAAA"}}]
    ours, _, _ = call("/v1/chat/completions", {"messages": [{"role": "user", "content": parts}]})
    assert ours["fallback"] == "no_candidate"


def test_a_response_is_continued_where_its_state_lies(call):
    first, text, _ = call("/v1/responses", {"input": DESIGN})
    ours, _, sent = call("/v1/responses", {"input": BUG, "previous_response_id": json.loads(text)["id"]})
    assert (first["model"], ours["model"]) == ("sim/atlas-large@high", "sim/atlas-large")
    assert ours["kept"] == "previous_response"
    assert sent[0][1]["model"] == "sim/atlas-large"


def test_other_models_are_left_alone_and_nobody_writes_our_headers(call):
    forged = {"routelab": {"decision-id": "forged"}}
    body = {**chat(BUG), "model": "sim/cedar-mini", "metadata": forged, "litellm_metadata": forged}
    ours, _, sent = call("/v1/chat/completions", body)
    assert ours == {}
    assert sent[0][1]["model"] == "sim/cedar-mini"


def listed(url, key="sk-ann"):
    answer = httpx.get(f"{url}/v1/models", headers={"authorization": f"Bearer {key}"}, timeout=60, trust_env=False)
    return {model["id"] for model in answer.json()["data"]}


def test_the_virtual_model_is_not_listed(stack):
    names = listed(stack.url)
    assert "sim/cedar-mini" in names
    assert VIRTUAL not in names
    assert VIRTUAL not in listed(stack.url, "sk-few")


@pytest.mark.parametrize("shown", [False, True])
def test_a_virtual_model_that_is_configured_is_listed_when_the_operator_says_so(stack, tmp_path, shown):
    proxy = proxy_process(tmp_path / "proxy", stack.endpoint, stack.shim, named=True, LISTED=str(shown))
    url = proxy.ready_url.removesuffix("/health/liveliness")
    with running(proxy):
        assert (VIRTUAL in listed(url)) is shown
        asked = {"model": VIRTUAL, **chat(DESIGN)}
        headers = {"authorization": "Bearer sk-ann"}
        answer = httpx.post(f"{url}/v1/chat/completions", json=asked, headers=headers, timeout=60, trust_env=False)
    assert answer.headers["x-routelab-model"] == "sim/atlas-large@high"
