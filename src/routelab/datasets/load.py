"""Reading case files."""

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Generic, TypeVar

import msgspec
from msgspec import Struct

from routelab.datasets.manifest import Manifest, read_manifest
from routelab.errors import DatasetError
from routelab.records import ClassifierCase, DeciderCase

C = TypeVar("C", ClassifierCase, DeciderCase)
_FIELD = re.compile(r" - at `\$\.?(?P<field>[^`]*)`$")
_MISSING_FIELD = re.compile(r"missing required field `(?P<name>[^`]+)`")


class Dataset(Struct, Generic[C], frozen=True):
    """The cases of one version, in file order, with the manifest that seals them."""

    folder: Path
    manifest: Manifest
    cases: tuple[C, ...]

    @property
    def name(self) -> str:
        """For example `decider/v1`."""
        return f"{self.manifest.name}/{self.manifest.version}"


def load_classifier(folder: Path) -> Dataset[ClassifierCase]:
    """Read a classifier dataset; DatasetError names file, line and field of the first fault."""
    return _load(folder, ClassifierCase)


def load_decider(folder: Path) -> Dataset[DeciderCase]:
    """Read a decider dataset; DatasetError names file, line and field of the first fault."""
    return _load(folder, DeciderCase)


def load_cases(folder: Path) -> Dataset[ClassifierCase] | Dataset[DeciderCase]:
    """Read a dataset of either kind, as its manifest says."""
    return load_decider(folder) if read_manifest(folder).name == "decider" else load_classifier(folder)


def _load(folder: Path, kind: type[C]) -> Dataset[C]:
    manifest = read_manifest(folder)
    path = folder / "cases.jsonl"
    cases = []
    seen: dict[str, int] = {}
    for number, line in lines_of(path):
        case = read_case(path, number, line, kind)
        if case.id in seen:
            raise DatasetError(f"{path}:{number}: id: {case.id!r} stands already in line {seen[case.id]}")
        seen[case.id] = number
        cases.append(case)
    if not cases:
        raise DatasetError(f"{path}: holds no case")
    return Dataset(folder, manifest, tuple(cases))


def lines_of(path: Path) -> Iterator[tuple[int, bytes]]:
    """The lines of a file that are not blank, numbered from 1; DatasetError if it cannot be read."""
    try:
        content = path.read_bytes()
    except OSError as error:
        raise DatasetError(f"cannot read {path}: {error.strerror}") from error
    for number, line in enumerate(content.split(b"\n"), start=1):
        if line.strip():
            yield number, line


def read_case(path: Path, number: int, line: bytes, kind: type[C]) -> C:
    """One line as a case; DatasetError reads `file:line: field: what is wrong`."""
    try:
        return msgspec.json.decode(line, type=kind)
    except msgspec.ValidationError as error:
        raise DatasetError(f"{path}:{number}: {_with_field(str(error))}") from error
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as error:
        raise DatasetError(f"{path}:{number}: not JSON: {error}") from error


def _with_field(message: str) -> str:
    where = _FIELD.search(message)
    field = where["field"] if where else ""
    text = message[: where.start()] if where else message
    missing = _MISSING_FIELD.search(text)
    if missing:
        field = f"{field}.{missing['name']}".lstrip(".")
    return f"{field or 'case'}: {text}"
