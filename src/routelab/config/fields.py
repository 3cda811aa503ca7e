"""Kinds of values that sections of the configuration share."""

from typing import Annotated, Any, Literal
from urllib.parse import urlsplit

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, PlainSerializer

from routelab.records import Candidate


def _read_candidate(value: Any) -> Candidate:
    if isinstance(value, Candidate):
        return value
    if not isinstance(value, str):
        raise ValueError(f'write a candidate as "model" or "model@variant", not {value!r}')
    return Candidate.parse(value)


def without_credentials(url: Any) -> Any:
    """Refuse a URL that holds a password; ValueError."""
    if urlsplit(str(url)).password is not None:
        raise ValueError("holds a password; secrets belong into the environment only")
    return url


CandidateName = Annotated[Candidate, BeforeValidator(_read_candidate), PlainSerializer(str)]
AgentName = Literal["kilo", "codex", "opencode", "claude-code", "mini-swe-agent", "direct", "stub"]
Share = Annotated[float, Field(ge=0, le=1)]
Positive = Annotated[float, Field(gt=0, allow_inf_nan=False)]


class Section(BaseModel):
    """A table of the file: unknown keys are refused, and nothing changes after it was read."""

    model_config = ConfigDict(extra="forbid", frozen=True, arbitrary_types_allowed=True, allow_inf_nan=False)
