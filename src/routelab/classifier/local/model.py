"""The model file: plain numbers and words, so that loading one cannot run code."""

import hashlib
from itertools import pairwise
from pathlib import Path
from typing import Annotated

import msgspec
from msgspec import Meta, Struct

from routelab.classifier.local.features import BLOCKS
from routelab.errors import UserError
from routelab.taxonomy import AXES

ROUTE = "route"
HEADS = (ROUTE, *AXES, "requires_tools")
FORMAT_VERSION = 1
_MAGIC = b"routelab-local-classifier\n"
_DIGEST_BYTES = 64
_MAX_FILE_BYTES = 64 * 1024 * 1024
_MAX_CLASSES = 1000

Positive = Annotated[float, Meta(gt=0)]
Name = Annotated[str, Meta(min_length=1)]


class Head(Struct, frozen=True, forbid_unknown_fields=True):
    """One thing that is predicted: its labels in column order, and what each has before any token counts."""

    name: Name
    labels: Annotated[tuple[Name, ...], Meta(min_length=1)]
    intercepts: tuple[float, ...]

    def __post_init__(self) -> None:
        if len(self.labels) != len(self.intercepts) or len(set(self.labels)) != len(self.labels):
            raise ValueError(f"head {self.name!r} needs distinct labels, each with one intercept")
        if not all(map(_is_sane, self.intercepts)):
            raise ValueError(f"head {self.name!r} has an intercept that is no usable number")


class LocalModel(Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """A linear model over the tokens of `features`, as data.

    `documents` is how many requests it was trained on, `frequencies` in how many of them each token
    of `vocabulary` (block by block) occurs. `weights` holds one row of signed bytes a token and one
    column a label, heads in order; a row times its entry of `scales` is in logits. `temperature`
    divides the route's logits, so that the probabilities are calibrated.
    """

    format_version: int
    taxonomy_version: Name
    trained_on: Name
    trained_on_sha256: Annotated[str, Meta(pattern=r"^[0-9a-f]{64}$")]
    documents: Annotated[int, Meta(ge=1)]
    vocabulary: tuple[tuple[str, ...], ...]
    frequencies: tuple[tuple[Annotated[int, Meta(ge=1)], ...], ...]
    heads: tuple[Head, ...]
    temperature: Positive
    scales: tuple[float, ...]
    weights: bytes

    def __post_init__(self) -> None:
        if self.format_version != FORMAT_VERSION:
            raise ValueError(f"its format is {self.format_version}, not {FORMAT_VERSION}")
        if tuple(head.name for head in self.heads) != HEADS:
            raise ValueError(f"its heads must be {', '.join(HEADS)}")
        if any(label.count("/") != 1 for label in self.heads[0].labels):
            raise ValueError("a route must be task_type/subtask_type")
        if set(self.heads[-1].labels) != {"false", "true"}:
            raise ValueError("requires_tools must be false or true")
        self._check_tokens()
        if self.classes > _MAX_CLASSES or len(self.weights) != self.tokens * self.classes:
            raise ValueError("its weights do not fit its vocabulary and labels")
        if len(self.scales) != self.tokens or not all(map(_is_sane, self.scales)):
            raise ValueError("its scales do not fit its vocabulary")
        if not _is_sane(self.temperature) or self.temperature < 1e-3:
            raise ValueError("its temperature is no usable number")

    def _check_tokens(self) -> None:
        if len(self.vocabulary) != len(BLOCKS) or len(self.frequencies) != len(BLOCKS):
            raise ValueError(f"its vocabulary must have {len(BLOCKS)} blocks")
        for words, counts in zip(self.vocabulary, self.frequencies, strict=True):
            if len(words) != len(counts) or any(count > self.documents for count in counts):
                raise ValueError("its token frequencies do not fit its vocabulary")
            if any(left >= right for left, right in pairwise(words)):
                raise ValueError("its vocabulary is not in order")

    @property
    def tokens(self) -> int:
        """Rows of `weights`."""
        return sum(map(len, self.vocabulary))

    @property
    def classes(self) -> int:
        """Columns of `weights`: the labels of all heads."""
        return sum(len(head.labels) for head in self.heads)


def _is_sane(number: float) -> bool:
    """Finite, and small enough that sums of its products stay finite in 32 bits; false for NaN."""
    return abs(number) < 1e6


def dump_model(model: LocalModel) -> bytes:
    """The file's bytes: what it is, a sha256 of the rest, and the rest; the same for the same model."""
    payload = msgspec.msgpack.encode(model)
    return _MAGIC + hashlib.sha256(payload).hexdigest().encode() + payload


def read_model(path: Path) -> tuple[LocalModel, str]:
    """The model in a file, and its sha256; raises UserError when the file is missing, foreign or damaged."""
    try:
        if path.stat().st_size > _MAX_FILE_BYTES:
            raise UserError(f"{path} is too large for a model of the local classifier")
        content = path.read_bytes()
    except OSError as error:
        raise UserError(f"cannot read the local classifier's model {path}: {error.strerror}") from error
    if not content.startswith(_MAGIC):
        raise UserError(f"{path} is no model of the local classifier; `routelab classifier train` makes one")
    told, payload = content[len(_MAGIC) :][:_DIGEST_BYTES], content[len(_MAGIC) + _DIGEST_BYTES :]
    digest = hashlib.sha256(payload).hexdigest()
    if told != digest.encode():
        raise UserError(f"{path} is damaged: its content does not match its hash; train or copy it again")
    try:
        return msgspec.msgpack.decode(payload, type=LocalModel), digest
    except (msgspec.MsgspecError, ValueError, RecursionError) as error:
        raise UserError(f"{path} is no usable model of the local classifier: {error}") from error
