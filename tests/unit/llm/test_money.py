import pytest

from routelab.errors import BudgetError
from routelab.llm import MoneyLimit


def test_without_a_limit_nothing_is_refused() -> None:
    limit = MoneyLimit(None)
    limit.add("m", 1e9)
    limit.add("m", None)
    limit.check()
    assert limit.spent_usd == 1e9


def test_calls_are_refused_once_the_sum_has_reached_the_limit() -> None:
    limit = MoneyLimit(1.0)
    limit.check()
    limit.add("m", 0.75)
    limit.check()
    limit.add("m", 0.25)
    with pytest.raises(BudgetError, match=r"the money limit of \$1 is reached \(\$1.0000 spent\)"):
        limit.check()


def test_what_was_spent_before_counts() -> None:
    with pytest.raises(BudgetError, match=r"raise limits\.max_cost_usd and resume the run"):
        MoneyLimit(1.0, spent_usd=1.5).check()


def test_a_call_of_unknown_cost_ends_a_bounded_run() -> None:
    limit = MoneyLimit(1.0)
    limit.add("real/one", None)
    with pytest.raises(BudgetError, match=r"no cost for real/one .* add \[prices\.'real/one'\] or lift max_cost_usd"):
        limit.check()


def test_a_call_that_was_cut_off_counts_as_the_dearest_of_its_model() -> None:
    limit = MoneyLimit(1.0)
    limit.add("m", 0.25)
    limit.add("m", 0.125)
    limit.add("n", 0.5)
    assert limit.add_cut("m", None) == 0.25
    assert (limit.spent_usd, limit.estimated_usd, limit.reached) == (0.875, 0.25, True)
    with pytest.raises(BudgetError, match=r"\$0\.8750 spent, \$0\.2500 estimated for calls that were cut off"):
        limit.check()


def test_before_its_model_told_a_cost_a_cut_call_counts_as_the_dearest_of_any() -> None:
    limit = MoneyLimit(1.0)
    assert limit.add_cut("m", None) == 0
    assert limit.estimated_usd == 0
    limit.check()
    limit.add("n", 0.5)
    assert limit.estimated_usd == 0.5
    limit.add("m", 0.0625)
    assert limit.estimated_usd == 0.0625
    limit.check()


def test_cut_calls_do_not_end_a_run_for_want_of_a_price() -> None:
    limit = MoneyLimit(1.0)
    limit.add("m", 0.125)
    for _ in range(6):
        limit.add_cut("m", None)
        limit.check()
    limit.add_cut("m", None)
    with pytest.raises(BudgetError, match=r"limits\.max_cost_usd"):
        limit.check()


def test_where_every_call_is_cut_off_the_price_of_the_prompt_bounds_the_run() -> None:
    limit = MoneyLimit(1.0)
    limit.add("n", 0.0625)
    assert [limit.add_cut("m", usd) for usd in (0.25, 0.125, 0.375)] == [0.25, 0.25, 0.375]
    assert (limit.estimated_usd, limit.reached) == (1.125, True)


def test_a_dearer_call_than_its_prompt_stands_in_for_those_that_are_cut_off() -> None:
    limit = MoneyLimit(1.0)
    limit.add("m", 0.5)
    assert limit.add_cut("m", 0.125) == 0.5
    limit.add_cut("free", 0.0)
    assert limit.estimated_usd == 0.5
