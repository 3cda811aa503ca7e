"""Errors a person or a caller can act on; each is one clear sentence.

The command line prints the sentence and exits with `exit_code`. Anything else that escapes is a
bug in routelab. The kinds of failures are the rows of `routelab.causes`.
"""

from routelab.causes import RETRYABLE_KINDS
from routelab.records import Usage


class RoutelabError(Exception):
    """Something failed that is not the user's mistake (exit code 1)."""

    exit_code = 1


class UserError(RoutelabError):
    """The user asked for something that cannot be done as asked (exit code 2)."""

    exit_code = 2


class ConfigError(UserError):
    """The configuration is missing, malformed or contradicts itself."""


class DatasetError(UserError):
    """A dataset, case or check is malformed; the sentence names file, line and field."""


class TableError(RoutelabError):
    """A routing table cannot be built, read or trusted."""


class StoreError(RoutelabError):
    """The results store cannot be opened, read or written."""


class EndpointError(RoutelabError):
    """A model endpoint failed to answer.

    `kind` is one of `unreachable`, `timeout`, `rate_limited`, `server_error`, `bad_response`,
    `cut_stream`, `unauthorized`, `no_credit`, `unknown_model` or `rejected`. `retryable` says whether the same
    call may succeed later. `retry_after_s` is how long the endpoint asked to wait; None: it did
    not say. `usage` is what the call used all the same, with all its tries: its cost is unknown
    where a request went out that was not answered.
    """

    def __init__(self, message: str, *, kind: str, status: int | None = None, usage: Usage | None = None) -> None:
        super().__init__(message)
        self.kind = kind
        self.status = status
        self.retry_after_s: float | None = None
        self.usage = usage or Usage()

    @property
    def retryable(self) -> bool:
        """Whether trying again later can help."""
        return self.kind in RETRYABLE_KINDS


class BudgetError(RoutelabError):
    """The money limit of the run is reached, or the cost of a call cannot be known.

    `usage` is what earlier tries of the call that was refused have used.
    """

    kind = "budget"

    def __init__(self, message: str) -> None:
        super().__init__(message)
        self.usage = Usage()


class SandboxError(RoutelabError):
    """A sandbox could not be made or used; the failure is the infrastructure's.

    `kind` is `sandbox` or, where more is known, `engine_down`, `image_missing`, `no_space`,
    `out_of_memory`, `lost_container` or `agent_crashed`.
    """

    def __init__(self, message: str, *, kind: str = "sandbox") -> None:
        super().__init__(message)
        self.kind = kind
