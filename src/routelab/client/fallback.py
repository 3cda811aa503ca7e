"""Who serves when there is no decision."""

from collections.abc import Mapping
from typing import Any, Self

from msgspec import Struct

from routelab.client.answer import Chosen
from routelab.records import Candidate, Policy


class Fallback(Struct, frozen=True):
    """A candidate that serves without a decision, unless the caller's policy denies it.

    The policy's pool does not bind it: that is a view of the table, which the fallback need not be in.
    """

    candidate: Candidate
    is_denied: bool

    @classmethod
    def under(cls, policy: Policy | Mapping[str, Any] | None, candidate: Candidate) -> Self:
        """The fallback as a policy has it, also as one that the shim would refuse."""
        return cls(candidate, denies(policy, candidate.model))

    @property
    def chosen(self) -> Chosen | None:
        """What to call; None when it is denied."""
        if self.is_denied:
            return None
        return Chosen(model=self.candidate.model, variant=self.candidate.variant, is_fallback=True)

    def told(self, detail: str | None) -> str | None:
        """Why there is no decision, and nothing to call where that is so; None when no more is known."""
        if not self.is_denied:
            return detail
        why = detail or "there is no decision"
        return f"{why}; the policy denies the fallback {self.candidate.model}: ask with a `fallback` that it allows"


def denies(policy: Policy | Mapping[str, Any] | None, model: str) -> bool:
    """Whether a policy names this model among those denied."""
    denied = policy.get("denied_models") if isinstance(policy, Mapping) else getattr(policy, "denied_models", None)
    if isinstance(denied, str):  # no list, but what is meant is clear
        return denied == model
    return isinstance(denied, list | tuple | set | frozenset) and model in denied
