from typing import Any

import pytest

from routelab.errors import UserError
from routelab.report.parameters import RunParameters, TableParameters, check_parameters


def test_defaults() -> None:
    assert check_parameters("20_decider", {}) == RunParameters()
    assert check_parameters("50_table", {"version": "0a1b"}) == TableParameters(version="0a1b")


@pytest.mark.parametrize(
    ("notebook", "given", "named"),
    [
        ("20_decider", {"per_rout": 1}, "per_rout"),
        ("20_decider", {"per_route": "1"}, "per_route"),
        ("20_decider", {"per_route": True}, "per_route"),
        ("20_decider", {"per_route": 0}, "per_route"),
        ("20_decider", {"per_route": 1.5}, "per_route"),
        ("20_decider", {"version": "1"}, "version"),
        ("10_classifier", {"publish": "yes"}, "publish"),
        ("10_classifier", {"force": 1}, "force"),
        ("10_classifier", {"run_id": 7}, "run_id"),
        ("10_classifier", {"run_id": "a b"}, "run_id"),
        ("50_table", {"version": ""}, "version"),
        ("50_table", {"run_id": "r"}, "run_id"),
        ("50_table", {"config": 3}, "config"),
    ],
)
def test_whatever_does_not_belong_is_named(notebook: str, given: dict[str, Any], named: str) -> None:
    with pytest.raises(UserError, match=f"notebook {notebook}: .*{named}"):
        check_parameters(notebook, given)


def test_an_unknown_notebook_is_told_the_known_ones() -> None:
    with pytest.raises(UserError, match="there are 10_classifier, 20_decider, 50_table"):
        check_parameters("30_other", {})
