"""Logs: JSON lines on standard error, without anything a user wrote."""

import sys
import traceback

import structlog


def to_stderr() -> None:
    """Make this process log JSON lines to standard error."""
    structlog.configure(
        processors=[
            structlog.processors.add_log_level,
            structlog.processors.TimeStamper(fmt="iso", utc=True),
            structlog.processors.JSONRenderer(),
        ],
        logger_factory=structlog.WriteLoggerFactory(sys.stderr),
        cache_logger_on_first_use=True,
    )


def report_bug(event: str, error: Exception) -> None:
    """Log an exception nobody expected.

    Only code lines: structlog's own console rendering would show the local variables, and with
    them prompts.
    """
    lines = traceback.format_exception(error)
    structlog.get_logger().error(event, traceback="".join(lines))
