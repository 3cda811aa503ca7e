from statistics import fmean

import pytest
from hypothesis import given
from hypothesis import strategies as st

from routelab.llm.simulated.draws import chance_of_case, one_of, seeded
from routelab.records import Candidate

ONE = Candidate("sim/one", "high")


def test_a_draw_is_the_same_in_every_process() -> None:
    assert seeded(ONE, "debugging-task-1", "answer", 2).random() == pytest.approx(0.1211243, abs=1e-7)


def test_every_part_of_the_key_matters() -> None:
    keys = [
        (ONE, "case-a", "answer", 1),
        (Candidate("sim/one"), "case-a", "answer", 1),
        (ONE, "case-b", "answer", 1),
        (ONE, "case-a", "spoilt", 1),
        (ONE, "case-a", "answer", 2),
    ]
    assert len({seeded(*key).random() for key in keys}) == len(keys)


@given(mean=st.floats(0, 1), concentration=st.floats(0.5, 50), key=st.text())
def test_a_chance_is_a_share(mean: float, concentration: float, key: str) -> None:
    assert 0 <= chance_of_case(mean, concentration, seeded(ONE, key, "chance")) <= 1


@pytest.mark.parametrize("mean", [0.0, 0.1, 0.5, 0.93, 1.0])
def test_chances_have_the_asked_mean_and_differ(mean: float) -> None:
    chances = [chance_of_case(mean, 3.0, seeded(ONE, f"case-{n}", "chance")) for n in range(4000)]
    assert fmean(chances) == pytest.approx(mean, abs=0.02)
    assert (len(set(chances)) == 1) == (mean in (0.0, 1.0))


def test_one_of_follows_the_shares() -> None:
    names = [one_of({"a": 0.2, "b": 0.3, "c": 0.0}, seeded(ONE, str(n), "one")) for n in range(5000)]
    assert names.count("a") / 5000 == pytest.approx(0.2, abs=0.02)
    assert names.count("b") / 5000 == pytest.approx(0.3, abs=0.02)
    assert names.count(None) / 5000 == pytest.approx(0.5, abs=0.02)
