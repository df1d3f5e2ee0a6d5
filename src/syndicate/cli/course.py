"""The course of a `deliver`: what was told of each letter, counted, and drawn on a terminal."""

import sys
from collections import Counter, deque
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import timedelta
from time import monotonic
from typing import TYPE_CHECKING

from syndicate.model import Event
from syndicate.outbox.domains import shown

if TYPE_CHECKING:
    from rich.text import Text

_KINDS = ("sent", "failed", "unknown", "deferred")
_RECENT_S = 10.0  # seconds that the speed shown is of


class Course:
    """Counts letters by what became of them and by provider; `total` waited at the beginning."""

    def __init__(self, total: int, timer: Callable[[], float] = monotonic) -> None:
        self.total = total
        self._timer = timer
        self._began = timer()
        self._counts: dict[str, Counter[str]] = {}
        self._recent: deque[tuple[float, int]] = deque([(self._began, 0)])  # (time, done by then)

    def tell(self, event: Event) -> None:
        """Count what an event tells of a letter."""
        room, _, kind = event.name.partition(".")
        if room == "delivery" and kind in _KINDS:
            group = shown(event.values.get("lane"))
            self._counts.setdefault(group, Counter())[kind] += 1

    @property
    def done(self) -> int:
        """Letters that are at their end."""
        return self._sum("sent", "failed", "unknown")

    @property
    def deferred(self) -> int:
        """Attempts that were put off; some of these letters may have left since."""
        return self._sum("deferred")

    def speed(self) -> float:
        """Return letters a second of late."""
        now = self._timer()
        if now - self._recent[-1][0] >= _RECENT_S / 20:
            self._recent.append((now, self.done))
        while len(self._recent) > 1 and self._recent[1][0] <= now - _RECENT_S:
            self._recent.popleft()
        since, before = self._recent[0]
        return (self.done - before) / (now - since) if now > since else 0.0

    def left(self) -> float | None:
        """Return for how many seconds it will go on at this speed, None while that is unknown."""
        speed = self.speed()
        return max(0, self.total - self.done) / speed if speed else None

    def groups(self) -> dict[str, dict[str, int]]:
        """Return the counts by provider, the largest first."""
        ordered = sorted(self._counts.items(), key=lambda item: (-item[1].total(), item[0]))
        return {group: {kind: counts[kind] for kind in _KINDS} for group, counts in ordered}

    def record(self) -> dict[str, object]:
        """Return the numbers of the whole course: seconds, letters a second, and by provider."""
        seconds = self._timer() - self._began
        rate = self.done / seconds if seconds else 0.0
        return {"seconds": round(seconds, 3), "rate": round(rate, 1), "groups": self.groups()}

    def _sum(self, *kinds: str) -> int:
        # A copy: the one who draws looks on from another thread while letters are counted.
        return sum(counts[kind] for counts in tuple(self._counts.values()) for kind in kinds)


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
