"""Progress of a benchmark as one line, in notebooks and in their drivers' terminals."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager

from tqdm import tqdm  # type: ignore[import-untyped]

from routelab.bench import Progress

_SECONDS = 0.5
"""Least time between two updates: each is a message from the kernel."""


@contextmanager
def progress_bar(name: str) -> Iterator[Callable[[Progress], None]]:
    """Show a bar while the block runs; call what it gives with each progress."""
    # tqdm.auto would make a widget, which leaves nothing readable in an executed notebook.
    with tqdm(desc=name, unit="case", mininterval=_SECONDS, ascii=True, dynamic_ncols=True) as bar:

        def show(progress: Progress) -> None:
            bar.total = progress.total
            bar.update(progress.done - bar.n)

        yield show
