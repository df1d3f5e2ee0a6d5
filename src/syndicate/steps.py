"""Work in steps: what is done with many things is done with a few of them at a time, step by step.

Where each goes through all steps by itself, these push each other out of the processor's caches:
libraries' code and tables are larger than those (decision 0033).
"""

from collections.abc import Generator, Iterable
from typing import TypeVar

Done = TypeVar("Done")
Steps = Generator[None, None, Done]  # pauses after each step, and returns what came of it


def finish(work: Steps[Done]) -> Done:
    """Do all steps of a work."""
    return in_step([work])[0]


def in_step(works: Iterable[Steps[Done]]) -> list[Done]:
    """Do works together, a step of each in turn; return what came of them in their order."""
    going = dict(enumerate(works))
    done: dict[int, Done] = {}
    while going:
        for place, work in list(going.items()):
            try:
                next(work)
            except StopIteration as end:
                done[place] = end.value
                del going[place]
    return [done[place] for place in sorted(done)]
