import pytest

from routelab.datasets import json_schema


@pytest.mark.parametrize(
    ("name", "field"), [("classifier", "expected"), ("decider", "distractors"), ("taxonomy", "tie_breaking")]
)
def test_each_kind_has_a_schema_that_refuses_unknown_keys(name: str, field: str) -> None:
    schema = json_schema(name)
    assert schema["$schema"].endswith("2020-12/schema")
    kind = schema["$defs"][schema["$ref"].rpartition("/")[2]]
    assert field in kind["required"]
    assert kind["additionalProperties"] is False


def test_the_decider_schema_knows_every_check() -> None:
    kinds = {
        kind["properties"]["kind"]["enum"][0]
        for kind in json_schema("decider")["$defs"].values()
        if "enum" in kind.get("properties", {}).get("kind", {}) and len(kind["properties"]["kind"]["enum"]) == 1
    }
    assert kinds == {"exact", "contains_all", "regex", "json_equal", "command", "files", "all_of"}


def test_an_unknown_kind_is_refused() -> None:
    with pytest.raises(KeyError):
        json_schema("poems")
