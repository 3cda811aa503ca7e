"""Who can answer: candidates and what is known of their abilities."""

import re

from msgspec import Struct

_VARIANT = re.compile(r"[A-Za-z0-9_.-]+")


class Candidate(Struct, frozen=True, order=True):
    """An exact pair of model id and variant.

    `variant` is the reasoning effort asked of the model; None means the model's own default.
    """

    model: str
    variant: str | None = None

    def __post_init__(self) -> None:
        if not self.model or self.model != self.model.strip():
            raise ValueError("a candidate needs a model id without outer white space")
        if self.variant is not None and not _VARIANT.fullmatch(self.variant):
            raise ValueError(f"variant {self.variant!r} is not a plain word")

    @classmethod
    def parse(cls, text: str) -> "Candidate":
        """Read `model` or `model@variant`; an `@` followed by a path stays part of the model id."""
        model, at, variant = text.rpartition("@")
        if at and model and _VARIANT.fullmatch(variant):
            return cls(model, variant)
        return cls(text)

    def __str__(self) -> str:
        return self.model if self.variant is None else f"{self.model}@{self.variant}"


class Capabilities(Struct, frozen=True):
    """What a model is known to support; None means unknown, which is no proof either way."""

    context_length: int | None = None
    input_modalities: tuple[str, ...] | None = None
