"""Bearer keys: the one place where keys are compared."""

import base64
import hmac
from collections.abc import Iterable
from hashlib import sha256
from typing import Any

from litestar.connection import ASGIConnection
from litestar.exceptions import NotAuthorizedException
from litestar.handlers import BaseRouteHandler

RawHeaders = Iterable[tuple[bytes, bytes]]


class Keys:
    """The keys that open something.

    Digests are compared, each in constant time and all of them also after a match, so timing tells
    neither a key nor its length.
    """

    def __init__(self, keys: Iterable[str]) -> None:
        self._digests = tuple(_digest(key.encode()) for key in keys)

    def __bool__(self) -> bool:
        return bool(self._digests)

    def __or__(self, others: "Keys") -> "Keys":
        either = Keys(())
        either._digests = self._digests + others._digests
        return either

    def position(self, given: bytes) -> int | None:
        """Which of the keys this is; None when it is none of them."""
        digest, found = _digest(given), None
        for position, known in enumerate(self._digests):
            if hmac.compare_digest(digest, known):
                found = position
        return found


class KeyGuard:
    """A Litestar guard that lets in who sends one of the keys."""

    def __init__(self, keys: Keys) -> None:
        self._keys = keys

    def __call__(self, connection: ASGIConnection[Any, Any, Any, Any], _: BaseRouteHandler) -> None:
        """Raise NotAuthorizedException (401) when no key fits."""
        opened_by(self._keys, connection.scope["headers"])


class BrowserGuard:
    """A Litestar guard for pages: browsers ask a person for the key, as the password of any user name."""

    def __init__(self, keys: Keys) -> None:
        self._keys = keys

    def __call__(self, connection: ASGIConnection[Any, Any, Any, Any], _: BaseRouteHandler) -> None:
        """Raise NotAuthorizedException (401) when no key fits."""
        given = connection.headers.get("authorization", "")
        scheme, _space, credentials = given.partition(" ")
        if scheme.lower() == "basic" and self._keys.position(_password(credentials)) is not None:
            return
        raise NotAuthorizedException(
            "Give a valid key as the password", headers={"WWW-Authenticate": 'Basic realm="routelab", charset="UTF-8"'}
        )


def _password(credentials: str) -> bytes:
    try:
        return base64.b64decode(credentials.strip(), validate=True).partition(b":")[2]
    except ValueError:
        return b""


def opened_by(keys: Keys, headers: RawHeaders) -> int:
    """Which key a request's headers hold; raises NotAuthorizedException (401) when it is none of `keys`."""
    given = b""
    for name, value in headers:
        if name == b"authorization":
            scheme, _, token = value.partition(b" ")
            if scheme.lower() == b"bearer":
                given = token.strip()
            break
    position = keys.position(given)
    if position is None:
        raise NotAuthorizedException(
            "Send a valid key as `Authorization: Bearer KEY`", headers={"WWW-Authenticate": "Bearer"}
        )
    return position


def _digest(key: bytes) -> bytes:
    return sha256(key).digest()
