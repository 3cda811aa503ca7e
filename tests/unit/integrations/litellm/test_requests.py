"""Reading what LiteLLM knows of a request; LiteLLM itself is not needed."""

import json
from dataclasses import dataclass, field
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from routelab.integrations.litellm import requests
from routelab.records import Candidate, Constraints

FIELDS = ("system", "instructions", "messages", "input", "content", "type", "text", "tools")
NAMES = st.text() | st.sampled_from([*FIELDS, "output", "arguments", "tool_calls", "function", "thinking"])
JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(),
    lambda children: st.lists(children, max_size=4) | st.dictionaries(NAMES, children, max_size=4),
    max_leaves=12,
)


@dataclass
class Auth:
    user_id: str | None = None
    api_key: str | None = "hash"
    end_user_id: str | None = None
    metadata: Any = field(default_factory=dict)
    team_metadata: Any = None


@pytest.mark.parametrize(
    ("auth", "expected"),
    [
        (Auth(user_id="ann"), "ann"),
        (Auth(), "hash"),
        (Auth(api_key=None), "anonymous"),
        (Auth(user_id="ann", end_user_id="eve"), '["ann","eve"]'),
    ],
)
def test_conversations_belong_to_the_user_or_the_key(auth, expected):
    assert requests.user_id(auth) == expected


def test_end_users_of_one_key_share_nothing():
    pairs = [("a", None), ("a", "b"), ("a,b", None), ("a", "b,c"), ("a,b", "c"), ('a","b', "c")]
    assert len({requests.user_id(Auth(user_id=user, end_user_id=end)) for user, end in pairs}) == len(pairs)


@pytest.mark.parametrize(
    ("data", "expected"),
    [
        ({"litellm_session_id": "s", "metadata": {"session_id": "m"}}, "s"),
        ({"metadata": {"session_id": "m"}}, "m"),
        ({"metadata": {"session_id": "own"}, "litellm_metadata": {}}, "own"),
        ({"litellm_metadata": {"session_id": "l"}, "metadata": None}, "l"),
        ({"prompt_cache_key": "p", "metadata": {}}, None),
        ({"metadata": {}}, None),
        ({}, None),
        ({"litellm_session_id": "made-up", "metadata": {"litellm_session_id_generated": True}}, None),
    ],
)
def test_a_session_is_what_the_client_named(data, expected):
    assert requests.session_id(data) == expected


def test_what_litellm_added_is_told_from_the_clients_own_metadata():
    assert requests.metadata_of({"metadata": {"a": 1}}) == {"a": 1}
    assert requests.metadata_of({"metadata": {"a": 1}, "litellm_metadata": {"b": 2}}) == {"b": 2}
    assert requests.metadata_of({}) is None
    assert requests.metadata_of({"metadata": "text"}) is None


def test_a_key_has_its_policy_before_its_team():
    mine, ours = {"denied_models": ["a"]}, {"denied_models": ["b"]}
    assert requests.policy(Auth(metadata={"routelab_policy": mine}, team_metadata={"routelab_policy": ours})) == mine
    assert requests.policy(Auth(team_metadata={"routelab_policy": ours})) == ours
    assert requests.policy(Auth(metadata=None)) is None


def test_a_key_has_its_fallback_before_its_team():
    mine, ours = {"routelab_fallback": "a@low"}, {"routelab_fallback": " b "}
    assert requests.fallback(Auth(metadata=mine, team_metadata=ours)) == Candidate("a", "low")
    assert requests.fallback(Auth(metadata={"routelab_fallback": ""}, team_metadata=ours)) == Candidate("b")
    assert requests.fallback(Auth(metadata={"routelab_fallback": ["a"]})) is None


def test_of_a_body_only_what_routing_looks_at_is_kept():
    data = {"model": "m", "messages": [], "api_key": "secret", "litellm_logging_obj": object(), "temperature": 1}
    assert requests.body_of(data) == {"model": "m", "messages": []}


@pytest.mark.parametrize(
    ("data", "expected"),
    [
        ({"messages": [{"role": "user", "content": "x" * 400}]}, Constraints((), 100)),
        ({"system": "x" * 40, "messages": [{"role": "user", "content": [{"type": "text", "text": "y" * 40}]}]},
         Constraints((), 20)),
        ({"messages": [{"role": "user", "content": [{"type": "image_url", "image_url": {"url": "x" * 9000}}]}]},
         Constraints(("image",), 0)),
        ({"instructions": "x" * 8, "input": "y" * 8}, Constraints((), 4)),
        ({"input": [{"role": "user", "content": [{"type": "input_image"}, {"type": "input_file"}]},
                    {"type": "function_call_output", "output": "z" * 40}]}, Constraints(("file", "image"), 10)),
        ({"messages": [{"content": [{"type": "tool_result", "content": [{"text": "a" * 8}, {"type": "image"}]}]}]},
         Constraints(("image",), 2)),
        ({"messages": [{"content": "x" * 40}], "tools": [{"name": "t" * 27}]}, Constraints((), 20)),
        ({"messages": [{"content": "x" * 40}], "functions": [{"name": "t" * 27}]}, Constraints((), 20)),
        ({"messages": [{"role": "assistant", "content": None, "tool_calls": [
            {"id": "1", "type": "function", "function": {"name": "write", "arguments": "x" * 40}},
            {"id": "2", "type": "custom", "custom": {"name": "patch", "input": "y" * 40}},
        ]}]}, Constraints((), 20)),
        ({"messages": [{"role": "assistant", "function_call": {"name": "write", "arguments": "x" * 40}}]},
         Constraints((), 10)),
        ({"messages": [{"content": [{"type": "tool_use", "name": "write", "input": {"text": "x" * 28}},
                                    {"type": "thinking", "thinking": "y" * 40}]}]}, Constraints((), 20)),
        ({"input": [{"type": "function_call", "arguments": "x" * 40},
                    {"type": "custom_tool_call", "input": "y" * 40},
                    {"type": "reasoning", "summary": [{"type": "summary_text", "text": "z" * 40}]}]},
         Constraints((), 30)),
        ({"input": [{"type": "function_call_output", "output": [
            {"type": "input_text", "text": "x" * 40}, {"type": "input_image", "image_url": "data:"}]}]},
         Constraints(("image",), 10)),
        ({"messages": [{"content": [{"type": "document", "source": {"type": "text", "data": "x" * 40}},
                                    {"type": "image", "source": {"type": "base64", "data": "y" * 9000}}]}]},
         Constraints(("file", "image"), 10)),
        ({"input": [{"type": "computer_call_output", "output": {"type": "computer_screenshot", "image_url": "x"}}]},
         Constraints(("image",), 0)),
        ({}, Constraints((), 0)),
    ],
)  # fmt: skip
def test_constraints_are_the_modalities_the_text_and_the_tools(data, expected):
    assert requests.constraints(data) == expected


@given(st.dictionaries(st.sampled_from(FIELDS), JSON))
def test_no_body_makes_reading_it_fail(data):
    found = requests.constraints(data)
    assert 0 <= (found.prompt_tokens_estimate or 0) <= len(json.dumps(data, ensure_ascii=False))
    requests.session_id(data)
    requests.body_of(data)


def test_a_body_nested_as_deep_as_can_be_is_read():
    content = "x" * 40
    for _ in range(5000):
        content = [{"content": content}]
    assert requests.constraints({"messages": content}) == Constraints((), 10)
