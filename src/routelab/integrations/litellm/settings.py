"""What an operator of the LiteLLM proxy says about routing."""

from typing import Annotated, Literal, Self

from pydantic import BeforeValidator, SecretStr, model_validator
from pydantic_settings import BaseSettings, NoDecode, SettingsConfigDict

from routelab.records import Candidate


def _names(given: object) -> object:
    return tuple(filter(None, map(str.strip, given.split(",")))) if isinstance(given, str) else given


class GatewaySettings(BaseSettings):
    """Environment variables, each with the prefix `ROUTELAB_GATEWAY_`.

    `shim_url`: where `POST /decide` is. `shim_key`: its bearer key, None sends none. `fallback`: the
    model (`model` or `model@variant`, by its name in LiteLLM) that serves whenever there is no
    decision. `virtual_models`: the names resolved through the shim, separated by commas. `listed`:
    whether `/models` shows those that LiteLLM's own configuration names. `timeout_s` bounds asking.
    `shadow`: whether shadow routers may be asked about requests of keys without organisation and
    team; they are then told `shadow_tier` and `shadow_candidates` (model names separated by commas).
    """

    model_config = SettingsConfigDict(env_prefix="ROUTELAB_GATEWAY_", env_ignore_empty=True)

    shim_url: str
    shim_key: SecretStr | None = None
    fallback: str
    virtual_models: Annotated[tuple[str, ...], NoDecode, BeforeValidator(_names)] = ("routelab/auto",)
    listed: bool = False
    timeout_s: float = 2.0
    shadow: bool = False
    shadow_tier: Literal["frontier", "balanced", "small", "free"] | None = None
    shadow_candidates: Annotated[tuple[str, ...], NoDecode, BeforeValidator(_names)] = ()

    @property
    def fallback_candidate(self) -> Candidate:
        """The fallback as a pair."""
        return Candidate.parse(self.fallback)

    @model_validator(mode="after")
    def _is_no_circle(self) -> Self:
        if self.fallback_candidate.model in self.virtual_models:
            raise ValueError(f"the fallback {self.fallback!r} is a virtual model, which would need the shim itself")
        return self
