from statistics import NormalDist

import pytest
from hypothesis import given
from hypothesis import strategies as st

from routelab.stats import wilson

confidences = st.floats(0.01, 0.999)


@st.composite
def shares(draw: st.DrawFn) -> tuple[float, int]:
    trials = draw(st.integers(1, 5000))
    return draw(st.floats(0, 1)) * trials, trials


@pytest.mark.parametrize(
    ("successes", "trials", "low", "high"),
    [(81, 263, 0.2553, 0.3662), (15, 148, 0.0624, 0.1605), (0, 20, 0.0, 0.1611), (1, 29, 0.0061, 0.1718)],
)
def test_published_values(successes: int, trials: int, low: float, high: float) -> None:
    """Newcombe (1998), Statistics in Medicine 17, table I, method 3 (95 %, two-sided)."""
    assert wilson(successes, trials) == pytest.approx((low, high), abs=5e-5)


@given(shares(), confidences)
def test_the_bounds_solve_the_score_equation(share: tuple[float, int], confidence: float) -> None:
    successes, trials = share
    z = NormalDist().inv_cdf((1 + confidence) / 2)
    for bound in wilson(successes, trials, confidence=confidence):
        assert bound is not None
        error = (successes / trials - bound) ** 2 - z * z * bound * (1 - bound) / trials
        assert error == pytest.approx(0, abs=1e-9)


@given(shares(), confidences)
def test_the_interval_holds_the_share_and_stays_within_0_and_1(share: tuple[float, int], confidence: float) -> None:
    successes, trials = share
    low, high = wilson(successes, trials, confidence=confidence)
    assert low is not None
    assert high is not None
    assert 0 <= low <= successes / trials + 1e-12
    assert successes / trials - 1e-12 <= high <= 1


@given(st.integers(1, 300), st.data(), confidences)
def test_more_successes_never_lower_a_bound(trials: int, data: st.DataObject, confidence: float) -> None:
    fewer, more = sorted(data.draw(st.tuples(st.integers(0, trials), st.integers(0, trials))))
    low, high = wilson(fewer, trials, confidence=confidence)
    low_of_more, high_of_more = wilson(more, trials, confidence=confidence)
    assert low <= low_of_more + 1e-12
    assert high <= high_of_more + 1e-12


@given(shares(), st.tuples(confidences, confidences))
def test_more_confidence_never_narrows(share: tuple[float, int], pair: tuple[float, float]) -> None:
    lesser, greater = sorted(pair)
    low, high = wilson(*share, confidence=lesser)
    wide_low, wide_high = wilson(*share, confidence=greater)
    assert wide_low <= low + 1e-12
    assert high <= wide_high + 1e-12


def test_the_ends_are_exact() -> None:
    assert wilson(0, 7, confidence=0.9)[0] == 0.0
    assert wilson(7, 7, confidence=0.9)[1] == 1.0


def test_no_trial_gives_no_interval_rather_than_zero() -> None:
    assert wilson(0, 0) == (None, None)


def test_few_cases_prove_nothing() -> None:
    """Four right of four at the default confidence stay below the default threshold of 0.75."""
    low, _ = wilson(4, 4, confidence=0.9)
    assert low is not None
    assert low < 0.75


@pytest.mark.parametrize(
    ("successes", "trials", "confidence"),
    [(-1, 5, 0.9), (6, 5, 0.9), (0, -1, 0.9), (float("nan"), 5, 0.9), (1, 5, 0.0), (1, 5, 1.0), (1, 5, float("nan"))],
)
def test_nonsense_is_refused(successes: float, trials: int, confidence: float) -> None:
    with pytest.raises(ValueError, match="must lie between"):
        wilson(successes, trials, confidence=confidence)
