import pytest
from hypothesis import given
from hypothesis import strategies as st

from routelab.stats import nearest_rank


@pytest.mark.parametrize(("share", "expected"), [(0.05, 15), (0.3, 20), (0.4, 20), (0.5, 35), (1, 50), (1e-12, 15)])
def test_nearest_rank(share: float, expected: float) -> None:
    assert nearest_rank([50, 15, 40, 20, 35], share) == expected


def test_a_share_that_falls_on_a_rank_is_not_pushed_to_the_next() -> None:
    assert nearest_rank(range(1, 21), 0.95) == 19
    assert nearest_rank(range(1, 101), 0.07) == 7


@given(st.lists(st.integers(-5, 5), min_size=1, max_size=40), st.integers(1, 100))
def test_it_is_the_smallest_value_that_covers_the_share(values: list[int], percent: int) -> None:
    def covers(value: int) -> bool:
        return 100 * sum(other <= value for other in values) >= percent * len(values)

    assert nearest_rank(values, percent / 100) == min(filter(covers, values))


def test_nothing_has_no_percentile() -> None:
    assert nearest_rank([], 0.5) is None


@pytest.mark.parametrize("share", [0, -0.1, 1.01, float("nan")])
def test_a_share_outside_0_to_1_is_refused(share: float) -> None:
    with pytest.raises(ValueError, match="share"):
        nearest_rank([1.0], share)
