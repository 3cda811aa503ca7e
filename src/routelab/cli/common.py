"""What commands share: options, the opened store, and ways of printing."""

import logging
import re
import signal
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import msgspec
import stamina.instrumentation
import structlog
import typer

from routelab.config import Config, configured, store_url
from routelab.settings import Settings

if TYPE_CHECKING:
    from routelab.store import Store

ConfigOption = Annotated[
    Path | None,
    typer.Option("--config", help="Configuration file; default `$ROUTELAB_CONFIG` or `routelab.toml`."),
]
JsonOption = Annotated[bool, typer.Option("--json", help="Print JSON for a machine.")]


_CONTROL = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f]")


@contextmanager
def opened(path: Path | None) -> Iterator[tuple[Config, Settings, "Store"]]:
    """Configuration, environment and store of a command; the store is closed afterwards."""
    from routelab.store import open_store

    quiet_logs()
    settings = Settings()
    config = configured(settings, path)
    store = open_store(store_url(config, settings))
    try:
        yield config, settings, store
    finally:
        store.close()


@contextmanager
def stopped_like_by_hand() -> Iterator[None]:
    """Let a schedule's SIGTERM end a run as Ctrl-C does: sandboxes cleared, the run marked interrupted."""
    before = signal.signal(signal.SIGTERM, lambda *_: signal.raise_signal(signal.SIGINT))
    try:
        yield
    finally:
        signal.signal(signal.SIGTERM, before)


def quiet_logs() -> None:
    """Log warnings and worse, on standard error, so that standard output stays the command's own.

    A retried call is no news: what matters, an attempt that failed for good, is logged and stored.
    """
    stamina.instrumentation.set_on_retry_hooks([])
    structlog.configure(
        wrapper_class=structlog.make_filtering_bound_logger(logging.WARNING),
        logger_factory=structlog.PrintLoggerFactory(sys.stderr),
    )


def print_json(value: Any) -> None:
    """Print records as indented JSON; a candidate is printed as it is written."""
    encoded = msgspec.json.format(msgspec.json.encode(value), indent=2)
    typer.echo(encoded.decode())


def print_table(title: str, columns: Sequence[str], rows: Sequence[Sequence[str]]) -> None:
    """Print a table that fits the terminal; numbers (columns that end in a unit or %) stand right."""
    from rich.console import Console
    from rich.table import Table
    from rich.text import Text

    # Models, agents and endpoints wrote part of it: none of it is markup.
    table = Table(title=Text(title), title_justify="left", header_style="bold")
    for column in columns:
        table.add_column(column, overflow="fold", justify="right" if _is_number(column) else "left")
    for row in rows:
        table.add_row(*(Text(plain(cell)) for cell in row))
    console = Console()
    # Off a terminal nothing is cut: a log or a pipe has no width.
    Console(width=None if console.is_terminal else 160).print(table)


def plain(text: str) -> str:
    """The text without control characters, by which a model could write over the reader's terminal."""
    return _CONTROL.sub("\N{REPLACEMENT CHARACTER}", text)


def _is_number(column: str) -> bool:
    return column.endswith(("%", "$", "ms", "cases", "#"))


def percent(share: float | None) -> str:
    """A share as a percentage; a dash where it is unknown."""
    return "-" if share is None else f"{share:.1%}"


def money(usd: float | None) -> str:
    """An amount in USD; a dash where it is unknown."""
    return "-" if usd is None else f"${usd:.6f}"


def millis(value: float | None) -> str:
    """Milliseconds, below 10 with two significant digits; a dash where they are unknown."""
    if value is None:
        return "-"
    return f"{value:#.2g}" if value < 9.95 else f"{value:,.0f}"


def interval(low: float | None, high: float | None) -> str:
    """An interval of shares; a dash where it could not be estimated."""
    return "-" if low is None or high is None else f"{low:.0%} to {high:.0%}"
