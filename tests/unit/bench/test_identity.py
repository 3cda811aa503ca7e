from typing import Any

import pytest
from tests.spec.samples import engine

from routelab.bench import engine_identity

OTHER: dict[str, Any] = {
    "kind": "classifier",
    "image_digest": "sha256:1",
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
