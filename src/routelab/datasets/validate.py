"""Finding everything that is wrong with a dataset, not only the first fault."""

from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import msgspec
from msgspec import Struct

from routelab.datasets.load import lines_of, read_case
from routelab.datasets.manifest import Manifest, build_manifest, read_manifest
from routelab.datasets.schema import json_schema
from routelab.errors import DatasetError
from routelab.grading import commands_of, grade_text, needs_workspace
from routelab.records import ClassifierCase, DeciderCase
from routelab.taxonomy import Taxonomy, load_taxonomy

_KINDS: dict[str, type[Any]] = {
    "classifier": ClassifierCase,
    "decider": DeciderCase,
}
MIN_CASES_PER_ROUTE = 4
MIN_DISTRACTORS = 2


class Problem(Struct, frozen=True):
    """One fault: where (`file:line: field` as far as known) and what."""

    text: str

    def __str__(self) -> str:
        return self.text


def validate(folder: Path, taxonomy: Taxonomy) -> list[Problem]:
    """Every fault of the dataset in `folder`; empty when it is sound.

    Checks each row against its type and the taxonomy, ids, the folders a case names, quotas a
    route, the JSON schema beside the data, and the manifest's hashes.
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


def _taxonomy_problems(folder: Path) -> Iterator[str]:
    try:
        load_taxonomy(folder / "taxonomy.json")
    except DatasetError as error:
        yield str(error)


def _case_problems(folder: Path, kind: type[Any], taxonomy: Taxonomy) -> Iterator[str]:
    path = folder / "cases.jsonl"
    seen: dict[str, int] = {}
    per_route: Counter[str] = Counter()
    try:
        lines = list(lines_of(path))
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
        if case.id in seen:
            yield f"{where}: id: {case.id!r} stands already in line {seen[case.id]}"
        seen.setdefault(case.id, number)
        if isinstance(case, DeciderCase):
            per_route[case.route] += 1
            faults = _decider_faults(folder, case, taxonomy)
        else:
            per_route[case.expected.route] += 1
            faults = _classifier_faults(case, taxonomy)
        for fault in faults:
            yield f"{where}: {fault}"
    for route in taxonomy.routes:
        if per_route[route] < MIN_CASES_PER_ROUTE:
            yield f"{path}: route {route} has {per_route[route]} cases; at least {MIN_CASES_PER_ROUTE} needed"


def _classifier_faults(case: ClassifierCase, taxonomy: Taxonomy) -> Iterator[str]:
    for field in taxonomy.misfits(msgspec.structs.asdict(case.expected)):
        yield f"expected.{field}: {getattr(case.expected, field)!r} is not in the taxonomy"
    if case.expected.fallback:
        yield "expected.fallback: a golden answer is no fallback"
    request = case.input
    if request.latest_user_prompt_prefix is not None:
        if request.latest_user_prompt_prefix == request.user_prompt_prefix:
            yield "input.latest_user_prompt_prefix: must be null when it equals the first"
        if request.message_count < 2:
            yield "input.message_count: a second user prompt needs at least 2 messages"


def _decider_faults(folder: Path, case: DeciderCase, taxonomy: Taxonomy) -> Iterator[str]:
    if case.route not in taxonomy.routes:
        yield f"route: {case.route!r} is not in the taxonomy"
    if len(case.distractors) < MIN_DISTRACTORS:
        yield f"distractors: {len(case.distractors)} given; at least {MIN_DISTRACTORS} are needed"
    if case.workspace is None:
        yield from _text_faults(case)
    elif not (folder / case.workspace).is_dir():
        yield f"workspace: no folder {case.workspace}"
    if case.setup is not None and not (folder / case.setup).is_file():
        yield f"setup: no file {case.setup}"
    for check in commands_of(case.check):
        if check.hidden is not None and not (folder / check.hidden).is_dir():
            yield f"check.hidden: no folder {check.hidden}"


def _text_faults(case: DeciderCase) -> Iterator[str]:
    if needs_workspace(case.check):
        yield "check: looks at a workspace, but the case has none"
        return
    if case.solution.answer is None:
        yield "solution.answer: a case without a workspace needs one"
    elif not grade_text(case.check, case.solution.answer):
        yield "solution.answer: fails the check"
    for number, distractor in enumerate(case.distractors, start=1):
        if distractor.answer is None:
            yield f"distractors: number {number} has no answer, and the case no workspace"
        elif grade_text(case.check, distractor.answer):
            yield f"distractors: number {number} passes the check"
    for text, name in (("", "an empty answer"), (case.user_prompt, "an echo of the prompt")):
        if grade_text(case.check, text):
            yield f"check: {name} passes"


def _holds(path: Path, document: Any) -> bool:
    try:
        return bool(msgspec.json.decode(path.read_bytes()) == document)
    except (OSError, msgspec.DecodeError):
        return False


def _seal_problems(folder: Path, manifest: Manifest) -> Iterator[str]:
    schema = folder / "schema.json"
    if not _holds(schema, json_schema(manifest.name)):
        yield f"{schema}: is not the schema of this data; run `routelab datasets seal {folder}`"
    actual = build_manifest(folder, taxonomy_version=manifest.taxonomy_version, license=manifest.license)
    if (actual.name, actual.version) != (manifest.name, manifest.version):
        yield f"{folder / 'manifest.json'}: names {manifest.name}/{manifest.version}"
    for name in sorted(actual.files.keys() | manifest.files.keys()):
        if actual.files.get(name) != manifest.files.get(name):
            yield f"{folder / name}: differs from the manifest; run `routelab datasets seal {folder}`"
    if actual.files == manifest.files and actual.sha256 != manifest.sha256:
        yield f"{folder / 'manifest.json'}: sha256: does not match the files it lists"
