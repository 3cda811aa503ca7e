from routelab.records import Usage


def test_costs_and_tokens_add_up() -> None:
    assert Usage(10, 2, 0.5) + Usage(1, 1, 0.25) == Usage(11, 3, 0.75)


def test_an_unknown_cost_makes_the_sum_unknown_and_never_free() -> None:
    assert (Usage(1, 1, 0.5) + Usage(1, 1, None)).cost_usd is None
    assert (Usage(1, 1, None) + Usage(1, 1, 0.5)).cost_usd is None
