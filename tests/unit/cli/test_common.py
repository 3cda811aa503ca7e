"""How commands write numbers."""

import pytest

from routelab.cli.common import millis


@pytest.mark.parametrize(
    ("value", "written"),
    [
        (None, "-"),
        (0.0, "0.0"),
        (0.0312, "0.031"),
        (0.312, "0.31"),
        (3.0, "3.0"),
        (9.94, "9.9"),
        (9.96, "10"),
        (12345.6, "12,346"),
    ],
)
def test_times_keep_two_digits_that_tell_something(value: float | None, written: str) -> None:
    assert millis(value) == written
