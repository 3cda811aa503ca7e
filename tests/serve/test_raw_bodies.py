"""Raw bodies decoded in part: normalisation sees the same as in the whole."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from routelab.classifier import normalise
from routelab_serve.body import read_body
from routelab_serve.raw_bodies import RawBody

KINDS = ["chat_completions", "responses", "messages"]
scalars = st.none() | st.booleans() | st.integers(-5, 5) | st.text(max_size=8)
anything = st.recursive(
    scalars, lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=4), inner, max_size=3)
)
parts = st.fixed_dictionaries({}, optional={"type": st.just("text"), "text": st.text(max_size=8), "image": anything})
contents = st.none() | st.text(max_size=8) | st.lists(parts | st.text(max_size=8), max_size=3)
roles = st.sampled_from(["system", "developer", "user", "assistant", "tool"])
messages = st.fixed_dictionaries(
    {}, optional={"role": roles, "content": contents, "tool_calls": anything, "type": st.just("function_call")}
)
tidy = st.fixed_dictionaries(
    {},
    optional={
        "model": scalars,
        "messages": st.lists(messages, max_size=5),
        "input": st.text(max_size=8) | st.lists(messages, max_size=5),
        "system": contents,
        "instructions": st.text(max_size=8),
        "tools": st.lists(anything, max_size=2),
        "functions": st.lists(anything, max_size=2),
        "stream": scalars,
        "provider": anything,
        "providerOptions": anything,
        "reasoning": anything,
        "models": anything,
        "service_tier": scalars,
        "metadata": anything,
    },
)
wild = st.dictionaries(st.sampled_from(["messages", "input", "system", "tools", "model", "stream"]), anything)


def read(body, kind):
    return read_body(json.dumps({"user_id": "u", "request": body, "api_kind": kind}).encode()).request


@given(body=tidy, kind=st.sampled_from(KINDS))
def test_of_a_well_formed_body_only_what_matters_is_decoded(body, kind):
    lean = read(body, kind)
    assert isinstance(lean, RawBody)
    assert normalise(lean, kind) == normalise(body, kind)


@given(body=tidy | wild, kind=st.sampled_from(KINDS))
def test_whatever_the_body_normalisation_sees_the_same(body, kind):
    assert normalise(read(body, kind), kind) == normalise(body, kind)


@pytest.mark.parametrize(
    "body",
    [
        {"messages": {"role": "user"}},
        {"messages": [{"role": 1, "content": "x"}]},
        {"messages": [{"role": "user", "content": [{"text": 1}, {"text": "kept"}]}]},
        {"messages": [1, "x", None, {"role": "user", "content": "kept"}]},
        {"messages": [{"role": "user", "content": 12}], "tools": {"a": 1}},
        {"messages": [], "tools": "yes"},
    ],
)
def test_odd_bodies_are_decoded_whole(body):
    whole = read(body, "chat_completions")
    assert not isinstance(whole, RawBody)
    assert normalise(whole, "chat_completions") == normalise(body, "chat_completions")
