import json
from typing import Any

import pytest

from routelab.classifier import ClassificationResult, ParseFailure, build_messages, classify
from routelab.errors import BudgetError, EndpointError
from routelab.records import Classification, Completion, NormalisedRequest, Usage
from routelab.taxonomy import Taxonomy

REQUEST = NormalisedRequest(api_kind="messages", user_prompt_prefix="There is a bug")
Messages = list[dict[str, str]]


async def ask(taxonomy: Taxonomy, *answers: str | Exception) -> tuple[ClassificationResult, list[Messages]]:
    """Classify with a model that gives these answers, a tenth of a dollar each."""
    asked: list[Messages] = []

    async def complete(messages: Messages) -> Completion:
        asked.append(messages)
        answer = answers[len(asked) - 1]
        if isinstance(answer, Exception):
            raise answer
        return Completion(text=answer, usage=Usage(100, 10, 0.125))

    return await classify(REQUEST, taxonomy, complete), asked


async def test_a_valid_answer_is_taken_at_once(taxonomy: Taxonomy, labels: dict[str, Any]) -> None:
    result, asked = await ask(taxonomy, json.dumps(labels))
    assert result.classification == Classification(**labels)
    assert (result.usage, result.failures, result.fallback_reason) == (Usage(100, 10, 0.125), (), None)
    assert asked == [build_messages(REQUEST, taxonomy)]


async def test_one_retry_on_invalid_output_with_costs_added_up(taxonomy: Taxonomy, labels: dict[str, Any]) -> None:
    result, asked = await ask(taxonomy, "no idea", json.dumps(labels))
    assert result.classification == Classification(**labels)
    assert result.failures == (ParseFailure("json"),)
    assert result.usage == Usage(200, 20, 0.25)
    assert result.fallback_reason is None
    assert asked[1][:2] == asked[0]
    assert asked[1][2] == {"role": "assistant", "content": "no idea"}


async def test_two_invalid_answers_end_in_a_fallback_that_says_so(taxonomy: Taxonomy) -> None:
    result, asked = await ask(taxonomy, "", "{}", "never asked for")
    assert len(asked) == 2
    assert result.classification.fallback
    assert result.classification.route == "debugging/bug_fixing"
    assert [failure.stage for failure in result.failures] == ["empty", "keys"]
    assert result.usage.cost_usd == 0.25
    assert result.last_answer == "{}"
    assert result.endpoint_error is None


async def test_the_reason_of_a_fallback_fits_where_it_is_stored(taxonomy: Taxonomy) -> None:
    result, _ = await ask(taxonomy, "{}", json.dumps({"x" * 999 + str(n): 1 for n in range(50)}))
    assert result.fallback_reason is not None
    assert result.fallback_reason.startswith("invalid_output (keys: task_type")
    assert len(result.fallback_reason) <= 120


async def test_what_a_model_made_up_is_told_to_the_model_alone(taxonomy: Taxonomy) -> None:
    answer = json.dumps({**taxonomy.fallback, "reset the password hunter2": 1, "the address is a@b.c": 2})
    result, asked = await ask(taxonomy, answer, answer)
    assert "hunter2" in asked[1][-1]["content"]
    assert result.fallback_reason == "invalid_output (keys: unknown)"


def test_a_reason_names_the_keys_of_the_schema_only() -> None:
    failure = ParseFailure("keys", ("risk_level", "my secret", "another", "confidence"))
    assert failure.reason == "keys: risk_level, unknown, confidence"
    assert str(failure) == "keys: risk_level, my secret, another, confidence"
    assert ParseFailure("json").reason == "json"


async def test_a_failing_endpoint_is_a_fallback_that_carries_the_error(taxonomy: Taxonomy) -> None:
    error = EndpointError("it is down", kind="unreachable")
    result, asked = await ask(taxonomy, error)
    assert len(asked) == 1
    assert result.classification.fallback
    assert result.endpoint_error is error
    assert result.fallback_reason == "unreachable"


async def test_what_the_first_answer_cost_is_not_lost_when_the_second_call_fails(taxonomy: Taxonomy) -> None:
    result, _ = await ask(taxonomy, "junk", EndpointError("down", kind="unreachable"))
    assert result.usage == Usage(100, 10, 0.125)


async def test_the_cost_is_unknown_after_a_call_that_may_be_billed(taxonomy: Taxonomy) -> None:
    slow = EndpointError("too slow", kind="timeout", usage=Usage(cost_usd=None, estimate_usd=0.5))
    result, _ = await ask(taxonomy, "junk", slow)
    assert result.usage == Usage(100, 10, None, 0.625)
    assert result.failures == (ParseFailure("json"),)
    assert result.fallback_reason == "timeout"


async def test_an_unknown_cost_stays_unknown(taxonomy: Taxonomy, labels: dict[str, Any]) -> None:
    async def complete(_: Messages) -> Completion:
        return Completion(text=json.dumps(labels), usage=Usage(1, 1, None))

    assert (await classify(REQUEST, taxonomy, complete)).usage.cost_usd is None


async def test_other_failures_are_the_callers(taxonomy: Taxonomy) -> None:
    with pytest.raises(BudgetError):
        await ask(taxonomy, BudgetError("the money is gone"))
