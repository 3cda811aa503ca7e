import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from routelab.llm.proxy.adjust import RefusedRequestError, adjusted
from routelab.records import Candidate
from routelab.records.requests import ApiKind

KINDS: list[ApiKind] = ["chat_completions", "responses", "messages"]
PLAIN, HIGH = Candidate("real/one"), Candidate("real/one", "high")


def sent(api_kind: ApiKind, candidate: Candidate, **fields: Any) -> dict[str, Any]:
    body, _ = adjusted(json.dumps({"model": "real/one", **fields}).encode(), api_kind, candidate)
    return {name: value for name, value in json.loads(body).items() if name != "model"}


@pytest.mark.parametrize("asked", ["real/one", "kilo/real/one", "Real/One", "KILO/real/One"])
@pytest.mark.parametrize("api_kind", KINDS)
def test_the_model_goes_out_as_the_candidates_own_id(api_kind: ApiKind, asked: str) -> None:
    body, streamed = adjusted(json.dumps({"model": asked}).encode(), api_kind, PLAIN)
    assert (json.loads(body), streamed) == ({"model": "real/one"}, False)


@pytest.mark.parametrize("asked", ["real/two", "one", "openai/real/one", "real/one:free", "kilo/kilo/real/one", ""])
def test_another_model_is_refused(asked: str) -> None:
    with pytest.raises(RefusedRequestError, match="may call real/one only") as caught:
        adjusted(json.dumps({"model": asked}).encode(), "messages", PLAIN)
    assert caught.value.status == 403


@pytest.mark.parametrize(
    "body", [b"", b"nonsense", b"[1]", b"null", b'{"model": "real/one"', b'{"model": 7}', b"{}", b"\xff" * 9]
)
def test_what_is_no_request_is_refused(body: bytes) -> None:
    with pytest.raises(RefusedRequestError) as caught:
        adjusted(body, "chat_completions", PLAIN)
    assert caught.value.status == 400


def test_of_a_model_named_twice_neither_slips_through() -> None:
    body, _ = adjusted(b'{"model": "real/two", "model": "real/one"}', "responses", PLAIN)
    assert body == b'{"model":"real/one"}'


def test_fields_that_name_other_models_are_taken_out() -> None:
    others = {"models": ["real/two"], "fallbacks": [{"model": "real/two"}], "route": "fallback", "preset": "x"}
    assert sent("chat_completions", PLAIN, **others, messages=[]) == {"messages": []}


def test_a_variant_goes_out_in_the_words_of_each_api() -> None:
    assert sent("chat_completions", HIGH) == {"reasoning_effort": "high"}
    assert sent("responses", HIGH) == {"reasoning": {"effort": "high"}}
    assert sent("messages", HIGH) == {"output_config": {"effort": "high"}}


def test_a_variant_replaces_the_agents_own_wish() -> None:
    asked = {"reasoning_effort": "low", "reasoning": {"effort": "low", "max_tokens": 9}}
    assert sent("chat_completions", HIGH, **asked) == {"reasoning_effort": "high"}
    reasoning = {"effort": "low", "summary": "auto"}
    assert sent("responses", HIGH, reasoning=reasoning) == {"reasoning": {"effort": "high", "summary": "auto"}}
    config = {"effort": "low", "format": None}
    assert sent("messages", HIGH, output_config=config) == {"output_config": {"effort": "high", "format": None}}


def test_without_a_variant_the_agents_own_wish_is_taken_out() -> None:
    chat = {"reasoning_effort": "high", "reasoning": {"effort": "high", "exclude": True}}
    assert sent("chat_completions", PLAIN, **chat) == {"reasoning": {"exclude": True}}
    reasoning = {"effort": "medium", "summary": "auto"}
    assert sent("responses", PLAIN, reasoning=reasoning) == {"reasoning": {"summary": "auto"}}
    # claude-code asks for high effort by itself where it does not know the model.
    thinking = {"type": "adaptive"}
    assert sent("messages", PLAIN, output_config={"effort": "high"}, thinking=thinking) == {"thinking": thinking}


def test_streamed_chat_completions_report_their_usage() -> None:
    options = {"include_obfuscation": False, "include_usage": False}
    fields = sent("chat_completions", PLAIN, stream=True, stream_options=options)
    assert fields == {"stream": True, "stream_options": {"include_obfuscation": False, "include_usage": True}}
    assert sent("chat_completions", PLAIN, stream=True)["stream_options"] == {"include_usage": True}
    assert sent("chat_completions", PLAIN, stream=False) == {"stream": False}
    assert sent("responses", PLAIN, stream=True) == {"stream": True}


def test_no_answer_is_fetched_behind_the_proxys_back() -> None:
    assert sent("responses", PLAIN, background=True, store=True) == {"store": True}


def test_everything_else_stays_as_it_was_written() -> None:
    rest = b'"seed":123456789012345678901234567890,"temperature":1.0,"x":{"b":1,"a":[ 1e3 ,"\xc3\xa9\\u00e9"]}'
    body, _ = adjusted(b'{"model":"real/one",' + rest + b"}", "chat_completions", PLAIN)
    assert rest in body


def test_half_an_emoji_goes_through() -> None:
    body, _ = adjusted(b'{"model": "real/one", "input": "cut \\ud83d"}', "responses", HIGH)
    assert json.loads(body) == {"model": "real/one", "input": "cut \ud83d", "reasoning": {"effort": "high"}}
    body, _ = adjusted(b'{"model": "real/one", "\\ud83d": 1}', "responses", PLAIN)
    assert json.loads(body) == {"model": "real/one", "\ud83d": 1}


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False) | st.text(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(), inner, max_size=3),
    max_leaves=8,
)
NAMES = st.sampled_from(["reasoning", "output_config", "stream_options", "stream", "reasoning_effort", "x"])


@given(st.dictionaries(NAMES, JSON), st.sampled_from(KINDS), st.sampled_from([PLAIN, HIGH]))
def test_whatever_the_fields_hold_the_variant_holds(fields: Any, api_kind: ApiKind, candidate: Candidate) -> None:
    out = sent(api_kind, candidate, **fields)
    holder = out.get("output_config" if api_kind == "messages" else "reasoning")
    efforts = [holder.get("effort")] if isinstance(holder, dict) else []
    if api_kind == "chat_completions":
        efforts.append(out.get("reasoning_effort"))
    assert [effort for effort in efforts if effort is not None] == ([] if candidate.variant is None else ["high"])
    assert out.get("x") == fields.get("x")


@given(st.binary(max_size=60), st.sampled_from(KINDS))
def test_junk_is_refused_or_passed_but_never_breaks(body: bytes, api_kind: ApiKind) -> None:
    with pytest.raises(RefusedRequestError):
        adjusted(body, api_kind, PLAIN)
