"""Progress of a run on a terminal; off one, a line now and then."""

import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from routelab.bench import Progress

_LINES = 4
"""How many lines a run prints where there is no terminal to draw a bar on."""


@contextmanager
def bench_progress(label: str) -> Iterator["Callable[[Progress], None]"]:
    """Draw the progress of a run on standard error, after its id; say how to go on when it is stopped."""
    run_id = ""
    with bar(f"{label} attempts") as show:

        def update(progress: "Progress") -> None:
            nonlocal run_id
            if not run_id:
                run_id = progress.run_id
                sys.stderr.write(f"run {run_id}\n")
            show(progress.done, progress.total)

        try:
            yield update
        except KeyboardInterrupt:
            if run_id:
                sys.stderr.write(f"\nroutelab: stopped; `routelab runs resume {run_id}` goes on\n")
            raise


@contextmanager
def bar(label: str) -> Iterator[Callable[[int, int], None]]:
    """Show how much is done of how much, on standard error: a bar, or a few lines off a terminal."""
    if sys.stderr.isatty():
        with _terminal_bar(label) as show:
            yield show
    else:
        yield _Lines(label)


class _Lines:
    """Says from time to time how far something is."""

    def __init__(self, label: str) -> None:
        self._label = label
        self._told = 0

    def __call__(self, done: int, total: int) -> None:
        quarter = done * _LINES // max(1, total)
        if quarter > self._told:
            self._told = quarter
            sys.stderr.write(f"{self._label}: {done} of {total}\n")


@contextmanager
def _terminal_bar(label: str) -> Iterator[Callable[[int, int], None]]:
    from rich.console import Console
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn

    columns = (TextColumn(label), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn())
    with Progress(*columns, console=Console(stderr=True)) as progress:
        task = progress.add_task(label, total=None)
        yield lambda done, total: progress.update(task, completed=done, total=total)
