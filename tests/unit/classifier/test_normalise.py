from typing import Any

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from routelab.classifier import canonical, normalise
from routelab.errors import UserError
from routelab.records import NormalisedRequest

KINDS = ("chat_completions", "responses", "messages")


def user(content: Any) -> dict[str, Any]:
    return {"role": "user", "content": content}


def said(*contents: Any) -> NormalisedRequest:
    return normalise({"messages": [user(content) for content in contents]}, "chat_completions")


def test_chat_completions() -> None:
    body = {
        "model": "auto",
        "stream": True,
        "tools": [{"type": "function"}],
        "messages": [
            {"role": "system", "content": "Be brief."},
            user([{"type": "text", "text": "Fix"}, {"type": "image_url"}, {"type": "text", "text": "it"}]),
            {"role": "assistant", "content": "Done.", "tool_calls": []},
            {"role": "tool", "content": "output"},
            user("Now test it"),
        ],
    }
    assert normalise(body, "chat_completions") == NormalisedRequest(
        api_kind="chat_completions",
        requested_model="auto",
        system_prompt_prefix="Be brief.",
        user_prompt_prefix="Fix\nit",
        latest_user_prompt_prefix="Now test it",
        message_count=5,
        has_tools=True,
        stream=True,
    )


def test_responses() -> None:
    body = {
        "model": "auto",
        "instructions": "Be brief.",
        "input": [
            {"type": "message", "role": "user", "content": [{"type": "input_text", "text": "Fix it"}]},
            {"type": "function_call", "name": "shell", "arguments": "{}"},
            {"type": "function_call_output", "output": "ok"},
        ],
    }
    request = normalise(body, "responses")
    assert (request.system_prompt_prefix, request.user_prompt_prefix) == ("Be brief.", "Fix it")
    assert request.latest_user_prompt_prefix is None
    assert request.message_count == 4
    assert normalise({"input": "Fix it"}, "responses").user_prompt_prefix == "Fix it"
    assert normalise({"input": [{"role": "developer", "content": "D"}]}, "responses").system_prompt_prefix == "D"


def test_messages() -> None:
    body = {
        "model": "auto",
        "system": [{"type": "text", "text": "Be"}, {"type": "text", "text": "brief."}],
        "messages": [
            user("Fix it"),
            {"role": "assistant", "content": [{"type": "tool_use", "name": "shell"}]},
            user([{"type": "tool_result", "content": "not the user's words"}]),
        ],
    }
    request = normalise(body, "messages")
    assert request.system_prompt_prefix == "Be\nbrief."
    assert request.user_prompt_prefix == "Fix it"
    assert request.latest_user_prompt_prefix is None
    assert request.message_count == 4


def test_a_tool_result_beside_words_of_the_user_leaves_the_words() -> None:
    request = said("Fix it", [{"type": "tool_result", "content": "x"}, {"type": "text", "text": "go on"}])
    assert request.latest_user_prompt_prefix == "go on"


def test_empty_is_null() -> None:
    for body in ({}, {"messages": []}, {"messages": None}, {"messages": [user(""), user("  \n")]}):
        request = normalise(body, "chat_completions")
        assert request.user_prompt_prefix is None
        assert request.latest_user_prompt_prefix is None
        assert request.system_prompt_prefix is None
        assert request.provider_hints is None
    assert normalise({"model": ""}, "messages").requested_model is None


def test_latest_is_null_when_it_equals_the_first() -> None:
    assert said("same", "other", " same ").latest_user_prompt_prefix is None
    assert said("same", "other").latest_user_prompt_prefix == "other"
    long = "x" * 1000
    assert said(long + "one end", long + "another end").latest_user_prompt_prefix is None


def test_empty_turns_are_skipped_for_the_prefixes_but_counted() -> None:
    request = said("", "first", "last", "<system-reminder>be good</system-reminder>")
    assert (request.user_prompt_prefix, request.latest_user_prompt_prefix) == ("first", "last")
    assert request.message_count == 4


