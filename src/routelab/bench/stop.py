"""Asking a run to stop."""


class Stop:
    """Asks all lanes of a run to stop before their next case. `reason` None: go on."""

    def __init__(self) -> None:
        self.reason: str | None = None

    def ask(self, reason: str) -> None:
        """Stop; the first reason counts."""
        self.reason = self.reason or reason
