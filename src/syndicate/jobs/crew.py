"""Much work shared among processes, one a core."""

import gc
import multiprocessing
import os
from collections import deque
from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import Future, ProcessPoolExecutor
from importlib import import_module
from itertools import islice
from threading import Thread
from typing import ParamSpec, Self, TypeVar

MANY = 400  # pages or files, from which on starting further processes costs less than they save
_TOGETHER = 50  # of them that are handed to a process at a time
_AHEAD = 4  # handfuls for each process: none waits, and what is done does not pile up
Asked = TypeVar("Asked")
Done = TypeVar("Done")
Given = ParamSpec("Given")


def cores() -> int:
    """How many processes can work at once."""
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1


class Crew:
    """Processes, one a core, which are started when they are first asked, and stay for other work.

    They are no bare forks: the daemon has threads. `later` is the module of what they will be asked for last.
    """

    def __init__(self, later: str = "") -> None:
        self._later = later
        self._pool: ProcessPoolExecutor | None = None

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *error: object) -> None:
        if self._pool is not None:
            self._pool.shutdown(cancel_futures=True)

    def submit(
        self, work: Callable[Given, Done], /, *args: Given.args, **more: Given.kwargs
    ) -> Future[Done]:
        """Hand work to a process."""
        if self._pool is None:
            spawn = multiprocessing.get_context("spawn")
            self._pool = ProcessPoolExecutor(cores(), spawn, _begin)
        return self._pool.submit(work, *args, **more)

    def prepare(self) -> None:
        """Let processes that were started load what they will be asked for later: they have no work now."""
        if self._pool is not None and self._later:
            for _ in range(cores()):
                self._pool.submit(import_module, self._later)


def shared(
    work: Callable[[Iterable[Asked]], Iterator[Done]], every: Iterable[Asked], crew: Crew
) -> Iterator[Done]:
    """Do work on all cores, and yield what comes of it in its order; it is asked for little by little."""
    if cores() < 2:
        yield from work(every)
        return
    rest, waiting = iter(every), deque[Future[list[Done]]]()
    while handful := list(islice(rest, _TOGETHER)):
        waiting.append(crew.submit(_all, work, handful))
        if len(waiting) > _AHEAD * cores():
            yield from waiting.popleft().result()
    while waiting:
        yield from waiting.popleft().result()


def _all(work: Callable[[Iterable[Asked]], Iterator[Done]], some: Sequence[Asked]) -> list[Done]:
    return list(work(some))


def _begin() -> None:
    Thread(target=_end_with_parent, daemon=True).start()
    gc.freeze()  # what is there lasts as long as the process: no collection has to look at it again


def _end_with_parent() -> None:
    """End as soon as who asks has ended, however that was.

    Its lock is free then: whoever outlived it would hold the database open, and write old files over new.
    """
    parent = multiprocessing.parent_process()
    assert parent is not None, "only a process of a crew begins like this"
    parent.join()
    os._exit(1)
