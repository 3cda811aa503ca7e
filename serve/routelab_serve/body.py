"""Reading the body of `POST /decide`: strictly, once, and with the name of a wrong field."""

import re
from typing import Any

import msgspec
from litestar import Request

from routelab_serve.contract import DecideRequest
from routelab_serve.problems import BadField

MAX_BODY_BYTES = 10_000_000
_decoder = msgspec.json.Decoder(DecideRequest)
_PLACE = re.compile(r" - at `\$\.?(.*)`\Z")
_NAMED = re.compile(r"\A(?:Object missing required field )?`(\w+)`")


class DecideBody(Request[Any, Any, Any]):
    """A request whose JSON is decoded to a DecideRequest.

    Litestar's own decoding would also take `"12"` for 12.
    """

    async def body(self) -> bytes:
        """The bytes as sent; raises BadField when there are none."""
        body = await super().body()
        if not body:
            raise BadField("The body is empty", field=None)
        return body

    async def json(self) -> Any:
        """The body; raises BadField when it is not what the contract says."""
        return read_body(await self.body())


def read_body(body: bytes) -> DecideRequest:
    """Decode a body; raises BadField (400) with the field that is wrong."""
    try:
        return _decoder.decode(body)
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
