"""Much work shared among processes, one a core."""

import gc
import multiprocessing
import os
from collections import deque
from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import Future, ProcessPoolExecutor
from itertools import islice
from threading import Thread
from typing import TypeVar

MANY = 400  # pages or files, from which on starting further processes costs less than they save
_TOGETHER = 50  # of them that are handed to a process at a time
_AHEAD = 4  # handfuls for each process: none waits, and what is done does not pile up
Asked = TypeVar("Asked")
Done = TypeVar("Done")


def cores() -> int:
    """How many processes can work at once."""
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1


def crew(begin: Callable[[], None] | None = None) -> ProcessPoolExecutor:
    """Return processes that begin with `begin`. They are no bare forks: the daemon has threads."""
    return ProcessPoolExecutor(cores(), multiprocessing.get_context("spawn"), _begin, (begin,))


def shared(
    work: Callable[[Iterable[Asked]], Iterator[Done]], every: Iterable[Asked]
) -> Iterator[Done]:
    """Do work on all cores, and yield what comes of it in its order; it is asked for little by little."""
    if cores() < 2:
        yield from work(every)
        return
    rest, waiting = iter(every), deque[Future[list[Done]]]()
    with crew() as others:
        while handful := list(islice(rest, _TOGETHER)):
            waiting.append(others.submit(_all, work, handful))
            if len(waiting) > _AHEAD * cores():
                yield from waiting.popleft().result()
        while waiting:
            yield from waiting.popleft().result()


def _all(work: Callable[[Iterable[Asked]], Iterator[Done]], some: Sequence[Asked]) -> list[Done]:
    return list(work(some))


def _begin(begin: Callable[[], None] | None) -> None:
    Thread(target=_end_with_parent, daemon=True).start()
    if begin is not None:
        begin()
    gc.freeze()  # what is there lasts as long as the process: no collection has to look at it again


def _end_with_parent() -> None:
    """End as soon as who asks has ended, however that was.

    Its lock is free then: whoever outlived it would hold the database open, and write old files over new.
    """
    parent = multiprocessing.parent_process()
    assert parent is not None, "only a process of a crew begins like this"
    parent.join()
    os._exit(1)
