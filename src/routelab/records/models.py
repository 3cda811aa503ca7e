"""Who can answer: candidates and what is known of their abilities."""

import re

from msgspec import Struct

_VARIANT = re.compile(r"[A-Za-z0-9_.-]+")


class Candidate(Struct, frozen=True):
    """An exact pair of model id and variant.

    `variant` is the reasoning effort asked of the model; None means the model's own default.
    `Candidate.parse(str(candidate))` gives the same candidate again.
    """

    model: str
    variant: str | None = None

    def __post_init__(self) -> None:
        if not self.model or self.model != self.model.strip():
            raise ValueError("a candidate needs a model id without outer white space")
        if self.variant is None:
            if _split(self.model) is not None:
                raise ValueError(f"model id {self.model!r} ends like a variant; write it apart")
        elif not _VARIANT.fullmatch(self.variant):
            raise ValueError(f"variant {self.variant!r} is not a plain word")

    @classmethod
    def parse(cls, text: str) -> "Candidate":
        """Read `model` or `model@variant`; an `@` followed by a path stays part of the model id."""
        return cls(*(_split(text) or (text,)))

    def __str__(self) -> str:
        return self.model if self.variant is None else f"{self.model}@{self.variant}"


def _split(text: str) -> tuple[str, str] | None:
    model, _, variant = text.rpartition("@")
    return (model, variant) if model and _VARIANT.fullmatch(variant) else None


class Capabilities(Struct, frozen=True):
    """What a model is known to support; None means unknown, which is no proof either way."""

    context_length: int | None = None
    input_modalities: tuple[str, ...] | None = None
