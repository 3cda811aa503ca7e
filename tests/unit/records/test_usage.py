from routelab.records import Usage


def test_costs_and_tokens_add_up() -> None:
    assert Usage(10, 2, 0.5) + Usage(1, 1, 0.25) == Usage(11, 3, 0.75)


def test_an_unknown_cost_makes_the_sum_unknown_and_never_free() -> None:
    assert (Usage(1, 1, 0.5) + Usage(1, 1, None)).cost_usd is None
    assert (Usage(1, 1, None) + Usage(1, 1, 0.5)).cost_usd is None


def test_what_is_known_of_an_unknown_cost_is_kept_beside_estimates() -> None:
    cut = Usage(cost_usd=None, estimate_usd=0.25)
    whole = Usage(1, 1, 0.5) + cut + Usage(1, 1, 0.125)
    assert (whole.cost_usd, whole.spent_usd) == (None, 0.875)
    assert (Usage(cost_usd=0.5).spent_usd, Usage(cost_usd=None).spent_usd) == (0.5, 0.0)
