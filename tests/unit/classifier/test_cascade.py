import json
from typing import Any

import pytest
from msgspec import structs

from routelab.classifier import CascadeResult, asks_model, classify_cascade
from routelab.errors import BudgetError, EndpointError
from routelab.records import Classification, Completion, NormalisedRequest, Usage
from routelab.taxonomy import Taxonomy

REQUEST = NormalisedRequest(api_kind="messages", user_prompt_prefix="There is a bug")


async def cascade(
    taxonomy: Taxonomy, local: Classification, answer: str | Exception, *, threshold: float = 0.6
) -> CascadeResult:
    async def complete(_messages: list[dict[str, str]]) -> Completion:
        if isinstance(answer, Exception):
            raise answer
        return Completion(text=answer, usage=Usage(100, 10, 0.125))

    return await classify_cascade(REQUEST, taxonomy, lambda _: local, complete, threshold=threshold)


def test_the_model_is_asked_below_the_threshold_only() -> None:
    assert asks_model(0.59, 0.6)
    assert not asks_model(0.6, 0.6)
    assert not asks_model(0.0, 0.0)
    assert asks_model(None, 0.0)


async def test_a_sure_local_answer_costs_nothing(taxonomy: Taxonomy, classification: Classification) -> None:
    local = structs.replace(classification, confidence=0.7)
    result = await cascade(taxonomy, local, AssertionError("the model was asked"))
    assert result == CascadeResult(classification=local, usage=Usage(), asked=False)
    assert result.fallback_reason is None


async def test_an_unsure_local_answer_gives_way_to_the_model(taxonomy: Taxonomy, labels: dict[str, Any]) -> None:
    local = Classification(**{**labels, "subtask_type": "test_repair"}, confidence=0.5)
    result = await cascade(taxonomy, local, json.dumps(labels))
    assert result.classification == Classification(**labels)
    assert (result.asked, result.usage) == (True, Usage(100, 10, 0.125))


@pytest.mark.parametrize(
    ("answer", "reason", "cost"),
    [(EndpointError("down", kind="unreachable"), "unreachable", 0.0), ("no idea", "invalid_output (json)", 0.25)],
)
async def test_the_local_answer_stands_in_for_a_model_that_fails(
    taxonomy: Taxonomy, classification: Classification, answer: str | Exception, reason: str, cost: float
) -> None:
    local = structs.replace(classification, confidence=0.5)
    result = await cascade(taxonomy, local, answer)
    assert result.classification == structs.replace(local, fallback=True)
    assert (result.asked, result.fallback_reason, result.usage.cost_usd) == (True, reason, cost)


async def test_an_error_that_is_not_the_endpoints_goes_up(taxonomy: Taxonomy, classification: Classification) -> None:
    with pytest.raises(BudgetError):
        await cascade(taxonomy, classification, BudgetError("spent"))
