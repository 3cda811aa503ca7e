"""Bearer keys."""

import hmac
from collections.abc import Sequence
from typing import Any

from litestar.connection import ASGIConnection
from litestar.exceptions import NotAuthorizedException
from litestar.handlers import BaseRouteHandler


class BearerGuard:
    """A Litestar guard that lets in who sends one of the keys; without keys everyone.

    Every key is compared in constant time, also after a match, so timing tells nothing.
    """

    def __init__(self, keys: Sequence[str]) -> None:
        self._keys = tuple(key.encode() for key in keys)

    @property
    def is_open(self) -> bool:
        """Whether no key is asked for."""
        return not self._keys

    def __call__(self, connection: ASGIConnection[Any, Any, Any, Any], _: BaseRouteHandler) -> None:
        """Raise NotAuthorizedException (401) when no key fits."""
        if self.is_open:
            return
        scheme, _space, token = connection.headers.get("authorization", "").partition(" ")
        given = token.strip().encode("latin-1")
        matches = [hmac.compare_digest(given, key) for key in self._keys]
        if scheme.lower() != "bearer" or not any(matches):
            raise NotAuthorizedException(
                "Send a valid key as `Authorization: Bearer KEY`", headers={"WWW-Authenticate": "Bearer"}
            )
