"""Progress of long work, drawn on a terminal and nowhere else."""

import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import timedelta
from typing import TYPE_CHECKING

from syndicate.cli.course import Course
from syndicate.model import Event, Tell, silent

if TYPE_CHECKING:
    from rich.text import Text


@contextmanager
def sending(total: int) -> Iterator[Course]:
    """Yield the course of a delivery, and draw it: speed, done, deferred, time left, by provider."""
    course = Course(total)
    if not sys.stderr.isatty():
        yield course
        return
    from rich.console import Console
    from rich.live import Live

    console = Console(stderr=True)
    with Live(
        console=console,
        get_renderable=lambda: course_line(course),
        refresh_per_second=5,
        transient=True,
    ):
        yield course


def course_line(course: Course) -> "Text":
    """Write where a delivery is: one line, and one of its providers."""
    from rich.text import Text

    left = course.left()
    texts = (
        f"{course.done} of {course.total} letters",
        f"{course.speed():.1f} a second",
        f"deferred {course.deferred}",
        f"{timedelta(seconds=round(left))} left" if left is not None else "",
    )
    groups = (f"{name} {sum(counts.values())}" for name, counts in course.groups().items())
    lines = (" · ".join(filter(None, texts)), " · ".join(groups))
    return Text("\n".join(filter(None, lines)), no_wrap=True, overflow="ellipsis")


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
