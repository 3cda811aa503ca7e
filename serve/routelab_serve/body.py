"""Reading the body of `POST /decide`: strictly, once, and with the name of a wrong field."""

import asyncio
import re
from collections.abc import Coroutine, Generator
from types import coroutine
from typing import Any

import msgspec
from litestar.exceptions import ClientException
from litestar.status_codes import HTTP_408_REQUEST_TIMEOUT, HTTP_413_REQUEST_ENTITY_TOO_LARGE
from litestar.types import HTTPScope, Receive

from routelab_serve.contract import DecideRequest
from routelab_serve.problems import BadField
from routelab_serve.raw_bodies import RawBody

MAX_BODY_BYTES = 1_000_000
_PATIENCE_S = 10.0
_PLACE = re.compile(r" - at `\$\.?(.*)`\Z")
_NAMED = re.compile(r"\A(?:Object missing required field )?`(\w+)`")


class BodyTooLarge(ClientException):
    """The body is larger than 1 MB (413)."""

    status_code = HTTP_413_REQUEST_ENTITY_TOO_LARGE


class BodyTooLate(ClientException):
    """The body did not come in time (408)."""

    status_code = HTTP_408_REQUEST_TIMEOUT


class Disconnected(Exception):
    """The client is gone."""


class _LeanRequest(DecideRequest, frozen=True, kw_only=True):
    request: RawBody | None = None  # type: ignore[assignment]  # it reads like a mapping


_lean = msgspec.json.Decoder(_LeanRequest)
_whole = msgspec.json.Decoder(DecideRequest)


async def received(scope: HTTPScope, receive: Receive) -> bytes:
    """The bytes of the body; raises BodyTooLarge, BodyTooLate after 10 s, or Disconnected when they do not come."""
    reading = _read(receive)
    try:
        # Nearly always the body is there already: then nothing waits, and no timer need be made.
        waits_for = reading.send(None)
    except StopIteration as done:
        body: bytes = done.value
        return body
    try:
        for name, value in scope["headers"]:
            if name == b"content-length" and value.isdigit() and int(value) > MAX_BODY_BYTES:
                raise BodyTooLarge("The body is larger than 1 MB")
        async with asyncio.timeout(_PATIENCE_S):
            return await _resumed(reading, waits_for)
    except TimeoutError:
        raise BodyTooLate("The body did not come in time", headers={"Connection": "close"}) from None
    finally:
        reading.close()


async def _read(receive: Receive) -> bytes:
    body = bytearray()
    while True:
        message: Any = await receive()
        if message["type"] == "http.disconnect":
            raise Disconnected
        piece: bytes = message.get("body", b"")
        if len(body) + len(piece) > MAX_BODY_BYTES:
            raise BodyTooLarge("The body is larger than 1 MB")
        if not message.get("more_body"):
            return bytes(body + piece) if body else piece
        body += piece


@coroutine
def _resumed(begun: Coroutine[Any, Any, bytes], waits_for: Any) -> Generator[Any, Any, bytes]:
    """Go on with a coroutine that was begun by hand, and now waits."""
    yield waits_for
    body: bytes = yield from begun
    return body


def read_body(body: bytes) -> DecideRequest:
    """Decode a body; raises BadField (400) with the field that is wrong."""
    if not body:
        raise BadField("The body is empty", field=None)
    try:
        return _lean.decode(body)
    except (ValueError, RecursionError):  # what is wrong with it, if anything, the whole decoder says
        return _read_whole(body)


def _read_whole(body: bytes) -> DecideRequest:
    try:
        return _whole.decode(body)
    except msgspec.ValidationError as error:
        raise _bad_field(str(error)) from error
    except RecursionError as error:
        raise BadField("The body is nested too deeply", field=None) from error
    except ValueError as error:  # malformed JSON, or not UTF-8
        raise BadField(f"The body is not JSON: {error}", field=None) from error


def _bad_field(complaint: str) -> BadField:
    place, named = _PLACE.search(complaint), _NAMED.match(complaint)
    path = [match[1] for match in (place, named) if match]
    return BadField(complaint, field=".".join(path) or None)
