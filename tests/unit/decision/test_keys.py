from math import floor, log2
from typing import Any

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from routelab.decision import conversation_key, exact_hash
from routelab.records import NormalisedRequest

prefixes = st.none() | st.text(max_size=6)
requests = st.builds(
    NormalisedRequest,
    api_kind=st.sampled_from(["chat_completions", "responses", "messages"]),
    system_prompt_prefix=prefixes,
    user_prompt_prefix=prefixes,
    latest_user_prompt_prefix=prefixes,
    has_tools=st.booleans(),
    message_count=st.integers(0, 70),
)
ids = st.text(min_size=1, max_size=4)


def loose_parts(request: NormalisedRequest) -> tuple[Any, ...]:
    return request.api_kind, request.has_tools, request.system_prompt_prefix, request.user_prompt_prefix


def exact_parts(request: NormalisedRequest) -> tuple[Any, ...]:
    doublings = floor(log2(max(1, request.message_count)))
    return *loose_parts(request), request.latest_user_prompt_prefix, doublings


def loose(request: NormalisedRequest) -> str:
    return conversation_key(request, user_id="u")


@given(requests, requests)
def test_hashes_agree_exactly_when_their_parts_do(one: NormalisedRequest, other: NormalisedRequest) -> None:
    assert (loose(one) == loose(other)) == (loose_parts(one) == loose_parts(other))
    assert (exact_hash(one) == exact_hash(other)) == (exact_parts(one) == exact_parts(other))


@pytest.mark.parametrize(
    ("change", "loose_same", "exact_same"),
    [
        ({"requested_model": "other", "stream": True, "provider_hints": {"route": "x"}}, True, True),
        ({"message_count": 5}, True, True),
        ({"message_count": 7}, True, True),
        ({"message_count": 8}, True, False),
        ({"message_count": 3}, True, False),
        ({"latest_user_prompt_prefix": "and now?"}, True, False),
        ({"user_prompt_prefix": "other"}, False, False),
        ({"system_prompt_prefix": "other"}, False, False),
        ({"has_tools": True}, False, False),
        ({"api_kind": "messages"}, False, False),
    ],
)
def test_what_each_hash_looks_at(change: dict[str, Any], loose_same: bool, exact_same: bool) -> None:
    before = NormalisedRequest(api_kind="responses", user_prompt_prefix="hello", message_count=4)
    after = msgspec.structs.replace(before, **change)
    assert (loose(before) == loose(after)) is loose_same
    assert (exact_hash(before) == exact_hash(after)) is exact_same


def test_no_message_and_one_are_the_same_length() -> None:
    none, one = (NormalisedRequest(api_kind="messages", message_count=count) for count in (0, 1))
    assert exact_hash(none) == exact_hash(one)


@given(st.tuples(ids, ids), st.tuples(ids, ids), requests)
def test_keys_collide_neither_across_users_nor_across_kinds(
    one: tuple[str, str], other: tuple[str, str], request: NormalisedRequest
) -> None:
    keys = {}
    for user, name in {one, other}:
        keys["session", user, name] = conversation_key(user_id=user, session_id=name)
        keys["machine", user, name] = conversation_key(user_id=user, machine_id=name)
        keys["content", user] = conversation_key(request, user_id=user)
    assert len(set(keys.values())) == len(keys)


@given(ids, ids, ids, requests)
def test_the_session_id_goes_before_the_machine_id_and_that_before_the_content(
    user: str, session: str, machine: str, request: NormalisedRequest
) -> None:
    by_session = conversation_key(user_id=user, session_id=session)
    assert conversation_key(request, user_id=user, session_id=session, machine_id=machine) == by_session
    by_machine = conversation_key(user_id=user, machine_id=machine)
    assert conversation_key(request, user_id=user, machine_id=machine) == by_machine
    assert conversation_key(request, user_id=user, session_id="", machine_id=machine) == by_machine


@given(requests, st.integers(0, 5000), prefixes)
def test_a_conversation_without_ids_keeps_its_key_as_it_grows(
    request: NormalisedRequest, count: int, latest: str | None
) -> None:
    later = msgspec.structs.replace(request, message_count=count, latest_user_prompt_prefix=latest)
    assert conversation_key(later, user_id="u") == conversation_key(request, user_id="u")


def test_parts_cannot_be_shifted_between_user_and_session() -> None:
    assert conversation_key(user_id="ab", session_id="c") != conversation_key(user_id="a", session_id="bc")


def test_a_key_holds_no_text_of_the_request() -> None:
    key = conversation_key(NormalisedRequest(api_kind="messages", user_prompt_prefix="secret plan"), user_id="jo")
    assert set(key) <= set("0123456789abcdef")
    assert len(key) == 32


def test_a_conversation_that_nothing_tells_is_refused() -> None:
    with pytest.raises(ValueError, match="told by its request"):
        conversation_key(user_id="u")
