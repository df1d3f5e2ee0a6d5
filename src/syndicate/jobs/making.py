"""Make published files and put them in place: here, or where there are many by several processes."""

import gc
from collections import deque
from collections.abc import Callable, Iterator, Sequence
from contextlib import AbstractContextManager, ExitStack, suppress
from itertools import chain, islice
from secrets import token_hex

from msgspec import Struct, field

from syndicate.errors import SyndicateError
from syndicate.feeds import FORMATS
from syndicate.jobs.crew import MANY, Crew, cores
from syndicate.jobs.planning import Bundle, Library, Planned, stages
from syndicate.jobs.planning.said import HUNDRED
from syndicate.jobs.steps import Came, Task, make
from syndicate.store.outputs import Output

# Files handed to a process at a time: pages of one bundle, of which each process plans its own alone. Of
# others they are few, since long feeds take seconds and we are silent.
_PAGES, _OTHERS = HUNDRED, 3 * len(FORMATS)
_WAITING = 4  # handfuls that are handed out before the first is waited for

Opening = Callable[[], AbstractContextManager[Library]]
# The name of a file's bundle, its path, what it is made from, and what stands there.
Asked = tuple[str, str, str, Output | None]
Answer = Callable[[], list[Came | None] | None]  # None where somebody ended one of the others


class Makers(Struct):
    """Who makes files: this process until there were many, then others, which open the library anew.

    Others that have begun already make all. Without an `opening`, or a second core, this process does.
    """

    library: Library
    opening: Opening | None
    crew: Crew
    made: int = 0
    name: str = field(default_factory=lambda: token_hex(8))  # tells one publish from another

    def make(self, tasks: Iterator[Task]) -> Iterator[Came]:
        """Make files in their order, or nearly so; all of them have been made at the end."""
        if self.opening is None or cores() == 1:
            yield from self._made(tasks)
            return
        ours = list(islice(tasks, 0 if self.crew.has_begun else max(0, MANY - self.made)))
        self.made += len(ours)
        yield from self._shared(iter(ours), tasks, self.opening)

    def _shared(
        self, ours: Iterator[Task], tasks: Iterator[Task], opening: Opening
    ) -> Iterator[Came]:
        """Make files here, while the others begin with those after them."""
        waiting: deque[tuple[list[Task], Answer]] = deque()
        for some in _handfuls(tasks):
            waiting.append((some, self._ask(opening, some)))
            if len(waiting) > _WAITING:
                yield from self._made(ours)
                yield from self._back(*waiting.popleft())
        yield from self._made(ours)
        while waiting:
            yield from self._back(*waiting.popleft())

    def _made(self, tasks: Iterator[Task]) -> Iterator[Came]:
        for some in _handfuls(tasks):
            yield from make(self.library, some)

    def _ask(self, opening: Opening, tasks: Sequence[Task]) -> Answer:
        asked = [(one.bundle, one.planned.path, one.planned.inputs, one.known) for one in tasks]
        return self.crew.ask(_make_asked, self.name, opening, asked)

    def _back(self, tasks: Sequence[Task], answer: Answer) -> Iterator[Came]:
        """Yield what the others made; what they did not is made here."""
        back = answer() or [None] * len(tasks)
        for task, came in zip(tasks, back, strict=True):
            yield came or next(make(self.library, [task]))


def _handfuls(tasks: Iterator[Task]) -> Iterator[list[Task]]:
    """Part files into those of a bundle: but for pages, the same inputs share what is made of them once."""
    some, room = list[Task](), _PAGES
    for task in tasks:
        full = room <= 0 and (task.is_page or task.planned.inputs != some[-1].planned.inputs)
        if full or (some and task.bundle != some[-1].bundle):
            yield some
            some, room = [], _PAGES
        some.append(task)
        room -= 1 if task.is_page else _PAGES // _OTHERS
    if some:
        yield some


class _Hand:
    """One of the other processes: it plans files for itself, and makes those that it is asked for."""

    def __init__(self, library: Library) -> None:
        self.library = library
        self.bundles: Iterator[Bundle] = chain.from_iterable(stages(library))
        self.bundle: str | None = None  # that of the files which come next
        self.files: Iterator[Planned] = iter(())

    def make(self, asked: Sequence[Asked]) -> list[Came | None]:
        """Make files that come later than those before; None for one that is not planned so here."""
        tasks = [self._task(*one) for one in asked]
        came = make(self.library, filter(None, tasks))
        return [next(came) if task else None for task in tasks]

    def _task(self, bundle: str, path: str, inputs: str, known: Output | None) -> Task | None:
        planned = self._planned(bundle, path)
        if planned is None or planned.inputs != inputs:
            return None  # the store has changed meanwhile: who asks sees it as it was
        return Task(planned, known)

    def _planned(self, bundle: str, path: str) -> Planned | None:
        """Find a file that comes later than those before; bundles of other names are passed over."""
        if bundle != self.bundle:
            its = (one for one in self.bundles if one.name == bundle)
            self.bundle, self.files = bundle, chain.from_iterable(one.files() for one in its)
        return next((one for one in self.files if one.path == path), None)


_OPEN = ExitStack()  # what this process has opened, if it is one of the others
_HANDS: dict[str, _Hand | None] = {}  # by the publish that it helps; None: nothing could be opened


def _make_asked(publish: str, opening: Opening, asked: Sequence[Asked]) -> list[Came | None]:
    if publish not in _HANDS:
        _begin(publish, opening)
    hand = _HANDS[publish]
    return hand.make(asked) if hand else [None] * len(asked)


def _begin(publish: str, opening: Opening) -> None:
    """Begin to help a publish: what was opened for one before it is seen no more."""
    _HANDS.clear()
    _OPEN.close()
    _HANDS[publish] = None
    with suppress(SyndicateError):  # as where somebody is just writing the settings
        _HANDS[publish] = _Hand(_OPEN.enter_context(opening()))
    gc.freeze()  # no collection has to look at it again
