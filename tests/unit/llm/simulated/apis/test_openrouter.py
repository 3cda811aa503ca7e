import json

import pytest
from tests.unit.llm.simulated.apis.samples import RATE_LIMITED, SAYING, answer

from routelab.llm.simulated.apis import chat_completions, openrouter
from routelab.llm.simulated.conversation import ChatRequest, Message


@pytest.mark.parametrize(
    ("asked", "effort"),
    [
        ({}, None),
        ({"reasoning": None}, None),
        ({"reasoning": {"max_tokens": 100}}, None),
        ({"reasoning": {"effort": "high"}}, "high"),
        ({"reasoning_effort": "low", "reasoning": {"effort": "high"}}, "low"),
    ],
)
def test_the_effort_is_read_where_openrouter_has_it(asked: dict[str, object], effort: str | None) -> None:
    body = {"model": "sim/one", "messages": [{"role": "user", "content": "hello"}], **asked}
    assert openrouter.read(json.dumps(body).encode()).reasoning_effort == effort


def test_the_usage_is_streamed_unasked() -> None:
    *_, last, end = openrouter.events(answer(SAYING), ChatRequest("sim/one", [Message("user", "hello")]), 7)
    assert json.loads(last.removeprefix(b"data: "))["usage"] == chat_completions.usage(answer(SAYING))
    assert end == b"data: [DONE]\n\n"


def test_an_error_carries_its_status() -> None:
    assert openrouter.error(RATE_LIMITED) == {"error": {"message": "later", "code": 429}}
