"""Reading JSON that others wrote."""

import json
from typing import Any

import msgspec

_decode_fields = msgspec.json.Decoder(dict[str, msgspec.Raw]).decode


def read_json(text: bytes | msgspec.Raw) -> Any:
    """The value, or None where the text is no JSON.

    Half an emoji, which agents and models do send when they cut texts, is JSON all the same.
    """
    try:
        return msgspec.json.decode(text)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
        try:
            return json.loads(bytes(text))
        except (ValueError, RecursionError):
            return None


def read_fields(body: bytes) -> dict[str, msgspec.Raw] | None:
    """The fields of a JSON object, each value as it was written; None where it is anything else.

    Of a field that stands twice, the last counts.
    """
    try:
        return _decode_fields(body)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
        fields = read_json(body)
        if not isinstance(fields, dict):
            return None
        return {str(name): msgspec.Raw(json.dumps(value).encode()) for name, value in fields.items()}


def write_fields(fields: dict[str, msgspec.Raw]) -> bytes:
    """The JSON object of these fields."""
    try:
        return msgspec.json.encode(fields)
    except UnicodeEncodeError:  # half an emoji in a name
        return json.dumps({name: read_json(value) for name, value in fields.items()}).encode()
