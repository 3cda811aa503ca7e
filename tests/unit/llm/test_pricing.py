import math
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from routelab.config import Price
from routelab.llm import cost_usd
from routelab.llm.pricing import prompt_usd, tokens

PRICE = Price.model_validate({"input_per_million": 2.0, "output_per_million": 8.0, "as_of": "2026-04-01"})
COUNTS = {"prompt_tokens": 1_000_000, "completion_tokens": 500_000}


def test_the_endpoints_own_figure_comes_first() -> None:
    assert cost_usd({**COUNTS, "cost": 0.5}, PRICE) == 0.5
    assert cost_usd({**COUNTS, "cost": 0}, PRICE) == 0.0


def test_the_list_price_comes_second() -> None:
    assert cost_usd(COUNTS, PRICE) == pytest.approx(6.0)


@pytest.mark.parametrize("cost", [None, "0.5", True, -1, math.nan, math.inf, 10**400, [0.5]])
def test_a_figure_that_is_none_is_not_believed(cost: Any) -> None:
    assert cost_usd({**COUNTS, "cost": cost}, PRICE) == pytest.approx(6.0)
    assert cost_usd({**COUNTS, "cost": cost}, None) is None


@pytest.mark.parametrize("usage", [{}, {"prompt_tokens": 0, "completion_tokens": 0}, {"prompt_tokens": "many"}])
def test_without_tokens_the_list_price_says_nothing(usage: dict[str, Any]) -> None:
    assert cost_usd(usage, PRICE) is None


@pytest.mark.parametrize("count", [None, "7", 7.5, True, -7])
def test_a_count_that_is_none_is_0(count: Any) -> None:
    assert tokens({"prompt_tokens": count}, "prompt_tokens") == 0


@given(st.dictionaries(st.sampled_from(["cost", "prompt_tokens", "completion_tokens"]), st.from_type(object)))
def test_whatever_an_endpoint_reports_the_cost_is_a_finite_amount_or_unknown(usage: dict[str, Any]) -> None:
    found = cost_usd(usage, PRICE)
    assert found is None or (math.isfinite(found) and found >= 0)


def test_a_prompt_is_estimated_from_its_length_where_there_is_a_price() -> None:
    assert prompt_usd(b"x" * 4_000_000, PRICE) == 2.0
    assert prompt_usd(b"", PRICE) == 0.0
    assert prompt_usd(b"x" * 4_000_000, None) is None
