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
