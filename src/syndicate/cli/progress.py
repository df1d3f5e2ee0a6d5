"""Progress of long work, drawn on a terminal and nowhere else."""

import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from syndicate.model import Event, Tell, silent


@contextmanager
def drawn(doing: str, begins: str | tuple[str, ...], total: int | None = None) -> Iterator[Tell]:
    """Yield a `tell` that counts events whose names begin with `begins`, out of `total` if known."""
    with _bar(doing, total) as advance:
        if advance is None:
            yield silent
            return

        def tell(event: Event) -> None:
            if event.name.startswith(begins):
                advance()

        yield tell


@contextmanager
def counted(doing: str, total: int | None = None) -> Iterator[Callable[[], None]]:
    """Yield a function to be called for each thing done, of about so many."""
    with _bar(doing, total) as advance:
        yield advance or (lambda: None)


@contextmanager
def _bar(doing: str, total: int | None) -> Iterator[Callable[[], None] | None]:
    if not sys.stderr.isatty():
        yield None
        return
    from rich.console import Console
    from rich.progress import (
        BarColumn,
        MofNCompleteColumn,
        Progress,
        SpinnerColumn,
        TextColumn,
        TimeElapsedColumn,
    )

    columns = (
        SpinnerColumn(),
        TextColumn(doing),
        BarColumn(),
        MofNCompleteColumn(),
        TimeElapsedColumn(),
    )
    with Progress(*columns, console=Console(stderr=True), transient=True) as progress:
        task = progress.add_task(doing, total=total)
        yield lambda: progress.advance(task)
