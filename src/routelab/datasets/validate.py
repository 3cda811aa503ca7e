"""Finding everything that is wrong with a dataset, not only the first fault."""

from collections.abc import Iterator, Sequence
from itertools import combinations
from pathlib import Path
from typing import Any

import msgspec
from msgspec import Struct

from routelab.datasets.faults import faults_of
from routelab.datasets.load import Dataset, lines_of, read_case
from routelab.datasets.manifest import Manifest, build_manifest, read_manifest
from routelab.datasets.quotas import quota_faults, read_quotas
from routelab.datasets.schema import json_schema
from routelab.datasets.similarity import near_duplicates, shared_runs
from routelab.errors import DatasetError
from routelab.records import ClassifierCase, DeciderCase
from routelab.taxonomy import Taxonomy, load_taxonomy

_KINDS: dict[str, type[Any]] = {
    "classifier": ClassifierCase,
    "classifier_train": ClassifierCase,
    "decider": DeciderCase,
}
NEAR = 0.5
"""The Jaccard index of five-word runs from which two prompts count as the same."""


class Problem(Struct, frozen=True):
    """One fault: where (`file:line: field` as far as known) and what."""

    text: str

    def __str__(self) -> str:
        return self.text


def validate(folder: Path, taxonomy: Taxonomy) -> list[Problem]:
    """Every fault of the dataset in `folder`; empty when it is sound.

    Checks each row against its type and the taxonomy, ids, the folders a case names, how alike the
    prompts are, the quotas and the JSON schema beside the data, and the manifest's hashes.
    """
    try:
        manifest = read_manifest(folder)
    except DatasetError as error:
        return [Problem(str(error))]
    if manifest.name == "taxonomy":
        found = list(_taxonomy_problems(folder))
    elif manifest.name in _KINDS:
        found = list(_case_problems(folder, _KINDS[manifest.name], taxonomy))
    else:
        return [Problem(f"{folder / 'manifest.json'}: name: no such kind of dataset: {manifest.name}")]
    return [Problem(text) for text in (*found, *_seal_problems(folder, manifest))]


def validate_together(datasets: Sequence[Dataset[Any]]) -> list[Problem]:
    """What is wrong between datasets that belong together: equal ids, and prompts that share text.

    Two datasets of the same kind, versions of each other for example, may share everything.
    """
    problems = []
    for first, second in combinations(datasets, 2):
        if first.manifest.name == second.manifest.name:
            continue
        names = f"{first.name} and {second.name}"
        prompts = [{case.id: prompt_of(case) for case in dataset.cases} for dataset in (first, second)]
        problems += [f"{names}: both have a case {key}" for key in sorted(prompts[0].keys() & prompts[1].keys())]
        if "classifier_train" in (first.manifest.name, second.manifest.name):
            both = {**prompts[0], **prompts[1]}
            problems += [
                f"{names}: {alike.first} and {alike.second} are {alike.jaccard:.0%} the same"
                for alike in near_duplicates(both, threshold=NEAR)
                if (alike.first in prompts[0]) != (alike.second in prompts[0])
            ]
        else:
            problems += [f"{names}: {one} and {other} share {text!r}" for one, other, text in shared_runs(*prompts)]
    return [Problem(text) for text in problems]


def prompt_of(case: ClassifierCase | DeciderCase) -> str:
    """What a case asks, in the words of the user."""
    if isinstance(case, DeciderCase):
        return case.user_prompt
    said = (case.input.user_prompt_prefix, case.input.latest_user_prompt_prefix)
    return "\n".join(text for text in said if text)


def _taxonomy_problems(folder: Path) -> Iterator[str]:
    try:
        load_taxonomy(folder / "taxonomy.json")
    except DatasetError as error:
        yield str(error)


def _case_problems(folder: Path, kind: type[Any], taxonomy: Taxonomy) -> Iterator[str]:
    path = folder / "cases.jsonl"
    cases: dict[str, ClassifierCase | DeciderCase] = {}
    places: dict[str, int] = {}
    try:
        lines = list(lines_of(path))
        quotas = read_quotas(folder)
    except DatasetError as error:
        yield str(error)
        return
    for number, line in lines:
        where = f"{path}:{number}"
        try:
            case: ClassifierCase | DeciderCase = read_case(path, number, line, kind)
        except DatasetError as error:
            yield str(error)
            continue
        if case.id in cases:
            yield f"{where}: id: {case.id!r} stands already in line {places[case.id]}"
            continue
        cases[case.id], places[case.id] = case, number
        for fault in faults_of(case, folder, taxonomy):
            yield f"{where}: {fault}"
    for alike in near_duplicates({key: prompt_of(case) for key, case in cases.items()}, threshold=NEAR):
        first, share = places[alike.first], alike.jaccard
        yield f"{path}:{places[alike.second]}: prompt: is {share:.0%} the same as that of line {first}"
    for fault in quota_faults(list(cases.values()), quotas, taxonomy.routes):
        yield f"{path}: {fault}"


def _holds(path: Path, document: Any) -> bool:
    try:
        return bool(msgspec.json.decode(path.read_bytes()) == document)
    except (OSError, msgspec.DecodeError):
        return False


def _seal_problems(folder: Path, manifest: Manifest) -> Iterator[str]:
    schema = folder / "schema.json"
    if not _holds(schema, json_schema(manifest.name)):
        yield f"{schema}: is not the schema of this data; sealing a new version writes it"
    actual = build_manifest(folder, taxonomy_version=manifest.taxonomy_version, license=manifest.license)
    if (actual.name, actual.version) != (manifest.name, manifest.version):
        yield f"{folder / 'manifest.json'}: names {manifest.name}/{manifest.version}"
    for name in sorted(actual.files.keys() | manifest.files.keys()):
        if actual.files.get(name) != manifest.files.get(name):
            yield f"{folder / name}: is not as it was sealed; undo the edit, or make a new version"
    if actual.files == manifest.files and actual.sha256 != manifest.sha256:
        yield f"{folder / 'manifest.json'}: sha256: does not match the files it lists"
