"""From an endpoint's failed answer to an EndpointError."""

import math
from typing import Any

import httpx

from routelab.errors import EndpointError
from routelab.records import UNKNOWN_COST

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
_STATUS_OF_WORD = {
    "invalid_request_error": 400,
    "invalid_prompt": 400,
    "context_length_exceeded": 400,
    "authentication_error": 401,
    "invalid_api_key": 401,
    "billing_error": 402,
    "insufficient_quota": 402,
    "credit_balance_exhausted": 402,
    "organization_spend_limit_exceeded": 402,
    "organization_usage_limit_exceeded": 402,
    "project_spend_limit_exceeded": 402,
    "permission_error": 403,
    "not_found_error": 404,
    "model_not_found": 404,
    "request_too_large": 413,
    "rate_limit_error": 429,
    "rate_limit_exceeded": 429,
    "overloaded_error": 529,
}
"""The words of Anthropic's and OpenAI's API references; what is not listed is a server error."""
_NOT_SENT = (httpx.ConnectError, httpx.ConnectTimeout, httpx.PoolTimeout)


def failure(response: httpx.Response) -> EndpointError:
    """The error that a response with a failing status stands for."""
    error = _error(response.status_code, _fields(response))
    error.retry_after_s = retry_after_s(response)
    return error


def failure_inside(body: dict[str, Any]) -> EndpointError | None:
    """The error that a body reports although its status was a success; None when it reports none.

    Gateways answer so when a provider fails after it began (OpenRouter, "Errors and Debugging").
    """
    error = body.get("error")
    return None if not error or body.get("choices") else reported(error)


def reported(error: Any) -> EndpointError:
    """The failure that an answer reports although its status was a success; `error` as it stands there."""
    fields = error if isinstance(error, dict) else {"message": error}
    code = fields.get("code")
    status = code if isinstance(code, int) and 400 <= code < 600 else _status_told(fields) or 500
    return _error(status, fields)


def unanswered(error: httpx.HTTPError, where: object, timeout_s: float) -> EndpointError:
    """The failure of a call that httpx gave up; its cost is unknown, except where it was never sent.

    `where` is the endpoint's address, `timeout_s` how long it was waited for.
    """
    sent = not isinstance(error, _NOT_SENT)
    usage = UNKNOWN_COST if sent else None
    if sent and isinstance(error, httpx.TimeoutException):
        return EndpointError(f"no answer within {timeout_s:g} s", kind="timeout", usage=usage)
    return EndpointError(f"cannot reach {where}: {error or type(error).__name__}", kind="unreachable", usage=usage)


def _status_told(fields: dict[str, Any]) -> int | None:
    return _STATUS_OF_WORD.get(str(fields.get("code"))) or _STATUS_OF_WORD.get(str(fields.get("type")))


def _error(status: int, fields: dict[str, Any]) -> EndpointError:
    # OpenAI answers 429 also where the account is empty, and only the words say so.
    is_empty = status == 429 and _status_told(fields) == 402
    kind = _KINDS.get(402 if is_empty else status, "server_error" if status >= 500 else "rejected")
    line = " ".join(str(fields.get("message")).split())[:_MESSAGE_CHARS] or "no message"
    return EndpointError(f"the endpoint answered {status}: {line}", kind=kind, status=status)


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


def _fields(response: httpx.Response) -> dict[str, Any]:
    first_line = response.text.strip().partition("\n")[0]
    try:
        error = response.json()["error"]
    except (ValueError, KeyError, TypeError, RecursionError):
        error = first_line
    return {"message": first_line, **error} if isinstance(error, dict) else {"message": error}
