"""Much work shared among processes, one a core."""

import multiprocessing
import os
from collections.abc import Callable
from concurrent.futures import ProcessPoolExecutor
from threading import Thread

MANY = 400  # pages or files, from which on starting further processes costs less than they save
TOGETHER = 50  # of them that are handed to a process at a time


def cores() -> int:
    """How many processes can work at once."""
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1


def crew(begin: Callable[[], None] | None = None) -> ProcessPoolExecutor:
    """Return processes that begin with `begin`. They are no bare forks: the daemon has threads."""
    return ProcessPoolExecutor(cores(), multiprocessing.get_context("spawn"), _begin, (begin,))


def _begin(begin: Callable[[], None] | None) -> None:
    Thread(target=_end_with_parent, daemon=True).start()
    if begin is not None:
        begin()


def _end_with_parent() -> None:
    """End as soon as who asks has ended, however that was.

    Its lock is free then: whoever outlived it would hold the database open, and write old files over new.
    """
    parent = multiprocessing.parent_process()
    assert parent is not None, "only a process of a crew begins like this"
    parent.join()
    os._exit(1)
