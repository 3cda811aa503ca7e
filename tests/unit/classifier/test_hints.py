from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from routelab.classifier.hints import REDACTED, redacted_hints


def nodes(value: Any) -> int:
    if isinstance(value, dict):
        return sum(1 + nodes(item) for item in value.values())
    return sum(1 + nodes(item) for item in value) if isinstance(value, list) else 0


def test_only_what_concerns_providers_is_kept() -> None:
    body = {"provider": {"order": ["a", "b"]}, "messages": ["x"], "temperature": 1, "route": None}
    assert redacted_hints(body) == {"provider": {"order": ["a", "b"]}}
    assert redacted_hints({"messages": []}) is None


@pytest.mark.parametrize(
    "key",
    [
        "api_key", "apiKey", "API-KEY", "x-api-key", "key", "keys", "access_key", "accessKeyId", "openai_key",
        "Authorization", "auth", "authorisation", "bearer", "cookie", "credentials", "password", "passwd",
        "passphrase", "pwd", "jwt", "private_key", "client_secret", "session_id", "signature", "token",
        "access_token", "refreshToken", "tokens",
    ],
)  # fmt: skip
def test_values_under_keys_that_look_like_credentials_are_redacted(key: str) -> None:
    hidden = {"provider": {"deep": [{key: {"inner": "hunter2"}}, {key: "hunter2"}]}}
    assert redacted_hints(hidden) == {"provider": {"deep": [{key: REDACTED}, {key: REDACTED}]}}


@pytest.mark.parametrize(
    "key", ["max_tokens", "budget_tokens", "author", "authority", "keyword", "order", "effort", "passes"]
)
def test_harmless_keys_are_kept(key: str) -> None:
    assert redacted_hints({"reasoning": {key: "x"}}) == {"reasoning": {key: "x"}}


@pytest.mark.parametrize("wide", [{"provider": {str(n): n for n in range(600)}}, {"models": list(range(600))}])
def test_at_most_512_nodes_are_kept(wide: dict[str, Any]) -> None:
    assert nodes(redacted_hints(wide)) == 512


def test_deep_nesting_is_cut_and_does_not_crash() -> None:
    for wrap in (lambda value: {"a": value}, lambda value: [value]):
        value: Any = "end"
        for _ in range(3000):
            value = wrap(value)
        assert 30 <= nodes(redacted_hints({"provider": value})) <= 32


def test_long_texts_are_cut_since_the_prompt_pays_for_them() -> None:
    hints = redacted_hints({"provider": {"k" * 5000: "v" * 5000}})
    assert hints == {"provider": {"k" * 200: "v" * 200}}


def test_a_credential_key_is_known_by_its_end_even_when_cut() -> None:
    assert redacted_hints({"provider": {"x" * 300 + "_secret": "hunter2"}}) == {"provider": {"x" * 200: REDACTED}}


json_values = st.recursive(
    st.none() | st.integers() | st.just("hunter2"),
    lambda inner: (
        st.lists(inner, max_size=30)
        | st.dictionaries(st.sampled_from(["a", "b", "api_key", "my_token", "order"]), inner)
    ),
    max_leaves=200,
)


@given(st.fixed_dictionaries({"provider": json_values, "models": json_values}))
def test_no_value_stands_under_a_credential_key_and_no_more_than_512_nodes(body: dict[str, Any]) -> None:
    def check(value: Any) -> None:
        if isinstance(value, dict):
            for key, item in value.items():
                assert item == REDACTED or key not in ("api_key", "my_token")
                check(item)
        for item in value if isinstance(value, list) else ():
            check(item)

    hints = redacted_hints(body)
    check(hints)
    assert nodes(hints or {}) <= 512
