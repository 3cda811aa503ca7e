"""JSON schemas of the case files, made from the record types."""

from typing import Any

import msgspec

from routelab.records import ClassifierCase, DeciderCase
from routelab.taxonomy import Taxonomy

_KINDS: dict[str, type] = {
    "classifier": ClassifierCase,
    "classifier_train": ClassifierCase,
    "decider": DeciderCase,
    "taxonomy": Taxonomy,
}


def json_schema(name: str) -> dict[str, Any]:
    """The JSON schema (2020-12) of one row of the dataset `name`; KeyError for an unknown name."""
    schema = msgspec.json.schema(_KINDS[name])
    return {"$schema": "https://json-schema.org/draft/2020-12/schema", **schema}
