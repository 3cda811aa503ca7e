from typing import Any

import httpx
import pytest

from routelab.llm.failures import failure, failure_inside, retry_after_s, unanswered


def response(status: int = 500, *, headers: dict[str, str] | None = None, **content: Any) -> httpx.Response:
    return httpx.Response(status, headers=headers, request=httpx.Request("POST", "http://endpoint/v1"), **content)


@pytest.mark.parametrize(
    ("header", "expected"),
    [
        ("3", 3.0),
        ("0.25", 0.25),
        ("0", 0.0),
        ("3600", 60.0),
        ("-1", None),
        ("nan", None),
        ("inf", None),
        ("Fri, 20 Nov 2026 10:00:00 GMT", None),
        ("", None),
    ],
)
def test_the_wait_that_is_asked_for(header: str, expected: float | None) -> None:
    assert retry_after_s(response(429, headers={"retry-after": header})) == expected
    assert retry_after_s(response(429)) is None


@pytest.mark.parametrize(
    ("content", "message"),
    [
        ({"json": {"error": {"message": "too long"}}}, "too long"),
        ({"json": {"error": "too long"}}, "too long"),
        ({"json": {"error": {"code": "odd"}}}, '{"error":{"code":"odd"}}'),
        ({"json": {"detail": "too long"}}, '{"detail":"too long"}'),
        ({"text": "  <h1>Bad gateway</h1>\n<p>nginx"}, "<h1>Bad gateway</h1>"),
        ({"json": {"error": {"message": "a\n\tb"}}}, "a b"),
        ({"json": {"error": {"message": "x" * 900}}}, "x" * 300),
        ({"content": b""}, "no message"),
        ({"content": b"\xff\xfe"}, "\N{REPLACEMENT CHARACTER}" * 2),
    ],
)
def test_the_message_is_one_short_line(content: dict[str, Any], message: str) -> None:
    assert str(failure(response(502, **content))) == f"the endpoint answered 502: {message}"


def test_a_body_with_an_answer_reports_no_failure() -> None:
    assert failure_inside({"choices": [{"message": {}}]}) is None
    assert failure_inside({"choices": [{"message": {}}], "error": {"message": "a warning"}}) is None
    assert failure_inside({"error": None}) is None
    assert failure_inside({}) is None


@pytest.mark.parametrize(
    ("fields", "kind"),
    [
        ({"type": "insufficient_quota", "code": "insufficient_quota"}, "no_credit"),
        ({"type": "insufficient_quota", "code": "credit_balance_exhausted"}, "no_credit"),
        ({"type": "insufficient_quota"}, "no_credit"),
        ({"type": "requests", "code": "rate_limit_exceeded"}, "rate_limited"),
        ({"type": "tokens", "code": None}, "rate_limited"),
        ({}, "rate_limited"),
    ],
)
def test_an_empty_account_is_told_from_too_many_calls(fields: dict[str, Any], kind: str) -> None:
    refusal = failure(response(429, json={"error": {"message": "You exceeded your current quota", **fields}}))
    assert (refusal.kind, refusal.status) == (kind, 429)


@pytest.mark.parametrize("code", [429, "insufficient_quota"])
def test_an_empty_account_is_told_inside_a_success_too(code: object) -> None:
    refusal = failure_inside({"error": {"message": "no more", "type": "insufficient_quota", "code": code}})
    assert refusal is not None
    assert refusal.kind == "no_credit"


def test_the_words_of_a_failure_inside_a_success_say_what_it_is() -> None:
    found = failure_inside({"error": {"code": "context_length_exceeded", "message": "too\n long"}})
    assert found is not None
    assert (found.kind, str(found)) == ("rejected", "the endpoint answered 400: too long")


@pytest.mark.parametrize(
    ("error", "kind", "cost_usd"),
    [
        (httpx.ConnectError("refused"), "unreachable", 0.0),
        (httpx.ConnectTimeout("slow"), "unreachable", 0.0),
        (httpx.PoolTimeout("full"), "unreachable", 0.0),
        (httpx.ReadTimeout("slow"), "timeout", None),
        (httpx.WriteTimeout("slow"), "timeout", None),
        (httpx.ReadError("reset"), "unreachable", None),
        (httpx.RemoteProtocolError("hung up"), "unreachable", None),
    ],
)
def test_only_what_was_never_sent_is_known_to_be_free(
    error: httpx.HTTPError, kind: str, cost_usd: float | None
) -> None:
    told = unanswered(error, "http://endpoint/v1", 2)
    assert (told.kind, told.usage.cost_usd) == (kind, cost_usd)
