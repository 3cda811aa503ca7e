import pytest
from hypothesis import given
from hypothesis import strategies as st

from routelab.stats import krippendorff_alpha


def test_the_published_examples_of_two_labellers() -> None:
    # Krippendorff (2011), examples A (binary) and B (nominal).
    binary = zip([0, 1, 0, 0, 0, 0, 0, 0, 1, 0], [1, 1, 1, 0, 0, 1, 0, 0, 0, 0], strict=True)
    assert krippendorff_alpha(list(binary)) == pytest.approx(0.095, abs=5e-4)
    nominal = zip("aabbdcccedda", "babbbccceddd", strict=True)
    assert krippendorff_alpha(list(nominal)) == pytest.approx(0.692, abs=5e-4)


def test_what_cannot_be_estimated_is_none() -> None:
    assert krippendorff_alpha([]) is None
    assert krippendorff_alpha([["a"], ["b"]]) is None
    assert krippendorff_alpha([["a", "a"], ["a", "a"]]) is None


@given(st.lists(st.sampled_from("abc"), min_size=2))
def test_agreement_is_perfect_when_nobody_disagrees(labels: list[str]) -> None:
    alpha = krippendorff_alpha([(label, label) for label in labels])
    assert alpha == (None if len(set(labels)) == 1 else 1.0)


@given(st.lists(st.tuples(st.sampled_from("ab"), st.sampled_from("ab")), min_size=1))
def test_alpha_never_exceeds_one(units: list[tuple[str, str]]) -> None:
    alpha = krippendorff_alpha(units)
    assert alpha is None or alpha <= 1
