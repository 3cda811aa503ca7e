"""Cursors: where a page ended, as text that clients hand back."""
import base64
import binascii
import json


class BadCursor(ValueError):
    """The text is no cursor, or one of another list."""


def encode(data):
    return base64.urlsafe_b64encode(json.dumps(data).encode()).decode()


def decode(text):
    try:
        return json.loads(base64.urlsafe_b64decode(text.encode()))
    except (binascii.Error, ValueError):
        raise BadCursor(text) from None
