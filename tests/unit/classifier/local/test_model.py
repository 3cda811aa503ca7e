import hashlib
from collections.abc import Callable
from pathlib import Path
from typing import Any

import msgspec
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from msgspec import structs

from routelab.classifier.local.model import LocalModel, dump_model, read_model
from routelab.errors import UserError


def test_a_model_comes_back_as_it_was_written(tiny_model: LocalModel, tmp_path: Path) -> None:
    path = tmp_path / "a.model"
    path.write_bytes(dump_model(tiny_model))
    again, digest = read_model(path)
    assert again == tiny_model
    assert dump_model(again) == path.read_bytes()
    assert len(digest) == 64


@given(data=st.data())
@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_no_changed_byte_goes_unnoticed(tiny_model: LocalModel, tmp_path: Path, data: st.DataObject) -> None:
    content = bytearray(dump_model(tiny_model))
    place = data.draw(st.integers(0, len(content) - 1))
    content[place] ^= data.draw(st.integers(1, 255))
    path = tmp_path / "a.model"
    path.write_bytes(content)
    with pytest.raises(UserError, match=r"a\.model"):
        read_model(path)


@pytest.mark.parametrize("content", [b"", b"\x80\x04K\x01.", b"PK\x03\x04", b"routelab-local-classifier\n"])
def test_a_foreign_file_is_one_sentence(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "a.model"
    path.write_bytes(content)
    with pytest.raises(UserError, match=r"no model|damaged") as refusal:
        read_model(path)
    assert "\n" not in str(refusal.value)


def test_a_missing_file_is_told(tmp_path: Path) -> None:
    with pytest.raises(UserError, match="No such file"):
        read_model(tmp_path / "none.model")


def heads(model: LocalModel, *labels: str) -> tuple[Any, ...]:
    """The model's heads with another route head."""
    route = {"name": "route", "labels": labels, "intercepts": [0.0] * len(labels)}
    return (route, *model.heads[1:])


Spoil = Callable[[LocalModel], dict[str, Any]]
SPOILT: dict[str, Spoil] = {
    "format is 9": lambda _: {"format_version": 9},
    "heads must be": lambda model: {"heads": model.heads[:-1]},
    "weights do not fit": lambda model: {"weights": model.weights[:-1]},
    "scales do not fit": lambda model: {"scales": (*model.scales[:-1], float("nan"))},
    "temperature is no usable number": lambda _: {"temperature": float("inf")},
    "must have 4 blocks": lambda model: {"vocabulary": model.vocabulary[:-1]},
    "frequencies do not fit": lambda model: {"frequencies": ((), *model.frequencies[1:])},
    "not in order": lambda model: {"vocabulary": (model.vocabulary[0][::-1], *model.vocabulary[1:])},
    "distinct labels": lambda model: {"heads": heads(model, "a/b", "a/b", "a/c")},
    "must be task_type/subtask_type": lambda model: {"heads": heads(model, "a", "b", "c")},
}


@pytest.mark.parametrize("why", SPOILT)
def test_content_that_does_not_fit_together_is_refused(tiny_model: LocalModel, tmp_path: Path, why: str) -> None:
    payload = msgspec.msgpack.encode({**structs.asdict(tiny_model), **SPOILT[why](tiny_model)})
    path = tmp_path / "a.model"
    path.write_bytes(b"routelab-local-classifier\n" + hashlib.sha256(payload).hexdigest().encode() + payload)
    with pytest.raises(UserError, match=why):
        read_model(path)
