"""Logs: JSON lines on standard error, without secrets and without anything a user wrote."""

import logging
import sys
import traceback
from asyncio import CancelledError
from collections.abc import Callable, Mapping, MutableMapping
from typing import Any

import structlog
from structlog.stdlib import ProcessorFormatter
from structlog.typing import Processor

Redact = Callable[[str], str]


def to_stderr(redact: Redact = str) -> None:
    """Make this process log JSON lines to standard error, other libraries' and the server's too.

    `redact` takes secrets out of every text. Call it again with another one before the first line
    is logged, not after.
    """
    last: list[Processor] = [
        structlog.processors.add_log_level,
        structlog.processors.TimeStamper(fmt="iso", utc=True),
        structlog.processors.format_exc_info,
        masking(redact),
        structlog.processors.JSONRenderer(),
    ]
    structlog.configure(
        processors=last,
        logger_factory=structlog.WriteLoggerFactory(sys.stderr),
        cache_logger_on_first_use=True,
    )
    handler = logging.StreamHandler(sys.stderr)
    handler.addFilter(_is_news)
    handler.setFormatter(ProcessorFormatter(processors=[ProcessorFormatter.remove_processors_meta, *last]))
    logging.getLogger().handlers = [handler]
    for name in ("uvicorn", "uvicorn.access"):
        logger = logging.getLogger(name)
        logger.handlers, logger.propagate = [], True


def masking(redact: Redact) -> Processor:
    """A structlog processor that takes secrets out of every text of an event, however deep it stands."""

    def mask(_logger: Any, _method: str, event: MutableMapping[str, Any]) -> Mapping[str, Any]:
        return {key: _masked(value, redact) for key, value in event.items()}

    return mask


def report_bug(event: str, error: Exception) -> None:
    """Log an exception nobody expected.

    Only code lines: structlog's own console rendering would show the local variables, and with
    them prompts.
    """
    lines = traceback.format_exception(error)
    structlog.get_logger().error(event, traceback="".join(lines))


def _is_news(record: logging.LogRecord) -> bool:
    """Whether a line tells something: the server logs every request it gives up at the end as an exception."""
    return record.exc_info is None or not isinstance(record.exc_info[1], CancelledError)


def _masked(value: Any, redact: Redact) -> Any:
    if value is None or isinstance(value, bool | int | float):
        return value
    if isinstance(value, Mapping):
        return {redact(str(key)): _masked(inner, redact) for key, inner in value.items()}
    if isinstance(value, list | tuple | set | frozenset):
        return [_masked(inner, redact) for inner in value]
    return redact(value if isinstance(value, str) else repr(value))
