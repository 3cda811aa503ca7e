"""What `routelab doctor` finds of tables, classifiers and extras."""

import importlib.util
import json
import os
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from tests.integration.loopback import Endpoint, Reply, closed_port, serving
from tests.spec import samples
from tests.unit.cli.conftest import REPOSITORY, Routelab

from routelab.records import Candidate, ClassifierWinner, RoutingTable, RunCandidate
from routelab.store import open_store
from routelab.table import build_table, dump_table, with_winner

SORTER = Candidate("sim/sorter")
TABLE = build_table(
    [samples.summary(route) for route in samples.ROUTES],
    routes=samples.ROUTES,
    source="simulated",
    taxonomy_version="v1",
)
Look = Callable[..., dict[str, str]]


@pytest.fixture
def look(routelab: Routelab, tmp_path: Path) -> Look:
    """Runs `routelab doctor` on a `[serve]`; gives the state of each finding by its sentence."""
    shutil.copytree(REPOSITORY / "datasets/taxonomy", tmp_path / "data/taxonomy")

    def run(serve: str = 'sources = ["simulated"]', rest: str = "") -> dict[str, str]:
        (tmp_path / "routelab.toml").write_text(
            f'paths = {{ datasets = "data" }}\nsandbox = {{ kind = "process" }}\n'
            f'decider = {{ dataset = "decider/v2", agent = "direct" }}\n'
            f'endpoint = {{ base_url = "http://127.0.0.1:{closed_port()}/v1" }}\n{rest}\n[serve]\n{serve}\n'
        )
        result = routelab("doctor", "--json")
        return {finding["what"]: finding["state"] for finding in json.loads(result.out)}

    return run


def winner(**changes: Any) -> ClassifierWinner:
    return samples.winner(**{"candidate": SORTER, "run_id": "classifier-1", **changes})


def publish(folder: Path, table: RoutingTable = TABLE) -> None:
    """A store with a live table and a published classifier."""
    (folder / ".routelab").mkdir(exist_ok=True)
    store = open_store(f"sqlite:///{folder / '.routelab/routelab.db'}")
    store.runs.create(samples.run("classifier-1", kind="classifier"), [RunCandidate(SORTER)])
    store.tables.publish_winner(winner())
    store.tables.add(table)
    store.tables.publish(table.version, samples.NOON)
    store.close()


def about(findings: dict[str, str], *words: str) -> list[str]:
    """The states of the findings with these words."""
    return [state for what, state in findings.items() if all(word in what for word in words)]


def test_an_override_that_hides_the_published_classifier_is_told(look: Look, tmp_path: Path) -> None:
    publish(tmp_path)
    simulated = 'sources = ["simulated"]\n'
    hidden = f"serve.classifier sim/mine hides the published winner {SORTER}"
    assert look(simulated + 'classifier = "sim/mine"')[hidden] == "note"
    for serve in (simulated, simulated + f'classifier = "{SORTER}"', 'classifier = "sim/mine"'):
        assert about(look(serve), "hides the") == []


def test_a_table_in_the_store_that_may_be_served_is_good(look: Look, tmp_path: Path) -> None:
    assert about(look(), "there is no published table: the shim would decide nothing") == ["note"]
    publish(tmp_path)
    assert look()[f"routing table {TABLE.version} (simulated)"] == "good"
    findings = look("")
    assert about(findings, "is simulated, which serve.sources does not name: the shim would decide") == ["note"]
    assert about(findings, f"classifier {SORTER} is simulated", "would not ask it") == ["note"]


def test_what_the_configured_file_holds_counts_and_not_the_store(look: Look, tmp_path: Path) -> None:
    publish(tmp_path)
    serve = 'sources = ["simulated"]\nclassifier = "sim/mine"\ntable = { file = "table.json" }'
    assert about(look(serve), "cannot read the table file", "table.json: No such file") == ["bad"]
    other = build_table([samples.summary(samples.ROUTES[0])], routes=samples.ROUTES[:1], source="simulated")
    (tmp_path / "table.json").write_bytes(dump_table(other))
    findings = look(serve)
    assert about(findings, f"table {other.version} is for taxonomy None") == ["bad"]
    assert about(findings, TABLE.version) == about(findings, "hides the") == []
    (tmp_path / "table.json").write_bytes(dump_table(with_winner(TABLE, winner())))
    findings = look(serve)
    assert about(findings, f"routing table {TABLE.version}") == ["good"]
    assert about(findings, "sim/mine hides the published winner") == ["note"]
    (tmp_path / "table.json").write_bytes(dump_table(TABLE).replace(b"0.9", b"0.8"))
    assert about(look(serve), "was changed after it was written") == ["bad"]


def test_a_table_file_is_read_within_bounds(look: Look, tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe")
    assert about(look('table = { file = "pipe" }'), "no table can be read", "is a pipe") == ["bad"]
    assert about(look('table = { file = "/dev/zero" }'), "no table can be read", "is larger than") == ["bad"]


def test_what_the_configured_shim_serves_counts(look: Look) -> None:
    def asked(url: str) -> dict[str, str]:
        return look(f'sources = ["simulated"]\ntable = {{ url = "{url}" }}')

    with serving(Endpoint(models=Reply(dump_table(with_winner(TABLE, winner()))))) as shim:
        assert about(asked(shim.url), f"routing table {TABLE.version}") == ["good"]
        for status, words, state in ((404, "there is no published table", "note"), (401, "status 401", "bad")):
            shim.models = Reply({}, status=status)
            assert about(asked(shim.url), words) == [state]
    assert about(asked(f"http://127.0.0.1:{closed_port()}"), "did not answer") == ["bad"]


@pytest.mark.parametrize(
    ("extra", "module", "serve", "rest"),
    [
        ("local", "numpy", "cascade_threshold = 0.7", ""),
        ("local", "numpy", 'default_classifier = "local/tfidf"', ""),
        ("local", "numpy", "", 'classifier = { dataset = "classifier/v2", candidates = ["local/tfidf"] }'),
        ("parquet", "polars", 'decision_log = { format = "parquet" }', ""),
        ("redis", "redis", 'sessions = { store = "redis://127.0.0.1" }', ""),
    ],
)
def test_an_extra_that_the_configuration_needs_must_be_there(
    look: Look, monkeypatch: pytest.MonkeyPatch, extra: str, module: str, serve: str, rest: str
) -> None:
    found = importlib.util.find_spec
    monkeypatch.setattr(importlib.util, "find_spec", lambda name: None if name == module else found(name))
    assert about(look(serve, rest), f"the configuration needs extra {extra}, which is not installed") == ["bad"]
    assert about(look(""), f"extra {extra} is not installed") == ["note"]


def test_an_extra_that_is_there_is_good(look: Look) -> None:
    findings = look('cascade_threshold = 0.7\ndecision_log = { format = "parquet" }')
    assert about(findings, "extra local") == about(findings, "extra parquet") == ["good"]
