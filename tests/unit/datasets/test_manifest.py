import hashlib
from pathlib import Path

import msgspec
import pytest

from routelab.datasets import Manifest, build_manifest, read_manifest
from routelab.datasets.manifest import dump_manifest


def rebuilt(folder: Path) -> Manifest:
    return build_manifest(folder, taxonomy_version="v7")


def test_every_file_is_listed_with_its_hash_and_rows(decider: Path) -> None:
    manifest = read_manifest(decider)
    assert (manifest.name, manifest.version, manifest.taxonomy_version) == ("decider", "v1", "v7")
    assert set(manifest.files) == {
        "cases.jsonl",
        "quotas.json",
        "schema.json",
        "workspaces/first/a.txt",
        "hidden/first/b.txt",
        "setup/first.sh",
    }
    cases = manifest.files["cases.jsonl"]
    assert cases.sha256 == hashlib.sha256((decider / "cases.jsonl").read_bytes()).hexdigest()
    assert (cases.rows, manifest.files["setup/first.sh"].rows) == (16, None)


def test_a_manifest_reads_back_as_it_was_built(decider: Path) -> None:
    assert msgspec.json.decode(dump_manifest(rebuilt(decider)), type=Manifest) == rebuilt(decider)
    assert rebuilt(decider) == read_manifest(decider)


@pytest.mark.parametrize("name", ["cases.jsonl", "workspaces/first/a.txt", "hidden/first/new.txt"])
def test_the_identity_follows_every_file(decider: Path, name: str) -> None:
    before = rebuilt(decider).sha256
    with (decider / name).open("a") as file:
        file.write("\n")
    assert rebuilt(decider).sha256 != before


def test_the_identity_follows_names_too(decider: Path) -> None:
    before = rebuilt(decider).sha256
    (decider / "workspaces/first/a.txt").rename(decider / "workspaces/first/b.txt")
    assert rebuilt(decider).sha256 != before


def test_the_card_and_caches_are_not_the_data(decider: Path) -> None:
    before = rebuilt(decider)
    (decider / "README.md").write_text("a better card")
    (decider / "workspaces/first/__pycache__").mkdir()
    (decider / "workspaces/first/__pycache__/a.pyc").write_bytes(b"x")
    assert rebuilt(decider) == before


def test_a_readme_within_a_workspace_is_data(decider: Path) -> None:
    (decider / "workspaces/first/README.md").write_text("read me")
    assert "workspaces/first/README.md" in rebuilt(decider).files


def test_the_folder_may_be_named_relatively(decider: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(decider)
    assert rebuilt(Path()) == read_manifest(decider)
