"""From an endpoint's failed answer to an EndpointError."""

import math
from typing import Any

import httpx

from routelab.errors import EndpointError

MAX_RETRY_AFTER_S = 60.0
_MESSAGE_CHARS = 300
_KINDS = {
    401: "unauthorized",
    402: "no_credit",
    404: "unknown_model",
    408: "server_error",
    429: "rate_limited",
}
"""403 is not among them: gateways send it for one flagged prompt or one model, not for the key."""


def failure(response: httpx.Response) -> EndpointError:
    """The error that a response with a failing status stands for."""
    error = _error(response.status_code, _message(response))
    error.retry_after_s = retry_after_s(response)
    return error


def failure_inside(body: dict[str, Any]) -> EndpointError | None:
    """The error that a body reports although its status was a success; None when it reports none.

    Gateways answer so when a provider fails after it began (OpenRouter, "Errors and Debugging").
    """
    reported = body.get("error")
    if not reported or body.get("choices"):
        return None
    fields = reported if isinstance(reported, dict) else {"message": reported}
    code = fields.get("code")
    status = code if isinstance(code, int) and 400 <= code < 600 else 500
    return _error(status, str(fields.get("message"))[:_MESSAGE_CHARS])


def _error(status: int, message: str) -> EndpointError:
    kind = _KINDS.get(status, "server_error" if status >= 500 else "rejected")
    return EndpointError(f"the endpoint answered {status}: {message}", kind=kind, status=status)


def retry_after_s(response: httpx.Response) -> float | None:
    """The seconds a response asks to wait, at most a minute; None when it does not say."""
    try:
        seconds = float(response.headers.get("retry-after", ""))
    except ValueError:
        return None
    return min(seconds, MAX_RETRY_AFTER_S) if math.isfinite(seconds) and seconds >= 0 else None


def json_object(response: httpx.Response) -> dict[str, Any]:
    """The body as a JSON object; EndpointError (`bad_response`) when it is anything else."""
    try:
        body = response.json()
    except (ValueError, RecursionError):
        body = None
    if isinstance(body, dict):
        return body
    sort = response.headers.get("content-type", "no content type")
    raise EndpointError(
        f"{response.url} answered {sort} where a JSON object was expected; check endpoint.base_url",
        kind="bad_response",
        status=response.status_code,
    )


def _message(response: httpx.Response) -> str:
    try:
        error = response.json()["error"]
        text = error["message"] if isinstance(error, dict) else error
    except (ValueError, KeyError, TypeError, RecursionError):
        text = response.text.strip().partition("\n")[0]
    return " ".join(str(text).split())[:_MESSAGE_CHARS] or "no message"
