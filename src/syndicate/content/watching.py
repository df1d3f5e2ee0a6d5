"""Notice at once that something changed below content directories, by the operating system's word.

It may miss something (a network file system says nothing): the periodic scan is the truth.
"""

from collections.abc import Callable, Sequence
from pathlib import Path
from threading import Event as Signal

_QUIET_MS = 50  # a burst is over when nothing was written for so long
_LONGEST_MS = 1000  # and is told of after so long in any case
_AGAIN_S = 2.0  # how often it is asked whether the directories are still those: a link may flip


def watch(directories: Sequence[Path], changed: Callable[[], None], stop: Signal) -> None:
    """Call `changed` after each burst of changes, until `stop` is set.

    A directory may come later, go, or be a link that flips; that is a change as well. Raises
    OSError where the system cannot watch so many.
    """
    from watchfiles import watch as changes_in  # noqa: PLC0415 - only the daemon watches

    watched: list[Path] = []
    while not stop.is_set():
        places = _places(directories)
        if places != watched:
            changed()
        watched = places
        if not places:
            stop.wait(_AGAIN_S)
            continue
        for changes in changes_in(
            *places,
            watch_filter=None,
            step=_QUIET_MS,
            debounce=_LONGEST_MS,
            rust_timeout=int(_AGAIN_S * 1000),
            yield_on_timeout=True,
            stop_event=stop,
            raise_interrupt=False,
            ignore_permission_denied=True,
        ):
            if changes:
                changed()
            if _places(directories) != watched:
                break


def _places(directories: Sequence[Path]) -> list[Path]:
    """Return where the directories are now, those that exist."""
    return [place.resolve() for place in directories if place.is_dir()]
