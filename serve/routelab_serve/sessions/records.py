"""What is remembered of a conversation, in the form in which it is stored."""

from typing import Annotated, Literal

from msgspec import Meta, Struct

HALF_AN_HOUR_S = 30 * 60.0
MAX_WARMED = 8
MAX_CLASSIFICATIONS = 16
"""Agents at work under one session id alternate between their contents. Each that is kept costs about
40 bytes, and every warm request 0.13 us.
"""
MAX_BYTES = 4096
"""No conversation takes more than this in any store."""

Name = Annotated[str, Meta(min_length=1)]
UnixSeconds = Annotated[int, Meta(ge=0)]
_Index = Annotated[int, Meta(ge=0)]


class Warmed(Struct, frozen=True, array_like=True, gc=False):
    """A model that has this conversation in its prompt cache, or had; `at_s`: unix seconds of its last request."""

    model: Name
    variant: str | None
    at_s: UnixSeconds


class Conversation(Struct, frozen=True, array_like=True, gc=False):
    """The incumbent, the route it was last asked on, and what was warmed: newest first, the incumbent included."""

    model: Name
    variant: str | None
    route: Name
    warmed: Annotated[tuple[Warmed, ...], Meta(max_length=MAX_WARMED)] = ()


class PackedClassification(Struct, frozen=True, array_like=True, gc=False):
    """A classification in few bytes: places in the taxonomy instead of names.

    `asked` tells exact content and classifier apart; `at_s` is when a model answered (unix seconds).
    """

    asked: bytes
    at_s: UnixSeconds
    route: _Index
    context: _Index
    reasoning: _Index
    risk: _Index
    mode: _Index
    requires_tools: bool
    confidence: Annotated[float, Meta(ge=0, le=1)] | None


class Session(Struct, frozen=True, array_like=True, gc=False):
    """All that is remembered under one conversation key.

    `conversation` None: it has no incumbent yet. `kept_at_s` (unix seconds) is when it was last
    written, `taxonomy` the fingerprint of the one its classifications point into.
    """

    layout: Literal[1]
    kept_at_s: Annotated[float, Meta(ge=0)]
    conversation: Conversation | None
    taxonomy: bytes
    classifications: Annotated[tuple[PackedClassification, ...], Meta(max_length=MAX_CLASSIFICATIONS)]


def continued(before: Conversation | None, *, model: str, variant: str | None, route: str, at_s: float) -> Conversation:
    """The conversation after `model` was chosen for it at `at_s` (unix seconds); `before` None: its first turn.

    It is `before` itself where nothing is new, as within a second.
    """
    chosen = Warmed(model, variant, int(at_s))
    if before is None:
        return Conversation(model, variant, route, (chosen,))
    if before.model == model and before.variant == variant and before.route == route and before.warmed[:1] == (chosen,):
        return before
    others = [warm for warm in before.warmed if warm.model != model or warm.variant != variant]
    return Conversation(model, variant, route, (chosen, *others[: MAX_WARMED - 1]))
