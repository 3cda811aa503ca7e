"""Keeping the real key out of what is passed on."""


class Redactor:
    """Stars out a secret in a stream, also where it lies across pieces; lengths stay as they are.

    Only a piece's end that could be the beginning of the secret is held back, until the next one.
    """

    def __init__(self, secret: str | None) -> None:
        self._secret = (secret or "").encode()
        self._stars = b"*" * len(self._secret)
        self._held = b""

    def feed(self, piece: bytes) -> bytes:
        """What may be passed on now."""
        if not self._secret:
            return piece
        text = (self._held + piece).replace(self._secret, self._stars)
        held = next((n for n in range(len(self._secret) - 1, 0, -1) if text.endswith(self._secret[:n])), 0)
        self._held = text[len(text) - held :]
        return text[: len(text) - held]

    def close(self) -> bytes:
        """What was held back, when the stream has ended."""
        held, self._held = self._held, b""
        return held

    def hides(self, text: bytes) -> bool:
        """Whether the secret stands in the text."""
        return bool(self._secret) and self._secret in text
