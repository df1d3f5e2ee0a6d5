"""Make published files and put them in place: here, or where there are many by several processes."""

from collections import deque
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from concurrent.futures import BrokenExecutor, Future, ProcessPoolExecutor
from contextlib import AbstractContextManager, ExitStack, suppress
from dataclasses import dataclass, field, replace
from functools import partial
from hashlib import sha256
from itertools import groupby, islice
from pathlib import Path
from typing import NamedTuple, Self

from syndicate import output
from syndicate.content import PictureLost
from syndicate.errors import SyndicateError
from syndicate.feeds import FORMATS
from syndicate.jobs.crew import MANY, cores, crew
from syndicate.jobs.planning import Library, Made, Planned, plan
from syndicate.jobs.planning.gate import Unfit
from syndicate.output import Sizes
from syndicate.store.outputs import Output

# Files handed to a process at a time, few, since long feeds take seconds and we are silent: whole
# documents, as what their formats share is made once by each process.
_HANDFUL = 6 * len(FORMATS)
_WAITING = 8  # handfuls that are handed out before the first is waited for

Opening = Callable[[], AbstractContextManager[Library]]
Asked = tuple[str, str, Output | None]  # a file's path, what it is made from, and what stands there


class Task(NamedTuple):
    """A file to be made, and what is known of the one that stands in its place."""

    planned: Planned
    known: Output | None


@dataclass(frozen=True, slots=True)
class Came:
    """What became of a file: `file` is what stands now, None where it could not be made.

    `lost` is why a picture could not be copied; `unfit` why a feed was not put in place, and `culprits`
    whose fault that is.
    """

    path: str
    file: Output | None = None
    changed: bool = False
    lost: str | None = None
    unfit: str | None = None
    culprits: Mapping[str, str] = field(default_factory=dict)


def make(root: Path, tasks: Iterable[Task]) -> Iterator[Came]:
    """Make files and put them in place, in their order; pages that follow each other in steps.

    All are drawn, then all are looked at, then all are compressed and written: where each page goes
    through these by itself, the steps push each other out of the processor's caches (0033).
    """
    for are_pages, some in groupby(tasks, lambda task: task.planned.look is not None):
        for together in [list(some)] if are_pages else ([task] for task in some):
            yield from _together(root, together)


def _together(root: Path, tasks: Sequence[Task]) -> Iterator[Came]:
    drawn = [_drawn(task.planned) for task in tasks]
    looked = [
        one if isinstance(one, Came) else task.planned.looked(one)
        for task, one in zip(tasks, drawn, strict=True)
    ]
    for task, one in zip(tasks, looked, strict=True):
        yield one if isinstance(one, Came) else _put(root, task, one)


def _drawn(planned: Planned) -> Made | Came:
    try:
        return planned.drawn()
    except PictureLost as error:
        return Came(planned.path, lost=str(error))
    except Unfit as error:
        return Came(planned.path, unfit=str(error), culprits=error.culprits)


def _put(root: Path, task: Task, made: Made) -> Came:
    """Put a file in place; what stands there with the same bytes is not compressed again."""
    path, inputs, known = task.planned.path, task.planned.inputs, task.known
    data, pieces, links = made
    digest = sha256(data).hexdigest()
    if known and known.digest == digest and is_there(root, known):
        return Came(path, replace(known, inputs=inputs, pieces=pieces, links=links))
    changed, sizes = output.publish(root, path, data)
    file = Output(path, inputs, digest, sizes.plain, sizes.br, sizes.gz, pieces, links)
    return Came(path, file, changed)


def is_there(root: Path, known: Output) -> bool:
    """Whether a file stands as it was made, with its compressed forms."""
    return output.is_there(root, known.path, Sizes(known.size, known.br, known.gz))


@dataclass
class Makers:
    """Who makes files: this process, and as soon as there were many, others, which open the library anew.

    Without an `opening`, or a second core, this process makes all.
    """

    root: Path
    opening: Opening | None
    made: int = 0
    others: ProcessPoolExecutor | None = None

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *error: object) -> None:
        if self.others is not None:
            self.others.shutdown(cancel_futures=True)

    def make(self, tasks: Iterator[Task]) -> Iterator[Came]:
        """Make files in their order, or nearly so; all of them have been made at the end."""
        if self.opening is None or cores() == 1:
            while some := list(islice(tasks, _HANDFUL)):
                yield from make(self.root, some)
            return
        ours = deque(islice(tasks, max(0, MANY - self.made)))
        self.made += len(ours)
        yield from self._shared(ours, tasks, self.opening)

    def _shared(self, ours: deque[Task], tasks: Iterator[Task], opening: Opening) -> Iterator[Came]:
        """Make files here, while the others begin with those after them."""
        waiting: deque[tuple[list[Task], Future[list[Came | None]] | None]] = deque()
        while some := list(islice(tasks, _HANDFUL)):
            waiting.append((some, self._ask(opening, some)))
            if len(waiting) > _WAITING:
                yield from self._made(ours)
                yield from self._back(*waiting.popleft())
        yield from self._made(ours)
        while waiting:
            yield from self._back(*waiting.popleft())

    def _made(self, ours: deque[Task]) -> Iterator[Came]:
        while ours:
            some = [ours.popleft() for _ in range(min(len(ours), _HANDFUL))]
            yield from make(self.root, some)

    def _ask(self, opening: Opening, tasks: Sequence[Task]) -> Future[list[Came | None]] | None:
        """Hand files out; None where somebody has ended one of the others, and with it all."""
        if self.others is None:
            self.others = crew(partial(_begin, opening))
        asked = [(task.planned.path, task.planned.inputs, task.known) for task in tasks]
        try:
            return self.others.submit(_make_asked, asked)
        except BrokenExecutor:
            return None

    def _back(
        self, tasks: Sequence[Task], future: Future[list[Came | None]] | None
    ) -> Iterator[Came]:
        """Yield what the others made; what they did not is made here."""
        nothing: list[Came | None] = [None] * len(tasks)
        try:
            back = nothing if future is None else future.result()
        except BrokenExecutor:
            back = nothing
        for task, came in zip(tasks, back, strict=True):
            yield came or next(make(self.root, [task]))


class _Hand:
    """One of the other processes: it plans all files for itself, and makes those that it is asked for."""

    def __init__(self, library: Library) -> None:
        self.root, self.files = library.root, plan(library)

    def make(self, asked: Sequence[Asked]) -> list[Came | None]:
        """Make files that come later than those before; None for one that is not planned so here."""
        tasks = [self._task(*one) for one in asked]
        came = make(self.root, filter(None, tasks))
        return [next(came) if task else None for task in tasks]

    def _task(self, path: str, inputs: str, known: Output | None) -> Task | None:
        planned = next((one for one in self.files if one.path == path), None)
        if planned is None or planned.inputs != inputs:
            return None  # the store has changed meanwhile: who asks sees it as it was
        return Task(planned, known)


_HANDS: list[_Hand] = []  # of this process, if it is one of the others
_OPEN = ExitStack()


def _begin(opening: Opening) -> None:
    with suppress(SyndicateError):  # as where somebody is just writing the settings
        _HANDS.append(_Hand(_OPEN.enter_context(opening())))


def _make_asked(asked: Sequence[Asked]) -> list[Came | None]:
    return _HANDS[0].make(asked) if _HANDS else [None] * len(asked)
