from collections import Counter
from pathlib import Path

from hypothesis import given
from hypothesis import strategies as st

from routelab.bench.prepare import Material, load_material, sample_cases
from routelab.config import load_config
from routelab.records import DeciderCase

ROOT = Path(__file__).parents[3]


def golden() -> Material:
    return load_material("decider", load_config(ROOT / "routelab.toml"))


MATERIAL = golden()


@given(st.integers(1, 20))
def test_a_sample_has_so_many_cases_of_every_route_in_file_order(per_route: int) -> None:
    sample = sample_cases(MATERIAL, per_route)
    available = Counter(MATERIAL.routes.values())
    assert Counter(MATERIAL.routes[case_id] for case_id in sample) == {
        route: min(per_route, number) for route, number in available.items()
    }
    assert list(sample) == [case_id for case_id in MATERIAL.cases if case_id in set(sample)]


def test_difficulties_stand_in_proportion() -> None:
    cases = [case for case in MATERIAL.cases.values() if isinstance(case, DeciderCase)]
    whole = Counter(case.difficulty for case in cases)
    half = len(cases) // len(set(MATERIAL.routes.values())) // 2
    sample = sample_cases(MATERIAL, half)
    found = Counter(case.difficulty for case in cases if case.id in sample)
    for difficulty, number in whole.items():
        assert abs(found[difficulty] - number / 2) <= len(set(MATERIAL.routes.values()))
    assert len(found) == 3 or half < 2
