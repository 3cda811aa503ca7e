"""The cast: which simulated models there are, what they cost and what they can do."""

import tomllib
from importlib.resources import files
from pathlib import Path
from typing import Annotated, Literal

import msgspec
from msgspec import Meta, Struct

from routelab.errors import ConfigError
from routelab.records import Candidate, DeciderCase

Share = Annotated[float, Meta(ge=0, le=1)]
Shift = Annotated[float, Meta(ge=-1, le=1)]
Amount = Annotated[float, Meta(ge=0, le=1e6)]
Factor = Annotated[float, Meta(gt=0, le=1e3)]
Kind = Annotated[str, Meta(pattern=r"^[a-z0-9_]+(/[a-z0-9_]+)?$")]
ModelId = Annotated[str, Meta(pattern=r"^sim/[a-z0-9-]+$")]
VariantName = Annotated[str, Meta(pattern=r"^[a-z0-9_-]+$")]


class Latency(Struct, frozen=True, forbid_unknown_fields=True):
    """Latency of one call: log-normal, with its median and the standard deviation of its logarithm."""

    median_ms: Amount
    spread: Amount


class Shares(Struct, frozen=True, forbid_unknown_fields=True):
    """How often an answer is spoilt, and how often the first call for it is refused.

    `malformed`, `empty` and `truncated` answers exclude each other, and so do `rate_limited` (429)
    and `failed` (500) first calls.
    """

    malformed: Share = 0.0
    empty: Share = 0.0
    truncated: Share = 0.0
    rate_limited: Share = 0.0
    failed: Share = 0.0

    def __post_init__(self) -> None:
        for shares in (self.spoilt, self.refused):
            if sum(shares.values()) > 1:
                raise ValueError(f"the shares of {', '.join(shares)} add up to more than 1")

    @property
    def spoilt(self) -> dict[str, float]:
        """Shares of answers that are not the model's real answer."""
        return {"malformed": self.malformed, "empty": self.empty, "truncated": self.truncated}

    @property
    def refused(self) -> dict[str, float]:
        """Shares of answers whose first calls get an error instead."""
        return {"rate_limited": self.rate_limited, "failed": self.failed}


class Variant(Struct, frozen=True, forbid_unknown_fields=True):
    """A reasoning effort: added to the skills, and factors on completion tokens and latency."""

    skill: Shift = 0.0
    tokens: Factor = 1.0
    latency: Factor = 1.0


class Model(Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """One simulated model.

    `skill` is the chance of a right answer by route, else by task type, else `default`; the case's
    `difficulty` shifts it. `classifier_skill` is the chance that a classified field is right (a
    subtask type only where its task type is). `repaired` is the share of spoilt answers that are
    good when asked again. `thinking_tokens` are billed with every call but never shown.
    """

    context_length: Annotated[int, Meta(gt=0)]
    input_usd_per_million: Amount
    output_usd_per_million: Amount
    latency: Latency
    skill: dict[Kind, Share]
    classifier_skill: Share
    difficulty: dict[Literal["low", "medium", "high"], Shift] = {}
    shares: Shares = Shares()
    repaired: Share = 0.5
    thinking_tokens: Annotated[int, Meta(ge=0)] = 0
    variants: dict[VariantName, Variant] = {}

    def __post_init__(self) -> None:
        if "default" not in self.skill:
            raise ValueError("skill needs a default")


class Player(Struct, frozen=True):
    """A candidate of the cast: a model at one of its variants."""

    candidate: Candidate
    model: Model
    variant: Variant
    concentration: float

    def skill(self, case: DeciderCase) -> float:
        """The chance that the model's real answer to this case is right, before any spoiling."""
        skills = self.model.skill
        task_type = case.route.partition("/")[0]
        base = skills.get(case.route, skills.get(task_type, skills["default"]))
        return _clamp(base + self.model.difficulty.get(case.difficulty, 0.0) + self.variant.skill)

    @property
    def classifier_skill(self) -> float:
        """The chance that one classified field is right."""
        return _clamp(self.model.classifier_skill + self.variant.skill)


class Cast(Struct, frozen=True, forbid_unknown_fields=True):
    """All simulated models by id.

    `concentration` tells how much the cases of one skill differ: the chance of a case is drawn
    from Beta(skill * concentration, (1 - skill) * concentration).
    """

    concentration: Factor
    models: Annotated[dict[ModelId, Model], Meta(min_length=1)]

    def player(self, candidate: Candidate) -> Player:
        """The candidate's player; KeyError for a model or variant that is not in the cast."""
        model = self.models[candidate.model]
        variant = Variant() if candidate.variant is None else model.variants[candidate.variant]
        return Player(candidate, model, variant, self.concentration)

    @property
    def candidates(self) -> tuple[Candidate, ...]:
        """Every model, followed by its variants."""
        return tuple(
            Candidate(name, variant) for name, model in self.models.items() for variant in (None, *model.variants)
        )


def load_cast(path: Path | None = None) -> Cast:
    """Read a cast; None means the one that ships with routelab.

    Raises ConfigError with one sentence that names the file and what is wrong.
    """
    source = path or files(__package__).joinpath("cast.toml")
    try:
        return msgspec.convert(tomllib.loads(source.read_text(encoding="utf-8")), type=Cast)
    except OSError as error:
        raise ConfigError(f"cannot read the cast {source}: {error.strerror}") from error
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise ConfigError(f"{source} is not TOML: {error}") from error
    except msgspec.ValidationError as error:
        raise ConfigError(f"{source}: {error}") from error


def _clamp(value: float) -> float:
    return min(1.0, max(0.0, value))
