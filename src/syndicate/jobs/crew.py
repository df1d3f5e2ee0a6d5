"""Much work shared among processes, one a core."""

import gc
import os
import sys
from collections import deque
from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import BrokenExecutor, Future
from contextlib import suppress
from functools import partial
from importlib import import_module
from itertools import islice
from signal import SIG_BLOCK, SIG_SETMASK, SIGINT, pthread_sigmask
from threading import Thread, active_count
from typing import TYPE_CHECKING, Self, TypeVar

if TYPE_CHECKING:
    from concurrent.futures import ProcessPoolExecutor

MANY = 400  # pages or files, from which on starting further processes costs less than they save
_TOGETHER = 50  # of them that are handed to a process at a time
_AHEAD = 4  # handfuls for each process: none waits, and what is done does not pile up
_YOUNG = 10_000  # objects between two collections: templates leave rings behind, with all that a page shows
Asked = TypeVar("Asked")
Done = TypeVar("Done")


def cores() -> int:
    """How many processes can work at once."""
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1


class Crew:
    """Processes, one a core, which are started when they are first asked, and stay for other work.

    Where nothing but this is going on they are forks, which need to load nothing: no thread runs, and
    `let_go` has closed what no fork may hold, and tells whether it could. Else, as in the daemon, they begin
    anew. `later` is the module of what they will be asked for last.
    """

    def __init__(self, later: str = "", let_go: Callable[[], bool] | None = None) -> None:
        self._later, self._let_go = later, let_go
        self._pool: ProcessPoolExecutor | None = None

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *error: object) -> None:
        if self._pool is not None:
            self._pool.shutdown(cancel_futures=True)

    @property
    def has_begun(self) -> bool:
        """Whether there are processes already: to hand work to them costs nothing more."""
        return self._pool is not None

    def ask(self, work: Callable[..., Done], /, *given: object) -> Callable[[], Done | None]:
        """Hand work to a process; what is returned waits for what comes of it: None where somebody ended one.

        Ctrl-C is for who asks: the others are started with it blocked, and end what is in hand.
        """
        if self._pool is None:
            self._pool = _opened("fork" if self._is_alone() else "spawn")
        before = pthread_sigmask(SIG_BLOCK, [SIGINT])
        try:
            return partial(_awaited, self._pool.submit(work, *given))
        except BrokenExecutor:
            return lambda: None
        finally:
            pthread_sigmask(SIG_SETMASK, before)

    def _is_alone(self) -> bool:
        """Whether a fork of this process would take over nothing that works on without it."""
        alone = sys.platform == "linux" and active_count() == 1
        return alone and self._let_go is not None and self._let_go()

    def prepare(self) -> None:
        """Let processes that were started load what they will be asked for later: they have no work now."""
        if self._pool is not None and self._later:
            for _ in range(cores()):
                self.ask(_load, self._later)


def _opened(how: str) -> "ProcessPoolExecutor":
    import multiprocessing  # noqa: PLC0415 - where little is to be done, nobody needs it
    from concurrent.futures import ProcessPoolExecutor  # noqa: PLC0415 - as above

    return ProcessPoolExecutor(cores(), multiprocessing.get_context(how), _begin)


def _awaited(future: Future[Done]) -> Done | None:
    with suppress(BrokenExecutor):  # one that somebody ends takes all others with it
        return future.result()
    return None


def _load(module: str) -> None:
    import_module(module)


def shared(
    work: Callable[[Iterable[Asked]], Iterator[Done]], every: Iterable[Asked], crew: Crew
) -> Iterator[Done]:
    """Do work on all cores, and yield what comes of it in its order; it is asked for little by little.

    What the others do not, since somebody ended them, is done here.
    """
    if cores() < 2:
        yield from work(every)
        return
    rest, waiting = iter(every), deque[tuple[list[Asked], Callable[[], list[Done] | None]]]()
    while handful := list(islice(rest, _TOGETHER)):
        waiting.append((handful, crew.ask(_all, work, handful)))
        if len(waiting) > _AHEAD * cores():
            yield from _back(work, *waiting.popleft())
    while waiting:
        yield from _back(work, *waiting.popleft())


def _back(
    work: Callable[[Iterable[Asked]], Iterator[Done]],
    asked: Sequence[Asked],
    answer: Callable[[], list[Done] | None],
) -> Iterable[Done]:
    done = answer()
    return work(asked) if done is None else done


def _all(work: Callable[[Iterable[Asked]], Iterator[Done]], some: Sequence[Asked]) -> list[Done]:
    return list(work(some))


def _begin() -> None:
    Thread(target=_end_with_parent, daemon=True).start()
    gc.set_threshold(_YOUNG)
    gc.freeze()  # what is there lasts as long as the process: no collection has to look at it again


def _end_with_parent() -> None:
    """End as soon as who asks has ended, however that was.

    Its lock is free then: whoever outlived it would hold the database open, and write old files over new.
    """
    from multiprocessing import parent_process  # noqa: PLC0415 - as above: it is loaded here

    parent = parent_process()
    assert parent is not None, "only a process of a crew begins like this"
    parent.join()
    os._exit(1)
