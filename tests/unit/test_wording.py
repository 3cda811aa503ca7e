import pytest

from routelab.wording import count, notice, usd


@pytest.mark.parametrize(
    ("amount", "written"),
    [
        (0.0, "$0.00"),
        (12345.678, "$12,345.68"),
        (0.1, "$0.10"),
        (0.0994, "$0.099"),
        (0.0996, "$0.10"),
        (0.0000314, "$0.000031"),
        (1e-7, "$0.00000010"),
    ],
)
def test_money_keeps_two_digits_that_tell_something(amount: float, written: str) -> None:
    assert usd(amount) == written


@pytest.mark.parametrize(("number", "written"), [(0, "0 cases"), (1, "1 case"), (1234, "1,234 cases")])
def test_a_number_takes_its_noun_in_the_plural(number: int, written: str) -> None:
    assert count(number, "case") == written


def test_only_what_was_not_measured_here_needs_a_notice() -> None:
    assert notice("benchmark") is None
    assert "Simulated" in str(notice("simulated"))
    assert "Imported" in str(notice("imported"))
