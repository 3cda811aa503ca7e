"""From an endpoint's failed answer to an EndpointError."""

import json
import math
from typing import Any

import httpx

from routelab.errors import EndpointError

MAX_RETRY_AFTER_S = 60.0
_MESSAGE_CHARS = 300
_KINDS = {
    401: "unauthorized",
    403: "unauthorized",
    402: "no_credit",
    404: "unknown_model",
    429: "rate_limited",
}


def failure(response: httpx.Response) -> EndpointError:
    """The error that a response with a failing status stands for."""
    status = response.status_code
    kind = _KINDS.get(status, "server_error" if status >= 500 else "rejected")
    error = EndpointError(f"the endpoint answered {status}: {_message(response)}", kind=kind, status=status)
    error.retry_after_s = retry_after_s(response)
    return error


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
    except (json.JSONDecodeError, UnicodeDecodeError, RecursionError):
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
    return str(text)[:_MESSAGE_CHARS] or "no message"
