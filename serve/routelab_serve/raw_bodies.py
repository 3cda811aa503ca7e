"""A raw request body decoded to just what normalisation looks at; most of a long one is skipped."""

from collections.abc import Mapping
from typing import Any

from msgspec import Raw, Struct


class _View(Struct, frozen=True):
    """A struct that reads like the mapping it stands for."""

    def get(self, name: str) -> Any:
        return getattr(self, name, None)

    def __getitem__(self, name: str) -> Any:
        return getattr(self, name)


Mapping.register(_View)


class _Part(_View, frozen=True, gc=False):
    text: str | None = None


_Content = str | list[str | _Part] | None


class _Message(_View, frozen=True):
    role: str | None = None
    content: _Content = None


class RawBody(_View, frozen=True):
    """A well-formed body of any of the three API kinds; what it leaves out, `normalise` does not read.

    Odd ones, which normalisation takes as well, do not decode to this; they are decoded whole.
    """

    model: Any = None
    messages: str | list[_Message] | None = None
    input: str | list[_Message] | None = None
    system: _Content = None
    instructions: _Content = None
    tools: list[Raw] | None = None
    functions: list[Raw] | None = None
    stream: Any = None
    provider: Any = None
    providerOptions: Any = None  # noqa: N815 - as gateways write it
    provider_options: Any = None
    models: Any = None
    route: Any = None
    plugins: Any = None
    transforms: Any = None
    reasoning: Any = None
    reasoning_effort: Any = None
    thinking: Any = None
    service_tier: Any = None
