from typing import Any

import httpx
import pytest

from routelab.llm.failures import failure, failure_inside, retry_after_s


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
