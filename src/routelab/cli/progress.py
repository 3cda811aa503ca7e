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
    """Draw the progress of a run on standard error."""
    if sys.stderr.isatty():
        with _bar(label) as update:
            yield update
    else:
        yield _Lines(label)


class _Lines:
    """Says from time to time how far a run is."""

    def __init__(self, label: str) -> None:
        self._label = label
        self._told = 0

    def __call__(self, progress: "Progress") -> None:
        quarter = progress.done * _LINES // max(1, progress.total)
        if quarter > self._told:
            self._told = quarter
            sys.stderr.write(f"{self._label}: {progress.done} of {progress.total} attempts\n")


@contextmanager
def _bar(label: str) -> Iterator["Callable[[Progress], None]"]:
    from rich.console import Console
    from rich.progress import BarColumn, MofNCompleteColumn, TextColumn, TimeElapsedColumn
    from rich.progress import Progress as Bar

    columns = (TextColumn(label), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn())
    with Bar(*columns, console=Console(stderr=True)) as bar:
        task = bar.add_task(label, total=None)

        def update(progress: "Progress") -> None:
            bar.update(task, completed=progress.done, total=progress.total)

        yield update