def test_prefixes_are_clipped_after_the_boilerplate_is_gone() -> None:
    block = f"<environment_details>{'e' * 5000}</environment_details>"
    request = said(f"{block}  {'ä' * 1500}")
    assert request.user_prompt_prefix == "ä" * 1000
    assert said("x" * 999 + " and more").user_prompt_prefix == "x" * 999


@pytest.mark.parametrize(
    ("body", "has_tools"),
    [
        ({"tools": [{}]}, True),
        ({"functions": [{}]}, True),
        ({"tools": []}, False),
        ({"tools": None}, False),
        ({}, False),
    ],
)
def test_has_tools(body: dict[str, Any], has_tools: bool) -> None:
    assert normalise(body, "chat_completions").has_tools is has_tools


@pytest.mark.parametrize("stream", [1, "true", None, False])
def test_only_true_streams(stream: Any) -> None:
    assert not normalise({"stream": stream}, "messages").stream


@pytest.mark.parametrize("kind", ["", "completions", "Messages"])
def test_an_unknown_api_kind_names_the_known_ones(kind: str) -> None:
    with pytest.raises(UserError, match="chat_completions, responses, messages"):
        normalise({}, kind)


@pytest.mark.parametrize("body", [[], "text", None, 3])
def test_a_body_that_is_no_object_is_refused(body: Any) -> None:
    with pytest.raises(UserError, match="JSON object"):
        normalise(body, "messages")


def test_a_long_model_name_does_not_reach_the_prompt_whole() -> None:
    assert normalise({"model": "m" * 9000}, "messages").requested_model == "m" * 1000


WORDS = ["messages", "input", "instructions", "system", "role", "content", "text", "type", "model", "tools"]
HINTS = ["provider", "models", "reasoning", "plugins", "api_key", "order"]
VALUES = ["user", "system", "assistant", "text", "tool_result", "<task>", "<system-reminder>", "</task>"]
keys = st.sampled_from(WORDS + HINTS) | st.text(max_size=5)
scalars = st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.sampled_from(VALUES) | st.text()
json_values = st.recursive(
    scalars | st.just("long words " * 200),
    lambda inner: st.lists(inner, max_size=5) | st.dictionaries(keys, inner, max_size=5),
    max_leaves=25,
)
bodies = st.dictionaries(keys, json_values, max_size=8)


@settings(max_examples=120)
@given(bodies, st.sampled_from(KINDS))
def test_any_json_object_becomes_a_valid_normalised_request(body: dict[str, Any], kind: str) -> None:
    request = normalise(body, kind)
    assert msgspec.convert(msgspec.to_builtins(request), type=NormalisedRequest) == request
    for text in (
        request.system_prompt_prefix,
        request.user_prompt_prefix,
        request.latest_user_prompt_prefix,
    ):
        assert text is None or 0 < len(text) <= 1000
        assert text is None or text == text.strip()
    if request.latest_user_prompt_prefix is not None:
        assert request.latest_user_prompt_prefix != request.user_prompt_prefix


def test_half_an_emoji_does_not_keep_a_request_from_being_classified() -> None:
    body = {"model": "m\ud83d", "provider": {"order\ud83d": "x\ud83d"}, "messages": [user("broken \ud83d")]}
    assert msgspec.json.encode(normalise(body, "chat_completions"))


texts = st.none() | st.sampled_from(["", " ", "a", " a", "a\n", "b"])


@given(system=texts, first=texts, latest=texts)
def test_what_somebody_else_normalised_keeps_the_promises_of_a_normalised_request(
    system: str | None, first: str | None, latest: str | None
) -> None:
    given_ = NormalisedRequest(
        api_kind="messages",
        system_prompt_prefix=system,
        user_prompt_prefix=first,
        latest_user_prompt_prefix=latest,
        message_count=3,
    )
    found = canonical(given_)
    said_ = [text.strip() for text in (first, latest) if text and text.strip()]
    assert found.system_prompt_prefix == ((system or "").strip() or None)
    assert found.user_prompt_prefix == (said_[0] if said_ else None)
    assert found.latest_user_prompt_prefix == (said_[1] if said_[1:] and said_[1] != said_[0] else None)
    assert (found.api_kind, found.message_count) == ("messages", 3)
    assert canonical(found) == found
