from pathlib import Path

import pytest

from routelab.datasets import load_classifier, load_decider
from routelab.datasets.quotas import Quotas, quota_faults, read_quotas
from routelab.errors import DatasetError
from routelab.taxonomy import Taxonomy

ROUTES = ("debugging/bug_fixing", "debugging/test_repair", "refactoring/code_cleanup", "refactoring/migration")


@pytest.mark.parametrize(
    ("quotas", "fault"),
    [
        (Quotas(per_route=5), "route debugging/bug_fixing has 4 cases; at least 5 are asked for"),
        (Quotas(per_route=3, exact=True), "route debugging/bug_fixing has 4 cases; exactly 3 are asked for"),
        (
            Quotas(per_route=4, difficulties={"high": 1}),
            "route debugging/bug_fixing has 0 cases of difficulty high; exactly 1 are asked for",
        ),
        (Quotas(per_route=4, workspace_share=0.5), "1 of 16 cases have a workspace; 50% are asked for"),
        (
            Quotas(per_route=4, workspace_per_route={"debugging": 1}),
            "route debugging/test_repair has 0 workspace cases; at least 1 are asked for",
        ),
    ],
)
def test_a_quota_that_the_tasks_do_not_keep_is_named_with_both_numbers(
    decider: Path, quotas: Quotas, fault: str
) -> None:
    assert fault in list(quota_faults(load_decider(decider).cases, quotas, ROUTES))


@pytest.mark.parametrize(
    ("quotas", "fault"),
    [
        (Quotas(per_route=4, latest_share=0.4), "0 of 16 requests have a latest prompt; 40% are asked for"),
        (Quotas(per_route=4, tags={"injection": 2}), "0 requests are tagged injection; at least 2 are asked for"),
    ],
)
def test_a_quota_that_the_requests_do_not_keep_is_named(classifier: Path, quotas: Quotas, fault: str) -> None:
    assert list(quota_faults(load_classifier(classifier).cases, quotas, ROUTES)) == [fault]


def test_quotas_that_are_kept_have_no_fault(decider: Path, taxonomy: Taxonomy) -> None:
    quotas = Quotas(per_route=4, exact=True, difficulties={"low": 4}, workspace_share=0.05)
    assert list(quota_faults(load_decider(decider).cases, quotas, taxonomy.routes)) == []


def test_quotas_that_cannot_be_read_name_the_file(tmp_path: Path) -> None:
    with pytest.raises(DatasetError, match=r"quotas\.json"):
        read_quotas(tmp_path)
    (tmp_path / "quotas.json").write_text('{"per_rout": 1}')
    with pytest.raises(DatasetError, match=r"quotas\.json: .*per_rout"):
        read_quotas(tmp_path)
