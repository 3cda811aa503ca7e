"""Bearer keys: the one place where keys are compared."""

import hmac
from collections.abc import Iterable
from hashlib import sha256
from typing import TYPE_CHECKING, Any

from litestar.connection import ASGIConnection
from litestar.exceptions import NotAuthorizedException
from litestar.handlers import BaseRouteHandler

if TYPE_CHECKING:
    from routelab_serve.rate_limit import RateLimiter

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

    def digest_of(self, given: bytes) -> bytes | None:
        """What stands for this key, if it is one of them; None when it is none."""
        digest, found = _digest(given), None
        for known in self._digests:
            if hmac.compare_digest(digest, known):
                found = known
        return found


class KeyGuard:
    """Lets in who sends one of `keys`, as often as `limiter` allows that key; also a Litestar guard.

    `keys` None: everyone may come in, and all are limited as one. `limiter` None: there is no limit.
    """

    def __init__(self, keys: Keys | None, limiter: "RateLimiter | None") -> None:
        self._keys = keys
        self._limiter = limiter

    def __call__(self, connection: ASGIConnection[Any, Any, Any, Any], _: BaseRouteHandler) -> None:
        """As `admit`."""
        self.admit(connection.scope["headers"])

    def admit(self, headers: RawHeaders) -> None:
        """Raise NotAuthorizedException (401) when no key fits, TooManyRequestsException (429) when it came too soon."""
        key = b"" if self._keys is None else _opened_by(self._keys, headers)
        if self._limiter is not None:
            self._limiter.take(key)


def _opened_by(keys: Keys, headers: RawHeaders) -> bytes:
    """What stands for the key that a request's headers hold."""
    given = b""
    for name, value in headers:
        if name == b"authorization":
            scheme, _, token = value.partition(b" ")
            if scheme.lower() == b"bearer":
                given = token.strip()
            break
    digest = keys.digest_of(given)
    if digest is None:
        raise NotAuthorizedException(
            "Send a valid key as `Authorization: Bearer KEY`", headers={"WWW-Authenticate": "Bearer"}
        )
    return digest


def _digest(key: bytes) -> bytes:
    return sha256(key).digest()
