"""Sealing a new dataset version: its schema and its manifest."""

from pathlib import Path

import msgspec

from routelab.datasets.manifest import Manifest, build_manifest, dump_manifest
from routelab.datasets.schema import json_schema
from routelab.errors import DatasetError


def seal(folder: Path, *, taxonomy_version: str) -> Manifest:
    """Write `schema.json` and `manifest.json` of the dataset in `<name>/<version>`.

    Raises DatasetError for an unknown kind of dataset, or where there is no such folder.
    """
    if not folder.is_dir():
        raise DatasetError(f"there is no folder {folder}")
    try:
        schema = json_schema(folder.parent.name)
    except KeyError as error:
        raise DatasetError(f"{folder}: there is no kind of dataset called {folder.parent.name}") from error
    document = msgspec.json.format(msgspec.json.encode(schema), indent=2) + b"\n"
    (folder / "schema.json").write_bytes(document)
    manifest = build_manifest(folder, taxonomy_version=taxonomy_version)
    (folder / "manifest.json").write_bytes(dump_manifest(manifest))
    return manifest
