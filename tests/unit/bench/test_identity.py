from typing import Any

import pytest
from tests.spec.samples import engine

from routelab.bench import engine_identity
from routelab.config.sections import LimitsConfig, SandboxConfig
from routelab.records import Engine

OTHER: dict[str, Any] = {
    "kind": "classifier",
    "image": "routelab-kilo:1",
    "memory_mb": 64,
    "disk_mb": 64,
    "cpus": 0.5,
    "pids": 64,
    "max_case_cost_usd": 0.5,
    "empty_retries": 0,
    "max_steps": None,
    "timeout_s": 181,
    "case_ids": ("debugging-case-1",),
}


def test_the_identity_is_the_same_for_the_same_engine() -> None:
    assert engine_identity(engine()) == engine_identity(engine())


@pytest.mark.parametrize("field", engine().__struct_fields__)
def test_every_field_belongs_to_the_identity(field: str) -> None:
    changed = engine(**{field: OTHER.get(field, "another")})
    assert engine_identity(changed) != engine_identity(engine())


@pytest.mark.parametrize("field", [*LimitsConfig.model_fields, *SandboxConfig.model_fields])
def test_every_limit_is_in_the_identity_or_changes_no_outcome(field: str) -> None:
    harmless = {"max_concurrency", "max_cost_usd", "infrastructure_attempts", "allow_real_models"}
    told_otherwise = {"kind": "sandbox"}
    assert field in harmless or told_otherwise.get(field, field) in Engine.__struct_fields__
