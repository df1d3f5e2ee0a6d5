"""Much work shared among processes, one a core."""

import multiprocessing
import os
from collections.abc import Callable
from concurrent.futures import ProcessPoolExecutor

MANY = 400  # pages or files, from which on starting further processes costs less than they save
TOGETHER = 50  # of them that are handed to a process at a time


def cores() -> int:
    """How many processes can work at once."""
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1


def crew(begin: Callable[[], None] | None = None) -> ProcessPoolExecutor:
    """Return processes that begin with `begin`. They are no bare forks: the daemon has threads."""
    return ProcessPoolExecutor(cores(), multiprocessing.get_context("spawn"), begin)
