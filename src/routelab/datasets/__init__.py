"""Golden datasets: reading, validating and describing them."""

from routelab.datasets.load import Dataset, load_cases, load_classifier, load_decider
from routelab.datasets.manifest import Manifest, build_manifest, read_manifest
from routelab.datasets.schema import json_schema
from routelab.datasets.seal import seal
from routelab.datasets.validate import Problem, validate, validate_together

__all__ = [
    "Dataset",
    "Manifest",
    "Problem",
    "build_manifest",
    "json_schema",
    "load_cases",
    "load_classifier",
    "load_decider",
    "read_manifest",
    "seal",
    "validate",
    "validate_together",
]
